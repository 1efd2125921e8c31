"""The embedded register's file: one UTF-8 CSV with a Chinese header, checked row by row.

    执业证号,姓名,公民身份号码,执业机构,统一社会信用代码,执业类别,执业状态,状态日期

The date is `YYYY-MM-DD`; category and status are the register's own words (short forms such as
「专职」 are understood). A byte-order mark, as Excel writes it, is tolerated.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.kernel.identifiers import is_identity_no, is_licence_no, is_uscc, normalise_identifier
from app.ports.registry import LawyerRecord, PracticeCategory, PracticeStatus

COLUMNS = (
    "执业证号",
    "姓名",
    "公民身份号码",
    "执业机构",
    "统一社会信用代码",
    "执业类别",
    "执业状态",
    "状态日期",
)

_CATEGORY_WORDS = {c.label: c for c in PracticeCategory} | {
    "专职": PracticeCategory.FULL_TIME,
    "兼职": PracticeCategory.PART_TIME,
    "公职": PracticeCategory.PUBLIC,
    "公司": PracticeCategory.COMPANY,
    "法律援助": PracticeCategory.LEGAL_AID,
    "军队": PracticeCategory.MILITARY,
    "香港": PracticeCategory.HONG_KONG,
    "澳门": PracticeCategory.MACAO,
    "台湾": PracticeCategory.TAIWAN,
}
_STATUS_WORDS = {s.label: s for s in PracticeStatus} | {
    "执业": PracticeStatus.PRACTISING,
    "暂缓年度考核": PracticeStatus.ASSESSMENT_PENDING,
    "年度考核暂缓": PracticeStatus.ASSESSMENT_PENDING,
    "未参加年度考核": PracticeStatus.ASSESSMENT_PENDING,
    "年度考核未参加": PracticeStatus.ASSESSMENT_PENDING,
}

_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U000323afA-Za-z][^\x00-\x1f\x7f,\"]{1,49}")
_FIRM = re.compile(r"[^\x00-\x20\x7f=+\-@][^\x00-\x1f\x7f]{1,99}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, kw_only=True)
class RowError:
    """One refused row: its line in the file (the header is line 1) and why, in Chinese."""

    line: int
    licence_no: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """What a text held: the good records in file order, and the refused rows."""

    records: tuple[LawyerRecord, ...]
    errors: tuple[RowError, ...]


def parse(text: str) -> Parsed:
    """Read a whole file; a bad row is reported and never stops the rows after it."""
    records: dict[str, LawyerRecord] = {}
    errors: list[RowError] = []
    for line, row in _rows(text):
        licence_no = normalise_identifier(row.get("执业证号", ""))
        record, reasons = _record(row)
        if licence_no in records:
            reasons = (*reasons, "执业证号在本文件中重复")
        if record is None or reasons:
            errors.append(RowError(line=line, licence_no=licence_no[:32], reasons=reasons))
        else:
            records[record.licence_no] = record
    return Parsed(records=tuple(records.values()), errors=tuple(errors))


def problems(record: LawyerRecord) -> tuple[str, ...]:
    """Why a record cannot be in the register, in Chinese; empty when it can."""
    checks = (
        (is_licence_no(record.licence_no), "执业证号应为 17 位且符合编号规则"),
        (bool(_NAME.fullmatch(record.name)), "姓名应为 2 至 50 个字符"),
        (is_identity_no(record.identity_no), "公民身份号码不正确（位数、出生日期或校验码）"),
        (bool(_FIRM.fullmatch(record.firm_name)), "执业机构应为 2 至 100 个字符"),
        (is_uscc(record.firm_uscc), "统一社会信用代码不正确（位数或校验码）"),
        (not record.photo or record.photo.startswith(b"\xff\xd8\xff"), "照片应为 JPEG"),
    )
    return tuple(reason for good, reason in checks if not good)


def unfit(record: LawyerRecord) -> tuple[str, ...]:
    """Why a record cannot be kept in the file: it breaks a rule, or would be read back changed."""
    reasons = problems(record)
    if reasons:
        return reasons
    bare = replace(record, photo=b"")
    try:
        text = render((bare,)).encode().decode()
    except UnicodeEncodeError:
        return ("含有无法保存的字符",)
    return () if parse(text).records == (bare,) else ("首尾有空格或含有无法保存的字符",)


def render(records: Iterable[LawyerRecord]) -> str:
    """The file's text, in the order of the licence numbers; `parse` reads it back unchanged."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for r in sorted(records, key=lambda record: record.licence_no):
        writer.writerow(
            (
                r.licence_no,
                r.name,
                r.identity_no,
                r.firm_name,
                r.firm_uscc,
                r.category.label,
                r.status.label,
                r.status_since.isoformat(),
            )
        )
    return out.getvalue()


def _rows(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Each row below the header with its line number; a wrong header is a row of its own."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    header: list[str] | None = None
    while True:
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            break
        except csv.Error:
            cells = ["", "无法按 CSV 读取本行"]
        if not any(cells):
            continue
        if header is None:
            header = cells
        elif not set(COLUMNS) - set(header):
            yield reader.line_num, dict(zip(header, cells, strict=False))
    if header is None or set(COLUMNS) - set(header):
        missing = "、".join(c for c in COLUMNS if header is None or c not in header)
        yield 1, {"": f"表头缺少：{missing}"}


def _record(row: Mapping[str, str]) -> tuple[LawyerRecord | None, tuple[str, ...]]:
    if "" in row and len(row) == 1:
        return None, (row[""],)
    category = _CATEGORY_WORDS.get(row.get("执业类别", ""))
    status = _STATUS_WORDS.get(row.get("执业状态", ""))
    since = _date(row.get("状态日期", ""))
    words = (
        (category, f"执业类别不认识：{row.get('执业类别', '')[:20]}"),
        (status, f"执业状态不认识：{row.get('执业状态', '')[:20]}"),
        (since, "状态日期应写作 2026-01-31"),
    )
    wrong = tuple(reason for value, reason in words if value is None)
    record = LawyerRecord(
        licence_no=normalise_identifier(row.get("执业证号", "")),
        name=row.get("姓名", ""),
        identity_no=normalise_identifier(row.get("公民身份号码", "")),
        firm_name=row.get("执业机构", ""),
        firm_uscc=normalise_identifier(row.get("统一社会信用代码", "")),
        category=category or PracticeCategory.FULL_TIME,
        status=status or PracticeStatus.WITHDRAWN,
        status_since=since or date.min,
    )
    reasons = problems(record) + wrong
    return (None if reasons else record), reasons


def _date(text: str) -> date | None:
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
