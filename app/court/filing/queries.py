"""Reads of filings."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, select

from app.court.filing.models import (
    FeeOrder,
    Filing,
    FilingCorrection,
    FilingFee,
    FilingSection,
    FilingStep,
    FilingSubmission,
)
from app.court.filing.rules.states import OPEN, State
from app.kernel.unit_of_work import Tx


def filing(tx: Tx, *, filing_id: uuid.UUID, lock: bool = False) -> Filing | None:
    """Find a filing; with `lock` whoever decides about it waits for the others."""
    return tx.get(Filing, filing_id, with_for_update=lock or None, populate_existing=lock)


def sections(tx: Tx, *, filing_id: uuid.UUID) -> Sequence[FilingSection]:
    """Return what was saved of a filing."""
    return tx.scalars(select(FilingSection).where(FilingSection.filing_id == filing_id)).all()


def of_lawyer(
    tx: Tx, *, licence_no: str, states: Collection[State], limit: int
) -> Sequence[Filing]:
    """Return a lawyer's filings in these states, those touched last in front."""
    return tx.scalars(
        select(Filing)
        .where(Filing.licence_no == licence_no, Filing.state.in_(states))
        .order_by(Filing.touched_at.desc(), Filing.id.desc())
        .limit(limit)
    ).all()


def drafts(tx: Tx, *, licence_no: str) -> int:
    """Count a lawyer's drafts."""
    query = select(func.count()).where(Filing.licence_no == licence_no, Filing.state == State.DRAFT)
    return tx.scalar(query) or 0


def of_court(tx: Tx, *, court_code: str, states: Collection[State], limit: int) -> Sequence[Filing]:
    """Return a court's filings in these states; those that must be decided first in front."""
    return tx.scalars(
        select(Filing)
        .where(Filing.court_code == court_code, Filing.state.in_(states))
        .order_by(Filing.due_on.asc().nulls_last(), Filing.submitted_at, Filing.id)
        .limit(limit)
    ).all()


def registered_by_law(tx: Tx, *, court_code: str, by: str, limit: int) -> Sequence[Filing]:
    """Return what was registered because the time ran out, the newest first."""
    return tx.scalars(
        select(Filing)
        .where(
            Filing.court_code == court_code,
            Filing.state == State.ACCEPTED,
            Filing.decided_by == by,
        )
        .order_by(Filing.decided_at.desc())
        .limit(limit)
    ).all()


def same(tx: Tx, *, sameness: bytes, but: uuid.UUID) -> Sequence[Filing]:
    """Return the open filings of the same matter."""
    return tx.scalars(
        select(Filing).where(Filing.sameness == sameness, Filing.state.in_(OPEN), Filing.id != but)
    ).all()


def corrections(tx: Tx, *, filing_id: uuid.UUID) -> Sequence[FilingCorrection]:
    """Return the notices of correction, the first one in front."""
    return tx.scalars(
        select(FilingCorrection)
        .where(FilingCorrection.filing_id == filing_id)
        .order_by(FilingCorrection.at)
    ).all()


def steps(tx: Tx, *, filing_id: uuid.UUID) -> Sequence[FilingStep]:
    """Return what happened to a filing, the newest first."""
    return tx.scalars(
        select(FilingStep)
        .where(FilingStep.filing_id == filing_id)
        .order_by(FilingStep.at.desc(), FilingStep.id.desc())
    ).all()


def submissions(tx: Tx, *, filing_id: uuid.UUID) -> Sequence[FilingSubmission]:
    """Return the submissions, the newest first."""
    return tx.scalars(
        select(FilingSubmission)
        .where(FilingSubmission.filing_id == filing_id)
        .order_by(FilingSubmission.at.desc())
    ).all()


def _fee(*, lock: bool) -> Select[FilingFee]:
    query = select(FilingFee)
    return query.with_for_update() if lock else query


def fee_of(tx: Tx, *, filing_id: uuid.UUID, lock: bool = False) -> FilingFee | None:
    """Find the fee of a filing."""
    return tx.scalar(_fee(lock=lock).where(FilingFee.filing_id == filing_id))


def fee(tx: Tx, *, fee_id: uuid.UUID, lock: bool = False) -> FilingFee | None:
    """Find a fee."""
    return tx.scalar(_fee(lock=lock).where(FilingFee.id == fee_id))


def order_of(tx: Tx, *, fee_id: uuid.UUID) -> FeeOrder | None:
    """Find the order of a fee."""
    return tx.scalar(select(FeeOrder).where(FeeOrder.fee_id == fee_id))


def order(tx: Tx, *, order_id: uuid.UUID) -> FeeOrder | None:
    """Find an order and lock it."""
    return tx.get(FeeOrder, order_id, with_for_update=True)
