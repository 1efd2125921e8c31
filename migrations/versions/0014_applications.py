"""Applications in cases, and their steps.

A migration is short, numbered, and safe while the release before it still runs:
expand first, fill in a second step, contract in a third. No clock of the database's own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "application",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("court_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("licence_no", sa.Text(), nullable=False),
        sa.Column("lawyer_name", sa.Text(), nullable=False),
        sa.Column("fields_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["court_case.id"], name=op.f("fk_application_case_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
    )
    op.create_index("ix_application_case_id", "application", ["case_id"], unique=False)
    op.create_index(
        "ix_application_court_code_submitted_at_undecided",
        "application",
        ["court_code", "submitted_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('submitted', 'security_demanded', 'reconsidering')"),
    )
    op.create_index(
        "uq_application_case_id_kind_licence_no_undecided",
        "application",
        ["case_id", "kind", "licence_no"],
        unique=True,
        postgresql_where=sa.text("state IN ('submitted', 'security_demanded', 'reconsidering')"),
    )
    op.create_table(
        "application_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_step_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_step")),
    )
    op.create_index(
        "ix_application_step_application_id_at",
        "application_step",
        ["application_id", "at"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("ix_application_step_application_id_at", table_name="application_step")
    op.drop_table("application_step")
    op.drop_index(
        "uq_application_case_id_kind_licence_no_undecided",
        table_name="application",
        postgresql_where=sa.text("state IN ('submitted', 'security_demanded', 'reconsidering')"),
    )
    op.drop_index(
        "ix_application_court_code_submitted_at_undecided",
        table_name="application",
        postgresql_where=sa.text("state IN ('submitted', 'security_demanded', 'reconsidering')"),
    )
    op.drop_index("ix_application_case_id", table_name="application")
    op.drop_table("application")
