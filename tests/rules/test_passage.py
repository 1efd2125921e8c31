"""绿色通道: which passes can be made, and what does not fit in an entry."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.errors import AppError
from app.ports.registry import PracticeStatus
from app.verification.rules.passage import (
    BOUND_PURPOSES,
    Check,
    Doubt,
    Purpose,
    Reason,
    Way,
    bounds,
    check_pass,
    day_of,
    doubt_of_code,
    doubt_of_document,
    masked,
)

TODAY = date(2026, 11, 25)
TEN = time(10, 0)


@pytest.mark.parametrize(
    ("purpose", "days", "at_time", "code"),
    [
        (Purpose.HALL, 0, None, None),
        (Purpose.HALL, 30, None, None),
        (Purpose.HEARING, 1, TEN, None),
        (Purpose.HALL, -1, None, "verification.pass_day_refused"),
        (Purpose.HALL, 31, None, "verification.pass_day_refused"),
        (Purpose.HEARING, 1, None, "verification.pass_time_refused"),
        (Purpose.MEETING, 1, TEN, "verification.pass_time_refused"),
    ],
)
def test_what_a_pass_can_be_made_of(
    purpose: Purpose, days: int, at_time: time | None, code: str | None
) -> None:
    def check() -> None:
        day = TODAY + timedelta(days=days)
        check_pass(purpose=purpose, day=day, at_time=at_time, today=TODAY)

    if code is None:
        check()
    else:
        with pytest.raises(AppError) as refused:
            check()
        assert refused.value.code == code


def test_a_pass_is_good_for_one_day_in_china() -> None:
    start, end = bounds(TODAY)
    assert end - start == timedelta(days=1)
    assert start.astimezone(UTC) == datetime(2026, 11, 24, 16, tzinfo=UTC)
    assert day_of(start) == TODAY
    assert day_of(end) == TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("facts", "doubt"),
    [
        ("admitted found accepted", None),
        ("found", None),
        ("found accepted flagged", None),
        ("offline", None),
        ("admitted", Doubt.SCAN_UNKNOWN),
        ("admitted offline", Doubt.SCAN_UNKNOWN),
        ("", Doubt.SCAN_UNKNOWN),
        ("admitted found", Doubt.CODE_REFUSED),
        ("admitted found accepted flagged", Doubt.CODE_DOUBTED),
        ("admitted found accepted decided_before", Doubt.DECIDED_TWICE),
    ],
)
def test_an_entry_by_code_fits_its_verification(facts: str, doubt: Doubt | None) -> None:
    names = ("admitted", "offline", "found", "accepted", "flagged", "decided_before")
    assert doubt_of_code(**{name: name in facts.split() for name in names}) is doubt


@pytest.mark.parametrize(
    ("admitted", "same_name", "status", "doubt"),
    [
        (True, False, None, None),
        (True, True, PracticeStatus.PRACTISING, None),
        (True, False, PracticeStatus.PRACTISING, Doubt.NAME_DIFFERS),
        (True, True, PracticeStatus.SUSPENDED, Doubt.NOT_PRACTISING),
        (False, True, PracticeStatus.SUSPENDED, None),
    ],
)
def test_an_entry_by_document_fits_the_register(
    *, admitted: bool, same_name: bool, status: PracticeStatus | None, doubt: Doubt | None
) -> None:
    assert doubt_of_document(admitted=admitted, same_name=same_name, status=status) is doubt


def test_everything_has_a_word_for_people() -> None:
    words = [item.label for kind in (Purpose, Way, Check, Reason, Doubt) for item in kind]
    assert all(words)
    assert len(set(words)) == len(words) - 1, "其他 stands in two lists"
    assert len(Reason) == 7
    assert Purpose.GENERAL not in BOUND_PURPOSES
    assert masked("11101201010123456") == "11101********3456"
