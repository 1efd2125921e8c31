"""The tables that people load: what is taken, what is refused, and that every bad row is told."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.court.casefile.rules import court_table, function_table
from app.court.casefile.rules.capability import Availability, Function
from app.court.casefile.rules.courts import CourtLevel, CourtRecord
from app.court.casefile.rules.table import MOST_ROWS

CLI = Path(__file__).resolve().parents[2] / "app" / "cli"
HEADER = ",".join(court_table.COLUMNS)
TOP = "最高法,最高人民法院,最高,全国,,最高法,法〔2015〕137号,否"
HIGH = "110000,北京市高级人民法院,高级,北京市,最高法,京,法〔2015〕137号,否"
MIDDLE = "京03,北京市第三中级人民法院,中级,北京市,110000,京03,推算,是"
BASIC = "110105,北京市朝阳区人民法院,基层,北京市,京03,京0105,推算,否"
GOOD = (TOP, HIGH, MIDDLE, BASIC)


def read(*lines: str, known: dict[str, CourtRecord] | None = None) -> court_table.CourtTable:
    return court_table.parse("\n".join((HEADER, *lines)), known=known or {})


def test_a_good_table() -> None:
    table = read(*GOOD)
    assert table.errors == ()
    assert list(table.courts) == ["最高法", "110000", "京03", "110105"]
    assert table.courts["110105"] == CourtRecord(
        code="110105",
        name="北京市朝阳区人民法院",
        level=CourtLevel.BASIC,
        region="北京市",
        parent_code="京03",
        code_word="京0105",
        source="推算",
        to_confirm=False,
    )


def test_order_blank_lines_and_a_byte_order_mark_do_not_matter() -> None:
    text = "\ufeff" + HEADER + "\r\n\r\n" + "\r\n,,,\r\n".join(reversed(GOOD)) + "\r\n"
    table = court_table.parse(text, known={})
    assert table.errors == ()
    assert table.courts == read(*GOOD).courts


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (BASIC.replace("110105", "11010", 1), "法院编码应为6位数字，或者与法院代字相同"),
        (BASIC.replace("110105", "京0106", 1), "法院编码应为6位数字，或者与法院代字相同"),
        (BASIC.replace("北京市朝阳区人民法院", "Chaoyang"), "法院名称应为4至50个汉字"),
        (BASIC.replace("基层", "初级"), "级别不认识：初级"),
        (BASIC.replace("京0105", "京05"), "法院代字与级别「基层」不符"),
        (BASIC.replace("京0105", "朝"), "法院代字与级别「基层」不符"),
        (BASIC.replace(",京03,", ",,"), "除最高人民法院外都应写明上级法院"),
        (BASIC.replace(",京03,", ",京09,"), "没有上级法院：京09"),
        (BASIC.replace(",京03,", ",110105,"), "上级法院的级别不高于本院"),
        (BASIC.replace(",推算,", ",,"), "来源应为2至100个字符"),
        (BASIC.replace(",否", ",也许"), "待核实应为「是」或「否」"),
        (BASIC.replace(",否", ""), "列数与表头不同"),
        (BASIC + ",多", "列数与表头不同"),
        (BASIC.replace("北京市朝阳区", '"北京市"朝阳区'), "无法按 CSV 读取本行"),
        (TOP, "法院编码在本文件中重复"),
    ],
)  # fmt: skip
def test_a_bad_row_is_told_with_its_line(row: str, reason: str) -> None:
    table = read(TOP, HIGH, MIDDLE, row)
    assert [(error.line, reason in error.reasons) for error in table.errors] == [(5, True)]


def test_everything_that_is_wrong_with_a_row_is_told_at_once() -> None:
    row = BASIC.replace("110105", "1", 1).replace("推算", "").replace(",否", ",也许")
    assert len(read(TOP, HIGH, MIDDLE, row).errors[0].reasons) == 3


def test_two_courts_with_one_word() -> None:
    table = read(*GOOD, BASIC.replace("110105", "110199", 1))
    assert {(e.line, e.reasons) for e in table.errors} == {
        (5, ("法院代字与其他法院重复",)),
        (6, ("法院代字与其他法院重复",)),
    }


def test_a_word_that_an_earlier_load_gave_away() -> None:
    known = dict(read(*GOOD).courts)
    other = BASIC.replace("110105", "110199", 1)
    assert read(other, known=known).errors[0].reasons == ("法院代字与其他法院重复",)
    swapped = (other, BASIC.replace("京0105", "京0199"))
    assert read(*swapped, known=known).errors == (), "two courts may exchange their words"


def test_a_court_does_not_sink_beneath_the_courts_below_it() -> None:
    known = dict(read(*GOOD).courts)
    lowered = MIDDLE.replace("中级,北", "专门,北")
    assert read(lowered, known=known).errors == (), "still above a basic court"
    raised = "110105,北京市朝阳区人民法院,高级,北京市,最高法,津,推算,否"
    assert read(raised, known=known).errors == (), "upwards does no harm"
    sunk = "110000,北京市高级人民法院,基层,北京市,京03,京0199,推算,否"
    assert read(sunk, known=known).errors[0].reasons == ("级别不高于已有的下级法院",)


def test_the_header_must_be_whole() -> None:
    for text in ("", "\n\n", TOP, HEADER.replace(",来源", "")):
        table = court_table.parse(text, known={})
        assert len(table.errors) == 1
        assert table.errors[0].reasons[0].startswith("表头缺少：")
        assert not table.courts


def test_a_table_without_end_is_not_read_to_its_end() -> None:
    table = read(*[BASIC] * (MOST_ROWS + 100))
    assert any(error.reasons[0].startswith("超过5000行") for error in table.errors)


@given(text=st.text(max_size=300))
def test_any_text_is_a_table_or_a_list_of_reasons(text: str) -> None:
    for whole in (text, f"{HEADER}\n{text}"):
        table = court_table.parse(whole, known={})
        assert all(error.reasons for error in table.errors)


# --- functions ---------------------------------------------------------------------------------

FUNCTIONS = ",".join(function_table.COLUMNS)


def read_functions(*lines: str) -> function_table.FunctionTable:
    return function_table.parse("\n".join((FUNCTIONS, *lines)), courts={"110105"})


def test_functions_by_name_or_code() -> None:
    table = read_functions(
        "110105,网上立案,可用,,法院通知", "110105,pass,不可用,出示律师执业证。,法院通知"
    )
    assert table.errors == ()
    assert table.functions["110105", Function.FILING].capability.availability is (
        Availability.AVAILABLE
    )
    assert table.functions["110105", Function.PASS].capability.fallback == "出示律师执业证。"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("110106,网上立案,可用,,法院通知", "没有这个法院"),
        ("110105,网上吃饭,可用,,法院通知", "功能不认识：网上吃饭"),
        ("110105,网上立案,未知,,法院通知", "状态应为「可用」「部分可用」或「不可用」"),
        ("110105,网上立案,不可用,,法院通知", "部分可用或者不可用时应写明替代办法"),
        ("110105,网上立案,部分可用,,法院通知", "部分可用或者不可用时应写明替代办法"),
        ("110105,网上立案,不可用," + "长" * 201 + ",法院通知", "替代办法应不超过200个字符"),
        ("110105,网上立案,可用,,", "应写明来源"),
        ("110105,网上调解,可用,,法院通知", "该法院的这项功能在本文件中重复"),
        ("110105,网上立案", "列数与表头不同"),
    ],
)
def test_a_bad_row_about_a_function(row: str, reason: str) -> None:
    table = read_functions("110105,网上调解,可用,,法院通知", row)
    assert [(error.line, reason in error.reasons) for error in table.errors] == [(3, True)]


# --- the demonstration's own tables ------------------------------------------------------------


def test_the_demonstrations_courts_are_a_good_table() -> None:
    text = (CLI / "seed_courts.csv").read_text(encoding="utf-8")
    table = court_table.parse(text, known={})
    assert table.errors == ()
    levels = Counter(court.level for court in table.courts.values())
    assert len(table.courts) >= 60
    assert levels[CourtLevel.SUPREME] == 1
    assert levels[CourtLevel.HIGH] == 31
    basic = [c for c in table.courts.values() if c.level is CourtLevel.BASIC]
    computed = [court for court in basic if court.source == "按行政区划代码推算"]
    assert computed
    assert all(court.to_confirm for court in computed), "what is computed is not confirmed"
    assert all(court.code_word[1:] == court.code[2:] for court in computed)


def test_the_demonstrations_functions_are_a_good_table_and_say_that_they_are_invented() -> None:
    courts = court_table.parse((CLI / "seed_courts.csv").read_text(encoding="utf-8"), known={})
    text = (CLI / "seed_court_functions.csv").read_text(encoding="utf-8")
    table = function_table.parse(text, courts=courts.courts.keys())
    assert table.errors == ()
    assert all(row["来源"].startswith("演示数据") for row in csv.DictReader(text.splitlines()))
    assert {row.capability.availability for row in table.functions.values()} == {
        Availability.AVAILABLE,
        Availability.LIMITED,
        Availability.UNAVAILABLE,
    }
