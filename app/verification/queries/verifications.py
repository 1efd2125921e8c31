"""Reads and single-statement writes of verification."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from app.issuance.service.credentials import HELD
from app.kernel.unit_of_work import Autocommit, Statement, Tx
from app.ledger.service.entries import entry_from
from app.verification.models import EnrolledKiosk, KioskEnrolment, Verification


@dataclass(frozen=True, kw_only=True)
class Event:
    """One verification, ready to be written."""

    id: uuid.UUID
    at: datetime
    form: str | None
    accepted: bool
    code: str | None
    kiosk_id: str | None = None
    client_id: str | None = None
    client_name: str | None = None
    client_place: str | None = None
    cti: bytes | None = None
    presented_at: int | None = None
    lawyer_id: uuid.UUID | None = None
    request_key: str | None = None
    offline: bool = False
    flagged: str | None = None


def record(tx: Tx, event: Event) -> bool:
    """Write a verification; False when this presentation was accepted before."""
    written = tx.execute(
        insert(Verification)
        .values(**vars(event))
        .on_conflict_do_nothing()
        .returning(Verification.id)
    )
    return written.scalar_one_or_none() is not None


_COLUMNS = Verification.__table__.columns
_RECORDED = (
    insert(Verification)
    .values({c.name: bindparam(c.name) for c in _COLUMNS})
    .returning(Verification.id)
    .cte("recorded")
)
RECORD = Statement(entry_from(_RECORDED))
_WRITTEN = (
    insert(Verification)
    .from_select(
        [column.name for column in _COLUMNS],
        select(
            *(
                HELD.c.lawyer_id if c.name == "lawyer_id" else bindparam(c.name, type_=c.type)
                for c in _COLUMNS
            )
        ).where(HELD.c.revoked_at.is_(None)),
    )
    .on_conflict_do_nothing()
    .returning(Verification.id)
    .cte("written")
)
ACCEPT = Statement(
    select(select(_WRITTEN.c.id).scalar_subquery(), HELD).add_cte(entry_from(_WRITTEN).cte("noted"))
)


def record_refusal(database: Autocommit, event: Event, *, entry: Mapping[str, object]) -> None:
    """Write a refusal and its ledger entry, durably."""
    database.run(RECORD, **vars(event), **entry)


@dataclass(frozen=True, kw_only=True)
class Acceptance:
    """Whether a presentation was accepted now, and the row of `HELD` behind it."""

    written: bool
    held: tuple[Any, ...]


def accept(database: Autocommit, event: Event, *, entry: Mapping[str, object]) -> Acceptance | None:
    """Accept a presentation, durably and at most once, unless its credential was revoked.

    One statement: the holder is read, the event and its ledger entry are written as of the same
    moment; without the event there is no entry. None when
    nobody was ever issued this `cti`; the event's `lawyer_id` is the holder's.
    """
    row = database.one(ACCEPT, **vars(event), **entry)
    return None if row is None else Acceptance(written=row[0] is not None, held=row[1:])


EARLIER = Statement(
    select(Verification.id).where(
        Verification.cti == bindparam("cti"),
        Verification.presented_at == bindparam("presented_at"),
        Verification.kiosk_id.is_not_distinct_from(bindparam("kiosk_id")),
        Verification.client_id.is_not_distinct_from(bindparam("client_id")),
        Verification.request_key == bindparam("request_key"),
        Verification.accepted,
        Verification.offline.is_(False),
        Verification.form != "LVZ3",
    )
)


def earlier_answer(database: Autocommit, event: Event) -> uuid.UUID | None:
    """Find what accepted this presentation, if that was the same request of the same caller."""
    row = database.one(EARLIER, **vars(event))
    return None if row is None else cast(uuid.UUID, row[0])


def answered(tx: Tx, *, kiosk_id: str, request_key: str, since: datetime) -> bool:
    """Tell whether a kiosk's request with this idempotency key was accepted after all."""
    found = tx.scalar(
        select(Verification.id).where(
            Verification.kiosk_id == kiosk_id,
            Verification.at >= since,
            Verification.request_key == request_key,
            Verification.accepted,
        )
    )
    return found is not None


def accepted_elsewhere(
    tx: Tx, *, cti: bytes, presented_at: int, kiosk_id: str
) -> Sequence[Verification]:
    """Find acceptances of this presentation by anybody but this kiosk, online or off."""
    return tx.scalars(
        select(Verification).where(
            Verification.cti == cti,
            Verification.presented_at == presented_at,
            Verification.accepted,
            Verification.kiosk_id.is_distinct_from(kiosk_id),
        )
    ).all()


def verification(tx: Tx, verification_id: uuid.UUID) -> Verification | None:
    """Find a verification by id."""
    return tx.get(Verification, verification_id)


def of_lawyer(
    tx: Tx, *, lawyer_id: uuid.UUID, before: uuid.UUID | None, limit: int
) -> Sequence[tuple[Verification, EnrolledKiosk | None]]:
    """Return a lawyer's verifications, newest first, from after the one named `before`."""
    query = (
        select(Verification, EnrolledKiosk)
        .outerjoin(EnrolledKiosk, EnrolledKiosk.id == Verification.kiosk_id)
        .where(Verification.lawyer_id == lawyer_id)
        .order_by(Verification.at.desc(), Verification.id.desc())
        .limit(limit)
    )
    anchor = None if before is None else tx.get(Verification, before)
    if anchor is not None:
        query = query.where(
            (Verification.at < anchor.at)
            | ((Verification.at == anchor.at) & (Verification.id < anchor.id))
        )
    return [(row[0], row[1]) for row in tx.execute(query).all()]


def kiosk(tx: Tx, *, kiosk_id: str) -> EnrolledKiosk | None:
    """Find a kiosk."""
    return tx.get(EnrolledKiosk, kiosk_id)


class KioskRow(NamedTuple):
    """A kiosk, as a request needs it."""

    id: str
    name: str
    court_code: str
    court_name: str
    place: str
    public_key: bytes
    suspended_at: datetime | None
    gate: bool | None


KIOSK = Statement(
    select(*(EnrolledKiosk.__table__.c[name] for name in KioskRow._fields)).where(
        EnrolledKiosk.id == bindparam("kiosk_id")
    )
)


def kiosk_row(database: Autocommit, *, kiosk_id: str) -> KioskRow | None:
    """Find a kiosk for a request that it signed."""
    row = database.one(KIOSK, kiosk_id=kiosk_id)
    return None if row is None else KioskRow(*row)


def kiosks(tx: Tx) -> Sequence[EnrolledKiosk]:
    """Return all kiosks, newest first."""
    return tx.scalars(select(EnrolledKiosk).order_by(EnrolledKiosk.enrolled_at.desc())).all()


def enrolment_for_update(tx: Tx, *, code_sha256: bytes) -> KioskEnrolment | None:
    """Find an enrolment code and lock it: it is used once."""
    return tx.get(KioskEnrolment, code_sha256, with_for_update=True)
