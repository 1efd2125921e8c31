"""Courts, their functions and the numbers of cases.

A migration is short, numbered, and safe while the release before it still runs:
expand first, fill in a second step, contract in a third. No clock of the database's own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "court",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("parent_code", sa.Text(), nullable=True),
        sa.Column("code_word", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("to_confirm", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "level IN ('supreme', 'high', 'intermediate', 'special', 'basic')",
            name=op.f("ck_court_level"),
        ),
        sa.ForeignKeyConstraint(["parent_code"], ["court.code"], name=op.f("fk_court_parent_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_court")),
        sa.UniqueConstraint(
            "code_word", deferrable=True, initially="IMMEDIATE", name=op.f("uq_court_code_word")
        ),
    )
    op.create_index("ix_court_region_code", "court", ["region", "code"], unique=False)
    op.create_table(
        "case_number_series",
        sa.Column("court_code", sa.Text(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("special", sa.Text(), nullable=False),
        sa.Column("type_word", sa.Text(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("last > 0", name=op.f("ck_case_number_series_last")),
        sa.ForeignKeyConstraint(
            ["court_code"], ["court.code"], name=op.f("fk_case_number_series_court_code")
        ),
        sa.PrimaryKeyConstraint(
            "court_code", "year", "special", "type_word", name=op.f("pk_case_number_series")
        ),
    )
    op.create_table(
        "court_function",
        sa.Column("court_code", sa.Text(), nullable=False),
        sa.Column("function", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("fallback", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('available', 'limited', 'unavailable')",
            name=op.f("ck_court_function_status"),
        ),
        sa.ForeignKeyConstraint(
            ["court_code"], ["court.code"], name=op.f("fk_court_function_court_code")
        ),
        sa.PrimaryKeyConstraint("court_code", "function", name=op.f("pk_court_function")),
    )
    op.create_table(
        "drawn_case_number",
        sa.Column("court_code", sa.Text(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("special", sa.Text(), nullable=False),
        sa.Column("type_word", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["court_code"], ["court.code"], name=op.f("fk_drawn_case_number_court_code")
        ),
        sa.PrimaryKeyConstraint(
            "court_code",
            "year",
            "special",
            "type_word",
            "number",
            name=op.f("pk_drawn_case_number"),
        ),
    )


def downgrade() -> None:
    op.drop_table("drawn_case_number")
    op.drop_table("court_function")
    op.drop_table("case_number_series")
    op.drop_index("ix_court_region_code", table_name="court")
    op.drop_table("court")
