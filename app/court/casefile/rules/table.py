"""Tables that people load: UTF-8 CSV with a Chinese header, checked row by row.

A byte-order mark, as Excel writes it, is tolerated. A bad row is reported and never stops the
look at the rows after it; whoever loads a table writes nothing when one row is bad.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

MOST_ROWS: Final = 5000


@dataclass(frozen=True, kw_only=True)
class RowError:
    """One refused row: its line in the file (the header is line 1) and why, in Chinese."""

    line: int
    key: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row below the header; `broken` says why it could not be read."""

    line: int
    cells: Mapping[str, str]
    broken: str = ""


def rows(text: str, columns: Sequence[str]) -> Iterator[Row]:
    """Read a table; a missing header, and what cannot be read, come as broken rows."""
    header: list[str] | None = None
    for count, (line, cells) in enumerate(_lines(text)):
        if count > MOST_ROWS:
            yield Row(line=line, cells={}, broken=f"超过{MOST_ROWS}行，请分成几个文件")
            return
        if header is None and cells is not None:
            header = cells
            if set(columns) - set(header):
                break
        else:
            yield _row(line, header, cells)
    missing = [column for column in columns if column not in (header or ())]
    if missing:
        yield Row(line=1, cells={}, broken=f"表头缺少：{'、'.join(missing)}")


def _row(line: int, header: Sequence[str] | None, cells: Sequence[str] | None) -> Row:
    if header is None or cells is None:
        return Row(line=line, cells={}, broken="无法按 CSV 读取本行")
    if len(cells) != len(header):
        return Row(line=line, cells={}, broken="列数与表头不同")
    return Row(line=line, cells=dict(zip(header, cells, strict=True)))


def _lines(text: str) -> Iterator[tuple[int, list[str] | None]]:
    """Each line that is not empty, with its number; None for one that is no CSV."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    while True:
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error:
            yield reader.line_num, None
            continue
        if any(cells):
            yield reader.line_num, cells
