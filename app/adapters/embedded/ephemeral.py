"""Short-lived values in this process's memory: one process, tests and demonstrations."""

from __future__ import annotations

import threading
from collections.abc import Callable

_SWEEP_EVERY = 1024


class EmbeddedEphemeral:
    """A dict with expiry under one lock. `monotonic` gives seconds that never run backwards.

    Other processes do not see these values, so it is refused in production.
    """

    def __init__(self, *, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._entries: dict[str, tuple[str, float]] = {}
        self._writes = 0

    def put(self, *, key: str, value: str, ttl: float) -> None:
        """Store `value` for `ttl` > 0 seconds, replacing what was there."""
        with self._lock:
            self._store(key, value, ttl)

    def claim(self, *, key: str, value: str, ttl: float) -> bool:
        """Store only if the key is free; True for the one caller who got it."""
        with self._lock:
            if self._alive(key) is not None:
                return False
            self._store(key, value, ttl)
            return True

    def get(self, key: str) -> str | None:
        """The value, or None when absent or expired."""
        with self._lock:
            return self._alive(key)

    def delete(self, key: str) -> None:
        """Forget the key; no error when it is absent."""
        with self._lock:
            self._entries.pop(key, None)

    def take(self, key: str) -> str | None:
        """Read and delete in one step: of many callers at most one gets the value."""
        with self._lock:
            value = self._alive(key)
            self._entries.pop(key, None)
            return value

    def incr(self, *, key: str, ttl: float) -> int:
        """Add one and return the count; raises ValueError when the key holds no count."""
        with self._lock:
            count = int(self._alive(key) or "0") + 1
            if count == 1:
                self._store(key, "1", ttl)
            else:
                self._entries[key] = (str(count), self._entries[key][1])
            return count

    def _store(self, key: str, value: str, ttl: float) -> None:
        if ttl <= 0:
            message = "ttl must be positive"
            raise ValueError(message)
        self._writes += 1
        if self._writes % _SWEEP_EVERY == 0:
            self._sweep()
        self._entries[key] = (value, self._monotonic() + ttl)

    def _alive(self, key: str) -> str | None:
        entry = self._entries.get(key)
        if entry is None:
            return None
        value, expires = entry
        if self._monotonic() < expires:
            return value
        del self._entries[key]
        return None

    def _sweep(self) -> None:
        """Drop what nobody asked for again, so that memory follows the live values only."""
        now = self._monotonic()
        self._entries = {k: entry for k, entry in self._entries.items() if now < entry[1]}
