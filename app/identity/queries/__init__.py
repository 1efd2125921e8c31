"""Reads of identity: take the transaction, return rows, never commit."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.identity.models import (
    Binding,
    BindingRefusal,
    Consent,
    Device,
    Lawyer,
    LivenessBatch,
    LivenessSession,
    LoginSession,
    WechatAccount,
)
from app.identity.rules.binding import OPEN_STATES, BindingState
from app.kernel.unit_of_work import Autocommit, Statement, Tx


def account_by_openid(tx: Tx, *, openid_index: bytes) -> WechatAccount | None:
    """Find the account of an openid."""
    return tx.scalar(select(WechatAccount).where(WechatAccount.openid_index == openid_index))


def add_account(
    tx: Tx, *, account_id: uuid.UUID, openid_index: bytes, openid_sealed: bytes, at: datetime
) -> None:
    """Write an account, unless another sign-in of the same user was faster."""
    tx.execute(
        insert(WechatAccount)
        .values(
            id=account_id, openid_index=openid_index, openid_sealed=openid_sealed, created_at=at
        )
        .on_conflict_do_nothing()
    )


def lock_account(tx: Tx, *, account_id: uuid.UUID) -> None:
    """Let one transaction at a time go on for this account."""
    tx.get_one(WechatAccount, account_id, with_for_update=True)


class SessionRow(NamedTuple):
    """A sign-in, as far as a request needs it."""

    id: uuid.UUID
    account_id: uuid.UUID
    expires_at: datetime


SESSION = Statement(
    select(LoginSession.id, LoginSession.account_id, LoginSession.expires_at).where(
        LoginSession.token_sha256 == bindparam("token_sha256")
    )
)


def session_by_token(database: Autocommit, *, token_sha256: bytes) -> SessionRow | None:
    """Find a sign-in by the digest of its token."""
    row = database.one(SESSION, token_sha256=token_sha256)
    return None if row is None else SessionRow(*row)


class StandingRow(NamedTuple):
    """A bound device and its lawyer, without what is sealed."""

    device_id: uuid.UUID
    public_key: bytes
    assurance: int
    bound_at: datetime
    person_verified_at: datetime
    last_proof_iat: int
    lawyer_id: uuid.UUID
    licence_no: str
    name: str
    firm_name: str
    category: str
    practice_status: str
    status_since: date
    status_index: int
    has_photo: bool


_STANDING = (
    Device.id,
    Device.public_key,
    Device.assurance,
    Device.bound_at,
    Device.person_verified_at,
    Device.last_proof_iat,
    Lawyer.id,
    Lawyer.licence_no,
    Lawyer.name,
    Lawyer.firm_name,
    Lawyer.category,
    Lawyer.practice_status,
    Lawyer.status_since,
    Lawyer.status_index,
    Lawyer.photo_sealed.is_not(None),
)
# The named device if it is one of the account's, else another one of the account's.
STANDING = Statement(
    select(*_STANDING)
    .join(Lawyer, Lawyer.id == Device.lawyer_id)
    .where(Device.account_id == bindparam("account_id"), Device.ended_at.is_(None))
    .order_by((Device.id == bindparam("device_id")).desc())
    .limit(1)
)

STANDING_OF_DEVICE = Statement(
    select(*_STANDING, Device.account_id)
    .join(Lawyer, Lawyer.id == Device.lawyer_id)
    .where(Device.id == bindparam("device_id"), Device.ended_at.is_(None))
)

# For the statements of domains that know a lawyer by id: what a card shows, without what is sealed.
CARD = select(
    Lawyer.id.label("lawyer_id"),
    Lawyer.name,
    Lawyer.licence_no,
    Lawyer.firm_name,
    Lawyer.category,
    Lawyer.practice_status,
).subquery("card")

# Part of the one statement that issues: no row when the device ended or a later proof was used.
PROOF_USED_UP = (
    update(Device)
    .where(
        Device.id == bindparam("proof_device_id", type_=Device.id.type),
        Device.ended_at.is_(None),
        Device.last_proof_iat < bindparam("proof_iat", type_=Device.last_proof_iat.type),
    )
    .values(last_proof_iat=bindparam("proof_iat", type_=Device.last_proof_iat.type))
    .returning(Device.id)
    .cte("proof_used_up")
)


def standing(
    database: Autocommit, *, account_id: uuid.UUID, device_id: uuid.UUID
) -> StandingRow | None:
    """Find the account's active device, preferring `device_id`, and its lawyer."""
    row = database.one(STANDING, account_id=account_id, device_id=device_id)
    return None if row is None else StandingRow(*row)


def standing_of_device(
    database: Autocommit, *, device_id: uuid.UUID
) -> tuple[StandingRow, uuid.UUID] | None:
    """Find an active device with its lawyer, and the account that has it."""
    row = database.one(STANDING_OF_DEVICE, device_id=device_id)
    return None if row is None else (StandingRow(*row[:-1]), row[-1])


def lawyer_by_licence(tx: Tx, *, licence_no: str) -> Lawyer | None:
    """Find a lawyer by licence number."""
    return tx.scalar(select(Lawyer).where(Lawyer.licence_no == licence_no))


def accounts_of_licences(tx: Tx, *, licence_nos: Sequence[str]) -> dict[str, uuid.UUID]:
    """Find the accounts that are bound to these licences now."""
    query = (
        select(Lawyer.licence_no, Device.account_id)
        .join(Device, Device.lawyer_id == Lawyer.id)
        .where(Lawyer.licence_no.in_(licence_nos), Device.ended_at.is_(None))
    )
    return {row.licence_no: row.account_id for row in tx.execute(query)}


def active_device(tx: Tx, *, lawyer_id: uuid.UUID, lock: bool = False) -> Device | None:
    """Find the one active device of a lawyer."""
    query = select(Device).where(Device.lawyer_id == lawyer_id, Device.ended_at.is_(None))
    return tx.scalar(query.with_for_update() if lock else query)


def active_device_of_account(tx: Tx, *, account_id: uuid.UUID) -> Device | None:
    """Find the device that an account presents with now; locks it."""
    return tx.scalar(
        select(Device)
        .where(Device.account_id == account_id, Device.ended_at.is_(None))
        .with_for_update()
    )


def latest_device_of_account(tx: Tx, *, account_id: uuid.UUID) -> Device | None:
    """Find the account's active device, else the one that ended last."""
    return tx.scalar(
        select(Device)
        .where(Device.account_id == account_id)
        .order_by(Device.ended_at.desc().nulls_first(), Device.bound_at.desc())
        .limit(1)
    )


def open_binding(tx: Tx, *, account_id: uuid.UUID, at: datetime) -> Binding | None:
    """Find the account's application that is still open."""
    return tx.scalar(
        select(Binding)
        .where(
            Binding.account_id == account_id,
            Binding.state.in_(OPEN_STATES),
            Binding.expires_at > at,
        )
        .order_by(Binding.created_at.desc())
        .limit(1)
    )


def face_failures_since(tx: Tx, *, account_id: uuid.UUID, since: datetime) -> int:
    """Return the failed face checks that the account's newer applications carry on from."""
    query = select(func.max(Binding.face_failures)).where(
        Binding.account_id == account_id,
        Binding.created_at > since,
        Binding.state != BindingState.BOUND,
    )
    return tx.scalar(query) or 0


def binding_of_account(tx: Tx, *, binding_id: uuid.UUID, account_id: uuid.UUID) -> Binding | None:
    """Find a binding by id, only if it is this account's; locks it."""
    return tx.scalar(
        select(Binding)
        .where(Binding.id == binding_id, Binding.account_id == account_id)
        .with_for_update()
    )


def binding_by_hall_code(tx: Tx, *, hall_code_sha256: bytes, at: datetime) -> Binding | None:
    """Find the open application with this hall code; locks it."""
    return tx.scalar(
        select(Binding)
        .where(
            Binding.hall_code_sha256 == hall_code_sha256,
            Binding.state == BindingState.OFFICER_PENDING,
            Binding.expires_at > at,
        )
        .with_for_update()
    )


def refusals_since(tx: Tx, *, account_id: uuid.UUID, since: datetime) -> Sequence[datetime]:
    """Return the moments of the account's refused attempts, oldest first."""
    return tx.scalars(
        select(BindingRefusal.at)
        .where(BindingRefusal.account_id == account_id, BindingRefusal.at > since)
        .order_by(BindingRefusal.at)
    ).all()


def liveness_of_account(
    tx: Tx, *, liveness_id: uuid.UUID, account_id: uuid.UUID
) -> LivenessSession | None:
    """Find a liveness session by id, only if it is this account's; locks it."""
    return tx.scalar(
        select(LivenessSession)
        .where(LivenessSession.id == liveness_id, LivenessSession.account_id == account_id)
        .with_for_update()
    )


def face_consent(tx: Tx, *, account_id: uuid.UUID, version: str) -> Consent | None:
    """Find the account's standing consent to this version of the text."""
    return tx.scalar(
        select(Consent)
        .where(
            Consent.account_id == account_id,
            Consent.kind == "face",
            Consent.version == version,
            Consent.withdrawn_at.is_(None),
        )
        .order_by(Consent.given_at.desc())
        .limit(1)
    )


def lawyers_to_sync(tx: Tx, *, before: datetime, limit: int) -> Sequence[Lawyer]:
    """Return lawyers whose status was last read before a moment, oldest first."""
    return tx.scalars(
        select(Lawyer).where(Lawyer.synced_at < before).order_by(Lawyer.synced_at).limit(limit)
    ).all()


def statuses_not_practising(tx: Tx) -> Sequence[tuple[int, str]]:
    """Return (status index, status) of every lawyer who may not practise now."""
    rows = tx.execute(
        select(Lawyer.status_index, Lawyer.practice_status).where(
            Lawyer.practice_status != "practising"
        )
    )
    return [(row[0], row[1]) for row in rows]


def status_index_taken(tx: Tx, *, index: int) -> bool:
    """Whether a status index belongs to somebody."""
    return bool(tx.scalar(select(func.count()).where(Lawyer.status_index == index)))


def sessions_of_binding(tx: Tx, *, binding_id: uuid.UUID) -> int:
    """Count the liveness sessions ever opened for a binding."""
    query = select(func.count()).where(LivenessSession.binding_id == binding_id)
    return tx.scalar(query) or 0


def batch_chain(tx: Tx, *, session_id: uuid.UUID, seq: int) -> bytes | None:
    """Return the chain that names a batch in the ephemeral store."""
    return tx.scalar(
        select(LivenessBatch.chain).where(
            LivenessBatch.session_id == session_id, LivenessBatch.seq == seq
        )
    )


def advance_session(
    tx: Tx, *, session_id: uuid.UUID, analysed_seq: int, progress: dict[str, Any]
) -> bool:
    """Store what a batch brought; False when another worker or the clock was first."""
    moved = tx.execute(
        update(LivenessSession)
        .where(
            LivenessSession.id == session_id,
            LivenessSession.state == "collecting",
            LivenessSession.analysed_seq == analysed_seq,
        )
        .values(analysed_seq=analysed_seq + 1, progress=progress)
        .returning(LivenessSession.id)
    )
    return moved.scalar_one_or_none() is not None
