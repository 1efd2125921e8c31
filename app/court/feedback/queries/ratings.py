"""Reads and counts of ratings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.court.feedback.models import RatingMonth, ServiceRating
from app.court.feedback.rules.rating import Figures, Given, Subject
from app.kernel.unit_of_work import Tx


def own(tx: Tx, *, author_index: bytes, lock: bool = False) -> ServiceRating | None:
    """Find a lawyer's own rating of a matter."""
    query = select(ServiceRating).where(ServiceRating.author_index == author_index)
    return tx.scalar(query.with_for_update() if lock else query)


def note_closing(tx: Tx, *, case_index: bytes, closed_on: date) -> None:
    """Note on a case's ratings that it was closed."""
    tx.execute(
        update(ServiceRating)
        .where(ServiceRating.case_index == case_index)
        .values(closed_on=closed_on)
    )


def uncounted_months(tx: Tx, *, before: str) -> list[tuple[str, str, str]]:
    """Return (subject, court or "", month) of months before that one without figures."""
    code = func.coalesce(ServiceRating.court_code, "")
    known = (
        select(RatingMonth.month)
        .where(
            RatingMonth.subject == ServiceRating.subject,
            RatingMonth.court_code == code,
            RatingMonth.month == ServiceRating.month,
        )
        .exists()
    )
    rows = tx.execute(
        select(ServiceRating.subject, code, ServiceRating.month)
        .where(ServiceRating.month < before, ~known)
        .distinct()
    )
    return [(row[0], row[1], row[2]) for row in rows]


def given(tx: Tx, *, subject: str, court_code: str, month: str) -> list[Given]:
    """Return a month's ratings as they are counted."""
    rows = tx.execute(
        select(ServiceRating.rater_index, ServiceRating.scores).where(
            ServiceRating.subject == subject,
            func.coalesce(ServiceRating.court_code, "") == court_code,
            ServiceRating.month == month,
        )
    )
    return [Given(rater=row[0], scores=row[1]) for row in rows]


def keep_month(
    tx: Tx, *, subject: str, court_code: str, month: str, counted: Figures | None
) -> None:
    """Write a month's figures; those that are there already stay."""
    values = {
        "subject": subject,
        "court_code": court_code,
        "month": month,
        "ratings": None if counted is None else counted.ratings,
        "tenths": {} if counted is None else dict(counted.tenths),
    }
    tx.execute(insert(RatingMonth).values(**values).on_conflict_do_nothing())


def months(tx: Tx, *, since: str, court_code: str | None = None) -> Sequence[RatingMonth]:
    """Return figures since that month, of every court or of one and of the system."""
    query = select(RatingMonth).where(RatingMonth.month >= since).order_by(RatingMonth.month.desc())
    if court_code is not None:
        query = query.where(RatingMonth.court_code.in_((court_code, "")))
    return tx.scalars(query).all()


def texts_waiting(tx: Tx, *, court_code: str, closed_before: date) -> Sequence[ServiceRating]:
    """Return ratings with texts of cases closed before that day, that no batch has yet; locked."""
    return tx.scalars(
        select(ServiceRating)
        .where(
            ServiceRating.subject == Subject.SERVICE,
            ServiceRating.court_code == court_code,
            ServiceRating.text_sealed.is_not(None),
            ServiceRating.batch.is_(None),
            ServiceRating.closed_on < closed_before,
        )
        .order_by(ServiceRating.id)
        .with_for_update()
    ).all()


def texts(tx: Tx, *, court_code: str, limit: int) -> Sequence[ServiceRating]:
    """Return ratings whose texts a court may read: in batches, in no order within one."""
    return tx.scalars(
        select(ServiceRating)
        .where(ServiceRating.court_code == court_code, ServiceRating.batch.is_not(None))
        .order_by(ServiceRating.batch.desc(), ServiceRating.id)
        .limit(limit)
    ).all()
