"""办案工具 on a PC: counting deadlines 期限计算, looking up courts 查法院."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import Blueprint, request
from pydantic import ValidationError

from app.court.casefile.errors import CourtUnknown
from app.court.casefile.pages import services
from app.court.casefile.rules.capability import Offer, Refusal
from app.court.casefile.rules.courts import CourtLevel
from app.court.casefile.rules.deadlines import Direction, Law, Rule
from app.court.casefile.rules.due import Due
from app.court.casefile.schemas.courts import CourtsQuery, DeadlineIn
from app.court.casefile.service.courts import CourtQuery
from app.web.portal import page

casefile_pages = Blueprint("casefile_pages", __name__)

LAWS: Final = {Law.CIVIL: "民事", Law.ADMINISTRATIVE: "行政", Law.CRIMINAL: "刑事"}
HEADS: Final = {
    Refusal.NOT_BUILT: "本平台尚未开通",
    Refusal.UNAVAILABLE: "该法院暂不支持",
    Refusal.UNKNOWN: "尚不清楚该法院是否支持",
}
_DAY = re.compile(r"\s*(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?\s*", re.ASCII)
Page = str | tuple[str, int]


@dataclass(frozen=True, kw_only=True)
class Others:
    """Functions that are not offered for one reason, with the way that is left."""

    head: str
    instead: str
    names: Sequence[str]


@casefile_pages.get("/deadlines")
def deadlines() -> Page:
    """Count a deadline, once one and a day are given."""
    rules = {f"{rule.id}/{rule.variant}": rule for rule in services().deadlines.listing()}
    given = {name: request.args.get(name, "").strip() for name in ("rule", "day", "travel_days")}
    custody = request.args.get("in_custody") == "1"
    asked, errors = _asked(given, rules, in_custody=custody) if request.args else (None, {})
    due = None if asked is None else services().deadlines.estimate(
        rule_id=asked.rule,
        variant=asked.variant,
        day=asked.day,
        in_custody=asked.in_custody,
        travel_days=asked.travel_days,
    )  # fmt: skip
    html = page(
        "portal/deadlines.html",
        groups=_groups(rules),
        form={**given, "in_custody": custody},
        errors=errors,
        due=None if due is None else _shown(due),
        before=Direction.BEFORE,
    )
    return (html, 422) if errors else html


@casefile_pages.get("/courts")
def courts() -> Page:
    """Find courts by name, region, word and level."""
    typed = {name: request.args.get(name, "").strip() for name in ("q", "level", "after")}
    words = typed["q"].replace("(", "（").replace(")", "）")
    try:
        asked = CourtsQuery(
            q=words or None,
            level=CourtLevel(typed["level"]) if typed["level"] else None,
            after=typed["after"] or None,
        )
    except (ValidationError, ValueError):
        errors = {"q": "只填汉字和数字，最多五十个，例如：朝阳、京0105"}
        html = page("portal/courts.html", form=typed, errors=errors, found=None, levels=CourtLevel)
        return html, 422
    found = services().courts.page(
        query=CourtQuery(text=asked.q, level=asked.level, after=asked.after)
    )
    return page("portal/courts.html", form=typed, errors={}, found=found, levels=CourtLevel)


@casefile_pages.get("/courts/<code>")
def court(code: str) -> Page:
    """Show a court, and what it can do online."""
    try:
        detail = services().courts.detail(code=code)
    except CourtUnknown:
        return page("portal/court.html", detail=None, offered=(), others=()), 404
    return page(
        "portal/court.html",
        detail=detail,
        offered=[offer for offer in detail.offers if offer.offered],
        others=_others(detail.offers),
    )


def _groups(rules: Mapping[str, Rule]) -> Sequence[tuple[str, Sequence[tuple[str, Rule]]]]:
    """Return the deadlines by procedure, in the order of the table."""
    return [
        (name, [(key, rule) for key, rule in rules.items() if rule.law is law])
        for law, name in LAWS.items()
    ]


def _asked(
    given: Mapping[str, str], rules: Mapping[str, Rule], *, in_custody: bool
) -> tuple[DeadlineIn | None, Mapping[str, str]]:
    """Return what is to be counted, or what is wrong beside each field."""
    rule, day = rules.get(given["rule"]), _day(given["day"])
    travel = given["travel_days"] or "0"
    errors = {
        "rule": "" if rule else "请选择一项期限",
        "day": "" if day else "请填写年月日，例如 20261125；只能推算2015年至2100年",
        "travel_days": "" if travel.isascii() and travel.isdigit() and int(travel) <= 90 else
        "请填写0至90的整数",
    }  # fmt: skip
    wrong = {name: text for name, text in errors.items() if text}
    if wrong or rule is None or day is None:
        return None, wrong
    asked = DeadlineIn(
        rule=rule.id,
        variant=rule.variant,
        day=day,
        in_custody=in_custody and rule.law is Law.CRIMINAL,
        travel_days=int(travel) if rule.direction is Direction.BEFORE else 0,
    )
    return asked, {}


def _day(text: str) -> date | None:
    """Read a day as lawyers type it: 20261125, 2026-11-25, 2026年11月25日."""
    found = _DAY.fullmatch(text)
    try:
        day = None if found is None else date(*map(int, found.groups()))
    except ValueError:
        return None
    return day if day is not None and 2015 <= day.year <= 2100 else None


def _shown(due: Due) -> Mapping[str, object]:
    return {
        "rule": due.rule,
        "last": _in_words(due.last_day),
        "act_by": "" if due.act_by == due.last_day else _in_words(due.act_by),
        "explanation": due.explanation,
        "basis": due.basis,
        "provisional": due.provisional,
    }


def _in_words(day: date) -> str:
    weekday = "一二三四五六日"[day.weekday()]
    return f"{day.year}年{day.month}月{day.day}日　星期{weekday}"


def _others(offers: Sequence[Offer]) -> Sequence[Others]:
    """Group what is not offered by reason and by the way that is left."""
    groups: dict[tuple[str, str], list[str]] = {}
    for offer in offers:
        if offer.refusal is not None:
            key = HEADS[offer.refusal], offer.instead
            groups.setdefault(key, []).append(offer.function.label)
    return [Others(head=head, instead=way, names=names) for (head, way), names in groups.items()]
