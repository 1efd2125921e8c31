"""The operating system's randomness; the only place in `app` that uses `secrets`."""

from __future__ import annotations

import secrets
from uuid import UUID, uuid4


class SystemEntropy:
    """Randomness of the operating system's generator."""

    def token_bytes(self, n: int) -> bytes:
        """`n` random bytes."""
        return secrets.token_bytes(n)

    def uuid(self) -> UUID:
        """A random UUID (RFC 9562 version 4)."""
        return uuid4()

    def below(self, n: int) -> int:
        """A uniform integer in `0 … n−1`; `n` ≥ 1."""
        return secrets.randbelow(n)
