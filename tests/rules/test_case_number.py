"""Case numbers as tables: what is read, what is refused, what is counted together."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.court.casefile.errors import CaseNumberInvalid, CaseTypeUnknown
from app.court.casefile.rules.case_number import (
    HIGH,
    CaseNumber,
    LegacyCaseNumber,
    Series,
    is_court_word,
    parse,
)
from app.court.casefile.rules.case_types import CASE_TYPES, case_type
from tests.shared_data import shared

COURT_WORDS = st.one_of(
    st.just("最高法"),
    st.builds(
        lambda letter, digits: letter + digits,
        st.sampled_from(HIGH),
        st.from_regex(r"\A(|[0-9]{2}|[0-9]{4})\Z"),
    ),
)
NUMBERS = st.builds(
    CaseNumber,
    year=st.integers(2016, 2099),
    court_word=COURT_WORDS,
    special=st.sampled_from(["", "知"]),
    type_word=st.sampled_from(sorted(CASE_TYPES)),
    number=st.integers(10_000_000, 99_999_999),
    suffix=st.none() | st.integers(1, 99),
)


@given(number=NUMBERS)
def test_what_is_written_is_read_again(number: CaseNumber) -> None:
    assert parse(str(number)) == number


@pytest.mark.parametrize(
    ("text", "court", "special", "word", "number", "suffix"),
    [
        ("（2021）京0105民初12345号", "京0105", "", "民初", 12345, None),
        ("（2019）最高法知民终1号", "最高法", "知", "民终", 1, None),
        ("（2017）京04民终367号", "京04", "", "民终", 367, None),
        ("（2020）粤民申9号", "粤", "", "民申", 9, None),
        ("（2022）沪0115民初13290号之一", "沪0115", "", "民初", 13290, 1),
        ("（2022）沪0115执13290号之二十三", "沪0115", "", "执", 13290, 23),
        ("（2019）最高法刑核48291037号", "最高法", "", "刑核", 48291037, None),
        ("（2021）内01司救执3号", "内01", "", "司救执", 3, None),
        ("（2020）京01破申12号", "京01", "", "破申", 12, None),
    ],
)
def test_numbers_of_the_present_rules(
    text: str, court: str, special: str, word: str, number: int, suffix: int | None
) -> None:
    assert parse(text) == CaseNumber(
        year=int(text[1:5]),
        court_word=court,
        special=special,
        type_word=word,
        number=number,
        suffix=suffix,
    )
    assert str(parse(text)) == text


@pytest.mark.parametrize(
    "typed",
    [
        "(2021)京0105民初12345号",
        " （2021） 京0105 民初 12345 号 ",
        "〔2021〕京0105民初12345号",
        "[2021]京0105民初12345号",
        "【２０２１】京０１０５民初１２３４５号",
    ],
)
def test_what_people_type_is_put_right(typed: str) -> None:
    assert str(parse(typed)) == "（2021）京0105民初12345号"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "京0105民初12345号",
        "（2021）京0105民初12345",
        "（2021）京0105民初012345号",
        "（2021）京0105民初0号",
        "（2021）京0105民初123456789号",
        "（2021）京010民初1号",
        "（2021）京01050民初1号",
        "（2021）台0105民初1号",
        "（2021）京0105民某1号",
        "（2015）京0105民初1号",
        "（2021）京0105刑核12号",
        "（2021）京0105民初1号之",
        "（2021）京0105民初1号之〇",
        "（2021）京0105民初1号之一十",
        "（2021）京0105民初1号之十十",
        "（2021）京0105民初1号之一二",
        "（2021）朝民初字第12345号",
        "（1914）朝民初字第1号",
        "（2014）字第1号",
        "（2021）京0105民初1号\x00",
        "（2021）京0105民初1号" + "x" * 100,
    ],
)
def test_what_is_no_case_number(text: str) -> None:
    with pytest.raises(CaseNumberInvalid):
        parse(text)


@pytest.mark.parametrize(
    ("text", "word", "number"),
    [
        ("（2014）朝民初字第12345号", "朝民初", "12345"),
        ("(2008)高民终字第00076号", "高民终", "00076"),
        ("（2015）浦民一(民)初字第18号", "浦民一（民）初", "18"),
        ("（2013）一中民终字第9号之一", "一中民终", "9"),
        ("（2012）深福法民二初字第7号-2", "深福法民二初", "7"),
    ],
)
def test_numbers_of_the_time_before(text: str, word: str, number: str) -> None:
    found = parse(text)
    assert isinstance(found, LegacyCaseNumber)
    assert (found.word, found.number) == (word, number)
    assert parse(str(found)) == found


@pytest.mark.parametrize(
    "changed",
    [
        {"year": 2022},
        {"court_word": "京0106"},
        {"special": "知"},
        {"type_word": "民终"},
    ],
)
def test_each_part_makes_another_series(changed: dict[str, object]) -> None:
    parts = {"year": 2021, "court_word": "京0105", "type_word": "民初", "number": 1}
    one = CaseNumber(**parts)  # type: ignore[arg-type]
    assert one.series == Series(court_word="京0105", year=2021, special="", type_word="民初")
    assert CaseNumber(**{**parts, "number": 2, "suffix": 1}).series == one.series  # type: ignore[arg-type]
    assert CaseNumber(**{**parts, **changed}).series != one.series  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [
        {"year": 2015},
        {"year": 2100},
        {"court_word": "北京"},
        {"special": "专"},
        {"number": 0},
        {"number": 100_000_000},
        {"type_word": "刑核"},
        {"suffix": 0},
        {"suffix": 100},
    ],
)
def test_a_number_that_breaks_a_rule_cannot_be_made(wrong: dict[str, object]) -> None:
    good = {"year": 2021, "court_word": "京0105", "type_word": "民初", "number": 1}
    with pytest.raises(CaseNumberInvalid):
        CaseNumber(**{**good, **wrong})  # type: ignore[arg-type]


def test_an_unknown_type_cannot_be_made() -> None:
    with pytest.raises(CaseTypeUnknown):
        CaseNumber(year=2021, court_word="京0105", type_word="民某", number=1)
    with pytest.raises(CaseTypeUnknown):
        case_type("")


def test_criminal_review_alone_is_drawn() -> None:
    drawn = {
        word
        for word in CASE_TYPES
        if Series(court_word="最高法", year=2026, special="", type_word=word).random
    }
    assert drawn == {"刑核"}


@pytest.mark.parametrize(
    ("word", "good"),
    [("最高法", True), ("京", True), ("京04", True), ("京0105", True), ("兵", True),
     ("", False), ("京1", False), ("京010", False), ("京010512", False), ("东城", False),
     ("最高", False), ("京０１", False)],
)  # fmt: skip
def test_the_form_of_a_courts_word(word: str, *, good: bool) -> None:
    assert is_court_word(word) is good


def test_our_table_has_every_row_of_the_list_of_2016() -> None:
    text = shared("data", "court", "case_types.csv").read_text(encoding="utf-8")
    given = {
        row["code"]: (row["name_zh"], row["major"]) for row in csv.DictReader(text.splitlines())
    }
    ours = {t.word: (t.name, t.major) for t in CASE_TYPES.values() if t.to_confirm != "all"}
    assert ours == given
    assert all(kind.to_confirm for kind in CASE_TYPES.values()), "nobody compared them yet"
