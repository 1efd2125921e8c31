"""What the public reads of every court: ratings by the month, complaints and how fast answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.court.casefile.rules.courts import CourtRecord
from app.court.casefile.service.courts import Courts
from app.court.feedback.models import RatingMonth
from app.court.feedback.queries import complaints, ratings
from app.court.feedback.queries.complaints import Filed
from app.court.feedback.rules import rating as rules
from app.court.feedback.rules import reply_times
from app.court.feedback.rules.reply_times import Times
from app.court.feedback.service.ratings import Ratings
from app.kernel import calendar
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ports.clock import Clock

MONTHS: Final = 12  # shown


@dataclass(frozen=True, kw_only=True)
class Month:
    """A month of a court: its figures where at least ten lawyers rated, and its complaints.

    `rated` False: fewer than ten lawyers rated, or none; which of the two is not said.
    """

    month: str
    rated: bool
    ratings: int
    tenths: Mapping[str, int]
    complaints: Times


@dataclass(frozen=True, kw_only=True)
class CourtStatistics:
    """A court with its months, the newest first; the system has no court."""

    court: CourtRecord | None
    months: tuple[Month, ...]


class Statistics:
    """Use cases of the public page. Only months that are over are shown."""

    def __init__(self, *, ratings: Ratings, courts: Courts, clock: Clock) -> None:
        self._ratings = ratings
        self._courts = courts
        self._clock = clock

    def system(self) -> CourtStatistics:
        """Return how the system is rated."""
        with unit_of_work() as tx:
            self._ratings.count(tx)
            found = ratings.months(tx, since=_first(self._today()), court_code="")
            rows = {row.month: row for row in found if not row.court_code}
            return CourtStatistics(court=None, months=self._months(rows, {}))

    def of_court(self, *, code: str) -> CourtStatistics:
        """Return a court's months; raises `CourtUnknown`."""
        with unit_of_work() as tx:
            court = self._courts.find(tx, code=code)
            return self._all(tx, court.code).get(
                court.code, CourtStatistics(court=court, months=())
            )

    def courts(self) -> Sequence[CourtStatistics]:
        """Return every court about which there is anything, by its code."""
        with unit_of_work() as tx:
            return list(self._all(tx, None).values())

    def _all(self, tx: Tx, court_code: str | None) -> Mapping[str, CourtStatistics]:
        """Return the courts about which there is anything, or the one."""
        self._ratings.count(tx)
        since = _first(self._today())
        rows: dict[str, dict[str, RatingMonth]] = defaultdict(dict)
        for row in ratings.months(tx, since=since, court_code=court_code):
            rows[row.court_code][row.month] = row
        filed: dict[str, dict[str, list[Filed]]] = defaultdict(lambda: defaultdict(list))
        for each in self._filed(tx, court_code):
            filed[each.court_code][_month_of(each)].append(each)
        found = {}
        for code in sorted((rows.keys() | filed.keys()) - {""}):
            court = self._courts.find(tx, code=code)
            months = self._months(rows[code], filed[code])
            found[code] = CourtStatistics(court=court, months=months)
        return found

    def _filed(self, tx: Tx, court_code: str | None) -> list[Filed]:
        first = date.fromisoformat(f"{_first(self._today())}-01")
        since = calendar.end_of_day(first - timedelta(days=1))
        until = rules.month_of(self._today())
        found = complaints.filed_since(tx, since=since, court_code=court_code)
        return [each for each in found if _month_of(each) < until]

    def _months(
        self, rows: Mapping[str, RatingMonth], filed: Mapping[str, Sequence[Filed]]
    ) -> tuple[Month, ...]:
        today = self._today()
        shown = (_month(name, rows.get(name), filed.get(name, ())) for name in _last(today))
        return tuple(month for month in shown if month.rated or month.complaints.filed)

    def _today(self) -> date:
        return calendar.local(self._clock.now()).date()


def _month(name: str, row: RatingMonth | None, filed: Sequence[Filed]) -> Month:
    rated = row is not None and row.ratings is not None
    return Month(
        month=name,
        rated=rated,
        ratings=(row.ratings or 0) if row is not None else 0,
        tenths=row.tenths if row is not None else {},
        complaints=reply_times.count(filed),
    )


def _month_of(filed: Filed) -> str:
    return rules.month_of(calendar.local(filed.filed_at).date())


def _last(today: date) -> list[str]:
    """Return the twelve months before this one, the newest first."""
    first = today.replace(day=1)
    months = []
    for _ in range(MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
        months.append(rules.month_of(first))
    return months


def _first(today: date) -> str:
    return _last(today)[-1]
