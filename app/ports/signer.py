"""Where the platform's signing keys live: a file for development, a module in production."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from credential.keys import Signer


class SigningKeys(Protocol):
    """The three keys of the platform, each behind `credential`'s Signer."""

    def issuer(self) -> Signer:
        """Return the key that signs credentials and status lists."""
        ...

    def provider(self) -> Sequence[Signer]:
        """Return the keys of the OpenID provider: the first signs, all are published."""
        ...

    def root(self) -> Signer:
        """Return the key that signs the published key set; kiosks learn it when enrolled."""
        ...

    def ledger(self) -> Signer:
        """Return the Ed25519 key that signs the ledger's checkpoints."""
        ...
