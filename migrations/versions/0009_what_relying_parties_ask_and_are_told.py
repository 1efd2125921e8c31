"""Verifications by relying parties, subscriptions to statuses, events for webhooks.

A migration is short, numbered, and safe while the release before it still runs:
expand first, fill in a second step, contract in a third. No clock of the database's own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("verification", sa.Column("client_id", sa.Text(), nullable=True))
    op.add_column("verification", sa.Column("client_name", sa.Text(), nullable=True))
    op.add_column("verification", sa.Column("client_place", sa.Text(), nullable=True))
    op.alter_column("verification", "kiosk_id", nullable=True)
    op.create_check_constraint(
        op.f("ck_verification_one_verifier"),
        "verification",
        "num_nonnulls(kiosk_id, client_id) = 1",
    )
    op.create_table(
        "watched_licence",
        sa.Column("licence_no", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("licence_no", name=op.f("pk_watched_licence")),
    )
    op.create_index(
        "ix_watched_licence_checked_at", "watched_licence", ["checked_at"], unique=False
    )
    op.create_table(
        "status_subscription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("licence_no", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["relying_party.client_id"],
            name=op.f("fk_status_subscription_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["licence_no"],
            ["watched_licence.licence_no"],
            name=op.f("fk_status_subscription_licence_no"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_subscription")),
        sa.UniqueConstraint(
            "client_id", "licence_no", name=op.f("uq_status_subscription_client_id_licence_no")
        ),
    )
    op.create_index(
        op.f("ix_status_subscription_licence_no"),
        "status_subscription",
        ["licence_no"],
        unique=False,
    )
    op.create_table(
        "webhook_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["client_id"], ["relying_party.client_id"], name=op.f("fk_webhook_event_client_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_event")),
    )
    op.create_index(op.f("ix_webhook_event_at"), "webhook_event", ["at"], unique=False)
    op.create_index(
        "ix_webhook_event_client_id_dead",
        "webhook_event",
        ["client_id", "dead_at", "id"],
        unique=False,
        postgresql_where=sa.text("dead_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_webhook_event_client_id_dead",
        table_name="webhook_event",
        postgresql_where=sa.text("dead_at IS NOT NULL"),
    )
    op.drop_index(op.f("ix_webhook_event_at"), table_name="webhook_event")
    op.drop_table("webhook_event")
    op.drop_index(op.f("ix_status_subscription_licence_no"), table_name="status_subscription")
    op.drop_table("status_subscription")
    op.drop_index("ix_watched_licence_checked_at", table_name="watched_licence")
    op.drop_table("watched_licence")
    op.drop_constraint(op.f("ck_verification_one_verifier"), "verification", type_="check")
    # What the release before cannot show: it knows kiosks only.
    op.execute("DELETE FROM verification WHERE kiosk_id IS NULL")
    op.alter_column("verification", "kiosk_id", nullable=False)
    op.drop_column("verification", "client_place")
    op.drop_column("verification", "client_name")
    op.drop_column("verification", "client_id")
