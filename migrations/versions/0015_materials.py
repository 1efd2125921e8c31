"""Materials that lawyers upload, their chunks, and what holds them.

A migration is short, numbered, and safe while the release before it still runs:
expand first, fill in a second step, contract in a third. No clock of the database's own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "material",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("licence_no", sa.Text(), nullable=False),
        sa.Column("lawyer_id", sa.Uuid(), nullable=False),
        sa.Column("assistant_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("declared_size", sa.BigInteger(), nullable=False),
        sa.Column("declared_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("key_wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("pages", sa.BigInteger(), nullable=True),
        sa.Column("original_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        sa.Column("object_key", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('uploading', 'checking', 'stored', 'refused')",
            name=op.f("ck_material_state"),
        ),
        sa.CheckConstraint("declared_size > 0", name=op.f("ck_material_declared_size")),
        sa.CheckConstraint(
            "state <> 'stored' OR object_key IS NOT NULL", name=op.f("ck_material_object_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material")),
    )
    op.create_index("ix_material_licence_no_created_at", "material", ["licence_no", "created_at"])
    op.create_index("ix_material_state_touched_at", "material", ["state", "touched_at"])
    op.create_index("ix_material_object_key", "material", ["object_key"])
    op.create_table(
        "material_chunk",
        sa.Column("material_id", sa.Uuid(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("object_key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["material_id"], ["material.id"], name=op.f("fk_material_chunk_material_id")
        ),
        sa.PrimaryKeyConstraint("material_id", "index", name=op.f("pk_material_chunk")),
    )
    op.create_index("ix_material_chunk_object_key", "material_chunk", ["object_key"])
    op.create_table(
        "material_attachment",
        sa.Column("material_id", sa.Uuid(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["material_id"], ["material.id"], name=op.f("fk_material_attachment_material_id")
        ),
        sa.PrimaryKeyConstraint(
            "material_id", "holder", "holder_id", name=op.f("pk_material_attachment")
        ),
    )
    op.create_index("ix_material_attachment_holder", "material_attachment", ["holder", "holder_id"])


def downgrade() -> None:
    op.drop_table("material_attachment")
    op.drop_table("material_chunk")
    op.drop_table("material")
