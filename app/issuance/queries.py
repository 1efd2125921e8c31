"""Reads and single-statement writes of issuance."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from app.identity.service.devices import PROOF_USED_UP, IssueProof
from app.issuance.models import IssuedCredential, ShortCodeSeed
from app.kernel.unit_of_work import Autocommit, Statement, Tx
from app.ledger.service.entries import entry_from


class HolderRow(NamedTuple):
    """An issued credential, as a verification needs it."""

    cti: bytes
    raw: bytes
    device_id: uuid.UUID
    lawyer_id: uuid.UUID
    name: str
    licence_no: str
    firm_name: str
    category: str
    has_photo: bool
    expires_at: datetime
    revoked_at: datetime | None


class SeedRow(NamedTuple):
    """A short code's handle and sealed seed."""

    handle: str
    seed_sealed: bytes


class Issuing(NamedTuple):
    """What the statement that issues found: the device's short code, if it has one yet."""

    seed: SeedRow | None


_CREDENTIAL = IssuedCredential.__table__
_ISSUED = [column.name for column in _CREDENTIAL.columns if column.name != "revoked_at"]

# Who holds the credential `cti`; also part of the one statement that accepts a presentation.
HELD = (
    select(*(_CREDENTIAL.c[name] for name in HolderRow._fields))
    .where(IssuedCredential.cti == bindparam("cti"))
    .cte("held")
)
HOLDER = Statement(select(HELD))
_MADE = (
    insert(IssuedCredential)
    .from_select(
        _ISSUED,
        select(*(bindparam(n, type_=_CREDENTIAL.c[n].type) for n in _ISSUED)).select_from(
            PROOF_USED_UP
        ),
    )
    .returning(IssuedCredential.device_id)
    .cte("made")
)
ISSUE = Statement(
    select(ShortCodeSeed.handle, ShortCodeSeed.seed_sealed)
    .select_from(_MADE.outerjoin(ShortCodeSeed, ShortCodeSeed.device_id == _MADE.c.device_id))
    .add_cte(entry_from(_MADE).cte("noted"))
)
NEW_SEED = Statement(
    insert(ShortCodeSeed)
    .values(
        handle=bindparam("handle"),
        device_id=bindparam("device_id"),
        seed_sealed=bindparam("seed_sealed"),
        last_step=0,
    )
    .on_conflict_do_update(index_elements=["device_id"], set_={"device_id": bindparam("device_id")})
    .returning(ShortCodeSeed.handle, ShortCodeSeed.seed_sealed)
)


def holder(database: Autocommit, *, cti: bytes) -> HolderRow | None:
    """Find an issued credential."""
    row = database.one(HOLDER, cti=cti)
    return None if row is None else HolderRow(*row)


def issue(
    database: Autocommit,
    *,
    row: Mapping[str, object],
    entry: Mapping[str, object],
    proof: IssueProof,
) -> Issuing | None:
    """Use up the proof, store the credential and its ledger entry, all or nothing, durably.

    None when the device has ended or a later proof was used; else the device's short code, if it
    has one yet.
    """
    found = database.one(
        ISSUE,
        **row,
        **entry,
        device_id=proof.device_id,
        proof_device_id=proof.device_id,
        proof_iat=proof.iat,
    )
    if found is None:
        return None
    return Issuing(seed=None if found[0] is None else SeedRow(*found))


def new_seed(
    database: Autocommit, *, device_id: uuid.UUID, handle: str, seed_sealed: bytes
) -> SeedRow:
    """Store a device's short code, or return the one that another request just stored."""
    row = database.one(NEW_SEED, device_id=device_id, handle=handle, seed_sealed=seed_sealed)
    if row is None:
        raise RuntimeError("an upsert returns its row")
    return SeedRow(*row)


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
