"""Reads of cases, their parties, events and clocks."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, func, or_, select, tuple_

from app.court.casefile.models import CaseClock, CaseEvent, CaseParty, Court, CourtCase
from app.court.casefile.queries.representations import represented_by
from app.court.casefile.rules.stages import Stage
from app.kernel.unit_of_work import Tx


class Place(NamedTuple):
    """Where a page of cases starts: after the case with this news and id."""

    news_at: datetime
    case_id: uuid.UUID


class Wanted(NamedTuple):
    """Which cases: in these stages, of this number, with a party whose name begins so."""

    stages: Sequence[str] = ()
    number: str | None = None
    name: str | None = None


def case(tx: Tx, *, case_id: uuid.UUID, lock: bool = False) -> CourtCase | None:
    """Find a case."""
    return tx.get(CourtCase, case_id, with_for_update=lock or None)


def case_by_number(tx: Tx, *, court_code: str, case_number: str) -> CourtCase | None:
    """Find a case by its normalised number 案号."""
    return tx.scalar(
        select(CourtCase).where(
            CourtCase.case_number == case_number, CourtCase.court_code == court_code
        )
    )


def court_name(tx: Tx, *, court_code: str) -> str:
    """Return a court's name; it has a row."""
    return tx.scalars(select(Court.name).where(Court.code == court_code)).one()


def of_lawyer(
    tx: Tx,
    *,
    licence_no: str,
    only: Sequence[uuid.UUID] | None,
    wanted: Wanted,
    after: Place | None,
    limit: int,
) -> list[tuple[CourtCase, str]]:
    """Return a lawyer's cases with their courts' names, the newest news first.

    `only` narrows to what an assistant was given. The order is the index's of representations,
    so a page costs the same in a space of ten cases and of ten thousand.
    """
    mine = represented_by(licence_no, before=after).subquery("mine")
    query = (
        _with_court(wanted)
        .join(mine, mine.c.case_id == CourtCase.id)
        .order_by(mine.c.news_at.desc(), mine.c.case_id.desc())
        .limit(limit)
    )
    if only is not None:
        query = query.where(CourtCase.id.in_(only))
    return [(row[0], row[1]) for row in tx.execute(query)]


def titles_of_lawyer(
    tx: Tx, *, licence_no: str, case_ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, str]:
    """Return the titles of those among these cases in which the lawyer represents somebody."""
    own = represented_by(licence_no, before=None).subquery()
    query = (
        select(CourtCase.id, CourtCase.title)
        .join(own, own.c.case_id == CourtCase.id)
        .where(CourtCase.id.in_(case_ids))
    )
    return {row.id: row.title for row in tx.execute(query)}


def of_court(
    tx: Tx,
    *,
    court_code: str,
    person: uuid.UUID | None,
    wanted: Wanted,
    after: Place | None,
    limit: int,
) -> list[tuple[CourtCase, str]]:
    """Return a court's cases likewise; `person` narrows to a judge's or clerk's own."""
    query = _with_court(wanted).order_by(CourtCase.news_at.desc(), CourtCase.id.desc()).limit(limit)
    if person is None:
        query = query.where(CourtCase.court_code == court_code, CourtCase.sealed.is_(False))
    else:
        query = query.where(or_(CourtCase.judge_id == person, CourtCase.clerk_id == person))
    if after is not None:
        query = query.where(tuple_(CourtCase.news_at, CourtCase.id) < tuple_(*after))
    return [(row[0], row[1]) for row in tx.execute(query)]


def _with_court(wanted: Wanted) -> Select[CourtCase, str]:
    query = select(CourtCase, Court.name).join(Court, Court.code == CourtCase.court_code)
    if wanted.stages:
        query = query.where(CourtCase.stage.in_(wanted.stages))
    if wanted.number is not None:
        query = query.where(CourtCase.case_number == wanted.number)
    if wanted.name is not None:
        begins = CaseParty.name.startswith(wanted.name, autoescape=True)
        query = query.where(CourtCase.id.in_(select(CaseParty.case_id).where(begins)))
    return query


def parties(tx: Tx, *, case_ids: Sequence[uuid.UUID]) -> Sequence[CaseParty]:
    """Return the parties of cases, in order."""
    return tx.scalars(
        select(CaseParty)
        .where(CaseParty.case_id.in_(case_ids))
        .order_by(CaseParty.case_id, CaseParty.position)
    ).all()


def party(tx: Tx, *, party_id: uuid.UUID) -> CaseParty | None:
    """Find a party."""
    return tx.get(CaseParty, party_id)


def events(tx: Tx, *, case_id: uuid.UUID, disclosed_only: bool, limit: int) -> Sequence[CaseEvent]:
    """Return what happened in a case, the newest first."""
    query = (
        select(CaseEvent)
        .where(CaseEvent.case_id == case_id)
        .order_by(CaseEvent.at.desc(), CaseEvent.id.desc())
        .limit(limit)
    )
    if disclosed_only:
        query = query.where(CaseEvent.disclosed)
    return tx.scalars(query).all()


def clocks(tx: Tx, *, case_id: uuid.UUID) -> Sequence[CaseClock]:
    """Return a case's clocks, those that end first in front."""
    return tx.scalars(
        select(CaseClock)
        .where(CaseClock.case_id == case_id)
        .order_by(CaseClock.state != "running", CaseClock.due_on)
    ).all()


def running_clocks(tx: Tx, *, subject_id: uuid.UUID, purpose: str) -> Sequence[CaseClock]:
    """Return the clocks that run about a subject, locked."""
    return tx.scalars(
        select(CaseClock)
        .where(
            CaseClock.subject_id == subject_id,
            CaseClock.purpose == purpose,
            CaseClock.state == "running",
        )
        .with_for_update()
    ).all()


def newest_clock(tx: Tx, *, subject_id: uuid.UUID, purpose: str) -> CaseClock | None:
    """Find the clock about a subject that ends last."""
    return tx.scalar(
        select(CaseClock)
        .where(CaseClock.subject_id == subject_id, CaseClock.purpose == purpose)
        .order_by(CaseClock.due_on.desc())
        .limit(1)
    )


def cases_of(tx: Tx, *, case_ids: Sequence[uuid.UUID]) -> Sequence[CourtCase]:
    """Return these cases."""
    return tx.scalars(select(CourtCase).where(CourtCase.id.in_(case_ids))).all()


def clock(tx: Tx, *, clock_id: uuid.UUID) -> CaseClock | None:
    """Find a clock and lock it."""
    return tx.get(CaseClock, clock_id, with_for_update=True)


def open_alike(tx: Tx, *, court_code: str, cause: str, names: Collection[str]) -> list[str]:
    """Return the numbers of open cases whose parties are just these."""
    rows = tx.execute(
        select(CourtCase.case_number, func.array_agg(CaseParty.name))
        .join(CaseParty, CaseParty.case_id == CourtCase.id)
        .where(
            CourtCase.court_code == court_code,
            CourtCase.cause == cause,
            CourtCase.stage != Stage.CLOSED,
            CourtCase.case_number.is_not(None),
            CourtCase.id.in_(select(CaseParty.case_id).where(CaseParty.name.in_(names))),
        )
        .group_by(CourtCase.id)
    )
    return [number for number, of_case in rows if number and set(of_case) == set(names)]
