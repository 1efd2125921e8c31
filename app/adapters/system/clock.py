"""The machine's clock; the only place in `app` that reads it."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class SystemClock:
    """The server's wall clock, kept right by NTP."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)


def monotonic() -> float:
    """Seconds that never run backwards; only differences have a meaning."""
    return time.monotonic()
