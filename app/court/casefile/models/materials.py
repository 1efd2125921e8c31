"""Tables of materials: what was uploaded, what has arrived of it, and what holds it."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base


class Material(Base):
    """A file 材料 that a lawyer uploads for courts.

    `received_at` is when all of it was here; the fields after it are known once it is stored.
    `sha256` is of the bytes that are kept, `original_sha256` of those that were sent. `key_wrapped`
    is the file's own data key: with the row the file is unreadable for good.
    """

    __tablename__ = "material"
    __table_args__ = (
        CheckConstraint("state IN ('uploading', 'checking', 'stored', 'refused')", name="state"),
        CheckConstraint("declared_size > 0", name="declared_size"),
        CheckConstraint("state <> 'stored' OR object_key IS NOT NULL", name="object_key"),
        Index("ix_material_licence_no_created_at", "licence_no", "created_at"),
        Index("ix_material_state_touched_at", "state", "touched_at"),
        Index("ix_material_object_key", "object_key"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    licence_no: Mapped[str]
    lawyer_id: Mapped[uuid.UUID]
    assistant_id: Mapped[uuid.UUID | None]
    kind: Mapped[str]
    name: Mapped[str]
    declared_size: Mapped[int]
    declared_sha256: Mapped[bytes | None]
    key_wrapped: Mapped[bytes]
    state: Mapped[str]
    fault: Mapped[str | None]
    created_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    received_at: Mapped[datetime | None]
    media_type: Mapped[str | None]
    size: Mapped[int | None]
    pages: Mapped[int | None]
    original_sha256: Mapped[bytes | None]
    sha256: Mapped[bytes | None]
    object_key: Mapped[str | None]


class MaterialChunk(Base):
    """A chunk 分片 that has arrived and lies sealed in the store; gone when the file is whole."""

    __tablename__ = "material_chunk"
    __table_args__ = (Index("ix_material_chunk_object_key", "object_key"),)

    material_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("material.id"), primary_key=True)
    index: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[bytes]
    object_key: Mapped[str]


class MaterialAttachment(Base):
    """What holds a material: a filing, a case, an application. It is not deleted while held."""

    __tablename__ = "material_attachment"
    __table_args__ = (Index("ix_material_attachment_holder", "holder", "holder_id"),)

    material_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("material.id"), primary_key=True)
    holder: Mapped[str] = mapped_column(primary_key=True)
    holder_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    attached_at: Mapped[datetime]
