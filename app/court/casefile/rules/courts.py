"""Courts 法院 as values, and the rules their table keeps (法〔2015〕137号 arts. 4–5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.court.casefile.rules.case_number import HIGH, SUPREME, is_court_word


class CourtLevel(StrEnum):
    """Level 级别 of a court; the specialised ones 专门 are a level of their own here."""

    SUPREME = "supreme"
    HIGH = "high"
    INTERMEDIATE = "intermediate"
    SPECIAL = "special"
    BASIC = "basic"

    @property
    def label(self) -> str:
        """The level's Chinese word."""
        return LABELS[self]


LABELS: Final = {
    CourtLevel.SUPREME: "最高",
    CourtLevel.HIGH: "高级",
    CourtLevel.INTERMEDIATE: "中级",
    CourtLevel.SPECIAL: "专门",
    CourtLevel.BASIC: "基层",
}
BY_LABEL: Final = {label: level for level, label in LABELS.items()}
# A parent stands above: earlier in this order.
_ORDER: Final = tuple(CourtLevel)
_WORDS: Final = {
    CourtLevel.SUPREME: re.compile(SUPREME),
    CourtLevel.HIGH: re.compile(f"[{HIGH}]"),
    CourtLevel.INTERMEDIATE: re.compile(f"[{HIGH}][0-9]{{2}}"),
    CourtLevel.SPECIAL: re.compile(f"[{HIGH}](?:[0-9]{{2}}|[0-9]{{4}})?"),
    CourtLevel.BASIC: re.compile(f"[{HIGH}][0-9]{{4}}"),
}
_SIX_DIGITS = re.compile("[0-9]{6}")
_NAME = re.compile(r"[\u3400-\u9fff（）]{4,50}")
_REGION = re.compile(r"[\u3400-\u9fff]{2,20}")
_SOURCE = re.compile(r"[^\x00-\x1f\x7f]{2,100}")


@dataclass(frozen=True, kw_only=True)
class CourtRecord:
    """One court 法院.

    `code` is the six-digit code of the division (GB/T 2260) whose own court it is, and for other
    courts the court's word 法院代字. `to_confirm` says that nobody compared the row with the table
    that the Supreme People's Court publishes (art. 12).
    """

    code: str
    name: str
    level: CourtLevel
    region: str
    parent_code: str | None
    code_word: str
    source: str
    to_confirm: bool


def is_court_code(text: str) -> bool:
    """Tell whether a text has the form of a court's code."""
    return _SIX_DIGITS.fullmatch(text) is not None or is_court_word(text)


def problems(court: CourtRecord) -> tuple[str, ...]:
    """Why a court cannot stand in the table, looked at alone, in Chinese; empty when it can."""
    six = _SIX_DIGITS.fullmatch(court.code) is not None
    top = court.level is CourtLevel.SUPREME
    checks = (
        (six or court.code == court.code_word, "法院编码应为6位数字，或者与法院代字相同"),
        (bool(_NAME.fullmatch(court.name)), "法院名称应为4至50个汉字"),
        (bool(_REGION.fullmatch(court.region)), "地区应为2至20个汉字"),
        (
            bool(_WORDS[court.level].fullmatch(court.code_word)),
            f"法院代字与级别「{court.level.label}」不符",
        ),
        (top == (court.parent_code is None), "除最高人民法院外都应写明上级法院"),
        (bool(_SOURCE.fullmatch(court.source)), "来源应为2至100个字符"),
    )
    return tuple(reason for good, reason in checks if not good)


def stands_above(one: CourtRecord, other: CourtRecord) -> bool:
    """Tell whether a court is of a higher level than another."""
    return _ORDER.index(one.level) < _ORDER.index(other.level)
