"""Randomness, as an argument."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID


class Entropy(Protocol):
    """A cryptographically secure source of randomness."""

    def token_bytes(self, n: int) -> bytes:
        """`n` random bytes."""
        ...

    def uuid(self) -> UUID:
        """A random UUID (RFC 9562 version 4)."""
        ...

    def below(self, n: int) -> int:
        """A uniform integer in `0 … n−1`; `n` ≥ 1."""
        ...
