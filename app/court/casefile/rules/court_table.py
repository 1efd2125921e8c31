"""The table of courts, as it is loaded.

    法院编码,法院名称,级别,地区,上级法院,法院代字,来源,待核实

级别 is 最高, 高级, 中级, 专门 or 基层; 待核实 is 是 or 否.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.court.casefile.rules.courts import (
    BY_LABEL,
    CourtLevel,
    CourtRecord,
    problems,
    stands_above,
)
from app.court.casefile.rules.table import Row, RowError, rows

COLUMNS: Final = (
    "法院编码",
    "法院名称",
    "级别",
    "地区",
    "上级法院",
    "法院代字",
    "来源",
    "待核实",
)
_YES_NO = {"是": True, "否": False}


@dataclass(frozen=True, kw_only=True)
class CourtTable:
    """What a text held: the good courts by code, and the refused rows."""

    courts: Mapping[str, CourtRecord]
    errors: tuple[RowError, ...]


def parse(text: str, *, known: Mapping[str, CourtRecord]) -> CourtTable:
    """Read a table that is to be laid over the courts `known` so far."""
    found: dict[str, CourtRecord] = {}
    lines: dict[str, int] = {}
    errors: list[RowError] = []
    for row in rows(text, COLUMNS):
        court, reasons = _court(row)
        if court is not None and court.code in found:
            reasons = ("法院编码在本文件中重复",)
        if court is None or reasons:
            key = row.cells.get("法院编码", "")[:20]
            errors.append(RowError(line=row.line, key=key, reasons=reasons))
        else:
            found[court.code], lines[court.code] = court, row.line
    return CourtTable(courts=found, errors=(*errors, *_misfits(found, lines, known)))


def _misfits(
    found: Mapping[str, CourtRecord], lines: Mapping[str, int], known: Mapping[str, CourtRecord]
) -> list[RowError]:
    """Why courts that are good alone do not fit with the others, those loaded earlier included."""
    whole = {**known, **found}
    words = Counter(court.code_word for court in whole.values())
    # Parents that this table would put no higher than a court that it does not mention.
    sunk = {
        court.parent_code
        for code, court in known.items()
        if code not in found and not _has_parent_above(court, whole)
    }
    errors = []
    for code, court in found.items():
        checks = (
            (words[court.code_word] == 1, "法院代字与其他法院重复"),
            (
                court.parent_code is None or court.parent_code in whole,
                f"没有上级法院：{(court.parent_code or '')[:20]}",
            ),
            (_has_parent_above(court, whole), "上级法院的级别不高于本院"),
            (code not in sunk, "级别不高于已有的下级法院"),
        )
        reasons = tuple(reason for good, reason in checks if not good)
        if reasons:
            errors.append(RowError(line=lines[code], key=code, reasons=reasons))
    return errors


def _has_parent_above(court: CourtRecord, whole: Mapping[str, CourtRecord]) -> bool:
    """Tell whether a court's parent is of a higher level; a missing one is told elsewhere."""
    parent = whole.get(court.parent_code or "")
    return parent is None or stands_above(parent, court)


def _court(row: Row) -> tuple[CourtRecord | None, tuple[str, ...]]:
    if row.broken:
        return None, (row.broken,)
    cells = row.cells
    level = BY_LABEL.get(cells["级别"])
    to_confirm = _YES_NO.get(cells["待核实"])
    wrong = (
        *(() if level else (f"级别不认识：{cells['级别'][:10]}",)),
        *(("待核实应为「是」或「否」",) if to_confirm is None else ()),
    )
    court = CourtRecord(
        code=cells["法院编码"],
        name=cells["法院名称"],
        level=level or CourtLevel.BASIC,
        region=cells["地区"],
        parent_code=cells["上级法院"] or None,
        code_word=cells["法院代字"],
        source=cells["来源"],
        to_confirm=to_confirm is not False,
    )
    return court, (*wrong, *(problems(court) if level else ()))
