"""The embedded register's second file: trainees (申请律师执业人员), a CSV with a Chinese header.

    实习证号,姓名,公民身份号码,实习机构,统一社会信用代码,实习状态,状态日期

It is read anew at every question: it is short, and a change by hand must be seen at once.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from app.kernel.identifiers import is_identity_no, is_trainee_no
from app.ports.registry import RegistryUnavailable, TraineeRecord, TraineeStatus

COLUMNS = (
    "实习证号",
    "姓名",
    "公民身份号码",
    "实习机构",
    "统一社会信用代码",
    "实习状态",
    "状态日期",
)
_STATUS_WORDS = {s.label: s for s in TraineeStatus}


def read(file: Path) -> Mapping[str, TraineeRecord]:
    """Every trainee by number; no file is no trainee. Raises `RegistryUnavailable` if spoilt."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as problem:
        raise RegistryUnavailable(type(problem).__name__) from problem
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    try:
        records = [_record(row) for row in rows]
    except (KeyError, ValueError, TypeError) as problem:
        raise RegistryUnavailable(f"trainees.csv: {type(problem).__name__}") from problem
    return {record.trainee_no: record for record in records}


def render(records: Iterable[TraineeRecord]) -> str:
    """The file's text, in the order of the numbers; `read` reads it back unchanged."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for r in sorted(records, key=lambda record: record.trainee_no):
        since = r.status_since.isoformat()
        writer.writerow(
            (r.trainee_no, r.name, r.identity_no, r.firm_name, r.firm_uscc, r.status.label, since)
        )
    return out.getvalue()


def _record(row: Mapping[str, str]) -> TraineeRecord:
    record = TraineeRecord(
        trainee_no=row["实习证号"],
        name=row["姓名"],
        identity_no=row["公民身份号码"],
        firm_name=row["实习机构"],
        firm_uscc=row["统一社会信用代码"],
        status=_STATUS_WORDS[row["实习状态"]],
        status_since=date.fromisoformat(row["状态日期"]),
    )
    good = is_trainee_no(record.trainee_no) and is_identity_no(record.identity_no) and record.name
    if not good:
        raise ValueError("row")
    return record
