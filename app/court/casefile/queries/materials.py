"""Reads and single-statement writes of materials."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.elements import ColumnElement

from app.court.casefile.models.materials import Material, MaterialAttachment, MaterialChunk
from app.court.casefile.rules.uploads import MaterialState
from app.kernel.unit_of_work import Tx

_HELD = exists().where(MaterialAttachment.material_id == Material.id)


def find(tx: Tx, material_id: uuid.UUID) -> Material | None:
    """Find a material."""
    return tx.get(Material, material_id)


def lock(tx: Tx, material_id: uuid.UUID) -> Material | None:
    """Find a material; nobody else changes it until the transaction ends."""
    return tx.get(Material, material_id, with_for_update=True)


def of_lawyer(tx: Tx, *, licence_no: str, limit: int) -> Sequence[Material]:
    """Return what a lawyer uploaded and nothing holds yet, newest first."""
    return tx.scalars(
        select(Material)
        .where(Material.licence_no == licence_no, ~_HELD)
        .order_by(Material.created_at.desc(), Material.id)
        .limit(limit)
    ).all()


def loose(tx: Tx, *, licence_no: str) -> tuple[int, int]:
    """Return how many materials of a lawyer nothing holds, and how many bytes they are."""
    row = tx.execute(
        select(func.count(), func.coalesce(func.sum(Material.declared_size), 0)).where(
            Material.licence_no == licence_no, ~_HELD
        )
    ).one()
    return int(row[0]), int(row[1])


def is_held(tx: Tx, material_id: uuid.UUID) -> bool:
    """Whether anything holds a material."""
    where = MaterialAttachment.material_id == material_id
    return tx.scalar(select(exists().where(where))) is True


def held(tx: Tx, material_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Return those of the materials that something holds."""
    ids = select(MaterialAttachment.material_id).where(
        MaterialAttachment.material_id.in_(material_ids)
    )
    return set(tx.scalars(ids).all())


def held_by(tx: Tx, *, holder: str, holder_id: uuid.UUID) -> Sequence[Material]:
    """Return what something holds, in the order in which it was attached."""
    return tx.scalars(
        select(Material)
        .join(MaterialAttachment, MaterialAttachment.material_id == Material.id)
        .where(MaterialAttachment.holder == holder, MaterialAttachment.holder_id == holder_id)
        .order_by(MaterialAttachment.attached_at, Material.created_at, Material.id)
    ).all()


def attach(
    tx: Tx, *, material_id: uuid.UUID, holder: str, holder_id: uuid.UUID, at: datetime
) -> None:
    """Let something hold a material; again changes nothing."""
    tx.execute(
        insert(MaterialAttachment)
        .values(material_id=material_id, holder=holder, holder_id=holder_id, attached_at=at)
        .on_conflict_do_nothing()
    )


def detach(tx: Tx, *, material_id: uuid.UUID, holder: str, holder_id: uuid.UUID) -> None:
    """Let something no longer hold a material."""
    tx.execute(
        delete(MaterialAttachment).where(
            MaterialAttachment.material_id == material_id,
            MaterialAttachment.holder == holder,
            MaterialAttachment.holder_id == holder_id,
        )
    )


def chunks(tx: Tx, material_id: uuid.UUID) -> Sequence[MaterialChunk]:
    """Return what has arrived, in the order of the file."""
    return tx.scalars(
        select(MaterialChunk)
        .where(MaterialChunk.material_id == material_id)
        .order_by(MaterialChunk.index)
    ).all()


def chunk_digest(tx: Tx, *, material_id: uuid.UUID, index: int) -> bytes | None:
    """Return the digest of a chunk that has arrived."""
    row = tx.get(MaterialChunk, (material_id, index))
    return None if row is None else row.sha256


def delete_chunks(tx: Tx, material_ids: Collection[uuid.UUID]) -> list[str]:
    """Forget the chunks; return the keys of their objects."""
    gone = tx.execute(
        delete(MaterialChunk)
        .where(MaterialChunk.material_id.in_(material_ids))
        .returning(MaterialChunk.object_key)
    )
    return [key for (key,) in gone]


def delete_materials(tx: Tx, material_ids: Collection[uuid.UUID]) -> list[str]:
    """Forget materials that nothing holds, with their chunks; return the keys of all objects."""
    keys = delete_chunks(tx, material_ids)
    gone = tx.execute(
        delete(Material).where(Material.id.in_(material_ids)).returning(Material.object_key)
    )
    return keys + [key for (key,) in gone if key is not None]


def forgotten(
    tx: Tx, *, unfinished_before: datetime, unused_before: datetime, limit: int
) -> Sequence[uuid.UUID]:
    """Lock and return materials that nothing holds and nobody touched for so long."""
    query = (
        select(Material.id)
        .where(
            or_(
                _untouched(MaterialState.UPLOADING, unfinished_before),
                _untouched(MaterialState.REFUSED, unfinished_before),
                _untouched(MaterialState.STORED, unused_before),
            ),
            ~_HELD,
        )
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return tx.scalars(query).all()


def waiting_for_check(tx: Tx, *, before: datetime, at: datetime) -> Sequence[uuid.UUID]:
    """Touch and return materials whose check has not ended for so long."""
    return tx.scalars(
        update(Material)
        .where(_untouched(MaterialState.CHECKING, before))
        .values(touched_at=at)
        .returning(Material.id)
    ).all()


def known_objects(tx: Tx, keys: Collection[str]) -> set[str]:
    """Return those of the keys that a row refers to."""
    whole = tx.scalars(select(Material.object_key).where(Material.object_key.in_(keys))).all()
    parts = tx.scalars(
        select(MaterialChunk.object_key).where(MaterialChunk.object_key.in_(keys))
    ).all()
    return {key for key in (*whole, *parts) if key is not None}


def _untouched(state: MaterialState, before: datetime) -> ColumnElement[bool]:
    return (Material.state == state.value) & (Material.touched_at < before)
