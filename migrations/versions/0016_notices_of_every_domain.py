"""Notices of every domain: several readers a message, and what the sentences were made of.

A migration is short, numbered, and safe while the release before it still runs:
expand first, fill in a second step, contract in a third. No clock of the database's own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notice", sa.Column("told", postgresql.JSONB(), nullable=True))
    op.add_column("notice", sa.Column("case_id", sa.Uuid(), nullable=True))
    op.add_column("notice", sa.Column("subject_id", sa.Uuid(), nullable=True))
    op.drop_constraint("uq_notice_source_id", "notice", type_="unique")
    op.create_unique_constraint(
        "uq_notice_source_id_account_id", "notice", ["source_id", "account_id"]
    )
    op.drop_index("ix_notice_account_id_at", table_name="notice")
    op.create_index("ix_notice_account_id_at", "notice", ["account_id", "at", "id"], unique=False)


def downgrade() -> None:
    op.execute(
        "DELETE FROM notice later USING notice first WHERE later.source_id = first.source_id"
        " AND later.account_id > first.account_id"
    )
    op.drop_index("ix_notice_account_id_at", table_name="notice")
    op.create_index("ix_notice_account_id_at", "notice", ["account_id", "at"], unique=False)
    op.drop_constraint("uq_notice_source_id_account_id", "notice", type_="unique")
    op.create_unique_constraint("uq_notice_source_id", "notice", ["source_id"])
    op.drop_column("notice", "subject_id")
    op.drop_column("notice", "case_id")
    op.drop_column("notice", "told")
