"""Case types 案件类型 and their type words 类型代字 (法〔2015〕137号 arts. 7–8).

The table is `case_types.csv` beside this file. Its column `to_confirm` says what a lawyer has
still to compare with the official table: `name` for the Chinese name alone, `all` for the word
too. A type word has at most three characters (art. 7); the courts' own 民诉前调, which numbers
mediation before an action rather than a case, has four.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Final, Literal

from app.court.casefile.errors import CaseTypeUnknown

# Criminal review 刑事复核: eight digits, drawn at random, never in order (art. 10 para. 2).
RANDOM_NUMBER: Final = "刑核"


@dataclass(frozen=True, kw_only=True)
class CaseType:
    """One case type: its word, its name, the major type 大类 it belongs to."""

    word: str
    name: str
    major: str
    source: str
    to_confirm: Literal["name", "all", ""]


def _read() -> Mapping[str, CaseType]:
    text = resources.files(__package__).joinpath("case_types.csv").read_text(encoding="utf-8")
    return MappingProxyType(
        {
            row["code"]: CaseType(
                word=row["code"],
                name=row["name_zh"],
                major=row["major"],
                source=row["source"],
                to_confirm=_confirmation(row["to_confirm"]),
            )
            for row in csv.DictReader(text.splitlines())
        }
    )


def _confirmation(text: str) -> Literal["name", "all", ""]:
    if text == "name":
        return "name"
    return "all" if text else ""


CASE_TYPES: Final = _read()


def case_type(word: str) -> CaseType:
    """Return the case type of a type word 类型代字; raises `CaseTypeUnknown`."""
    found = CASE_TYPES.get(word)
    if found is None:
        raise CaseTypeUnknown(word[:8])
    return found
