"""律师助理: who may assist whom, with what, for how long. Pure decisions.

Assistants are other lawyers and trainees of the lawyer's own firm, and do auxiliary work within
what the lawyer gave them (法发〔2021〕3号 art. 1). What needs 特别授权 (民诉法 art. 62) is never
among the acts that can be given.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.errors import AppError
from app.identity.errors import (
    ActNotGiven,
    ActsRefused,
    AssistantNotPractising,
    AssistantshipEnded,
    AssistantshipExpired,
    AssistedNotBound,
    AssistedNotPractising,
    CaseNotGiven,
    FirmChanged,
    InvitationClosed,
    OtherFirm,
    OwnInvitation,
    TooManyAssistants,
    TraineeNotTraining,
    UntilRefused,
)
from app.kernel.calendar import add_months
from app.kernel.principal import Assistant
from app.ports.registry import PracticeStatus, TraineeStatus

SLOTS = (1, 2, 3)
INVITATION_LIFE = timedelta(hours=24)
INVITATIONS_OPEN = 5
LONGEST_MONTHS = 12
DIGITS = 6
DIGIT_TRIES = 5
CODE_LENGTH = 8
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is read for something else

MAY_NOT = (
    "代为承认、放弃、变更诉讼请求，和解，反诉，上诉等须特别授权的事项",
    "以律师名义提交、签名或者确认，这些由律师本人完成",
    "出示律师的律证码，或者以律师身份出庭、会见",
    "把代办权限交给其他人",
)


class EndReason(StrEnum):
    """How an assistantship ended."""

    BY_LAWYER = "by_lawyer"
    BY_ASSISTANT = "by_assistant"
    EXPIRED = "expired"
    FIRM_CHANGED = "firm_changed"
    TRAINEE_ENDED = "trainee_ended"

    @property
    def label(self) -> str:
        """The words for people."""
        return _END_LABELS[self]


_END_LABELS = {
    EndReason.BY_LAWYER: "律师已结束",
    EndReason.BY_ASSISTANT: "助理已退出",
    EndReason.EXPIRED: "已到期",
    EndReason.FIRM_CHANGED: "已不在同一律师事务所",
    EndReason.TRAINEE_ENDED: "助理的实习登记已结束",
}


@dataclass(frozen=True, kw_only=True)
class Firm:
    """A firm 执业机构 as the register names it; `uscc` "" where it is not known."""

    name: str
    uscc: str

    def same_as(self, other: Firm) -> bool:
        """Compare the codes 统一社会信用代码 if both are known, else the names."""
        if self.uscc and other.uscc:
            return self.uscc == other.uscc
        return bool(self.name) and _plain(self.name) == _plain(other.name)


@dataclass(frozen=True, kw_only=True)
class Helper:
    """Whoever assists, or wants to: a lawyer or a trainee, and where they belong now."""

    name: str
    number: str
    firm: Firm
    status: PracticeStatus | TraineeStatus

    @property
    def is_trainee(self) -> bool:
        """Whether this is a trainee 实习人员."""
        return isinstance(self.status, TraineeStatus)

    @property
    def label(self) -> str:
        """What they are, for people."""
        return "实习人员" if self.is_trainee else "律师"

    @property
    def trainee_is_over(self) -> bool:
        """Whether the training 实习 is over for good, however it ended."""
        return self.status in (TraineeStatus.COMPLETED, TraineeStatus.CANCELLED)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """An assistantship and both its people as they are now."""

    expires_at: datetime
    ended_at: datetime | None
    end_reason: str | None
    lawyer_firm: Firm
    lawyer_status: PracticeStatus
    lawyer_bound: bool
    helper: Helper


def check_acts(acts: Collection[str], *, offered: Mapping[str, str]) -> None:
    """Only auxiliary acts, and at least one; raises `ActsRefused`."""
    unknown = sorted(set(acts) - set(offered))
    if unknown or not acts:
        raise ActsRefused(field="acts", unknown=unknown)


def check_until(until: date, *, today: date) -> None:
    """The last day is today at the earliest and a year ahead at most; raises `UntilRefused`."""
    last = add_months(today, LONGEST_MONTHS)
    if not today <= until <= last:
        raise UntilRefused(field="until", earliest=today.isoformat(), latest=last.isoformat())


def check_invitation(
    *, used_at: datetime | None, withdrawn_at: datetime | None, expires_at: datetime, at: datetime
) -> None:
    """Raise `InvitationClosed` unless the code can still be accepted."""
    if used_at is not None:
        raise InvitationClosed(reason="used", reason_label="邀请已使用")
    if withdrawn_at is not None:
        raise InvitationClosed(reason="withdrawn", reason_label="律师已撤回邀请")
    if at >= expires_at:
        raise InvitationClosed(reason="expired", reason_label="邀请已超过24小时")


def check_helper(helper: Helper, *, firm: Firm) -> None:
    """Who may be an assistant (法发〔2021〕3号 art. 1).

    Raises `AssistantNotPractising`, `TraineeNotTraining`, `OtherFirm`.
    """
    _check_status(helper)
    if not helper.firm.same_as(firm):
        raise OtherFirm


def check_not_self(*, lawyer_id: uuid.UUID, helper_id: uuid.UUID) -> None:
    """Raise `OwnInvitation`."""
    if lawyer_id == helper_id:
        raise OwnInvitation


def free_slot(taken: Iterable[int]) -> int:
    """Return the first of three places that is free; raises `TooManyAssistants`."""
    busy = set(taken)
    for slot in SLOTS:
        if slot not in busy:
            return slot
    raise TooManyAssistants(limit=len(SLOTS))


def check_acting(standing: Standing, *, at: datetime) -> None:
    """Whether the assistant may act for the lawyer now.

    Raises `AssistantshipEnded`, `AssistantshipExpired`, `AssistedNotPractising`,
    `AssistedNotBound`, `AssistantNotPractising`, `TraineeNotTraining`, `FirmChanged`.
    """
    check_going_on(
        ended_at=standing.ended_at,
        end_reason=standing.end_reason,
        expires_at=standing.expires_at,
        at=at,
    )
    status = standing.lawyer_status
    if status is not PracticeStatus.PRACTISING:
        raise AssistedNotPractising(practice_status=status.value, status_label=status.label)
    if not standing.lawyer_bound:
        raise AssistedNotBound
    _check_status(standing.helper)
    if not standing.helper.firm.same_as(standing.lawyer_firm):
        raise FirmChanged


def check_going_on(
    *, ended_at: datetime | None, end_reason: str | None, expires_at: datetime, at: datetime
) -> None:
    """Raise `AssistantshipEnded` or `AssistantshipExpired` unless it goes on."""
    if ended_at is not None:
        reason = EndReason(end_reason or EndReason.BY_LAWYER)
        raise AssistantshipEnded(reason=reason.value, reason_label=reason.label)
    if at >= expires_at:
        raise AssistantshipExpired


def refusal(standing: Standing, *, at: datetime) -> str:
    """Return the code of why the assistant may not act now; "" when they may."""
    try:
        check_acting(standing, at=at)
    except AppError as refused:
        return refused.code
    return ""


def reason_to_end(standing: Standing, *, at: datetime) -> EndReason | None:
    """Why an assistantship ends by itself; None while it goes on, or is only interrupted.

    A suspended licence 停止执业 or training interrupts: acting is refused, the place is kept.
    """
    if at >= standing.expires_at:
        return EndReason.EXPIRED
    if standing.helper.trainee_is_over:
        return EndReason.TRAINEE_ENDED
    if not standing.helper.firm.same_as(standing.lawyer_firm):
        return EndReason.FIRM_CHANGED
    return None


def check_given(assistant: Assistant, *, act: str, case_id: uuid.UUID | None) -> None:
    """Whether the lawyer gave this act and this case; raises `ActNotGiven`, `CaseNotGiven`.

    An act that belongs to no case yet (a draft to file) needs only the act.
    """
    if act not in assistant.acts:
        raise ActNotGiven(act=act)
    if case_id is not None and assistant.cases is not None and case_id not in assistant.cases:
        raise CaseNotGiven


def _check_status(helper: Helper) -> None:
    status = helper.status
    if isinstance(status, TraineeStatus):
        if status is not TraineeStatus.TRAINING:
            raise TraineeNotTraining(status=status.value, status_label=status.label)
    elif status is not PracticeStatus.PRACTISING:
        raise AssistantNotPractising(practice_status=status.value, status_label=status.label)


def _plain(name: str) -> str:
    """A firm's name without spaces, its brackets of one kind."""
    return "".join(name.split()).replace("(", "（").replace(")", "）")
