"""Reads of complaints."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, or_, select

from app.court.feedback.models import ComplaintStep, ComplaintTicket
from app.court.feedback.rules.complaint import OPEN
from app.kernel.principal import Staff
from app.kernel.unit_of_work import Tx

OPEN_STATES = [state.value for state in OPEN]


def ticket(tx: Tx, *, ticket_id: uuid.UUID, lock: bool = False) -> ComplaintTicket | None:
    """Find a ticket, to be changed if `lock`."""
    return tx.get(ComplaintTicket, ticket_id, with_for_update=lock or None)


def number_taken(tx: Tx, number: str) -> bool:
    """Whether a number is given out."""
    return tx.scalar(select(ComplaintTicket.id).where(ComplaintTicket.number == number)) is not None


def of_lawyer(tx: Tx, *, licence_no: str, limit: int) -> Sequence[ComplaintTicket]:
    """Return a lawyer's tickets, the newest first."""
    return tx.scalars(
        select(ComplaintTicket)
        .where(ComplaintTicket.licence_no == licence_no)
        .order_by(ComplaintTicket.filed_at.desc(), ComplaintTicket.id)
        .limit(limit)
    ).all()


def count_since(tx: Tx, *, licence_no: str, since: datetime) -> int:
    """Return how many a lawyer filed on the platform himself since then."""
    return tx.scalars(
        select(func.count())
        .select_from(ComplaintTicket)
        .where(
            ComplaintTicket.licence_no == licence_no,
            ComplaintTicket.entered_by.is_(None),
            ComplaintTicket.filed_at > since,
        )
    ).one()


def queue(
    tx: Tx, *, staff: Staff, whole_desk: bool, open_only: bool, limit: int
) -> Sequence[ComplaintTicket]:
    """Return a desk's tickets, or one's own: the major ones and the nearest deadlines first."""
    query = (
        select(ComplaintTicket)
        .where(ComplaintTicket.desk_code == staff.court_code)
        .order_by(
            ComplaintTicket.state.in_(OPEN_STATES).desc(),
            ComplaintTicket.major.desc(),
            ComplaintTicket.due_on,
            ComplaintTicket.filed_at,
        )
        .limit(limit)
    )
    if not whole_desk:
        query = query.where(ComplaintTicket.owner_id == staff.staff_id)
    if open_only:
        query = query.where(ComplaintTicket.state.in_(OPEN_STATES))
    return tx.scalars(query).all()


def search(tx: Tx, *, staff: Staff, text: str, limit: int) -> Sequence[ComplaintTicket]:
    """Return tickets of a desk, or entered by this person, by number or licence number."""
    return tx.scalars(
        select(ComplaintTicket)
        .where(
            or_(
                ComplaintTicket.desk_code == staff.court_code,
                ComplaintTicket.entered_by == staff.staff_id,
            ),
            or_(ComplaintTicket.number == text, ComplaintTicket.licence_no == text),
        )
        .order_by(ComplaintTicket.filed_at.desc())
        .limit(limit)
    ).all()


def steps(tx: Tx, *, ticket_id: uuid.UUID) -> Sequence[ComplaintStep]:
    """Return a ticket's trace from its beginning."""
    return tx.scalars(
        select(ComplaintStep)
        .where(ComplaintStep.ticket_id == ticket_id)
        .order_by(ComplaintStep.at, ComplaintStep.id)
    ).all()


class Filed(NamedTuple):
    """What the statistics read of a ticket."""

    court_code: str
    filed_at: datetime
    first_due_on: date
    first_replied_at: datetime | None


def filed_since(tx: Tx, *, since: datetime, court_code: str | None) -> list[Filed]:
    """Return tickets about courts, or about one, that were filed since then."""
    query = select(
        ComplaintTicket.court_code,
        ComplaintTicket.filed_at,
        ComplaintTicket.first_due_on,
        ComplaintTicket.first_replied_at,
    ).where(ComplaintTicket.court_code.is_not(None), ComplaintTicket.filed_at >= since)
    if court_code is not None:
        query = query.where(ComplaintTicket.court_code == court_code)
    return [Filed(row[0] or "", row[1], row[2], row[3]) for row in tx.execute(query)]
