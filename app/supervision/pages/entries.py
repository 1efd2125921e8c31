"""通行记录: who was let into a court on a day, and above all who was not."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, request

from app.http.auth import principal
from app.kernel.principal import Operator, OperatorRole
from app.supervision.pages.console import page, services

entries = Blueprint("console_entries", __name__)


@entries.get("/entries")
def day_page() -> str:
    """Show a day's figures by court and its entries; a hall officer sees the own court's."""
    operator = principal(Operator)
    today = services().entry_log.today()
    day, wrong = _day(request.args.get("day", ""), today=today)
    court_name = _court(operator)
    services().operators.write_down(
        operator=operator, act="entries.view", subject=f"{day} {court_name}".strip()
    )
    counts, items = services().entry_log.day(day=day, court_name=court_name)
    return page(
        "console/entries.html",
        day=day,
        today=today,
        wrong=wrong,
        court_name=court_name,
        counts=counts,
        items=items,
        every=operator.role is OperatorRole.BUREAU,
        shown=services().entry_log.DAY_SHOWN,
    )


def _day(text: str, *, today: date) -> tuple[date, bool]:
    """Return the day asked for, or today and that nothing could be read."""
    if not text:
        return today, False
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today, True
    readable = date(2026, 1, 1) <= day <= today
    return (day, False) if readable else (today, True)


def _court(operator: Operator) -> str:
    """Return whose entries are shown: "" is every court's, and that is the bureau's alone."""
    if operator.role is OperatorRole.BUREAU:
        return request.args.get("court", "").replace("\x00", "").strip()[:60]
    return operator.court_name
