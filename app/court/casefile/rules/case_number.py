"""Case numbers 案号: how they are composed, read and counted (法〔2015〕137号, 法〔2018〕335号).

（收案年度）+ 法院代字 + 专门审判代字 + 类型代字 + 案件编号 + 号, as in （2021）京0105民初12345号
and （2019）最高法知民终1号. The rules apply to cases accepted since 2016; what a court accepted
before keeps the number of that time, such as （2014）朝民初字第12345号, which is read as it stands.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from app.court.casefile.errors import CaseNumberInvalid
from app.court.casefile.rules.case_types import CASE_TYPES, RANDOM_NUMBER, case_type

FIRST_YEAR: Final = 2016
LAST_YEAR: Final = 2099
LONGEST: Final = 64
LARGEST: Final = 99_999_999
RANDOM_DIGITS: Final = 8
RANDOM_FIRST: Final = 10_000_000

SUPREME: Final = "最高法"
# The words of the high courts 高级人民法院, the military court 军 and the corps branch 兵 (art. 4).
HIGH: Final = "京津冀晋内辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔云藏陕甘青宁新兵军"
# Words of specialised adjudication 专门审判代字, one character each (法〔2018〕335号).
SPECIAL: Final = ("知",)

# A high court's word alone; with two digits an intermediate court's, with four a basic court's
# (arts. 4–5).
COURT_WORD: Final = f"(?:{SUPREME}|[{HIGH}](?:[0-9]{{2}}(?:[0-9]{{2}})?)?)"
_IS_COURT_WORD = re.compile(COURT_WORD)
_TYPES = "|".join(sorted(CASE_TYPES, key=len, reverse=True))
_NUMBER = re.compile(
    rf"（(?P<year>[0-9]{{4}})）(?P<court>{COURT_WORD})(?P<special>[{''.join(SPECIAL)}])?"
    rf"(?P<type>{_TYPES})(?P<number>[1-9][0-9]{{0,7}})号(?:之(?P<suffix>[一二三四五六七八九十]{{1,3}}))?"
)
_LEGACY = re.compile(
    r"（(?P<year>19[4-9][0-9]|20[01][0-9])）(?P<word>[\u3400-\u9fff0-9（）]{1,16})字第"
    r"(?P<number>[0-9]{1,8})号(?P<rest>(?:-[0-9]{1,3}|之[一二三四五六七八九十]{1,3})?)"
)
_BRACKETS = str.maketrans("([〔【)]〕】", "（（（（））））")
_DIGITS = "一二三四五六七八九"


@dataclass(frozen=True, kw_only=True)
class Series:
    """What is counted on its own (arts. 9–10): court × year × special word × type."""

    court_word: str
    year: int
    special: str
    type_word: str

    @property
    def random(self) -> bool:
        """Whether its numbers are drawn rather than counted."""
        return self.type_word == RANDOM_NUMBER


@dataclass(frozen=True, kw_only=True)
class CaseNumber:
    """A case number 案号; `suffix` 2 is 之二, a further document of the same case.

    Raises `CaseNumberInvalid` or `CaseTypeUnknown` when a part breaks the rules.
    """

    year: int
    court_word: str
    type_word: str
    number: int
    special: str = ""
    suffix: int | None = None

    def __post_init__(self) -> None:
        case_type(self.type_word)
        checks = (
            (FIRST_YEAR <= self.year <= LAST_YEAR, "year"),
            (is_court_word(self.court_word), "court word"),
            (self.special in ("", *SPECIAL), "special word"),
            (1 <= self.number <= LARGEST, "number"),
            (not self.series.random or len(str(self.number)) == RANDOM_DIGITS, "eight digits"),
            (self.suffix is None or 1 <= self.suffix <= 99, "suffix"),
        )
        wrong = [what for good, what in checks if not good]
        if wrong:
            raise CaseNumberInvalid(", ".join(wrong))

    @property
    def series(self) -> Series:
        """The series in which it was counted."""
        return Series(
            court_word=self.court_word,
            year=self.year,
            special=self.special,
            type_word=self.type_word,
        )

    def __str__(self) -> str:
        """The number as it is written, with full-width brackets and no leading zeros."""
        tail = "" if self.suffix is None else f"之{_chinese(self.suffix)}"
        return (
            f"（{self.year}）{self.court_word}{self.special}{self.type_word}{self.number}号{tail}"
        )


@dataclass(frozen=True, kw_only=True)
class LegacyCaseNumber:
    """A number of the time before 2016: each court chose its words, zeros could lead."""

    year: int
    word: str
    number: str
    rest: str = ""

    def __str__(self) -> str:
        """The number as it was given."""
        return f"（{self.year}）{self.word}字第{self.number}号{self.rest}"


def parse(text: str) -> CaseNumber | LegacyCaseNumber:
    """Read a case number; raises `CaseNumberInvalid`.

    Half-width characters, other brackets and spaces are what people type: they are put right.
    """
    tidy = normalise(text)
    found = _NUMBER.fullmatch(tidy)
    if found is not None:
        return CaseNumber(
            year=int(found["year"]),
            court_word=found["court"],
            special=found["special"] or "",
            type_word=found["type"],
            number=int(found["number"]),
            suffix=_suffix(found["suffix"]),
        )
    old = _LEGACY.fullmatch(tidy)
    if old is None or int(old["year"]) >= FIRST_YEAR:
        raise CaseNumberInvalid
    return LegacyCaseNumber(
        year=int(old["year"]), word=old["word"], number=old["number"], rest=old["rest"]
    )


def normalise(text: str) -> str:
    """Return the text with full-width brackets, half-width digits and no spaces."""
    if len(text) > LONGEST:
        raise CaseNumberInvalid("too long")
    flat = unicodedata.normalize("NFKC", text)
    return "".join(flat.split()).translate(_BRACKETS)


def is_court_word(word: str) -> bool:
    """Tell whether a text has the form of a court's word 法院代字 (arts. 4–5)."""
    return _IS_COURT_WORD.fullmatch(word) is not None


def _suffix(text: str | None) -> int | None:
    """Read 一 … 九十九; what is no such numeral is no case number."""
    if text is None:
        return None
    tens, ten, ones = text.rpartition("十")
    value = (_digit(tens, 1) * 10 if ten else 0) + _digit(ones, 0)
    if value == 0 or _chinese(value) != text:
        raise CaseNumberInvalid("suffix")
    return value


def _digit(text: str, empty: int) -> int:
    return _DIGITS.find(text) + 1 if text else empty


def _chinese(value: int) -> str:
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{_DIGITS[tens - 1]}十")
    return head + (_DIGITS[ones - 1] if ones else "")
