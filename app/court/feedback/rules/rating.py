"""Ratings 满意度评价: what is rated, until when, and what the figures may show to whom.

A lawyer who is to appear before a judge again must be able to say what he thinks. So a rating
carries no name and no case, nobody at the court sees a single one, and figures are made of whole
months and of at least ten lawyers. A month is counted once, when it is over, and its figures
never change: no two answers differ by one rating, and nothing is summed over a month that is too
small to be shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from app.court.feedback.errors import FeedbackIncomplete, RatingClosed, StageNotReached

SMALLEST_GROUP: Final = 10  # different lawyers
DELAY: Final = timedelta(days=30)  # after the closing 结案
LOWEST, HIGHEST = 1, 5
LONGEST_TEXT: Final = 500


class Subject(StrEnum):
    """The two objects of a rating: whether the system is easy to use, and a court's service."""

    SYSTEM = "system"
    SERVICE = "service"


class Dimension(StrEnum):
    """What is given one to five stars."""

    EASE = "ease"
    STABILITY = "stability"
    USEFULNESS = "usefulness"
    RECEPTION = "reception"
    PROCEDURE = "procedure"
    TIMELINESS = "timeliness"
    COMMUNICATION = "communication"
    RESPECT = "respect"

    @property
    def label(self) -> str:
        """The dimension's Chinese name."""
        return _DIMENSIONS[self]


_DIMENSIONS: Final = {
    Dimension.EASE: "容易上手",
    Dimension.STABILITY: "稳定可靠",
    Dimension.USEFULNESS: "解决问题",
    Dimension.RECEPTION: "立案和窗口服务",
    Dimension.PROCEDURE: "程序规范",
    Dimension.TIMELINESS: "办理及时",
    Dimension.COMMUNICATION: "沟通告知",
    Dimension.RESPECT: "尊重律师执业权利",
}
# Every one is asked for: a figure over those who happened to answer would be a smaller group.
ASKED: Final[Mapping[Subject, tuple[Dimension, ...]]] = {
    Subject.SYSTEM: (Dimension.EASE, Dimension.STABILITY, Dimension.USEFULNESS),
    Subject.SERVICE: (
        Dimension.RECEPTION,
        Dimension.PROCEDURE,
        Dimension.TIMELINESS,
        Dimension.COMMUNICATION,
        Dimension.RESPECT,
    ),
}


class Phase(StrEnum):
    """The part of a case that is rated 评价阶段: one rating each."""

    FILING = "filing"
    TRIAL = "trial"
    CLOSING = "closing"

    @property
    def label(self) -> str:
        """The phase's Chinese name."""
        return _PHASES[self]


_PHASES: Final = {Phase.FILING: "立案阶段", Phase.TRIAL: "审理阶段", Phase.CLOSING: "结案以后"}
# Which phases a case that stands at this stage has had or is in.
REACHED: Final[Mapping[str, tuple[Phase, ...]]] = {
    "mediation": (),
    "accepted": (Phase.FILING,),
    "pre_trial": (Phase.FILING, Phase.TRIAL),
    "trial": (Phase.FILING, Phase.TRIAL),
    "closed": (Phase.FILING, Phase.TRIAL, Phase.CLOSING),
}


def check_phase(phase: Phase, *, stage: str) -> None:
    """Raise `StageNotReached` unless the case has come so far."""
    if phase not in REACHED[stage]:
        raise StageNotReached(phase=phase.label)


def check_open(*, closed_on: date | None, today: date) -> None:
    """Raise `RatingClosed` when a case's ratings are final: 30 days after its closing."""
    if closed_on is not None and today > closed_on + DELAY:
        raise RatingClosed


def is_open(*, closed_on: date | None, today: date) -> bool:
    """Whether ratings of a case can be given and changed."""
    return closed_on is None or today <= closed_on + DELAY


def check_scores(subject: Subject, scores: Mapping[Dimension, int]) -> None:
    """Raise `FeedbackIncomplete` unless every dimension has one to five stars, and no other."""
    for dimension in ASKED[subject]:
        stars = scores.get(dimension)
        if stars is None or not LOWEST <= stars <= HIGHEST:
            raise FeedbackIncomplete(field=f"scores.{dimension}", message="请给每一项打一到五星。")
    if len(scores) != len(ASKED[subject]):
        raise FeedbackIncomplete(field="scores", message="有不认识的评价项目。")


@dataclass(frozen=True, kw_only=True)
class Given:
    """One rating as it is counted: `rater` tells lawyers apart within a month, and no further."""

    rater: bytes
    scores: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """A month's figures: how many ratings, and the average stars in tenths for each dimension."""

    ratings: int
    tenths: Mapping[str, int]


def figures(given: Sequence[Given]) -> Figures | None:
    """Count a month that is over; None where fewer than ten lawyers rated."""
    if len({each.rater for each in given}) < SMALLEST_GROUP:
        return None
    names = given[0].scores
    sums = {name: sum(each.scores[name] for each in given) for name in names}
    count = len(given)
    tenths = {name: (20 * total + count) // (2 * count) for name, total in sums.items()}
    return Figures(ratings=count, tenths=tenths)


def month_of(day: date) -> str:
    """The month of a day, as 2026-11."""
    return day.isoformat()[:7]


def is_over(month: str, *, today: date) -> bool:
    """Whether a month is over: only then it is counted."""
    return month < month_of(today)


def texts_released(raters: Iterable[bytes]) -> bool:
    """Whether a batch of texts is large enough for a court to read: ten lawyers again."""
    return len(set(raters)) >= SMALLEST_GROUP
