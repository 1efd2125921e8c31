"""When a push that failed is tried again; after the last try a person may look."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

WAITS: Final = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 6 * 60, 12 * 60, 24 * 60)
)


def next_try(attempts: int) -> timedelta | None:
    """Return the wait after this many failures; None after the last."""
    return WAITS[attempts - 1] if attempts <= len(WAITS) else None
