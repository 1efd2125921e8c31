"""When a credential may be issued and what it says. Pure decisions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from app.issuance.errors import FaceDue, NotPractising
from app.ports.registry import PracticeCategory, PracticeStatus
from credential.claims import PracticeType
from credential.status import Status

LIFETIME = timedelta(hours=24)
RENEW_AFTER = timedelta(hours=8)
AUDIENCE: Final = "cn.court"

PRACTICE_TYPE: Final[dict[PracticeCategory, PracticeType]] = {
    PracticeCategory.FULL_TIME: PracticeType.FULL_TIME,
    PracticeCategory.PART_TIME: PracticeType.PART_TIME,
    PracticeCategory.PUBLIC: PracticeType.PUBLIC,
    PracticeCategory.COMPANY: PracticeType.COMPANY,
    PracticeCategory.LEGAL_AID: PracticeType.LEGAL_AID,
    PracticeCategory.MILITARY: PracticeType.MILITARY,
    PracticeCategory.HONG_KONG: PracticeType.HONG_KONG,
    PracticeCategory.MACAO: PracticeType.MACAO,
    PracticeCategory.TAIWAN: PracticeType.TAIWAN,
}

# A lawyer between two firms may not practise until the new firm is registered (律师法 art. 10),
# and comes back: suspended, not invalid.
LIST_STATUS: Final[dict[PracticeStatus, Status]] = {
    PracticeStatus.PRACTISING: Status.VALID,
    PracticeStatus.SUSPENDED: Status.SUSPENDED,
    PracticeStatus.TRANSFERRING: Status.SUSPENDED,
    PracticeStatus.CANCELLED: Status.INVALID,
    PracticeStatus.REVOKED: Status.INVALID,
    PracticeStatus.WITHDRAWN: Status.INVALID,
    PracticeStatus.ASSESSMENT_PENDING: Status.ASSESSMENT,
}


def check_may_issue(*, status: PracticeStatus, face_due_at: datetime, at: datetime) -> None:
    """Raise `NotPractising` or `FaceDue` unless a credential may be issued now."""
    if status is not PracticeStatus.PRACTISING:
        raise NotPractising(practice_status=status.value, status_label=status.label)
    if at >= face_due_at:
        raise FaceDue(face_due_at=face_due_at.isoformat())


def lifetime(*, face_due_at: datetime, at: datetime) -> timedelta:
    """A credential never outlives the person check it stands on."""
    return min(LIFETIME, face_due_at - at)
