"""Issued credentials.

A migration is short, numbered, and safe while the release before it still runs:
expand first, fill in a second step, contract in a third. No clock of the database's own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "issued_credential",
        sa.Column("cti", sa.LargeBinary(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("lawyer_id", sa.Uuid(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("licence_no", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("firm_name", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("has_photo", sa.Boolean(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["device_id"], ["device.id"], name=op.f("fk_issued_credential_device_id")
        ),
        sa.ForeignKeyConstraint(
            ["lawyer_id"], ["lawyer.id"], name=op.f("fk_issued_credential_lawyer_id")
        ),
        sa.PrimaryKeyConstraint("cti", name=op.f("pk_issued_credential")),
    )
    op.create_index(
        op.f("ix_issued_credential_device_id"), "issued_credential", ["device_id"], unique=False
    )
    op.create_index(
        op.f("ix_issued_credential_expires_at"), "issued_credential", ["expires_at"], unique=False
    )
    op.create_table(
        "short_code_seed",
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("seed_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["device_id"], ["device.id"], name=op.f("fk_short_code_seed_device_id")
        ),
        sa.PrimaryKeyConstraint("handle", name=op.f("pk_short_code_seed")),
        sa.UniqueConstraint("device_id", name=op.f("uq_short_code_seed_device_id")),
    )


def downgrade() -> None:
    op.drop_table("short_code_seed")
    op.drop_index(op.f("ix_issued_credential_expires_at"), table_name="issued_credential")
    op.drop_index(op.f("ix_issued_credential_device_id"), table_name="issued_credential")
    op.drop_table("issued_credential")
