"""Who passes a court's gate 绿色通道, and what is written of it. Pure decisions.

法发〔2021〕3号 art. 4 lets a lawyer in by the dynamic code 一码通 "or another convenient way": the
code is therefore never a condition, the printed licence and the chip card are equal to it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from app.kernel.calendar import SHANGHAI
from app.ports.registry import PracticeStatus
from app.verification.errors import PassDayRefused, PassTimeRefused

AHEAD = timedelta(days=30)  # how long before the day a pass can be made
DAY = timedelta(days=1)  # and how long it is good for
SCAN_FOUND_WITHIN = timedelta(hours=12)  # between a scan and the officer's decision about it
PASS_SHOWN_FOR = timedelta(minutes=10)  # to the kiosk, after it accepted the code
BATCH = 50


class Purpose(StrEnum):
    """Why a lawyer comes 用途."""

    GENERAL = "general"
    HALL = "hall"
    HEARING = "hearing"
    CASEFILE = "casefile"
    MEETING = "meeting"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The word for people."""
        return _PURPOSES[self]


_PURPOSES: Final = {
    Purpose.GENERAL: "一般通行",
    Purpose.HALL: "立案、诉讼服务大厅",
    Purpose.HEARING: "开庭",
    Purpose.CASEFILE: "阅卷",
    Purpose.MEETING: "会见法官",
    Purpose.OTHER: "其他",
}
BOUND_PURPOSES: Final = tuple(p for p in Purpose if p is not Purpose.GENERAL)


class Way(StrEnum):
    """What a lawyer showed. A printed licence and a chip card always count."""

    CODE = "code"
    PAPER = "paper"
    CHIP = "chip"

    @property
    def label(self) -> str:
        """The word for people."""
        return _WAYS[self]


_WAYS: Final = {Way.CODE: "律证码", Way.PAPER: "纸质执业证", Way.CHIP: "芯片卡"}


class Check(StrEnum):
    """What an officer looked at when a document was shown."""

    PHOTO = "photo"
    SEAL = "seal"
    ASSESSMENT = "assessment"
    CHIP_READ = "chip_read"

    @property
    def label(self) -> str:
        """The word for people."""
        return _CHECKS[self]


_CHECKS: Final = {
    Check.PHOTO: "本人与证件照片相符",
    Check.SEAL: "发证机关印章完好",
    Check.ASSESSMENT: "年度考核备案章有效",
    Check.CHIP_READ: "芯片已读取",
}


class Reason(StrEnum):
    """Why a lawyer was not let in 不予放行; the list is closed."""

    IDENTITY_UNVERIFIABLE = "identity_unverifiable"
    NOT_PRACTISING = "not_practising"
    NOT_SAME_PERSON = "not_same_person"
    SCREENING_FAILED = "screening_failed"
    PROHIBITED_ITEMS = "prohibited_items"
    FULL_OR_CLOSED = "full_or_closed"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The word for people."""
        return _REASONS[self]


_REASONS: Final = {
    Reason.IDENTITY_UNVERIFIABLE: "身份无法核验",
    Reason.NOT_PRACTISING: "律师执业状态异常",
    Reason.NOT_SAME_PERSON: "本人与照片不符",
    Reason.SCREENING_FAILED: "安检未通过",
    Reason.PROHIBITED_ITEMS: "携带违禁物品",
    Reason.FULL_OR_CLOSED: "法庭已满或不公开审理",
    Reason.OTHER: "其他",
}


class Doubt(StrEnum):
    """What does not fit in an entry once everything is known; it stays written as it happened."""

    SCAN_UNKNOWN = "entry.scan_unknown"
    CODE_REFUSED = "entry.code_refused"
    CODE_DOUBTED = "entry.code_doubted"
    DECIDED_TWICE = "entry.decided_twice"
    NAME_DIFFERS = "entry.name_differs"
    NOT_PRACTISING = "entry.not_practising"
    ID_TAKEN = "entry.id_taken"

    @property
    def label(self) -> str:
        """The word for people."""
        return _DOUBTS[self]


_DOUBTS: Final = {
    Doubt.SCAN_UNKNOWN: "没有对应的核验记录",
    Doubt.CODE_REFUSED: "律证码未通过而放行",
    Doubt.CODE_DOUBTED: "联网复核律证码未通过",
    Doubt.DECIDED_TWICE: "同一次核验登记了两次",
    Doubt.NAME_DIFFERS: "执业证号与姓名不一致",
    Doubt.NOT_PRACTISING: "登记状态不是正常执业",
    Doubt.ID_TAKEN: "记录编号与他处重复",
}


def day_of(at: datetime) -> date:
    """Return the day it is in China."""
    return at.astimezone(SHANGHAI).date()


def moment(day: date, at: time) -> datetime:
    """Return when it is that time in China on a day."""
    return datetime.combine(day, at, tzinfo=SHANGHAI).astimezone(UTC)


def bounds(day: date) -> tuple[datetime, datetime]:
    """Return the first moment of a day in China and the first after it."""
    start = moment(day, time())
    return start, start + DAY


def check_pass(*, purpose: Purpose, day: date, at_time: time | None, today: date) -> None:
    """Raise `PassDayRefused` or `PassTimeRefused` for what no pass can be made of."""
    if not today <= day <= today + AHEAD:
        raise PassDayRefused(field="day")
    if (at_time is None) == (purpose is Purpose.HEARING):
        raise PassTimeRefused(field="time")


def doubt_of_code(
    *,
    admitted: bool,
    offline: bool,
    found: bool,
    accepted: bool,
    flagged: bool,
    decided_before: bool,
) -> Doubt | None:
    """What does not fit between an entry by code and the verification behind it.

    An offline kiosk keeps no picture that is no lawyer's code, so a refusal there may stand alone.
    """
    if not found:
        return None if offline and not admitted else Doubt.SCAN_UNKNOWN
    if decided_before:
        return Doubt.DECIDED_TWICE
    if not admitted:
        return None
    if not accepted:
        return Doubt.CODE_REFUSED
    return Doubt.CODE_DOUBTED if flagged else None


def doubt_of_document(
    *, admitted: bool, same_name: bool, status: PracticeStatus | None
) -> Doubt | None:
    """What does not fit between a document and the register; `status` None: nobody known."""
    if status is None:
        return None
    if not same_name:
        return Doubt.NAME_DIFFERS
    return Doubt.NOT_PRACTISING if admitted and status is not PracticeStatus.PRACTISING else None


def masked(licence_no: str) -> str:
    """Hide the middle of a licence number."""
    return f"{licence_no[:5]}********{licence_no[-4:]}"
