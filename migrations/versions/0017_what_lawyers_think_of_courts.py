"""Ratings, suggestions, complaints with their traces, and sealed reports.

A migration is short, numbered, and safe while the release before it still runs:
expand first, fill in a second step, contract in a third. No clock of the database's own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rating_month",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("court_code", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("ratings", sa.BigInteger(), nullable=True),
        sa.Column("tenths", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("subject", "court_code", "month", name=op.f("pk_rating_month")),
    )
    op.create_table(
        "misconduct_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("query_digest", sa.LargeBinary(), nullable=False),
        sa.Column("court_code", sa.Text(), nullable=False),
        sa.Column("desk_code", sa.Text(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "state IN ('received', 'verifying', 'transferred', 'closed')",
            name=op.f("ck_misconduct_report_state"),
        ),
        sa.ForeignKeyConstraint(
            ["court_code"], ["court.code"], name=op.f("fk_misconduct_report_court_code")
        ),
        sa.ForeignKeyConstraint(
            ["desk_code"], ["court.code"], name=op.f("fk_misconduct_report_desk_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_misconduct_report")),
        sa.UniqueConstraint("query_digest", name=op.f("uq_misconduct_report_query_digest")),
    )
    op.create_index(
        "ix_misconduct_report_desk_code",
        "misconduct_report",
        ["desk_code", "received_on"],
        unique=False,
    )
    op.create_table(
        "service_rating",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("court_code", sa.Text(), nullable=True),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("author_index", sa.LargeBinary(), nullable=False),
        sa.Column("case_index", sa.LargeBinary(), nullable=True),
        sa.Column("rater_index", sa.LargeBinary(), nullable=False),
        sa.Column("scores", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("batch", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(subject = 'system') = (court_code IS NULL)", name=op.f("ck_service_rating_court")
        ),
        sa.CheckConstraint(
            "subject IN ('system', 'service')", name=op.f("ck_service_rating_subject")
        ),
        sa.ForeignKeyConstraint(
            ["court_code"], ["court.code"], name=op.f("fk_service_rating_court_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_rating")),
        sa.UniqueConstraint("author_index", name=op.f("uq_service_rating_author_index")),
    )
    op.create_index("ix_service_rating_case_index", "service_rating", ["case_index"], unique=False)
    op.create_index(
        "ix_service_rating_court_code_month",
        "service_rating",
        ["court_code", "month"],
        unique=False,
    )
    op.create_table(
        "suggestion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("licence_no", sa.Text(), nullable=False),
        sa.Column("court_code", sa.Text(), nullable=True),
        sa.Column("desk_code", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("replied_by", sa.Text(), nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('received', 'considered', 'adopted', 'changed', 'declined')",
            name=op.f("ck_suggestion_state"),
        ),
        sa.ForeignKeyConstraint(
            ["court_code"], ["court.code"], name=op.f("fk_suggestion_court_code")
        ),
        sa.ForeignKeyConstraint(
            ["desk_code"], ["court.code"], name=op.f("fk_suggestion_desk_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
        sa.UniqueConstraint("number", name=op.f("uq_suggestion_number")),
    )
    op.create_index(
        "ix_suggestion_desk_code", "suggestion", ["desk_code", "created_at"], unique=False
    )
    op.create_index(
        "ix_suggestion_licence_no", "suggestion", ["licence_no", "created_at"], unique=False
    )
    op.create_index("ix_suggestion_published_at", "suggestion", ["published_at"], unique=False)
    op.create_table(
        "complaint_ticket",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("court_code", sa.Text(), nullable=True),
        sa.Column("desk_code", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("case_number", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("licence_no", sa.Text(), nullable=False),
        sa.Column("lawyer_name", sa.Text(), nullable=False),
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("against_ids", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("against_name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=True),
        sa.Column("major", sa.Boolean(), nullable=False),
        sa.Column("reopened", sa.Boolean(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("owner_name", sa.Text(), nullable=False),
        sa.Column("replier_id", sa.Uuid(), nullable=True),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("first_due_on", sa.Date(), nullable=False),
        sa.Column("first_replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "level IN ('officer', 'division', 'president')", name=op.f("ck_complaint_ticket_level")
        ),
        sa.CheckConstraint(
            "state IN ('received', 'handling', 'replied', 'closed')",
            name=op.f("ck_complaint_ticket_state"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["court_case.id"], name=op.f("fk_complaint_ticket_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["court_code"], ["court.code"], name=op.f("fk_complaint_ticket_court_code")
        ),
        sa.ForeignKeyConstraint(
            ["desk_code"], ["court.code"], name=op.f("fk_complaint_ticket_desk_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_ticket")),
        sa.UniqueConstraint("number", name=op.f("uq_complaint_ticket_number")),
    )
    op.create_index(
        "ix_complaint_ticket_court_code",
        "complaint_ticket",
        ["court_code", "filed_at"],
        unique=False,
    )
    op.create_index(
        "ix_complaint_ticket_desk_code",
        "complaint_ticket",
        ["desk_code", "state", "due_on"],
        unique=False,
    )
    op.create_index(
        "ix_complaint_ticket_licence_no",
        "complaint_ticket",
        ["licence_no", "filed_at"],
        unique=False,
    )
    op.create_index("ix_complaint_ticket_owner_id", "complaint_ticket", ["owner_id"], unique=False)
    op.create_table(
        "misconduct_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["misconduct_report.id"], name=op.f("fk_misconduct_act_report_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_misconduct_act")),
    )
    op.create_index(
        "ix_misconduct_act_report_id", "misconduct_act", ["report_id", "at"], unique=False
    )
    op.create_table(
        "complaint_step",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["complaint_ticket.id"], name=op.f("fk_complaint_step_ticket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_step")),
    )
    op.create_index(
        "ix_complaint_step_ticket_id", "complaint_step", ["ticket_id", "at", "id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_complaint_step_ticket_id", table_name="complaint_step")
    op.drop_table("complaint_step")
    op.drop_index("ix_misconduct_act_report_id", table_name="misconduct_act")
    op.drop_table("misconduct_act")
    op.drop_index("ix_complaint_ticket_owner_id", table_name="complaint_ticket")
    op.drop_index("ix_complaint_ticket_licence_no", table_name="complaint_ticket")
    op.drop_index("ix_complaint_ticket_desk_code", table_name="complaint_ticket")
    op.drop_index("ix_complaint_ticket_court_code", table_name="complaint_ticket")
    op.drop_table("complaint_ticket")
    op.drop_index("ix_suggestion_published_at", table_name="suggestion")
    op.drop_index("ix_suggestion_licence_no", table_name="suggestion")
    op.drop_index("ix_suggestion_desk_code", table_name="suggestion")
    op.drop_table("suggestion")
    op.drop_index("ix_service_rating_court_code_month", table_name="service_rating")
    op.drop_index("ix_service_rating_case_index", table_name="service_rating")
    op.drop_table("service_rating")
    op.drop_index("ix_misconduct_report_desk_code", table_name="misconduct_report")
    op.drop_table("misconduct_report")
    op.drop_table("rating_month")
