"""The table of notices: closed, complete, and fit to be read outside."""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path

import pytest

from app.notification.errors import NoticeMalformed
from app.notification.rules import kinds
from app.notification.rules.kinds import KINDS, Category, Kind
from app.notification.rules.places import PAGES, Place, pages_of

REPO = Path(__file__).resolve().parents[2]
ISSUE = {
    "case": (
        "filed",
        "correction",
        "refused",
        "mediation",
        "fee_due",
        "hearing",
        "appraisal",
        "closed",
        "event",
    ),
    "representation": ("verified", "refused", "suspended"),
    "service": ("delivered",),
    "application": ("decided",),
    "assistant": ("invited", "accepted", "ended"),
    "clock": ("near", "passed"),
    "pass": ("refused",),
    "complaint": ("replied",),
    "suggestion": ("answered",),
    "outage": ("certificate",),
}


def example(kind: Kind) -> dict[str, str]:
    return {name: f"〔{name}〕" for name in kind.fields}


def test_every_kind_that_the_courts_need_is_there_once() -> None:
    codes = [kind.code for kind in KINDS]
    assert len(codes) == len(set(codes))
    assert {f"{group}.{one}" for group, some in ISSUE.items() for one in some} <= set(codes)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_a_kind_says_a_whole_sentence_with_every_value(kind: Kind) -> None:
    written = kinds.words(kind.code, example(kind))
    assert all(f"〔{name}〕" in written.title + written.body for name in kind.fields)
    assert written.body.endswith("。")
    assert 2 <= len(kind.title) <= 20, "WeChat's field for it holds 20 characters"
    assert not kind.title.endswith("。")
    assert not re.search(r"[,;!?a-zA-Z]", re.sub(r"\{\w+\}", "", kind.title + kind.body))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_a_value_too_few_or_too_many_is_refused(kind: Kind) -> None:
    values = example(kind)
    kinds.check(kind.code, values)
    with pytest.raises(NoticeMalformed):
        kinds.check(kind.code, {**values, "identity_no": "1"})
    for name in values:
        with pytest.raises(NoticeMalformed):
            kinds.check(kind.code, {k: v for k, v in values.items() if k != name})


def test_a_kind_that_is_not_in_the_table_is_refused() -> None:
    with pytest.raises(NoticeMalformed):
        kinds.check("case.won", {})


def test_every_category_has_kinds_and_a_name() -> None:
    found = [code for category in Category for code in kinds.codes_of(category)]
    assert sorted(found) == sorted(kind.code for kind in KINDS)
    assert all(kinds.codes_of(category) and category.label for category in Category)


@pytest.mark.parametrize(
    ("name", "seen"), [("林正衡", "林**"), ("李四", "李*"), ("王", "王*"), ("", "")]
)
def test_a_name_outside_keeps_its_first_character(name: str, seen: str) -> None:
    assert kinds.masked(name) == seen


def test_people_are_named_in_the_inbox_and_masked_outside() -> None:
    values = {"lawyer": "林正衡", "assistant": "陈小雨", "reason": "期满"}
    assert "林正衡" in kinds.words("assistant.ended", values).body
    outside = kinds.words_outside("assistant.ended", values)
    assert "林**律师与陈**" in outside.body
    assert "期满" in outside.body


def test_a_page_is_named_only_when_it_has_been_built() -> None:
    app = json.loads((REPO / "miniprogram_mock/miniprogram/app.json").read_text(encoding="utf-8"))
    built = {f"/{page}" for page in app["pages"]}
    for place, pages in PAGES.items():
        assert pages.phone is None or pages.phone.partition("?")[0] in built, place


def test_an_address_without_its_id_is_none() -> None:
    assert pages_of(Place.NOTHING, case_id=None, subject_id=None).phone is None
    assert pages_of(Place.BINDING, case_id=None, subject_id=None).phone == "/pages/home/home"
    case = uuid.uuid4()
    for place in Place:
        for page in vars(pages_of(place, case_id=case, subject_id=None)).values():
            assert page is None or "{" not in page
