"""Reads of sealed reports; nothing else in the product reads these tables."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from app.court.feedback.models import MisconductAct, MisconductReport
from app.kernel.unit_of_work import Tx


def report(tx: Tx, *, report_id: uuid.UUID, lock: bool = False) -> MisconductReport | None:
    """Find a report."""
    return tx.get(MisconductReport, report_id, with_for_update=lock or None)


def by_code(tx: Tx, *, query_digest: bytes) -> MisconductReport | None:
    """Find the report of a query code."""
    return tx.scalar(select(MisconductReport).where(MisconductReport.query_digest == query_digest))


def of_desk(tx: Tx, *, desk_code: str, limit: int) -> Sequence[MisconductReport]:
    """Return a desk's reports: those that are not closed first, the oldest in front."""
    return tx.scalars(
        select(MisconductReport)
        .where(MisconductReport.desk_code == desk_code)
        .order_by(
            (MisconductReport.state == "closed"), MisconductReport.received_on, MisconductReport.id
        )
        .limit(limit)
    ).all()


def acts(tx: Tx, *, report_id: uuid.UUID) -> Sequence[MisconductAct]:
    """Return what was done with a report."""
    return tx.scalars(
        select(MisconductAct)
        .where(MisconductAct.report_id == report_id)
        .order_by(MisconductAct.at, MisconductAct.id)
    ).all()
