"""What ratings and public figures look like on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from app.court.feedback.rules.rating import ASKED, HIGHEST, LOWEST, Dimension, Phase, Subject
from app.court.feedback.schemas.complaints import NO_NUL
from app.court.feedback.service.ratings import OwnRatings
from app.court.feedback.service.statistics import CourtStatistics, Month
from app.http.body import Strict

Stars = Annotated[int, Field(ge=LOWEST, le=HIGHEST)]
Scores = Annotated[dict[Annotated[Dimension, Field(strict=False)], Stars], Field(max_length=8)]


class CaseRatingIn(Strict):
    """One to five stars for every dimension of a court's service, and a text that is not named."""

    phase: Annotated[Phase, Field(strict=False)]
    scores: Scores
    text: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=500, pattern=NO_NUL)
    ] = ""


class SystemRatingIn(Strict):
    """One to five stars for every dimension of the system."""

    scores: Scores


class DimensionOut(BaseModel):
    """A dimension that is asked for."""

    key: Dimension
    name: str


class OwnRatingOut(BaseModel):
    """A lawyer's own rating of a phase; `scores` is empty while there is none."""

    phase: Phase | None
    phase_name: str
    scores: dict[str, int]
    text: str


class OwnRatingsOut(BaseModel):
    """What can be rated and was; `open` while it can be given and changed."""

    dimensions: list[DimensionOut]
    phases: list[OwnRatingOut]
    open: bool

    @classmethod
    def of(cls, found: OwnRatings, subject: Subject) -> OwnRatingsOut:
        """Show a lawyer's own ratings."""
        return cls(
            dimensions=[DimensionOut(key=each, name=each.label) for each in ASKED[subject]],
            phases=[
                OwnRatingOut(
                    phase=own.phase,
                    phase_name="" if own.phase is None else own.phase.label,
                    scores=dict(own.scores or {}),
                    text=own.text,
                )
                for own in found.phases
            ],
            open=found.open,
        )


class AverageOut(BaseModel):
    """The average of a dimension, 1–5 in tenths."""

    key: str
    name: str
    average: float


class ComplaintFiguresOut(BaseModel):
    """Complaints filed in a month; `average_days` is to the first answer."""

    filed: int
    answered: int
    in_time: int
    average_days: float | None


class MonthOut(BaseModel):
    """A month that is over; `ratings` None: fewer than ten lawyers rated, nothing is shown."""

    month: str
    ratings: int | None
    averages: list[AverageOut]
    complaints: ComplaintFiguresOut

    @classmethod
    def of(cls, found: Month) -> MonthOut:
        """Show a month."""
        times = found.complaints
        return cls(
            month=found.month,
            ratings=found.ratings if found.rated else None,
            averages=_averages(found.tenths),
            complaints=ComplaintFiguresOut(
                filed=times.filed,
                answered=times.answered,
                in_time=times.in_time,
                average_days=None if times.tenths is None else times.tenths / 10,
            ),
        )


class CourtStatisticsOut(BaseModel):
    """A court's months, the newest first; the system's have no court."""

    court_code: str | None
    court_name: str
    months: list[MonthOut]

    @classmethod
    def of(cls, found: CourtStatistics) -> CourtStatisticsOut:
        """Show a court."""
        return cls(
            court_code=None if found.court is None else found.court.code,
            court_name="律师服务平台" if found.court is None else found.court.name,
            months=[MonthOut.of(month) for month in found.months],
        )


class StatisticsOut(BaseModel):
    """The system and every court about which there is anything."""

    system: CourtStatisticsOut
    courts: list[CourtStatisticsOut]


def _averages(tenths: Mapping[str, int]) -> list[AverageOut]:
    return [
        AverageOut(key=each.value, name=each.label, average=tenths[each.value] / 10)
        for each in Dimension
        if each.value in tenths
    ]
