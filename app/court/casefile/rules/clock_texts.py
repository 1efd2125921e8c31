"""The sentence that explains a clock, as a lawyer would write it; no deciding here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Final

from app.court.casefile.rules.clocks import Clock
from app.court.casefile.rules.deadlines import Bound, Law, Length, Rule
from app.kernel.calendar import Unit, rest_name

COUNTING: Final[Mapping[Law, str]] = {
    Law.CIVIL: "民诉法 85",
    Law.ADMINISTRATIVE: "行诉法解释 48",
    Law.CRIMINAL: "刑诉法 105",
}
PROVISIONAL: Final = (
    "所涉日期的放假安排尚未公布或者尚未录入，以国务院办公厅通知为准，届满日可能变动。"
)
TO_CONFIRM: Final = "该规则的原文尚未核对，请以原文为准。"

_UNITS: Final[Mapping[Unit, str]] = {
    Unit.HOUR: "小时",
    Unit.DAY: "日",
    Unit.WORKING_DAY: "个工作日",
    Unit.MONTH: "个月",
    Unit.YEAR: "年",
}
_BOUNDS: Final[Mapping[Bound, tuple[str, str]]] = {
    Bound.AT_LEAST: ("不得少于", "不得早于"),
    Bound.AT_MOST: ("不得超过", "不得晚于"),
    Bound.USUALLY_AT_MOST: ("一般不得超过", "一般不得晚于"),
}
_DIGITS: Final = "零一二三四五六七八九"
_ARTICLE: Final = re.compile(r"([0-9]+)(?:\((.)\))?")


def numeral(number: int) -> str:
    """A number below a thousand as articles are numbered: 一百零五."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        # 十五, but 一百一十五.
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def article(text: str) -> str:
    """`8(二)` → 第八条第二项; a document without articles has parts: 第三部分."""
    found = _ARTICLE.fullmatch(text)
    if not found:
        return f"第{text}部分" if text else ""
    item = f"第{found[2]}项" if found[2] else ""
    return f"第{numeral(int(found[1]))}条{item}"


def citation(basis: Iterable[str]) -> str:
    """`民诉法 85`, `民诉法 128` → 民诉法第八十五条、第一百二十八条."""
    pairs = [source.partition(" ")[::2] for source in dict.fromkeys(basis)]
    return "、".join(
        law + "、".join(article(place) for _, place in group)
        for law, group in groupby(pairs, key=lambda pair: pair[0])
    )


def day_text(day: date) -> str:
    """2026年2月9日."""
    return f"{day.year}年{day.month}月{day.day}日"


def moment_text(at: datetime) -> str:
    """2026年2月9日10时20分, without the minutes on the hour."""
    return f"{day_text(at)}{at.hour}时" + (f"{at.minute}分" if at.minute else "")


def length_text(lengths: Iterable[Length]) -> str:
    """1个月15日."""
    return "".join(f"{length.amount}{_UNITS[length.unit]}" for length in lengths)


def sentence(
    clock: Clock,
    *,
    nominal: date,
    last: date,
    lost: tuple[int, ...],
    basis: tuple[str, ...],
    provisional: bool,
) -> str:
    """What ended when and why: 自…的次日起算15日，…届满，被告至迟应于当日提出答辩状（…）."""
    event = day_text(clock.event_day)
    bounded = clock.designated is None and clock.rule.bound in _BOUNDS
    parts = [
        _started(clock, event, "次日"),
        *_changes(clock, lost),
        _moved(nominal, last),
        _bounded(clock.rule) if bounded else _duty(clock.rule, "当日"),
    ]
    return _finished("，".join(parts), clock.rule, basis, provisional=provisional)


def sentence_of_hours(clock: Clock, event: datetime, ends: datetime, basis: tuple[str, ...]) -> str:
    """The same of hours: 自…的次时起算48小时，…11时届满，看守所至迟应于此前安排会见."""
    parts = [
        _started(clock, moment_text(event), "次时"),
        f"{moment_text(ends)}届满",
        _duty(clock.rule, "此前"),
    ]
    return _finished("，".join(parts), clock.rule, basis, provisional=False)


def sentence_before(
    rule: Rule, event: date, *, travel_days: int, last: date, act_by: date, provisional: bool
) -> str:
    """Counted back from a day to come; no rest day prolongs it."""
    travel = f"（另留在途{travel_days}日）" if travel_days else ""
    length = length_text([rule.length] if rule.length else [])
    text = (
        f"{rule.trigger}日为{day_text(event)}，{rule.actor}应于{length}前{travel}，"
        f"即{day_text(last)}以前{rule.duty}；为使首尾两日均不计入并避开休息日，"
        f"宜不晚于{day_text(act_by)}"
    )
    return _finished(text, rule, rule.basis, provisional=provisional)


def _started(clock: Clock, event: str, counted_from: str) -> str:
    trigger = clock.restarted_by.name if clock.restarted_by else clock.rule.trigger
    return f"自{event}{trigger}的{counted_from}起算{length_text([clock.base])}"


def _changes(clock: Clock, lost: tuple[int, ...]) -> list[str]:
    """What was granted and what is not counted."""
    granted = [
        f"{each.step.by}，延长至{length_text(each.lengths)}"
        if each.step.replaces
        else f"经{each.step.by}延长{length_text(each.lengths)}"
        for each in clock.extensions
    ]
    return granted + [
        f"扣除{each.ground.name}的{days}日"
        # A pause after the period was over cost nothing and is not in `lost`.
        for each, days in zip(clock.pauses, lost, strict=False)
        if days
    ]


def _bounded(rule: Rule) -> str:
    """What a bound means for a period that somebody else sets."""
    how, than = _BOUNDS[rule.bound]
    return (
        f"{rule.duty}的期限{how}{length_text([rule.length] if rule.length else [])}，{than}该日届满"
    )


def _moved(nominal: date, last: date) -> str:
    """How a rest day 休息日 moved the end, or that it did not."""
    if nominal == last:
        return f"{day_text(last)}届满"
    return f"期满日{day_text(nominal)}为{rest_name(nominal)}，顺延至{day_text(last)}届满"


def _duty(rule: Rule, by: str) -> str:
    """Who must have done what by then."""
    return f"{rule.actor}至迟应于{by}{rule.duty}" if rule.actor else rule.duty


def _finished(text: str, rule: Rule, basis: tuple[str, ...], *, provisional: bool) -> str:
    return (
        f"{text}（{citation(basis)}）。"
        + (PROVISIONAL if provisional else "")
        + (TO_CONFIRM if rule.to_confirm else "")
    )
