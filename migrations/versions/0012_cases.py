"""Cases, who takes part and who represents them, events and clocks.

A migration is short, numbered, and safe while the release before it still runs:
expand first, fill in a second step, contract in a third. No clock of the database's own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "court_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("court_code", sa.Text(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=True),
        sa.Column("type_word", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("procedure", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("claim_fen", sa.BigInteger(), nullable=True),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("judge_id", sa.Uuid(), nullable=True),
        sa.Column("judge_name", sa.Text(), nullable=True),
        sa.Column("clerk_id", sa.Uuid(), nullable=True),
        sa.Column("clerk_name", sa.Text(), nullable=True),
        sa.Column("panel", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closing", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("news_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "procedure IN ('ordinary', 'summary', 'small_claims')",
            name=op.f("ck_court_case_procedure"),
        ),
        sa.CheckConstraint(
            "stage IN ('mediation', 'accepted', 'pre_trial', 'trial', 'closed')",
            name=op.f("ck_court_case_stage"),
        ),
        sa.ForeignKeyConstraint(
            ["court_code"], ["court.code"], name=op.f("fk_court_case_court_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_court_case")),
        sa.UniqueConstraint("case_number", name=op.f("uq_court_case_case_number")),
    )
    op.create_index(
        "ix_court_case_court_code_news_at",
        "court_case",
        ["court_code", "news_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_court_case_judge_id_news_at", "court_case", ["judge_id", "news_at", "id"], unique=False
    )
    op.create_table(
        "case_clock",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("rule_id", sa.Text(), nullable=False),
        sa.Column("variant", sa.Text(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('running', 'met', 'passed', 'stopped')", name=op.f("ck_case_clock_state")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["court_case.id"], name=op.f("fk_case_clock_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_clock")),
    )
    op.create_index("ix_case_clock_case_id", "case_clock", ["case_id"], unique=False)
    op.create_index(
        "ix_case_clock_subject_id_purpose", "case_clock", ["subject_id", "purpose"], unique=False
    )
    op.create_table(
        "case_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("values", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("disclosed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["court_case.id"], name=op.f("fk_case_event_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_event")),
    )
    op.create_index("ix_case_event_case_id_at", "case_event", ["case_id", "at", "id"], unique=False)
    op.create_table(
        "case_party",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("details_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('natural', 'legal', 'other')", name=op.f("ck_case_party_kind")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["court_case.id"], name=op.f("fk_case_party_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_party")),
        sa.UniqueConstraint("case_id", "position", name=op.f("uq_case_party_case_id_position")),
    )
    op.create_index(
        "ix_case_party_name",
        "case_party",
        ["name"],
        unique=False,
        postgresql_ops={"name": "text_pattern_ops"},
    )
    op.create_table(
        "representation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("licence_no", sa.Text(), nullable=False),
        sa.Column("lawyer_name", sa.Text(), nullable=False),
        sa.Column("firm_name", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("powers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("news_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "authority IN ('general', 'special')", name=op.f("ck_representation_authority")
        ),
        sa.CheckConstraint(
            "state IN ('submitted', 'effective', 'refused', 'suspended', 'ended')",
            name=op.f("ck_representation_state"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["court_case.id"], name=op.f("fk_representation_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["case_party.id"], name=op.f("fk_representation_party_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_representation")),
    )
    op.create_index("ix_representation_case_id", "representation", ["case_id"], unique=False)
    op.create_index(
        "ix_representation_licence_no_news_at_seen",
        "representation",
        ["licence_no", "news_at", "case_id"],
        unique=False,
        postgresql_where=sa.text("state IN ('effective', 'suspended')"),
    )
    op.create_index(
        "ix_representation_licence_no_state",
        "representation",
        ["licence_no", "state", "case_id"],
        unique=False,
    )
    op.create_index(
        "uq_representation_party_id_licence_no_open",
        "representation",
        ["party_id", "licence_no"],
        unique=True,
        postgresql_where=sa.text("state IN ('submitted', 'effective', 'suspended')"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_representation_party_id_licence_no_open",
        table_name="representation",
        postgresql_where=sa.text("state IN ('submitted', 'effective', 'suspended')"),
    )
    op.drop_index("ix_representation_licence_no_state", table_name="representation")
    op.drop_index(
        "ix_representation_licence_no_news_at_seen",
        table_name="representation",
        postgresql_where=sa.text("state IN ('effective', 'suspended')"),
    )
    op.drop_index("ix_representation_case_id", table_name="representation")
    op.drop_table("representation")
    op.drop_index(
        "ix_case_party_name", table_name="case_party", postgresql_ops={"name": "text_pattern_ops"}
    )
    op.drop_table("case_party")
    op.drop_index("ix_case_event_case_id_at", table_name="case_event")
    op.drop_table("case_event")
    op.drop_index("ix_case_clock_subject_id_purpose", table_name="case_clock")
    op.drop_index("ix_case_clock_case_id", table_name="case_clock")
    op.drop_table("case_clock")
    op.drop_index("ix_court_case_judge_id_news_at", table_name="court_case")
    op.drop_index("ix_court_case_court_code_news_at", table_name="court_case")
    op.drop_table("court_case")
