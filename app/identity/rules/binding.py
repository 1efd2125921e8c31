"""绑定: who may bind, how often, and what the states allow. Pure decisions."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest

from app.identity.errors import BindingClosed, LivenessTooManyAttempts, NoMatch, NotPractising
from app.ports.registry import LawyerRecord, PracticeStatus, TraineeRecord

REFUSALS_ALLOWED = 5
REFUSAL_WINDOW = timedelta(hours=1)
FACE_TRIES = 3
FACE_VALID_FOR = timedelta(days=30)
BINDING_LIFE = timedelta(minutes=30)
HALL_CODE_LIFE = timedelta(days=7)
PROOF_TOLERANCE = 120  # seconds; the phone's clock is corrected by ours


class BindingState(StrEnum):
    """States of an application to bind."""

    FACE_REQUIRED = "face_required"
    OFFICER_PENDING = "officer_pending"
    BOUND = "bound"
    REFUSED = "refused"
    CANCELLED = "cancelled"


OPEN_STATES = (BindingState.FACE_REQUIRED, BindingState.OFFICER_PENDING)
MAY_BIND = (PracticeStatus.PRACTISING,)


def check_match(record: LawyerRecord | TraineeRecord, *, name: str, identity_no: str) -> None:
    """Compare what was typed with the register; raises `NoMatch` without saying which part.

    Both comparisons always run, so that the time taken tells nothing either.
    """
    name_matches = compare_digest(_normal(record.name).encode(), _normal(name).encode())
    number_matches = compare_digest(
        record.identity_no.upper().encode(), identity_no.upper().encode()
    )
    if not (name_matches and number_matches):
        raise NoMatch


def check_may_practise(status: PracticeStatus) -> None:
    """Only a practising lawyer 正常执业 may bind; raises `NotPractising` with the label."""
    if status not in MAY_BIND:
        raise NotPractising(practice_status=status.value, status_label=status.label)


def check_open(state: str, *, expires_at: datetime, at: datetime) -> None:
    """Raise `BindingClosed` unless the application is still open."""
    if state not in OPEN_STATES or at >= expires_at:
        raise BindingClosed


def face_tries_left(failures: int) -> int:
    """Return how many face checks remain."""
    return max(0, FACE_TRIES - failures)


def check_face_tries(failures: int) -> None:
    """Raise `LivenessTooManyAttempts` when none remain; the officer's way stays open."""
    if face_tries_left(failures) == 0:
        raise LivenessTooManyAttempts


def _normal(name: str) -> str:
    """Full-width spaces and the several middle dots of minority names are written alike."""
    return "".join(name.split()).replace("•", "·").replace("・", "·").replace("．", "·")
