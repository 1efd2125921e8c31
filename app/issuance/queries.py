"""Reads and single-statement writes of issuance."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select, update

from app.issuance.models import IssuedCredential, ShortCodeSeed
from app.kernel.unit_of_work import Tx


def credential(tx: Tx, *, cti: bytes) -> IssuedCredential | None:
    """Find an issued credential."""
    return tx.get(IssuedCredential, cti)


def newest_of_device(tx: Tx, *, device_id: uuid.UUID) -> IssuedCredential | None:
    """Find the credential that a device was issued last."""
    return tx.scalar(
        select(IssuedCredential)
        .where(IssuedCredential.device_id == device_id)
        .order_by(IssuedCredential.issued_at.desc())
        .limit(1)
    )


def newest_of_handle(tx: Tx, *, handle: str) -> IssuedCredential | None:
    """Find the newest credential of the device that this short code belongs to."""
    seed = tx.get(ShortCodeSeed, handle)
    return None if seed is None else newest_of_device(tx, device_id=seed.device_id)


def seed_of_device(tx: Tx, *, device_id: uuid.UUID) -> ShortCodeSeed | None:
    """Find a device's short-code seed."""
    return tx.scalar(select(ShortCodeSeed).where(ShortCodeSeed.device_id == device_id))


def seed_for_update(tx: Tx, *, handle: str) -> ShortCodeSeed | None:
    """Find a seed by its handle and lock it, so that one step is accepted once."""
    return tx.get(ShortCodeSeed, handle, with_for_update=True)


def revoke_of_device(tx: Tx, *, device_id: uuid.UUID, at: datetime) -> None:
    """End everything a device holds."""
    tx.execute(
        update(IssuedCredential)
        .where(
            IssuedCredential.device_id == device_id,
            IssuedCredential.revoked_at.is_(None),
            IssuedCredential.expires_at > at,
        )
        .values(revoked_at=at)
    )
    tx.execute(
        update(ShortCodeSeed).where(ShortCodeSeed.device_id == device_id).values(ended_at=at)
    )
