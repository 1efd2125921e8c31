"""Quiet hours 免打扰时段: what is not urgent waits for the morning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

BEIJING: Final = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, kw_only=True)
class QuietHours:
    """From one full hour to another, Beijing time, over midnight if need be; equal: never."""

    from_hour: int = 22
    until_hour: int = 7


def due(quiet: QuietHours, *, at: datetime, urgent: bool) -> datetime:
    """Return when something may be pushed: now, or at the end of the quiet hours."""
    if urgent or quiet.from_hour == quiet.until_hour:
        return at
    local = at.astimezone(BEIJING)
    since = (local.hour - quiet.from_hour) % 24
    if since >= (quiet.until_hour - quiet.from_hour) % 24:
        return at
    end = local.replace(hour=quiet.until_hour, minute=0, second=0, microsecond=0)
    return (end if end > local else end + timedelta(days=1)).astimezone(at.tzinfo)
