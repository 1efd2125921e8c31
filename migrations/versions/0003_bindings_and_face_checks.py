"""Bindings and face checks.

A migration is short, numbered, and safe while the release before it still runs:
expand first, fill in a second step, contract in a third. No clock of the database's own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "binding_refusal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["wechat_account.id"], name=op.f("fk_binding_refusal_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_binding_refusal")),
    )
    op.create_index(
        "ix_binding_refusal_account_id_at", "binding_refusal", ["account_id", "at"], unique=False
    )
    op.create_table(
        "binding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("licence_no", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("device_key", sa.LargeBinary(), nullable=False),
        sa.Column("device_assurance", sa.BigInteger(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column("hall_code_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("hall_code_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("face_failures", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["wechat_account.id"], name=op.f("fk_binding_account_id")
        ),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name=op.f("fk_binding_consent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_binding")),
    )
    op.create_index(op.f("ix_binding_account_id"), "binding", ["account_id"], unique=False)
    op.create_index(
        "uq_binding_hall_code_open",
        "binding",
        ["hall_code_sha256"],
        unique=True,
        postgresql_where=sa.text("state = 'officer_pending'"),
    )
    op.create_table(
        "liveness_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("binding_id", sa.Uuid(), nullable=True),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("device_key", sa.LargeBinary(), nullable=False),
        sa.Column("licence_no", sa.Text(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("progress", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("next_seq", sa.BigInteger(), nullable=False),
        sa.Column("analysed_seq", sa.BigInteger(), nullable=False),
        sa.Column("frames_received", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["wechat_account.id"], name=op.f("fk_liveness_session_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["binding_id"], ["binding.id"], name=op.f("fk_liveness_session_binding_id")
        ),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consent.id"], name=op.f("fk_liveness_session_consent_id")
        ),
        sa.ForeignKeyConstraint(
            ["device_id"], ["device.id"], name=op.f("fk_liveness_session_device_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_liveness_session")),
    )
    op.create_index(
        op.f("ix_liveness_session_account_id"), "liveness_session", ["account_id"], unique=False
    )
    op.create_table(
        "face_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("liveness_id", sa.Uuid(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("licence_no", sa.Text(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("scores", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("models", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consent.id"], name=op.f("fk_face_decision_consent_id")
        ),
        sa.ForeignKeyConstraint(
            ["liveness_id"], ["liveness_session.id"], name=op.f("fk_face_decision_liveness_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_face_decision")),
        sa.UniqueConstraint("liveness_id", name=op.f("uq_face_decision_liveness_id")),
    )
    op.create_table(
        "liveness_batch",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["liveness_session.id"], name=op.f("fk_liveness_batch_session_id")
        ),
        sa.PrimaryKeyConstraint("session_id", "seq", name=op.f("pk_liveness_batch")),
    )


def downgrade() -> None:
    op.drop_table("liveness_batch")
    op.drop_table("face_decision")
    op.drop_index(op.f("ix_liveness_session_account_id"), table_name="liveness_session")
    op.drop_table("liveness_session")
    op.drop_index(
        "uq_binding_hall_code_open",
        table_name="binding",
        postgresql_where=sa.text("state = 'officer_pending'"),
    )
    op.drop_index(op.f("ix_binding_account_id"), table_name="binding")
    op.drop_table("binding")
    op.drop_index("ix_binding_refusal_account_id_at", table_name="binding_refusal")
    op.drop_table("binding_refusal")
