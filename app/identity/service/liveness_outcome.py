"""How a liveness session ends in the database: the decision kept, the binding moved on."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from app.identity.models import Binding, FaceDecision, LivenessSession
from app.identity.rules import binding as binding_rules
from app.identity.rules import liveness as rules
from app.kernel.unit_of_work import Tx


class SessionState(StrEnum):
    """States of a session in the database."""

    COLLECTING = "collecting"
    DECIDING = "deciding"
    PASSED = "passed"
    FAILED = "failed"


def fail(
    tx: Tx,
    *,
    session: LivenessSession,
    state: rules.State,
    models: Mapping[str, str],
    at: datetime,
) -> None:
    """End a session that the rules failed; the failure counts against the binding."""
    verdict = rules.failed(state, attempts_left=tries_after_this(tx, session=session))
    close(tx, session=session, verdict=verdict, models=models, at=at)


def tries_after_this(tx: Tx, *, session: LivenessSession) -> int:
    """Return how many face checks remain if this one fails.

    The 30-day check has no limit: a bound phone only keeps what it has until it passes.
    """
    if session.binding_id is None:
        return binding_rules.FACE_TRIES
    binding = tx.get_one(Binding, session.binding_id)
    return binding_rules.face_tries_left(binding.face_failures + 1)


def close(
    tx: Tx,
    *,
    session: LivenessSession,
    verdict: rules.Verdict,
    models: Mapping[str, str],
    at: datetime,
) -> None:
    """Write the verdict and the decision behind it; scores and model hashes, never images."""
    session.state = SessionState.PASSED if verdict.passed else SessionState.FAILED
    session.result = {
        "passed": verdict.passed,
        "code": verdict.code,
        "reason": verdict.reason,
        "next": verdict.next,
    }
    if not verdict.passed and session.binding_id is not None:
        tx.get_one(Binding, session.binding_id).face_failures += 1
    tx.add(
        FaceDecision(
            id=decision_id(session.id),
            liveness_id=session.id,
            consent_id=session.consent_id,
            licence_no=session.licence_no,
            passed=verdict.passed,
            code=verdict.code,
            scores=verdict.scores,
            models=dict(models),
            at=at,
        )
    )
    tx.flush()


def decision_id(session_id: uuid.UUID) -> uuid.UUID:
    """A session has one decision; its id follows from the session's."""
    return uuid.uuid5(session_id, "face-decision")
