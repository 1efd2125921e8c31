"""Filings: drafts by section, submissions, corrections, steps, fees.

A migration is short, numbered, and safe while the release before it still runs:
expand first, fill in a second step, contract in a third. No clock of the database's own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "filing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("licence_no", sa.Text(), nullable=False),
        sa.Column("lawyer_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("lawyer_name", sa.Text(), nullable=False),
        sa.Column("firm_name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("court_code", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sameness", sa.LargeBinary(), nullable=True),
        sa.Column("duplicate_reason", sa.Text(), nullable=False),
        sa.Column("mediation_consent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("ruling", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "state = 'draft' OR court_code IS NOT NULL", name=op.f("ck_filing_court_code")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'correction', 'mediation', 'accepted', 'refused',"
            " 'returned', 'withdrawn')",
            name=op.f("ck_filing_state"),
        ),
        sa.ForeignKeyConstraint(["court_code"], ["court.code"], name=op.f("fk_filing_court_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing")),
    )
    op.create_index(
        "ix_filing_court_code_submitted_at",
        "filing",
        ["court_code", "submitted_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('submitted', 'correction', 'mediation')"),
    )
    op.create_index(
        "ix_filing_licence_no_touched_at",
        "filing",
        ["licence_no", "touched_at", "id"],
        unique=False,
    )
    op.create_index("ix_filing_sameness", "filing", ["sameness"], unique=False)
    op.create_table(
        "filing_section",
        sa.Column("filing_id", sa.Uuid(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["filing_id"], ["filing.id"], name=op.f("fk_filing_section_filing_id")
        ),
        sa.PrimaryKeyConstraint("filing_id", "section", name=op.f("pk_filing_section")),
    )
    op.create_table(
        "filing_correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("filing_id", sa.Uuid(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["filing_id"], ["filing.id"], name=op.f("fk_filing_correction_filing_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing_correction")),
    )
    op.create_index(
        "ix_filing_correction_filing_id_at", "filing_correction", ["filing_id", "at"], unique=False
    )
    op.create_table(
        "filing_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("filing_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["filing_id"], ["filing.id"], name=op.f("fk_filing_step_filing_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing_step")),
    )
    op.create_index(
        "ix_filing_step_filing_id_at", "filing_step", ["filing_id", "at", "id"], unique=False
    )
    op.create_table(
        "filing_submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("filing_id", sa.Uuid(), nullable=False),
        sa.Column("receipt_no", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("content_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("materials", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["filing_id"], ["filing.id"], name=op.f("fk_filing_submission_filing_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing_submission")),
        sa.UniqueConstraint("receipt_no", name=op.f("uq_filing_submission_receipt_no")),
    )
    op.create_index(
        "ix_filing_submission_filing_id_at", "filing_submission", ["filing_id", "at"], unique=False
    )
    op.create_table(
        "filing_fee",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("filing_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("court_code", sa.Text(), nullable=False),
        sa.Column("licence_no", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("notified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt_no", sa.Text(), nullable=True),
        sa.Column("relief_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('due', 'paid', 'relief', 'overdue')", name=op.f("ck_filing_fee_state")
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_filing_fee_amount_fen")),
        sa.ForeignKeyConstraint(["filing_id"], ["filing.id"], name=op.f("fk_filing_fee_filing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing_fee")),
        sa.UniqueConstraint("filing_id", name=op.f("uq_filing_fee_filing_id")),
        sa.UniqueConstraint("receipt_no", name=op.f("uq_filing_fee_receipt_no")),
    )
    op.create_index(op.f("ix_filing_fee_case_id"), "filing_fee", ["case_id"], unique=False)
    op.create_index(
        "ix_filing_fee_licence_no_state", "filing_fee", ["licence_no", "state"], unique=False
    )
    op.create_table(
        "fee_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fee_id", sa.Uuid(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("transaction_no", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'paid')", name=op.f("ck_fee_order_state")),
        sa.ForeignKeyConstraint(["fee_id"], ["filing_fee.id"], name=op.f("fk_fee_order_fee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee_order")),
        sa.UniqueConstraint("fee_id", name=op.f("uq_fee_order_fee_id")),
        sa.UniqueConstraint("transaction_no", name=op.f("uq_fee_order_transaction_no")),
    )
    # ### end Alembic commands ###


def downgrade() -> None:
    op.drop_table("fee_order")
    op.drop_table("filing_fee")
    op.drop_table("filing_submission")
    op.drop_table("filing_step")
    op.drop_table("filing_correction")
    op.drop_table("filing_section")
    op.drop_table("filing")
