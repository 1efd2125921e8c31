"""Working days and the counting of periods, against dates worked out by hand."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import calendar
from app.kernel.calendar import Unit, add_months, hours_end, last_day

DAYS = st.dates(date(2015, 1, 1), date(2040, 12, 31))
COUNTS = st.integers(0, 400)
ON_DAYS = st.sampled_from([Unit.DAY, Unit.WORKING_DAY, Unit.MONTH])
TABLE = Path(calendar.__file__).with_name("holidays.csv")


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "works", "why"),
    [
        ("2026-02-13", True, "Friday before 春节"),
        ("2026-02-14", True, "调休 Saturday"),
        ("2026-02-15", False, "春节 begins"),
        ("2026-02-23", False, "春节 ends, a Monday"),
        ("2026-02-24", True, "Tuesday after 春节"),
        ("2026-02-28", True, "调休 Saturday"),
        ("2026-01-02", False, "元旦, a Friday"),
        ("2026-01-04", True, "调休 Sunday"),
        ("2026-09-20", True, "调休 Sunday"),
        ("2026-10-07", False, "国庆 ends, a Wednesday"),
        ("2026-10-10", True, "调休 Saturday"),
        ("2022-12-31", False, "named by the notice for 2023"),
        ("2024-02-09", True, "除夕 of 2024 was not a holiday"),
        ("2025-10-08", False, "八天: 国庆 with 中秋"),
        ("2030-10-01", True, "no table: a Tuesday"),
        ("2030-10-05", False, "no table: a Saturday"),
    ],
)
def test_a_day(text: str, works: bool, why: str) -> None:
    assert calendar.is_working_day(day(text)) is works, why


@pytest.mark.parametrize(
    ("event", "count", "unit", "ends", "why"),
    [
        ("2026-03-02", 7, Unit.DAY, "2026-03-09", "the event's day is not counted"),
        ("2026-02-09", 15, Unit.DAY, "2026-02-24", "ends on the first day after 春节"),
        ("2026-02-05", 15, Unit.DAY, "2026-02-24", "the 20th is 春节"),
        ("2026-02-07", 7, Unit.DAY, "2026-02-14", "a 调休 Saturday does not move"),
        ("2026-09-21", 10, Unit.DAY, "2026-10-08", "国庆"),
        ("2026-09-25", 15, Unit.DAY, "2026-10-10", "a 调休 Saturday after 国庆"),
        ("2026-08-31", 1, Unit.MONTH, "2026-09-30", "no 31st"),
        ("2026-01-31", 1, Unit.MONTH, "2026-02-28", "no 31st; the 28th is a 调休 Saturday"),
        ("2024-01-30", 1, Unit.MONTH, "2024-02-29", "a leap year"),
        ("2025-01-30", 1, Unit.MONTH, "2025-02-28", "not a leap year"),
        ("2024-02-29", 1, Unit.YEAR, "2025-02-28", "a leap day, a year later"),
        ("2025-08-15", 6, Unit.MONTH, "2026-02-24", "the 15th is 春节"),
        ("2026-02-13", 3, Unit.WORKING_DAY, "2026-02-25", "14th, 24th, 25th"),
        ("2026-09-29", 3, Unit.WORKING_DAY, "2026-10-09", "30th, 8th, 9th"),
        ("2026-03-07", 0, Unit.WORKING_DAY, "2026-03-09", "no days, from a Saturday"),
    ],
)
def test_a_period(event: str, count: int, unit: Unit, ends: str, why: str) -> None:
    assert last_day(day(event), count, unit) == day(ends), why


def test_custody_is_not_prolonged_by_a_holiday() -> None:
    assert last_day(day("2026-02-05"), 15, Unit.DAY, moves=False) == day("2026-02-20")


@pytest.mark.parametrize(
    ("event", "count", "civil", "criminal"),
    [
        ("2025-02-28", 1, "2025-03-28", "2025-03-31"),
        ("2025-04-30", 2, "2025-06-30", "2025-06-30"),
        ("2025-04-30", 1, "2025-05-30", "2025-05-31"),
        ("2025-04-29", 1, "2025-05-29", "2025-05-29"),
        ("2025-12-31", 2, "2026-02-28", "2026-02-28"),
    ],
)
def test_months_from_a_month_s_end(event: str, count: int, civil: str, criminal: str) -> None:
    assert add_months(day(event), count) == day(civil)
    assert add_months(day(event), count, from_end_to_end=True) == day(criminal)


def test_hours_begin_with_the_next_hour() -> None:
    event = datetime(2026, 2, 13, 10, 20, tzinfo=calendar.SHANGHAI)
    assert hours_end(event, 48) == datetime(2026, 2, 15, 11, tzinfo=calendar.SHANGHAI)
    on_the_hour = datetime(2026, 2, 13, 2, tzinfo=UTC)
    assert hours_end(on_the_hour, 48).isoformat() == "2026-02-15T11:00:00+08:00"


def test_instants_fall_on_chinese_days() -> None:
    assert calendar.local_day(datetime(2026, 2, 13, 15, 59, tzinfo=UTC)) == day("2026-02-13")
    assert calendar.local_day(datetime(2026, 2, 13, 16, 0, tzinfo=UTC)) == day("2026-02-14")
    assert calendar.end_of_day(day("2026-02-13")) == datetime(2026, 2, 13, 16, 0, tzinfo=UTC)
    with pytest.raises(ValueError, match="time zone"):
        calendar.local_day(datetime(2026, 2, 13))  # noqa: DTZ001 - what is refused


def test_what_is_refused() -> None:
    with pytest.raises(ValueError, match="hours_end"):
        last_day(day("2026-02-13"), 48, Unit.HOUR)
    for unit in (Unit.DAY, Unit.WORKING_DAY, Unit.MONTH, Unit.YEAR):
        with pytest.raises(ValueError, match="negative"):
            last_day(day("2026-02-13"), -1, unit)


def test_what_no_notice_covers_is_provisional() -> None:
    assert not calendar.is_provisional(day("2021-01-01"), day("2026-12-24"))
    assert calendar.is_provisional(day("2026-12-25")), "a notice may take December's last days"
    assert calendar.is_provisional(day("2026-12-01"), day("2027-01-04"))
    assert calendar.is_provisional(day("2020-12-31"))


def test_the_table_is_in_order_and_says_where_from() -> None:
    rows = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
    dates = [row["date"] for row in rows]
    assert dates == sorted(set(dates))
    assert {row["kind"] for row in rows} == {"holiday", "workday"}
    for row in rows:
        assert row["name"]
        # Each year's notice is issued in the autumn before.
        issued = int(row["notice"].split("〔")[1][:4])
        assert date(issued, 12, 1) < day(row["date"]) <= date(issued + 1, 12, 31)
        if row["kind"] == "workday":
            assert day(row["date"]).weekday() >= 5, "only weekends are exchanged"


def test_every_day_agrees_with_the_chinesecalendar_package() -> None:
    import chinese_calendar  # noqa: PLC0415 - the one test that needs the oracle

    for n in range((date(2026, 12, 31) - date(2021, 1, 1)).days + 1):
        asked = date(2021, 1, 1) + timedelta(days=n)
        assert calendar.is_working_day(asked) == chinese_calendar.is_workday(asked), asked


@given(DAYS, COUNTS, ON_DAYS)
def test_a_period_ends_on_a_working_day_and_not_before_its_nominal_end(
    event: date, count: int, unit: Unit
) -> None:
    ends = last_day(event, count, unit)
    nominal = last_day(event, count, unit, moves=False)
    assert calendar.is_working_day(ends)
    assert nominal <= ends
    assert not any(
        calendar.is_working_day(nominal + timedelta(days=n)) for n in range((ends - nominal).days)
    )


@given(DAYS, DAYS, COUNTS, ON_DAYS, st.booleans())
def test_a_later_event_ends_no_earlier(
    one: date, other: date, count: int, unit: Unit, criminal: bool
) -> None:
    first, second = sorted((one, other))
    assert last_day(first, count, unit, from_end_to_end=criminal) <= last_day(
        second, count, unit, from_end_to_end=criminal
    )


@given(DAYS, COUNTS, ON_DAYS)
def test_a_longer_period_ends_no_earlier(event: date, count: int, unit: Unit) -> None:
    assert last_day(event, count, unit) <= last_day(event, count + 1, unit)


@given(DAYS, ON_DAYS)
def test_nothing_added_is_the_day_itself(event: date, unit: Unit) -> None:
    assert calendar.add(event, 0, unit, from_end_to_end=True) == event


@given(DAYS, st.integers(0, 200))
def test_months_keep_the_number_or_end_the_month(event: date, count: int) -> None:
    ends = add_months(event, count)
    assert (ends.year - event.year) * 12 + ends.month - event.month == count
    assert ends.day == event.day or (ends + timedelta(days=1)).day == 1


@given(DAYS, st.integers(0, 60))
def test_working_days_are_counted_one_by_one(event: date, count: int) -> None:
    ends = calendar.add_working_days(event, count)
    between = (event + timedelta(days=n) for n in range(1, (ends - event).days + 1))
    assert sum(calendar.is_working_day(each) for each in between) == count
    assert calendar.working_day_until(ends) <= ends <= calendar.working_day_from(ends)


@given(st.datetimes(datetime(1992, 1, 1), datetime(2040, 1, 1)), st.integers(0, 200))  # noqa: DTZ001
def test_hours_are_hours_all_year(event: datetime, count: int) -> None:
    at = event.replace(tzinfo=UTC)
    over = hours_end(at, count)
    assert timedelta(hours=count) < over - at <= timedelta(hours=count + 1)
    assert (over.minute, over.utcoffset()) == (0, timedelta(hours=8))
