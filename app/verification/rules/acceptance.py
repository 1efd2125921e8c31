"""What a kiosk or a relying party accepts. Pure decisions."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from app.kernel.principal import Kiosk, Partner
from app.ports.registry import PracticeStatus
from credential.errors import (
    AssessmentPending,
    CredentialError,
    FromFuture,
    Revoked,
    Stale,
    Suspended,
    UnsupportedForm,
    WrongAudience,
    WrongNonce,
)
from credential.policy import Policy
from credential.presentation import parse_presentation, parse_text
from credential.short_code import ShortCode

COMMON_AUDIENCE = "cn.court"
PHOTO_FOR = timedelta(minutes=10)
ENROLMENT_LIFE = timedelta(days=7)
SHORT_CODE_TRIES = 5  # a minute and handle (docs/protocol.md)
OFFLINE_BATCH = 100
ANSWER_MISSED = timedelta(minutes=1)  # between a request and the kiosk deciding by itself

REFUSAL: Final[dict[PracticeStatus, type[CredentialError]]] = {
    PracticeStatus.SUSPENDED: Suspended,
    PracticeStatus.TRANSFERRING: Suspended,
    PracticeStatus.CANCELLED: Revoked,
    PracticeStatus.REVOKED: Revoked,
    PracticeStatus.WITHDRAWN: Revoked,
    PracticeStatus.ASSESSMENT_PENDING: AssessmentPending,
}

# The verifier finds these only when both signatures are good: the phone did sign this.
REFUSED_AFTER_SIGNATURES = (Stale, FromFuture, WrongAudience, WrongNonce)
ANY_AGE = 2**32


def policy(verifier: Kiosk | Partner, *, nonce: bytes | None) -> Policy:
    """Return what this verifier demands of a presentation."""
    return Policy(audiences=frozenset((COMMON_AUDIENCE, verifier.audience)), nonce=nonce)


def any_moment(text: str) -> Policy:
    """Return a policy that asks only who signed; raises `CredentialError` leaves.

    For naming the lawyer behind a refused code, never for accepting one.
    """
    parsed = parse_text(text)
    if isinstance(parsed.data, ShortCode):
        raise UnsupportedForm("a short code is not signed")
    audience = parse_presentation(parsed.form, parsed.data).audience
    return Policy(audiences=frozenset((audience,)), max_age=ANY_AGE, max_skew=ANY_AGE)


def check_status(status: PracticeStatus) -> None:
    """Raise the refusal of a status that does not allow practice."""
    refusal = REFUSAL.get(status)
    if refusal is not None:
        raise refusal
