"""Clocks that stop, begin again and are extended, and the sentences that explain them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.court.casefile.errors import (
    ClockDaysDisordered,
    ClockGroundRefused,
    ClockPaused,
    PeriodRefused,
)
from app.court.casefile.rules.clock_texts import article, citation, numeral
from app.court.casefile.rules.clocks import Clock, extend, pause, restart, resume, start
from app.court.casefile.rules.deadlines import RULES, Direction, Length, Moves, Rule, rule
from app.court.casefile.rules.due import Due, due, due_of, latest_before
from app.kernel.calendar import SHANGHAI, Unit, is_working_day

DAYS = st.dates(date(2018, 1, 1), date(2034, 12, 31))
ON_DAYS = [
    found
    for found in RULES.values()
    if found.direction is Direction.AFTER and found.length and found.length.unit is not Unit.HOUR
]
TRIALS = [found for found in ON_DAYS if found.id in ("D26", "D29", "D30", "D31", "D52")]


def day(text: str) -> date:
    return date.fromisoformat(text)


def ends(clock: Clock) -> str:
    return due_of(clock).last_day.isoformat()


def paused(clock: Clock, since: str, until: str, ground: str = "appraisal") -> Clock:
    return resume(pause(clock, day(since), ground), day(until))


# --- stopping ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "until", "last", "why"),
    [
        ("2026-03-10", "2026-03-30", "2026-09-22", "20 days after 2 September"),
        ("2026-03-10", "2026-03-10", "2026-09-02", "not a day"),
        ("2026-03-02", "2026-03-04", "2026-09-03", "the event's day was not counted anyway"),
        ("2026-09-02", "2026-10-05", "2026-10-08", "stopped on the last day, over 国庆"),
        ("2026-09-03", "2026-10-05", "2026-09-02", "over before it was stopped"),
    ],
)
def test_what_is_not_counted(since: str, until: str, last: str, why: str) -> None:
    clock = start(rule("D26"), day("2026-03-02"))
    assert ends(clock) == "2026-09-02"
    assert ends(paused(clock, since, until)) == last, why


def test_a_stop_that_cost_nothing_is_not_told() -> None:
    clock = start(rule("D26"), day("2026-03-02"))
    assert "扣除鉴定的2日" not in due_of(paused(clock, "2026-03-02", "2026-03-04")).explanation
    assert "扣除鉴定的1日" in due_of(paused(clock, "2026-03-02", "2026-03-04")).explanation
    assert "扣除" not in due_of(paused(clock, "2026-09-03", "2026-10-05")).explanation


def test_two_stops_add_up() -> None:
    clock = start(rule("D26"), day("2026-03-02"))
    clock = paused(clock, "2026-03-10", "2026-03-20")
    # Stopped after the first end, in the ten days that the first stop gave.
    clock = paused(clock, "2026-09-07", "2026-09-10", "jurisdiction")
    assert ends(clock) == "2026-09-15"


def test_a_clock_stopped_on_the_day_it_was_moved_to_goes_on_when_resumed() -> None:
    # 4 July 2026 is a Saturday, so the last day is Monday the 6th.
    clock = start(rule("D30", "first_instance"), day("2026-01-04"))
    assert ends(clock) == "2026-07-06"
    assert ends(paused(clock, "2026-07-06", "2026-07-16")) == "2026-07-16"


def test_a_ground_has_its_limit() -> None:
    clock = start(rule("D26"), day("2026-03-02"))
    # A month is the most that new evidence may cost (审限规定 art. 9 第五项): 10 March to 10 April.
    assert ends(paused(clock, "2026-03-10", "2026-06-10", "new_evidence")) == "2026-10-08"
    assert ends(paused(clock, "2026-03-10", "2026-03-15", "new_evidence")) == "2026-09-07"
    criminal = start(rule("D31", "first_instance"), day("2026-03-02"))
    assert ends(paused(criminal, "2026-03-10", "2026-04-10", "defender_change")) == "2026-05-12"


def test_a_stopped_clock_has_no_last_day() -> None:
    clock = pause(start(rule("D26"), day("2026-03-02")), day("2026-03-10"), "appraisal")
    assert clock.is_paused
    with pytest.raises(ClockPaused):
        due_of(clock)
    with pytest.raises(ClockPaused):
        pause(clock, day("2026-03-11"), "audit")


@pytest.mark.parametrize(
    ("id_", "variant", "ground"),
    [
        ("D11", "civil", "appraisal"),
        ("D33", "civil_judgment", "suspension"),
        ("D26", "", "psychiatric"),
        ("D31", "first_instance", "appraisal"),
        ("D01", "civil", "correction_online"),
        ("D26", "", "no_such_ground"),
    ],
)
def test_the_law_does_not_stop_this_clock(id_: str, variant: str, ground: str) -> None:
    with pytest.raises(ClockGroundRefused):
        pause(start(rule(id_, variant), day("2026-03-02")), day("2026-03-03"), ground)


def test_days_in_disorder_are_refused() -> None:
    clock = start(rule("D26"), day("2026-03-02"))
    with pytest.raises(ClockDaysDisordered):
        pause(clock, day("2026-03-01"), "appraisal")
    with pytest.raises(ClockDaysDisordered):
        paused(clock, "2026-03-10", "2026-03-09")
    with pytest.raises(ClockDaysDisordered):
        pause(paused(clock, "2026-03-10", "2026-03-20"), day("2026-03-19"), "audit")
    with pytest.raises(ClockGroundRefused):
        resume(clock, day("2026-03-10"))


def test_an_objection_to_jurisdiction_stops_the_evidence_deadline() -> None:
    clock = start(rule("D15"), day("2026-03-02"), designated=Length(20, Unit.DAY))
    assert ends(clock) == "2026-03-23"  # the 22nd is a Sunday
    assert ends(paused(clock, "2026-03-10", "2026-04-10", "evidence_jurisdiction")) == "2026-04-22"


# --- beginning again -----------------------------------------------------------------------------


@pytest.mark.parametrize("ground", ["correction_offline", "correction_online"])
def test_filing_begins_again_the_day_after_the_correction(ground: str) -> None:
    clock = start(rule("D01", "civil"), day("2026-03-02"))
    again = restart(clock, day("2026-03-05"), ground)
    assert ends(again) == "2026-03-12"
    assert "收到补正材料的次日起算7日" in due_of(again).explanation
    with pytest.raises(ClockDaysDisordered):
        restart(clock, day("2026-03-01"), ground)


def test_a_correction_keeps_the_original_period() -> None:
    assert ends(restart(start(rule("D03"), day("2026-03-02")), day("2026-03-05"),
                        "correction_online")) == "2026-04-07"  # 4 April is 清明  # fmt: skip


def test_a_trial_begins_again_after_supplementary_investigation() -> None:
    clock = extend(start(rule("D31", "first_instance"), day("2026-03-02")))
    clock = paused(clock, "2026-03-10", "2026-03-20", "psychiatric")
    assert ends(restart(clock, day("2026-04-20"), "supplementary")) == "2026-06-22"
    with pytest.raises(ClockGroundRefused):
        restart(clock, day("2026-04-20"), "correction_online")
    with pytest.raises(ClockGroundRefused):
        restart(start(rule("D26"), day("2026-03-02")), day("2026-04-20"), "appraisal")


def test_the_court_sets_a_new_evidence_deadline() -> None:
    clock = start(rule("D17"), day("2026-03-02"), designated=Length(10, Unit.DAY))
    again = restart(clock, day("2026-03-09"), "claims_changed", designated=Length(15, Unit.DAY))
    assert ends(again) == "2026-03-24"
    with pytest.raises(PeriodRefused):
        restart(clock, day("2026-03-09"), "new_party", designated=Length(16, Unit.DAY))


# --- longer --------------------------------------------------------------------------------------


def test_an_ordinary_trial_is_extended_twice_and_no_more() -> None:
    clock = start(rule("D26"), day("2025-08-31"))
    assert ends(clock) == "2026-02-28"
    once = extend(clock)
    assert ends(once) == "2026-08-31", "twelve months, not six from 28 February"
    twice = extend(once)
    assert ends(twice) == "2026-11-30"
    with pytest.raises(ClockGroundRefused):
        extend(twice)


def test_less_may_be_granted_but_not_more() -> None:
    clock = start(rule("D26"), day("2026-03-02"))
    assert ends(extend(clock, [Length(2, Unit.MONTH)])) == "2026-11-02"
    for granted in ([Length(7, Unit.MONTH)], [Length(30, Unit.DAY)], [Length(0, Unit.MONTH)],
                    [Length(1, Unit.MONTH), Length(1, Unit.MONTH)]):  # fmt: skip
        with pytest.raises(PeriodRefused):
            extend(clock, granted)


def test_summary_procedure_ends_after_four_months() -> None:
    once = extend(start(rule("D27"), day("2026-03-02")))
    assert ends(once) == "2026-07-02"
    with pytest.raises(ClockGroundRefused):
        extend(once)


def test_some_extensions_are_the_whole_period() -> None:
    first = extend(start(rule("D31", "first_instance"), day("2026-03-31"), in_custody=True))
    assert ends(first) == "2026-06-30"
    assert ends(extend(first)) == "2026-09-30"
    summary = extend(start(rule("D31", "summary"), day("2026-03-02")))
    assert ends(summary) == "2026-04-17", "a month, then fifteen days"
    assert ends(extend(start(rule("D31", "fast_track"), day("2026-03-02")))) == "2026-03-17"
    with pytest.raises(PeriodRefused):
        extend(start(rule("D31", "summary"), day("2026-03-02")), [Length(1, Unit.MONTH)])


def test_parties_agree_as_often_as_they_like() -> None:
    clock = start(rule("D43"), day("2026-03-02"))
    with pytest.raises(PeriodRefused):
        extend(clock)
    for _ in range(3):
        clock = extend(clock, [Length(10, Unit.DAY)])
    assert ends(clock) == "2026-05-06"  # 1 May is 劳动节
    assert "经各方当事人同意延长10日" in due_of(clock).explanation


def test_most_clocks_are_not_extended() -> None:
    for id_, variant in (("D33", "civil_judgment"), ("D11", "civil"), ("D30", "summary")):
        with pytest.raises(ClockGroundRefused):
            extend(start(rule(id_, variant), day("2026-03-02")), [Length(5, Unit.DAY)])


def test_custody_is_not_prolonged_by_a_rest_day() -> None:
    for variant, event, free, held in (
        ("summary", "2026-09-14", "2026-10-08", "2026-10-04"),
        ("fast_track", "2026-02-05", "2026-02-24", "2026-02-15"),
    ):
        found = rule("D31", variant)
        assert due(found, day(event)).last_day == day(free)
        assert due(found, day(event), in_custody=True).last_day == day(held)
    # Who is held has no shorter time to appeal for it.
    appeal = due(rule("D34", "judgment"), day("2026-02-05"), in_custody=True)
    assert appeal.last_day == day("2026-02-24")


@pytest.mark.parametrize(
    ("id_", "days", "allowed"),
    [("D15", 14, False), ("D15", 15, True), ("D15", 45, True), ("D16", 9, False),
     ("D17", 15, True), ("D17", 16, False), ("D17", 0, False), ("D18", 10, True)],
)  # fmt: skip
def test_the_court_s_own_period_keeps_to_the_law(id_: str, days: int, allowed: bool) -> None:
    length = Length(days, Unit.DAY)
    if allowed:
        lasted = due(rule(id_), day("2026-03-02"), designated=length).last_day - day("2026-03-02")
        assert timedelta(days) <= lasted <= timedelta(days + 2)
    else:
        with pytest.raises(PeriodRefused):
            due(rule(id_), day("2026-03-02"), designated=length)


def test_the_law_s_own_period_is_not_the_court_s() -> None:
    for length in (Length(20, Unit.DAY), Length(15, Unit.DAY)):
        with pytest.raises(PeriodRefused):
            due(rule("D33", "civil_judgment"), day("2026-03-02"), designated=length)
    with pytest.raises(PeriodRefused):
        due(rule("D15"), day("2026-03-02"), designated=Length(1, Unit.MONTH))


def test_time_on_the_way_comes_before_the_three_days() -> None:
    answer = latest_before(rule("D19"), day("2026-03-16"), travel_days=2)
    assert answer.last_day == day("2026-03-11")
    assert "另留在途2日" in answer.explanation


def test_the_event_falls_on_its_day_in_china() -> None:
    late = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)  # 00:30 on the 3rd in Beijing
    assert due(rule("D47"), late).last_day == day("2026-03-18")


# --- in words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (
            due(rule("D11", "civil"), day("2026-02-09")),
            ("自2026年2月9日收到起诉状副本的次日起算15日，2026年2月24日届满，"
            "被告至迟应于当日提出答辩状（民诉法第八十五条、第一百二十八条）。"),
        ),
        (
            due(rule("D11", "civil"), day("2026-02-05")),
            ("自2026年2月5日收到起诉状副本的次日起算15日，期满日2026年2月20日为春节假期，"
            "顺延至2026年2月24日届满，被告至迟应于当日提出答辩状"
            "（民诉法第八十五条、第一百二十八条）。"),
        ),
        (
            due(rule("D50"), datetime(2026, 3, 2, 10, 20, tzinfo=SHANGHAI)),
            ("自2026年3月2日10时20分辩护律师要求会见的次时起算48小时，2026年3月4日11时届满，"
            "看守所至迟应于此前安排会见（刑诉法第一百零五条、第三十九条）。"),
        ),
        (
            due(rule("D15"), day("2026-02-05")),
            ("自2026年2月5日收到举证通知的次日起算15日，期满日2026年2月20日为春节假期，"
            "顺延至2026年2月24日届满，提供证据的期限不得少于15日，不得早于该日届满"
            "（民诉法第八十五条、证据规定第五十一条、民诉法解释第九十九条）。"),
        ),
        (
            due(rule("D15"), day("2026-03-02"), designated=Length(20, Unit.DAY)),
            ("自2026年3月2日收到举证通知的次日起算20日，期满日2026年3月22日为星期日，"
            "顺延至2026年3月23日届满，当事人至迟应于当日提供证据"
            "（民诉法第八十五条、证据规定第五十一条、民诉法解释第九十九条）。"),
        ),
        (
            due_of(paused(extend(start(rule("D26"), day("2026-03-02"))),
                          "2026-03-10", "2026-03-30")),
            ("自2026年3月2日立案的次日起算6个月，经本院院长批准延长6个月，扣除鉴定的20日，"
            "2027年3月22日届满，人民法院至迟应于当日审结（民诉法第八十五条、第一百五十二条、"
            "审限规定第二条、第八条、第九条第六项、民诉法解释第二百四十三条）。"
            "所涉日期的放假安排尚未公布或者尚未录入，以国务院办公厅通知为准，届满日可能变动。"),
        ),
        (
            latest_before(rule("D19"), day("2026-03-16")),
            ("开庭日为2026年3月16日，人民法院应于3日前，即2026年3月13日以前送达传票和出庭通知书；"
            "为使首尾两日均不计入并避开休息日，宜不晚于2026年3月12日"
            "（民诉法第一百三十九条、民诉法解释第二百二十七条）。"),
        ),
        (
            due(rule("D54"), day("2026-05-07")),
            ("自2026年5月7日提出阅卷要求的次日起算3个工作日，2026年5月11日届满，"
            "人民法院至迟应于当日安排阅卷（民诉法第八十五条、某高院落实办法（2015/16））。"
            "该规则的原文尚未核对，请以原文为准。"),
        ),
        (
            due(rule("D36"), day("2026-03-02")),
            ("自2026年3月2日发出公告的次日起算30日，2026年4月1日届满，期满即视为送达"
            "（民诉法第八十五条、第九十五条）。"),
        ),
    ],
)  # fmt: skip
def test_the_sentence(answer: Due, sentence: str) -> None:
    assert answer.explanation == sentence


@pytest.mark.parametrize(
    ("number", "text"),
    [(7, "七"), (10, "十"), (15, "十五"), (20, "二十"), (85, "八十五"), (100, "一百"),
     (105, "一百零五"), (110, "一百一十"), (115, "一百一十五"), (128, "一百二十八"),
     (230, "二百三十"), (339, "三百三十九")],
)  # fmt: skip
def test_numerals_of_articles(number: int, text: str) -> None:
    assert numeral(number) == text


def test_citations() -> None:
    assert article("8(二)") == "第八条第二项"
    assert citation(("民诉法 85", "民诉法 85", "行诉法 51")) == "民诉法第八十五条、行诉法第五十一条"
    assert citation(("法发〔2015〕16号 三", "某办法")) == "法发〔2015〕16号第三部分、某办法"


# --- whatever the day ----------------------------------------------------------------------------


@given(st.sampled_from(ON_DAYS), DAYS)
def test_a_clock_that_moves_never_ends_on_a_rest_day(found: Rule, event: date) -> None:
    answer = due(found, event)
    moves = found.moves is not Moves.NO
    assert is_working_day(answer.last_day) or not moves
    assert answer.last_day > event
    assert is_working_day(answer.act_by) or answer.act_by == event
    assert answer.act_by <= answer.last_day
    assert not answer.is_over(answer.last_moment)
    assert answer.is_over(answer.last_moment + timedelta(microseconds=1))


@given(st.sampled_from(ON_DAYS), DAYS, DAYS, st.booleans())
def test_a_later_event_is_due_no_earlier(found: Rule, one: date, two: date, held: bool) -> None:
    first, second = sorted((one, two))
    assert (
        due(found, first, in_custody=held).last_day <= due(found, second, in_custody=held).last_day
    )


@given(st.sampled_from(TRIALS), DAYS, st.integers(0, 50), st.integers(0, 90))
def test_a_stop_never_shortens_and_costs_what_it_lasted(
    found: Rule, event: date, after: int, lasted: int
) -> None:
    clock = start(found, event, in_custody=True)
    since = event + timedelta(days=after + 1)
    ground = next(g for g in clock.rule.interruptions if g in ("suspension", "psychiatric"))
    before, stopped = due_of(clock), resume(pause(clock, since, ground), since + timedelta(lasted))
    after_stop = due_of(stopped)
    assert after_stop.last_day >= before.last_day
    if clock.rule.moves is Moves.UNLESS_IN_CUSTODY and since <= before.last_day:
        assert after_stop.last_day - before.last_day == timedelta(days=lasted)


@given(DAYS, st.integers(0, 30))
def test_counted_back_and_forth_are_the_same_days(hearing: date, travel: int) -> None:
    answer = latest_before(rule("D19"), hearing, travel_days=travel)
    assert (hearing - answer.last_day).days == 3 + travel
    assert answer.act_by < answer.last_day
    assert is_working_day(answer.act_by)
