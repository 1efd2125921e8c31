"""`python -m app.cli courts import|functions FILE.csv`: load a table, or say which rows are bad."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from app.court.casefile.service.courts import ImportReport
from app.services import Services

SHOWN = 50


def load_courts(app: Flask, path: Path) -> tuple[bool, str]:
    """Load the table of courts 法院; return whether it was, and what to tell."""
    text = _read(path)
    if text is None:
        return False, _NOT_UTF8
    services: Services = app.extensions["services"]
    with app.app_context():
        return _told(services.casefile.courts.load_courts(text=text), "法院")


def load_functions(app: Flask, path: Path) -> tuple[bool, str]:
    """Load the table of courts' functions 功能, likewise."""
    text = _read(path)
    if text is None:
        return False, _NOT_UTF8
    services: Services = app.extensions["services"]
    with app.app_context():
        return _told(services.casefile.courts.load_functions(text=text), "法院功能")


_NOT_UTF8 = "✗ 文件不是 UTF-8 编码，没有写入任何内容。"


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return None


def _told(report: ImportReport, what: str) -> tuple[bool, str]:
    if not report.errors:
        return True, (
            f"✓ {what}：新增{report.added}条，更新{report.changed}条，未变{report.unchanged}条。"
        )
    lines = [
        f"  第{error.line}行 {error.key}：{'；'.join(error.reasons)}"
        for error in report.errors[:SHOWN]
    ]
    more = len(report.errors) - len(lines)
    rest = [f"  …另有{more}行"] if more else []
    head = f"✗ 有{len(report.errors)}行不正确，没有写入任何内容："
    return False, "\n".join([head, *lines, *rest])
