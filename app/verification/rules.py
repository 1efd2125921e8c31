"""What a kiosk accepts. Pure decisions."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from app.kernel.principal import Kiosk
from app.ports.registry import PracticeStatus
from credential.errors import AssessmentPending, CredentialError, Revoked, Suspended
from credential.policy import Policy

COMMON_AUDIENCE = "cn.court"
PHOTO_FOR = timedelta(minutes=10)
ENROLMENT_LIFE = timedelta(days=7)
SHORT_CODE_TRIES = 5  # a minute and handle (docs/protocol.md)
OFFLINE_BATCH = 100

REFUSAL: Final[dict[PracticeStatus, type[CredentialError]]] = {
    PracticeStatus.SUSPENDED: Suspended,
    PracticeStatus.TRANSFERRING: Suspended,
    PracticeStatus.CANCELLED: Revoked,
    PracticeStatus.REVOKED: Revoked,
    PracticeStatus.WITHDRAWN: Revoked,
    PracticeStatus.ASSESSMENT_PENDING: AssessmentPending,
}


def policy(kiosk: Kiosk, *, nonce: bytes | None) -> Policy:
    """Return what this kiosk demands of a presentation."""
    return Policy(audiences=frozenset((COMMON_AUDIENCE, kiosk.audience)), nonce=nonce)


def check_status(status: PracticeStatus) -> None:
    """Raise the refusal of a status that does not allow practice."""
    refusal = REFUSAL.get(status)
    if refusal is not None:
        raise refusal
