"""Values that expire and may be lost at any moment without changing an answer.

Rate limits, hot caches and the fast path of rotating tickets. Single use is never decided here:
that truth is a unique row in PostgreSQL.
"""

from __future__ import annotations

from typing import ClassVar, Protocol

from app.ports.errors import Unavailable


class EphemeralUnavailable(Unavailable):
    """The store cannot be reached; each caller says what it does without it."""

    code: ClassVar[str] = "ephemeral.unavailable"


class Ephemeral(Protocol):
    """Text by key, each with a life in seconds. Every method may raise `EphemeralUnavailable`."""

    def put(self, *, key: str, value: str, ttl: float) -> None:
        """Store `value` for `ttl` > 0 seconds, replacing what was there."""
        ...

    def claim(self, *, key: str, value: str, ttl: float) -> bool:
        """Store only if the key is free; True for the one caller who got it. Never retried."""
        ...

    def get(self, key: str) -> str | None:
        """The value, or None when absent or expired."""
        ...

    def delete(self, key: str) -> None:
        """Forget the key; no error when it is absent."""
        ...

    def take(self, key: str) -> str | None:
        """Read and delete in one step: of many callers at most one gets the value."""
        ...

    def incr(self, *, key: str, ttl: float) -> int:
        """Add one and return the count. The first count starts the window of `ttl` seconds."""
        ...
