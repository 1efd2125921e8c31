"""The table of courts' functions, as it is loaded.

    法院编码,功能,状态,替代办法,来源

功能 is the function's Chinese name or its code; 状态 is 可用, 部分可用 or 不可用.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from app.court.casefile.rules.capability import (
    BY_LABEL,
    STATUS_WORDS,
    Availability,
    Capability,
    Function,
)
from app.court.casefile.rules.table import Row, RowError, rows

COLUMNS: Final = ("法院编码", "功能", "状态", "替代办法", "来源")
_TEXT = re.compile(r"[^\x00-\x1f\x7f]{0,200}")
_FUNCTIONS = {**BY_LABEL, **{function.value: function for function in Function}}
Key = tuple[str, Function]


@dataclass(frozen=True, kw_only=True)
class FunctionRecord:
    """One court's function and where that is known from."""

    court_code: str
    capability: Capability
    source: str

    @property
    def key(self) -> Key:
        """What there is one row of."""
        return self.court_code, self.capability.function


@dataclass(frozen=True, kw_only=True)
class FunctionTable:
    """What a text held: the good rows, and the refused ones."""

    functions: Mapping[Key, FunctionRecord]
    errors: tuple[RowError, ...]


def parse(text: str, *, courts: Collection[str]) -> FunctionTable:
    """Read a table about the `courts` with these codes."""
    found: dict[Key, FunctionRecord] = {}
    errors: list[RowError] = []
    for row in rows(text, COLUMNS):
        record, reasons = _record(row, courts)
        if record is not None and record.key in found:
            reasons = ("该法院的这项功能在本文件中重复",)
        if record is None or reasons:
            key = row.cells.get("法院编码", "")[:20]
            errors.append(RowError(line=row.line, key=key, reasons=reasons))
        else:
            found[record.key] = record
    return FunctionTable(functions=found, errors=tuple(errors))


def _record(row: Row, courts: Collection[str]) -> tuple[FunctionRecord | None, tuple[str, ...]]:
    if row.broken:
        return None, (row.broken,)
    cells = row.cells
    function = _FUNCTIONS.get(cells["功能"])
    status = STATUS_WORDS.get(cells["状态"])
    fallback = cells["替代办法"]
    silent = status in (Availability.LIMITED, Availability.UNAVAILABLE) and not fallback
    checks = (
        (cells["法院编码"] in courts, "没有这个法院"),
        (function is not None, f"功能不认识：{cells['功能'][:20]}"),
        (status is not None, "状态应为「可用」「部分可用」或「不可用」"),
        (not silent, "部分可用或者不可用时应写明替代办法"),
        (bool(_TEXT.fullmatch(fallback)), "替代办法应不超过200个字符"),
        (len(cells["来源"]) >= 2 and bool(_TEXT.fullmatch(cells["来源"])), "应写明来源"),
    )
    reasons = tuple(reason for good, reason in checks if not good)
    if function is None or status is None:
        return None, reasons
    capability = Capability(function=function, availability=status, fallback=fallback)
    return (
        FunctionRecord(court_code=cells["法院编码"], capability=capability, source=cells["来源"]),
        reasons,
    )
