"""Complaints 投诉: kinds, who answers by when, and the steps from receipt to closing.

A ticket is received, handled, replied to and closed. A clock that rings, or a complainant who is
not satisfied, takes it one level up: 承办人 → 庭长 → 院长. It is reopened once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.court.feedback.errors import ReopeningOver, TicketStepRefused

OPINION: Final = timedelta(days=30)  # to say what one thinks of a reply; then the ticket closes
REOPENING: Final = timedelta(days=30)
DAILY: Final = 5  # complaints of one lawyer in 24 hours
PLATFORM_DESK: Final = "最高法"  # runs the platform, so its desk answers what is about no court


class Kind(StrEnum):
    """What a complaint is about; its Chinese name is `label`."""

    FILING = "filing"
    JUDGE_CONTACT = "judge_contact"
    ATTITUDE = "attitude"
    PASS = "pass"  # noqa: S105 - 通行, at the door
    CASEFILE = "casefile"
    SYSTEM = "system"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The kind's Chinese name."""
        return _KINDS[self]

    @property
    def rule(self) -> str:
        """The deadline of `deadlines.csv` that the reply has: D47 is 登记立案规定 art. 13."""
        return "D47" if self is Kind.FILING else FIRST_REPLY


FIRST_REPLY: Final = "D57"
_KINDS: Final = {
    Kind.FILING: "立案问题",
    Kind.JUDGE_CONTACT: "联系不上法官",
    Kind.ATTITUDE: "服务态度",
    Kind.PASS: "通行被拒",
    Kind.CASEFILE: "阅卷问题",
    Kind.SYSTEM: "系统故障",
    Kind.OTHER: "其他",
}


class Channel(StrEnum):
    """Where a complaint came in."""

    PLATFORM = "platform"
    HOTLINE = "hotline"
    HALL = "hall"

    @property
    def label(self) -> str:
        """The channel's Chinese name."""
        return _CHANNELS[self]


_CHANNELS: Final = {
    Channel.PLATFORM: "平台",
    Channel.HOTLINE: "12368热线",
    Channel.HALL: "诉讼服务大厅",
}


class State(StrEnum):
    """Where a ticket stands."""

    RECEIVED = "received"
    HANDLING = "handling"
    REPLIED = "replied"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """The state's Chinese name."""
        return _STATES[self]


_STATES: Final = {
    State.RECEIVED: "已受理",
    State.HANDLING: "办理中",
    State.REPLIED: "已答复",
    State.CLOSED: "已办结",
}
OPEN: Final = (State.RECEIVED, State.HANDLING)


class Level(StrEnum):
    """Who must see to it that the complaint is answered."""

    OFFICER = "officer"
    DIVISION = "division"
    PRESIDENT = "president"

    @property
    def label(self) -> str:
        """The level's Chinese name."""
        return _LEVELS[self]

    @property
    def above(self) -> Level:
        """The next level up; the president has none above him in his court."""
        return Level.DIVISION if self is Level.OFFICER else Level.PRESIDENT


_LEVELS: Final = {Level.OFFICER: "承办人", Level.DIVISION: "庭长", Level.PRESIDENT: "院长"}


class Opinion(StrEnum):
    """What the complainant thinks of the reply; SILENT: nothing was said in 30 days."""

    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"
    SILENT = "silent"

    @property
    def label(self) -> str:
        """The opinion's Chinese name."""
        return _OPINIONS[self]


_OPINIONS: Final = {
    Opinion.SATISFIED: "满意",
    Opinion.DISSATISFIED: "不满意",
    Opinion.SILENT: "未评价",
}


class StepKind(StrEnum):
    """A step of the trace 留痕; its Chinese name is `label`."""

    FILED = "filed"
    HANDED = "handed"
    ESCALATED = "escalated"
    OVERDUE = "overdue"
    MAJOR = "major"
    REPLIED = "replied"
    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"
    REOPENED = "reopened"
    OPENED = "opened"

    @property
    def label(self) -> str:
        """The step's Chinese name."""
        return _STEPS[self]

    @property
    def shown(self) -> bool:
        """Whether the complainant sees it; who opened the ticket is the court's own matter."""
        return self is not StepKind.OPENED


_STEPS: Final = {
    StepKind.FILED: "提交投诉，已受理",
    StepKind.HANDED: "交办",
    StepKind.ESCALATED: "升级督办",
    StepKind.OVERDUE: "逾期未答复，自动升级",
    StepKind.MAJOR: "列为重大问题",
    StepKind.REPLIED: "答复",
    StepKind.SATISFIED: "对答复满意，办结",
    StepKind.DISSATISFIED: "对答复不满意",
    StepKind.REOPENED: "重新办理",
    StepKind.OPENED: "查阅",
}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a ticket stands; moments are instants."""

    state: State = State.RECEIVED
    level: Level = Level.OFFICER
    opinion: Opinion | None = None
    replied_at: datetime | None = None
    closed_at: datetime | None = None
    reopened: bool = False


def at_moment(standing: Standing, at: datetime) -> Standing:
    """Return the standing as time has left it: a reply nobody spoke about closes the ticket."""
    if standing.state is not State.REPLIED or standing.replied_at is None:
        return standing
    ends = standing.replied_at + OPINION
    if at <= ends:
        return standing
    return replace(standing, state=State.CLOSED, opinion=Opinion.SILENT, closed_at=ends)


def hand(standing: Standing) -> Standing:
    """Give an open ticket to somebody; raises `TicketStepRefused`."""
    _demand(standing, *OPEN)
    return replace(standing, state=State.HANDLING)


def escalate(standing: Standing) -> Standing:
    """Take an open ticket one level up; raises `TicketStepRefused`."""
    _demand(standing, *OPEN)
    if standing.level is Level.PRESIDENT:
        raise TicketStepRefused(state=standing.state.label, level=standing.level.label)
    return replace(standing, level=standing.level.above)


def overdue(standing: Standing) -> Standing | None:
    """Let the clock ring: an open ticket goes one level up; None where nothing is left to do."""
    return replace(standing, level=standing.level.above) if standing.state in OPEN else None


def reply(standing: Standing, at: datetime) -> Standing:
    """Answer an open ticket; raises `TicketStepRefused`."""
    _demand(standing, *OPEN)
    return replace(standing, state=State.REPLIED, replied_at=at)


def judge(standing: Standing, *, satisfied: bool, at: datetime) -> Standing:
    """Take the complainant's word on the reply.

    Dissatisfied, the ticket goes one level up and must be answered again; the president's answer
    is the court's last, and closes it. Raises `TicketStepRefused`.
    """
    now = at_moment(standing, at)
    _demand(now, State.REPLIED)
    opinion = Opinion.SATISFIED if satisfied else Opinion.DISSATISFIED
    if satisfied or now.level is Level.PRESIDENT:
        return replace(now, state=State.CLOSED, opinion=opinion, closed_at=at)
    return replace(now, state=State.HANDLING, opinion=opinion, level=now.level.above)


def reopen(standing: Standing, at: datetime) -> Standing:
    """Open a closed ticket again, once, one level up.

    Raises `TicketStepRefused`, `ReopeningOver`.
    """
    now = at_moment(standing, at)
    _demand(now, State.CLOSED)
    if not may_reopen(now, at):
        raise ReopeningOver
    return replace(
        now,
        state=State.HANDLING, level=now.level.above, opinion=None, closed_at=None, reopened=True,
    )  # fmt: skip


def may_reopen(standing: Standing, at: datetime) -> bool:
    """Whether a closed ticket can be opened again."""
    closed = standing.closed_at
    return closed is not None and not standing.reopened and at <= closed + REOPENING


def _demand(standing: Standing, *states: State) -> None:
    if standing.state not in states:
        raise TicketStepRefused(state=standing.state.label, level=standing.level.label)
