"""Passes, entries at a court's gate, and kiosks that stand at one.

A migration is short, numbered, and safe while the release before it still runs:
expand first, fill in a second step, contract in a third. No clock of the database's own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("kiosk", sa.Column("gate", sa.Boolean(), nullable=True))
    op.add_column("kiosk_enrolment", sa.Column("gate", sa.Boolean(), nullable=True))
    op.create_table(
        "pass",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lawyer_id", sa.Uuid(), nullable=False),
        sa.Column("court_code", sa.Text(), nullable=False),
        sa.Column("court_name", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("case_reference", sa.Text(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hearing_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["lawyer_id"], ["lawyer.id"], name=op.f("fk_pass_lawyer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pass")),
    )
    op.create_index(
        "uq_pass_lawyer_court_day",
        "pass",
        ["lawyer_id", "court_code", "day"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "entry_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kiosk_id", sa.Text(), nullable=False),
        sa.Column("court_code", sa.Text(), nullable=False),
        sa.Column("verification_id", sa.Uuid(), nullable=True),
        sa.Column("pass_id", sa.Uuid(), nullable=True),
        sa.Column("lawyer_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("licence_no", sa.Text(), nullable=True),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("checked", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("admitted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("offline", sa.Boolean(), nullable=False),
        sa.Column("flagged", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "admitted = (reason IS NULL)", name=op.f("ck_entry_record_refused_with_reason")
        ),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name=op.f("fk_entry_record_kiosk_id")),
        sa.ForeignKeyConstraint(
            ["lawyer_id"], ["lawyer.id"], name=op.f("fk_entry_record_lawyer_id")
        ),
        sa.ForeignKeyConstraint(["pass_id"], ["pass.id"], name=op.f("fk_entry_record_pass_id")),
        sa.ForeignKeyConstraint(
            ["verification_id"], ["verification.id"], name=op.f("fk_entry_record_verification_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_record")),
    )
    for columns in (("at",), ("court_code", "at"), ("lawyer_id", "at"), ("verification_id",)):
        name = f"ix_entry_record_{'_'.join(columns)}"
        op.create_index(name, "entry_record", list(columns), unique=False)


def downgrade() -> None:
    op.drop_table("entry_record")
    op.drop_table("pass")
    op.drop_column("kiosk_enrolment", "gate")
    op.drop_column("kiosk", "gate")
