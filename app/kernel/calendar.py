"""The one calendar: working days 工作日 of the PRC, and how a period 期间 is counted.

民事诉讼法 (2023) art. 85: periods are counted in hours, days, months and years; the hour and the
day of the event are not counted (民诉法解释 art. 125: counting begins with the next hour or day);
a last day that is a statutory rest day 法定休假日 gives way to the first day after it; travel time
of post is not included, so a document posted in time is in time. 行诉法解释 art. 48 says the same.
刑事诉讼法 (2018) art. 105 does too, with one exception: while a suspect, defendant or convict is
in custody a period ends on its last day, whatever day that is.

Months end on the day with the event's number, or on the month's last day where there is none
(民法典 art. 202). 刑诉法解释 (2021) art. 202 differs in one case: counted from a month's last day,
a month ends on the next month's last day. The last day ends at 24:00 (民法典 art. 203).

The State Council's notices are data in `holidays.csv`. A day for which no notice has been read is
judged by its weekday alone, and `is_provisional` says so.
"""

from __future__ import annotations

import csv
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum
from importlib import resources
from typing import Final

# China has had one offset and no summer time since 1991; no machine's zone files are asked.
SHANGHAI: Final = timezone(timedelta(hours=8), "Asia/Shanghai")

_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5


class Unit(StrEnum):
    """In what a period 期间 is counted."""

    HOUR = "hour"
    DAY = "day"
    WORKING_DAY = "working_day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, kw_only=True)
class _Named:
    """What a notice says of a day."""

    worked: bool
    name: str


def _read_notices() -> dict[date, _Named]:
    text = resources.files("app.kernel").joinpath("holidays.csv").read_text(encoding="utf-8")
    return {
        date.fromisoformat(row["date"]): _Named(worked=row["kind"] == "workday", name=row["name"])
        for row in csv.DictReader(text.splitlines())
    }


_NOTICES: Final = _read_notices()
_KNOWN_FROM: Final = date(min(_NOTICES).year, 1, 1)
# The notice for a year may take the last days of the year before: 2022-12-31 was named by the
# notice for 2023. Until it is read, those days are not certain.
_KNOWN_UNTIL: Final = date(max(_NOTICES).year, 12, 24)


def is_working_day(day: date) -> bool:
    """Whether `day` is a working day 工作日: exchanged weekends 调休 are, holidays are not."""
    named = _NOTICES.get(day)
    return named.worked if named else day.weekday() < _SATURDAY


def rest_name(day: date) -> str:
    """What a rest day is called, for a sentence: 春节假期, 星期六. Empty for a working day."""
    if is_working_day(day):
        return ""
    named = _NOTICES.get(day)
    return f"{named.name}假期" if named else "星期" + "六日"[day.weekday() - _SATURDAY]


def is_provisional(first: date, last: date | None = None) -> bool:
    """Whether an answer about `first` … `last` rests on weekdays alone, no notice being known."""
    return first < _KNOWN_FROM or (last or first) > _KNOWN_UNTIL


def working_day_from(day: date) -> date:
    """`day` itself if it is a working day, else the first one after it (民诉法 art. 85 第三款)."""
    while not is_working_day(day):
        day += _DAY
    return day


def working_day_until(day: date) -> date:
    """`day` itself if it is a working day, else the last one before it."""
    while not is_working_day(day):
        day -= _DAY
    return day


def next_working_day(day: date) -> date:
    """The first working day after `day`."""
    return working_day_from(day + _DAY)


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day after `day`, which is not counted itself; 0 gives `day`."""
    _refuse_negative(count)
    for _ in range(count):
        day = next_working_day(day)
    return day


def add_months(day: date, count: int, *, from_end_to_end: bool = False) -> date:
    """The same-numbered day `count` months later, or that month's last (民法典 art. 202).

    With `from_end_to_end` a month's last day goes to the last day again (刑诉法解释 art. 202).
    """
    _refuse_negative(count)
    if count == 0:
        return day
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    length = monthrange(year, month + 1)[1]
    is_end = day.day == monthrange(day.year, day.month)[1]
    return date(year, month + 1, length if from_end_to_end and is_end else min(day.day, length))


def add(day: date, count: int, unit: Unit, *, from_end_to_end: bool = False) -> date:
    """Where a period of days, working days, months or years ends before holidays are looked at."""
    match unit:
        case Unit.DAY:
            _refuse_negative(count)
            return day + timedelta(days=count)
        case Unit.WORKING_DAY:
            return add_working_days(day, count)
        case Unit.MONTH:
            return add_months(day, count, from_end_to_end=from_end_to_end)
        case Unit.YEAR:
            return add_months(day, 12 * count, from_end_to_end=from_end_to_end)
        case Unit.HOUR:
            raise ValueError("hours end at an hour, not on a day: use hours_end")


def last_day(
    event_day: date,
    count: int,
    unit: Unit,
    *,
    moves: bool = True,
    from_end_to_end: bool = False,
) -> date:
    """The last day 期间届满之日 of a period whose event happened on `event_day` (民诉法 art. 85).

    `moves=False` is for the periods that no holiday prolongs (刑诉法 art. 105 第四款).
    """
    nominal = add(event_day, count, unit, from_end_to_end=from_end_to_end)
    return working_day_from(nominal) if moves else nominal


def hours_end(event_at: datetime, count: int) -> datetime:
    """The instant at which a period of hours is over; the event's hour is not counted.

    Counting begins with the next hour (民诉法解释 art. 125): 48 hours after 10:20 end at 11:00.
    The law moves a last *day* only, so an hour is never moved.
    """
    _refuse_negative(count)
    hour = local(event_at).replace(minute=0, second=0, microsecond=0)
    return hour + timedelta(hours=1 + count)


def end_of_day(day: date) -> datetime:
    """24:00 of `day` in China, which is 00:00 of the next."""
    return datetime.combine(day + _DAY, time.min, tzinfo=SHANGHAI)


def local(at: datetime) -> datetime:
    """The same instant on Chinese clocks; an instant without a zone is refused."""
    if at.tzinfo is None:
        raise ValueError("an instant without a time zone belongs to no calendar")
    return at.astimezone(SHANGHAI)


def local_day(at: datetime) -> date:
    """The day on which an instant falls in China."""
    return local(at).date()


def _refuse_negative(count: int) -> None:
    if count < 0:
        raise ValueError("a period is not negative")
