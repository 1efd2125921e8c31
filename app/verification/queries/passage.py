"""Reads and single-statement writes of passes and entries."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.kernel.unit_of_work import Tx
from app.verification.models import EnrolledKiosk, EntryRecord, Pass, Verification

COURTS_SHOWN = 30
PASSES_SHOWN = 60


def courts(tx: Tx, *, words: str) -> Sequence[tuple[str, str]]:
    """Find courts where a kiosk works, by part of the name: code and name."""
    found = tx.execute(
        select(EnrolledKiosk.court_code, func.max(EnrolledKiosk.court_name))
        .where(
            EnrolledKiosk.suspended_at.is_(None),
            EnrolledKiosk.court_name.contains(words, autoescape=True),
        )
        .group_by(EnrolledKiosk.court_code)
        .order_by(EnrolledKiosk.court_code)
        .limit(COURTS_SHOWN)
    )
    return [(code, name) for code, name in found]


def court_name(tx: Tx, *, court_code: str) -> str | None:
    """Return the name of a court where a kiosk works."""
    return tx.scalar(
        select(func.max(EnrolledKiosk.court_name)).where(
            EnrolledKiosk.suspended_at.is_(None), EnrolledKiosk.court_code == court_code
        )
    )


def end_pass_of_day(
    tx: Tx, *, lawyer_id: uuid.UUID, court_code: str, day: date, at: datetime
) -> None:
    """End what a lawyer came for before: the latest choice counts."""
    tx.execute(
        update(Pass)
        .where(
            Pass.lawyer_id == lawyer_id,
            Pass.court_code == court_code,
            Pass.day == day,
            Pass.ended_at.is_(None),
        )
        .values(ended_at=at)
    )


def passes(tx: Tx, *, lawyer_id: uuid.UUID, at: datetime) -> Sequence[Pass]:
    """Return a lawyer's passes that can still be shown, soonest first."""
    return tx.scalars(
        select(Pass)
        .where(Pass.lawyer_id == lawyer_id, Pass.ended_at.is_(None), Pass.valid_until > at)
        .order_by(Pass.valid_from, Pass.hearing_at, Pass.id)
        .limit(PASSES_SHOWN)
    ).all()


def pass_by_id(tx: Tx, *, pass_id: uuid.UUID, lawyer_id: uuid.UUID) -> Pass | None:
    """Find a lawyer's own pass and lock it."""
    return tx.scalar(
        select(Pass).where(Pass.id == pass_id, Pass.lawyer_id == lawyer_id).with_for_update()
    )


def pass_at(tx: Tx, *, lawyer_id: uuid.UUID, court_code: str, at: datetime) -> Pass | None:
    """Find the pass that stood at a court at a moment."""
    return tx.scalar(
        select(Pass)
        .where(
            Pass.lawyer_id == lawyer_id,
            Pass.court_code == court_code,
            Pass.valid_from <= at,
            Pass.valid_until > at,
            Pass.created_at <= at,
            or_(Pass.ended_at.is_(None), Pass.ended_at > at),
        )
        .order_by(Pass.created_at.desc())
        .limit(1)
    )


def scan_of(tx: Tx, *, kiosk_id: str, scan_id: uuid.UUID, since: datetime) -> Verification | None:
    """Find what a kiosk's scan became: stored under its own id, or answered under its key."""
    stored = tx.get(Verification, scan_id)
    if stored is not None:
        return stored if stored.kiosk_id == kiosk_id else None
    return tx.scalar(
        select(Verification)
        .where(
            Verification.kiosk_id == kiosk_id,
            Verification.at >= since,
            Verification.request_key == str(scan_id),
        )
        .order_by(Verification.accepted.desc(), Verification.at)
        .limit(1)
    )


def entry(tx: Tx, entry_id: uuid.UUID) -> EntryRecord | None:
    """Find an entry by id."""
    return tx.get(EntryRecord, entry_id)


def decided(tx: Tx, *, verification_id: uuid.UUID) -> bool:
    """Whether an officer has already decided about a verification."""
    query = select(EntryRecord.id).where(EntryRecord.verification_id == verification_id)
    return tx.scalar(query.limit(1)) is not None


def record(tx: Tx, values: dict[str, object]) -> bool:
    """Write an entry; False when its id is there already."""
    written = tx.execute(
        insert(EntryRecord).values(**values).on_conflict_do_nothing().returning(EntryRecord.id)
    )
    return written.scalar_one_or_none() is not None


def of_lawyer(
    tx: Tx, *, lawyer_id: uuid.UUID, before: uuid.UUID | None, limit: int
) -> Sequence[tuple[EntryRecord, EnrolledKiosk, Pass | None]]:
    """Return a lawyer's entries, newest first, from after the one named `before`."""
    query = (
        select(EntryRecord, EnrolledKiosk, Pass)
        .join(EnrolledKiosk, EnrolledKiosk.id == EntryRecord.kiosk_id)
        .outerjoin(Pass, Pass.id == EntryRecord.pass_id)
        .where(EntryRecord.lawyer_id == lawyer_id)
        .order_by(EntryRecord.at.desc(), EntryRecord.id.desc())
        .limit(limit)
    )
    anchor = None if before is None else tx.get(EntryRecord, before)
    if anchor is not None:
        query = query.where(
            (EntryRecord.at < anchor.at)
            | ((EntryRecord.at == anchor.at) & (EntryRecord.id < anchor.id))
        )
    return [(row[0], row[1], row[2]) for row in tx.execute(query).all()]


@dataclass(frozen=True, kw_only=True)
class Day:
    """Which entries a court's page shows; `court_name` "" is every court."""

    since: datetime
    until: datetime
    court_name: str


def of_day(
    tx: Tx, day: Day, *, limit: int
) -> Sequence[tuple[EntryRecord, EnrolledKiosk, Pass | None]]:
    """Return a day's entries: refusals first, then the newest."""
    query = (
        select(EntryRecord, EnrolledKiosk, Pass)
        .join(EnrolledKiosk, EnrolledKiosk.id == EntryRecord.kiosk_id)
        .outerjoin(Pass, Pass.id == EntryRecord.pass_id)
        .where(*_within(day))
        .order_by(EntryRecord.admitted, EntryRecord.at.desc(), EntryRecord.id)
        .limit(limit)
    )
    return [(row[0], row[1], row[2]) for row in tx.execute(query).all()]


class CountRow(NamedTuple):
    """A court's day in figures."""

    court_name: str
    entries: int
    refused: int
    by_document: int
    offline: int
    doubted: int


def counts(tx: Tx, day: Day) -> Sequence[CountRow]:
    """Count a day's entries by court."""
    entry_ids = EntryRecord.id
    found = tx.execute(
        select(
            EnrolledKiosk.court_name,
            func.count(entry_ids),
            func.count(entry_ids).filter(EntryRecord.admitted.is_(False)),
            func.count(entry_ids).filter(EntryRecord.way != "code"),
            func.count(entry_ids).filter(EntryRecord.offline),
            func.count(entry_ids).filter(EntryRecord.flagged.is_not(None)),
        )
        .join(EnrolledKiosk, EnrolledKiosk.id == EntryRecord.kiosk_id)
        .where(*_within(day))
        .group_by(EnrolledKiosk.court_name)
        .order_by(EnrolledKiosk.court_name)
    )
    return [CountRow(*row) for row in found]


def _within(day: Day) -> tuple[ColumnElement[bool], ...]:
    period = (EntryRecord.at >= day.since, EntryRecord.at < day.until)
    return (*period, EnrolledKiosk.court_name == day.court_name) if day.court_name else period
