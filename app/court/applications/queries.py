"""Reads of applications."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select

from app.court.applications.models import Application, ApplicationStep
from app.court.applications.rules.states import UNDECIDED
from app.kernel.unit_of_work import Tx


def application(tx: Tx, *, application_id: uuid.UUID) -> Application | None:
    """Find an application and lock it."""
    return tx.get(Application, application_id, with_for_update=True)


def of_case(tx: Tx, *, case_id: uuid.UUID) -> Sequence[Application]:
    """Return the applications in a case, the newest first."""
    return tx.scalars(
        select(Application)
        .where(Application.case_id == case_id)
        .order_by(Application.submitted_at.desc())
    ).all()


def undecided(tx: Tx, *, case_id: uuid.UUID, kind: str, licence_no: str) -> Application | None:
    """Find a lawyer's undecided application of a kind in a case."""
    return tx.scalar(
        select(Application).where(
            Application.case_id == case_id,
            Application.kind == kind,
            Application.licence_no == licence_no,
            Application.state.in_(UNDECIDED),
        )
    )


def waiting(tx: Tx, *, court_code: str, limit: int) -> Sequence[Application]:
    """Return what a court has still to answer, the oldest first."""
    return tx.scalars(
        select(Application)
        .where(Application.court_code == court_code, Application.state.in_(UNDECIDED))
        .order_by(Application.submitted_at)
        .limit(limit)
    ).all()


def count_waiting(tx: Tx, *, court_code: str) -> int:
    """Count what a court has still to answer."""
    query = select(func.count()).where(
        Application.court_code == court_code, Application.state.in_(UNDECIDED)
    )
    return tx.scalar(query) or 0


def steps(tx: Tx, *, application_ids: Sequence[uuid.UUID]) -> Sequence[ApplicationStep]:
    """Return the steps of applications, in order."""
    return tx.scalars(
        select(ApplicationStep)
        .where(ApplicationStep.application_id.in_(application_ids))
        .order_by(ApplicationStep.at)
    ).all()
