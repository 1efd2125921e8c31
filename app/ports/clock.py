"""Time, as an argument: a use case reads it once, at its top."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The server's wall clock."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...
