"""The deadlines of the law: each row against a date worked out by hand, and against its sources."""

from __future__ import annotations

import csv
import re
from datetime import date, datetime

import pytest

from app.court.casefile.rules.clock_texts import numeral
from app.court.casefile.rules.deadlines import (
    INTERRUPTIONS,
    RULES,
    Bound,
    CountedFrom,
    Direction,
    Effect,
    Moves,
    Rule,
    allows_another,
    rule,
)
from app.court.casefile.rules.due import due, latest_before
from app.kernel.calendar import SHANGHAI, Unit
from tests.shared_data import shared

# id, variant, the event's day, the last day, why
AFTER = [
    ("D01", "civil", "2026-02-09", "2026-02-24", "the 16th is 春节"),
    ("D01", "administrative", "2026-03-02", "2026-03-09", "Monday to Monday"),
    ("D02", "", "2026-09-16", "2026-10-08", "1 October"),
    ("D03", "", "2026-01-15", "2026-02-14", "a 调休 Saturday stays"),
    ("D04", "", "2026-04-17", "2026-05-06", "2 May"),
    ("D07", "", "2026-06-12", "2026-06-22", "端午, then a weekend"),
    ("D08", "", "2026-03-28", "2026-04-07", "清明; the event was a Saturday"),
    ("D09", "", "2026-10-07", "2026-10-10", "a 调休 Saturday; the event in 国庆"),
    ("D10", "civil", "2026-09-20", "2026-09-28", "中秋; the event on a 调休 Sunday"),
    ("D10", "administrative", "2026-03-02", "2026-03-09", "the 7th is a Saturday"),
    ("D11", "civil", "2026-02-09", "2026-02-24", "the first day after 春节"),
    ("D11", "administrative", "2026-02-05", "2026-02-24", "the 20th is 春节"),
    ("D12", "civil", "2026-12-28", "2027-01-04", "no notice for 2027: a Saturday"),
    ("D12", "administrative", "2026-05-04", "2026-05-09", "a 调休 Saturday stays"),
    ("D13", "", "2026-05-08", "2026-05-11", "Friday to Monday"),
    ("D14", "", "2025-09-20", "2025-10-09", "eight days of 国庆 and 中秋"),
    ("D15", "", "2026-03-02", "2026-03-17", "a Tuesday"),
    ("D16", "", "2026-09-18", "2026-09-28", "a Monday"),
    ("D17", "", "2026-09-22", "2026-10-08", "the 7th is 国庆"),
    ("D18", "", "2026-12-18", "2026-12-25", "a Friday"),
    ("D25", "", "2026-04-02", "2026-05-02", "an interval is not moved by 劳动节"),
    ("D26", "", "2025-08-15", "2026-02-24", "15 February is 春节"),
    ("D27", "", "2025-11-30", "2026-02-28", "no 30th; a 调休 Saturday"),
    ("D28", "", "2026-08-07", "2026-10-08", "7 October is 国庆"),
    ("D29", "judgment", "2026-07-10", "2026-10-10", "a 调休 Saturday stays"),
    ("D29", "ruling", "2026-01-29", "2026-02-28", "a 调休 Saturday stays"),
    ("D30", "first_instance", "2026-04-01", "2026-10-08", "1 October"),
    ("D30", "summary", "2026-01-05", "2026-02-24", "19 February is 春节"),
    ("D30", "second_instance", "2026-11-20", "2027-02-22", "no notice for 2027: a Saturday"),
    ("D31", "first_instance", "2026-02-28", "2026-04-30", "month's end to month's end"),
    ("D31", "summary", "2026-09-14", "2026-10-08", "4 October is 国庆"),
    ("D31", "fast_track", "2026-02-05", "2026-02-24", "the 15th is 春节"),
    ("D31", "second_instance", "2026-08-03", "2026-10-08", "3 October is 国庆"),
    ("D33", "civil_judgment", "2026-09-17", "2026-10-08", "2 October is 国庆"),
    ("D33", "civil_ruling", "2026-09-30", "2026-10-10", "a 调休 Saturday stays"),
    ("D33", "administrative_judgment", "2026-02-01", "2026-02-24", "the 16th is 春节"),
    ("D33", "administrative_ruling", "2026-02-04", "2026-02-14", "a 调休 Saturday stays"),
    ("D34", "judgment", "2026-06-10", "2026-06-22", "端午"),
    ("D34", "ruling", "2026-12-01", "2026-12-07", "a Sunday"),
    ("D35", "decision", "2026-02-11", "2026-02-14", "a 调休 Saturday stays"),
    ("D35", "reconsideration", "2026-02-12", "2026-02-24", "the 15th is 春节"),
    ("D36", "", "2026-03-06", "2026-04-07", "清明"),
    ("D37", "", "2026-05-22", "2026-06-01", "a Monday"),
    ("D38", "ruling", "2026-09-28", "2026-10-08", "3 October is 国庆"),
    ("D38", "ruling_after_security", "2026-07-01", "2026-07-06", "a Monday"),
    ("D38", "execution", "2026-07-13", "2026-07-20", "a Saturday"),
    ("D39", "", "2026-08-31", "2026-09-30", "a Wednesday"),
    ("D41", "application", "2026-04-01", "2026-04-07", "清明, a Monday"),
    ("D41", "review", "2026-04-24", "2026-05-06", "4 May is 劳动节"),
    ("D42", "ruling", "2026-01-30", "2026-02-04", "a Wednesday"),
    ("D43", "", "2024-01-30", "2024-02-29", "a leap year"),
    ("D44", "ordinary", "2026-02-13", "2026-02-28", "a 调休 Saturday stays"),
    ("D44", "summary", "2026-02-13", "2026-02-24", "the 20th is 春节"),
    ("D45", "assignment", "2026-02-13", "2026-02-25", "14th, 24th, 25th"),
    ("D45", "acceptance", "2026-09-30", "2026-10-10", "8th, 9th, 10th"),
    ("D45", "notice", "2026-01-01", "2026-01-06", "Sunday the 4th, 5th, 6th"),
    ("D46", "", "2026-02-14", "2026-02-24", "the 17th is 春节"),
    ("D47", "", "2026-01-16", "2026-02-02", "a Saturday"),
    ("D48", "", "2026-04-28", "2026-05-06", "3 May is 劳动节"),
    ("D49", "", "2026-06-09", "2026-06-22", "端午"),
    ("D51", "", "2026-12-09", "2026-12-24", "a Thursday"),
    ("D52", "", "2026-02-28", "2026-08-28", "the same number, not the month's end"),
    ("D53", "", "2026-05-06", "2026-05-09", "a 调休 Saturday stays"),
    ("D54", "", "2026-05-07", "2026-05-11", "8th, Saturday the 9th, 11th"),
    ("D55", "", "2026-02-16", "2026-02-24", "the 23rd is 春节"),
    ("D56", "", "2025-12-31", "2026-01-30", "a Friday"),
    ("D57", "", "2026-09-30", "2026-10-10", "国庆; a 调休 Saturday counts"),
]
# id, variant, the day to come, the last day before it, the day that is safe, why
BEFORE = [
    ("D19", "", "2026-03-16", "2026-03-13", "2026-03-12", "a Friday, a Thursday"),
    ("D20", "original_hearing", "2026-10-12", "2026-10-09", "2026-10-08", "after 国庆"),
    ("D20", "new_hearing", "2026-10-10", "2026-10-07", "2026-09-30", "国庆 before it"),
    ("D21", "", "2026-03-05", "2026-02-23", "2026-02-14", "春节 before it"),
    ("D22", "", "2026-05-08", "2026-05-03", "2026-04-30", "劳动节 before it"),
    ("D23", "", "2026-03-02", "2026-02-27", "2026-02-26", "counted over a 调休 Saturday"),
    ("D32", "application", "2026-03-16", "2026-03-01", "2026-02-28", "a 调休 Saturday is safe"),
    ("D32", "decision", "2026-08-10", "2026-08-05", "2026-08-04", "weekdays"),
    ("D40", "", "2026-12-31", "2026-12-24", "2026-12-23", "weekdays"),
]
HOURS = [("D38", "urgent"), ("D42", "urgent"), ("D50", "")]
NOT_DAYS = [("D05", ""), ("D06", ""), ("D24", "ordinary"), ("D24", "summary")]


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(("id_", "variant", "event", "ends", "why"), AFTER)
def test_a_row_that_runs_from_an_event(
    id_: str, variant: str, event: str, ends: str, why: str
) -> None:
    answer = due(rule(id_, variant), day(event))
    assert answer.last_day == day(ends), why
    assert answer.provisional is (day(ends) > date(2026, 12, 24))
    assert answer.is_over(datetime.combine(day(ends), datetime.max.time(), SHANGHAI)) is False
    assert answer.last_moment.date() == day(ends)


@pytest.mark.parametrize(("id_", "variant", "event", "last", "safe", "why"), BEFORE)
def test_a_row_that_is_counted_back(
    id_: str, variant: str, event: str, last: str, safe: str, why: str
) -> None:
    answer = latest_before(rule(id_, variant), day(event))
    assert (answer.last_day, answer.act_by) == (day(last), day(safe)), why
    assert not answer.provisional


@pytest.mark.parametrize(("id_", "variant"), HOURS)
def test_a_row_of_hours(id_: str, variant: str) -> None:
    asked = datetime(2026, 2, 13, 16, 40, tzinfo=SHANGHAI)
    answer = due(rule(id_, variant), asked)
    over = datetime(2026, 2, 15, 17, tzinfo=SHANGHAI)
    assert answer.is_over(over)
    assert not answer.is_over(answer.last_moment)
    assert answer.last_day == day("2026-02-15"), "春节 does not prolong 48 hours"
    with pytest.raises(TypeError, match="instant"):
        due(rule(id_, variant), day("2026-02-13"))


def test_hours_to_midnight_end_on_the_day_that_ends() -> None:
    answer = due(rule("D50"), datetime(2026, 3, 2, 23, 30, tzinfo=SHANGHAI))
    assert answer.last_day == day("2026-03-04")
    assert "2026年3月5日0时届满" in answer.explanation


@pytest.mark.parametrize(("id_", "variant"), NOT_DAYS)
def test_a_row_that_has_no_day_of_its_own(id_: str, variant: str) -> None:
    with pytest.raises(ValueError, match=id_):
        due(rule(id_, variant), day("2026-03-02"))
    with pytest.raises(ValueError, match=id_):
        latest_before(rule(id_, variant), day("2026-03-02"))


def test_no_row_is_without_its_case() -> None:
    told = {row[:2] for row in (*AFTER, *BEFORE, *HOURS, *NOT_DAYS)}
    assert told == set(RULES)
    laws = {f"D{n:02}" for n in range(1, 57)}
    assert {id_ for id_, _ in RULES} == {*laws, "D57"}, "56 of the law's, and our own promise"


def test_a_rule_with_variants_needs_one() -> None:
    with pytest.raises(KeyError):
        rule("D33")


@pytest.mark.parametrize(
    ("variant", "used", "allowed"),
    [("ordinary", 0, True), ("ordinary", 1, True), ("ordinary", 2, False),
     ("summary", 0, True), ("summary", 1, False)],
)  # fmt: skip
def test_adjournments_are_counted(variant: str, used: int, allowed: bool) -> None:
    assert allows_another(rule("D24", variant), used) is allowed
    with pytest.raises(ValueError, match="D25"):
        allows_another(rule("D25"), used)


def test_rows_make_sense() -> None:
    for found in RULES.values():
        assert found.trigger or found.direction is Direction.NONE
        assert found.basis
        assert found.duty
        assert (found.length is None) == (found.direction in (Direction.RESTART, Direction.NONE))
        assert (found.most_times is None) == (found.bound is not Bound.COUNT)
        if found.direction is Direction.BEFORE or (found.length and found.length.unit is Unit.HOUR):
            assert found.moves is Moves.NO
        assert set(found.interruptions) <= set(INTERRUPTIONS)
    used = {code for found in RULES.values() for code in found.interruptions}
    assert used == set(INTERRUPTIONS), "a ground that no rule knows"
    assert all(
        ground.cap is None for ground in INTERRUPTIONS.values() if ground.effect is Effect.RESTART
    )


def test_what_is_not_read_is_to_confirm() -> None:
    unread = {id_ for (id_, _), found in RULES.items() if found.to_confirm}
    assert unread == {"D20", "D53", "D54", "D57"}


# --- against the research that the rows were made from ------------------------------------------

UNITS = {
    "日": {Unit.DAY, Unit.HOUR}, "月": {Unit.MONTH}, "小时": {Unit.HOUR},
    "工作日": {Unit.WORKING_DAY}, "次": {None}, "": {Unit.MONTH, Unit.DAY},
}  # fmt: skip
BOUNDS = {
    "": {Bound.EXACTLY, Bound.COUNT, Bound.AT_LEAST},
    ">": {Bound.AT_LEAST},
    "<": {Bound.AT_MOST, Bound.USUALLY_AT_MOST},
}


@pytest.fixture(scope="module")
def research() -> dict[str, dict[str, str]]:
    path = shared("data", "court", "deadlines.csv")
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return {row["id"]: row for row in rows}


def variants(id_: str) -> list[Rule]:
    return [found for (each, _), found in RULES.items() if each == id_]


IDS = [f"D{n:02}" for n in range(1, 57)]


@pytest.mark.parametrize("id_", IDS)
def test_our_figures_are_the_research_s(id_: str, research: dict[str, dict[str, str]]) -> None:
    row, ours = research[id_], variants(id_)
    # One month and a half is a month and fifteen days (刑诉法解释 art. 202).
    figures = {int(n) for n in re.findall(r"\d+", row["duration"].replace("1.5月", "1月15日"))}
    numbers = {r.length.amount if r.length else r.most_times for r in ours} - {None}
    granted = {length.amount for r in ours for step in r.extensions for length in step.lengths}
    assert numbers <= figures <= numbers | granted
    assert {r.length.unit if r.length else None for r in ours} <= UNITS[row["unit"]] | {None}
    sign = row["duration"][0]
    assert {r.bound for r in ours} <= BOUNDS[sign if sign in "<>" else ""]
    assert (Direction.BEFORE in {r.direction for r in ours}) is bool(
        re.search("(开庭|届满|开庭日)前$", row["trigger"])
    )


@pytest.mark.parametrize("id_", IDS)
def test_our_sources_are_the_research_s(id_: str, research: dict[str, dict[str, str]]) -> None:
    row, ours = research[id_], variants(id_)
    assert {r.verified for r in ours} == {row["verified"]}
    if "次日" in row["trigger"]:
        assert {r.counted_from for r in ours} == {CountedFrom.NEXT_DAY}
    if row["verified"] == "V":
        cited = {int(n) for n in re.findall(r"(?<!\d)\d{1,3}(?!\d)", row["basis"])}
        places = (source.partition(" ")[2] for r in ours for source in r.basis)
        assert cited <= {int(re.match(r"\d+", place)[0]) for place in places}  # type: ignore[index]


def test_the_research_has_our_rows(research: dict[str, dict[str, str]]) -> None:
    assert list(research) == IDS


LAWS = {
    "民诉法": "msf2023", "民诉法解释": "msfjs2022", "行诉法": "xzf2017", "行诉法解释": "xzfjs2018",
    "刑诉法": "xsf2018", "刑诉法解释": "xsfjs2021", "登记立案规定": "dengji2015",
    "在线诉讼规则": "zaixian2021", "诉讼费用交纳办法": "feiyong2006", "审限规定": "shenxian2000",
    "证据规定": "zhengju2019", "延长审限和延期开庭规定": "yanqi2019",
    "财产保全规定": "baoquan2020", "在线调解规则": "tiaojie2021",
}  # fmt: skip


def article_text(law: str, number: int) -> str:
    text = shared("data", "court", "law", f"{LAWS[law]}.md").read_text(encoding="utf-8")
    found = re.search(
        rf"^第{numeral(number)}条[ \u3000].*?(?=^第[一二三四五六七八九十百零]+条|\Z)",
        text,
        re.MULTILINE | re.DOTALL,
    )
    assert found, (law, number)
    return found[0]


WORDS = {Unit.DAY: "日", Unit.MONTH: "个?月", Unit.HOUR: "小时", Unit.WORKING_DAY: "个工作日"}


def says(text: str, amount: int, unit: str) -> bool:
    """Whether a text has that length: 15日, 十五日; 二 or 两."""
    numbers = [str(amount), numeral(amount), *(["两"] if amount == 2 else [])]
    return re.search(rf"(?<![十百零\d])(?:{'|'.join(numbers)}){unit}", text) is not None


@pytest.mark.parametrize("key", [key for key, r in RULES.items() if not r.to_confirm])
def test_the_cited_articles_say_the_length(key: tuple[str, str]) -> None:
    found = RULES[key]
    pairs = (source.partition(" ")[::2] for source in found.basis)
    text = "".join(
        article_text(law, int(re.match(r"\d+", place)[0]))  # type: ignore[index]
        for law, place in pairs
    )
    if found.length:
        assert says(text, found.length.amount, WORDS[found.length.unit]), text
    if found.most_times:
        assert says(text, found.most_times, "次"), text
    for step in found.extensions:
        if len(step.lengths) == 1:
            assert says(text, step.lengths[0].amount, WORDS[step.lengths[0].unit]), (step, text)
    if key == ("D31", "summary"):
        assert "一个半月" in text


@pytest.mark.parametrize("code", INTERRUPTIONS)
def test_the_articles_of_a_ground_exist(code: str) -> None:
    for source in INTERRUPTIONS[code].basis:
        law, _, place = source.partition(" ")
        match = re.match(r"\d+", place)
        assert match
        text = article_text(law, int(match[0]))
        item = re.search(r"\((.)\)", place)
        assert not item or f"（{item[1]}）" in text
