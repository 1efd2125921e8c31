"""Reads of representations."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, func, select, text, tuple_, update

from app.court.casefile.models import CaseParty, CourtCase, Representation
from app.court.casefile.rules.representation import OPEN, State
from app.kernel.unit_of_work import Tx

# As the index has it: the planner compares the words.
_SEEN = text("representation.state IN ('effective', 'suspended')")


class RepresentationRow(NamedTuple):
    """A representation, the party and the case."""

    representation: Representation
    party: CaseParty
    case: CourtCase


_ROWS = (
    select(Representation, CaseParty, CourtCase)
    .join(CaseParty, CaseParty.id == Representation.party_id)
    .join(CourtCase, CourtCase.id == Representation.case_id)
)


def represented_by(
    licence_no: str, *, before: tuple[datetime, uuid.UUID] | None
) -> Select[uuid.UUID, datetime]:
    """Select the cases that a lawyer represents somebody in, once each, the newest news first."""
    query = (
        select(Representation.case_id, Representation.news_at)
        .where(Representation.licence_no == licence_no, _SEEN)
        .distinct()
        .order_by(Representation.news_at.desc(), Representation.case_id.desc())
    )
    if before is None:
        return query
    return query.where(tuple_(Representation.news_at, Representation.case_id) < tuple_(*before))


def note_news(tx: Tx, *, case_id: uuid.UUID, at: datetime) -> None:
    """Let a case's news move it up in the lists of its lawyers."""
    tx.execute(update(Representation).where(Representation.case_id == case_id).values(news_at=at))


def effective(tx: Tx, *, licence_no: str, case_id: uuid.UUID) -> Sequence[Representation]:
    """Return a lawyer's effective representations in a case."""
    return tx.scalars(
        select(Representation).where(
            Representation.licence_no == licence_no,
            Representation.case_id == case_id,
            Representation.state == State.EFFECTIVE,
        )
    ).all()


def of_cases(tx: Tx, *, case_ids: Sequence[uuid.UUID]) -> Sequence[Representation]:
    """Return the open representations in cases."""
    return tx.scalars(
        select(Representation)
        .where(Representation.case_id.in_(case_ids), Representation.state.in_(OPEN))
        .order_by(Representation.submitted_at)
    ).all()


def open_agents(tx: Tx, *, party_id: uuid.UUID) -> Sequence[Representation]:
    """Return who represents a party or asked to; locks the party so that nobody is added."""
    tx.execute(select(CaseParty.id).where(CaseParty.id == party_id).with_for_update())
    return tx.scalars(
        select(Representation).where(
            Representation.party_id == party_id, Representation.state.in_(OPEN)
        )
    ).all()


def representation(tx: Tx, *, representation_id: uuid.UUID) -> RepresentationRow | None:
    """Find a representation with its party and case, and lock it."""
    query = _ROWS.where(Representation.id == representation_id)
    row = tx.execute(query.with_for_update(of=Representation)).one_or_none()
    return None if row is None else RepresentationRow(*row)


def of_lawyer(tx: Tx, *, licence_no: str, limit: int) -> list[RepresentationRow]:
    """Return a lawyer's representations, the newest first."""
    query = _ROWS.where(Representation.licence_no == licence_no)
    rows = tx.execute(query.order_by(Representation.submitted_at.desc()).limit(limit))
    return [RepresentationRow(*row) for row in rows]


def waiting(tx: Tx, *, court_code: str, limit: int) -> list[RepresentationRow]:
    """Return what a court has still to look at, the oldest first."""
    query = _ROWS.where(CourtCase.court_code == court_code, Representation.state == State.SUBMITTED)
    rows = tx.execute(query.order_by(Representation.submitted_at).limit(limit))
    return [RepresentationRow(*row) for row in rows]


def open_of_lawyer(tx: Tx, *, licence_no: str, state: State) -> Sequence[Representation]:
    """Return a lawyer's representations in a state, locked."""
    return tx.scalars(
        select(Representation)
        .where(Representation.licence_no == licence_no, Representation.state == state)
        .with_for_update()
    ).all()


def count_waiting(tx: Tx, *, court_code: str) -> int:
    """Count what a court has still to look at."""
    query = (
        select(func.count())
        .select_from(Representation)
        .join(CourtCase, CourtCase.id == Representation.case_id)
        .where(CourtCase.court_code == court_code, Representation.state == State.SUBMITTED)
    )
    return tx.scalar(query) or 0
