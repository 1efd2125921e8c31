"""Operator accounts of people who work at a court.

A migration is short, numbered, and safe while the release before it still runs:
expand first, fill in a second step, contract in a third. No clock of the database's own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("operator_account", sa.Column("court_code", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("operator_account", "court_code")
