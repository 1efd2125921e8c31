"""How long codes, tokens, grants and sessions live."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

CODE: Final = timedelta(seconds=60)
PUSHED_REQUEST: Final = timedelta(seconds=60)
ACCESS_TOKEN: Final = timedelta(minutes=10)
ID_TOKEN: Final = timedelta(minutes=10)
BROWSER_SESSION: Final = timedelta(hours=8)
LOGIN_GRANT: Final = timedelta(hours=8)
OFFLINE_GRANT: Final = timedelta(days=30)
ACT_GRANT: Final = timedelta(days=1)
PORTAL_IDLE: Final = timedelta(minutes=30)
PORTAL_LONGEST: Final = timedelta(hours=10)
PORTAL_WARNING: Final = timedelta(minutes=2)


def grant_until(*, at: datetime, kind: str, retention_days: int | None, offline: bool) -> datetime:
    """Return when a grant ends by itself."""
    if kind == "act":
        return at + ACT_GRANT
    if retention_days is not None:
        return at + timedelta(days=retention_days)
    return at + (OFFLINE_GRANT if offline else LOGIN_GRANT)
