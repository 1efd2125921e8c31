"""Signing keys in PEM files: for development and demonstration.

A missing file is made, except in production, where configuration demands the path.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from credential.keys import SoftwareSigner


class FileSigningKeys:
    """Reads the issuer's, the root and the ledger's key once."""

    def __init__(self, *, issuer_file: Path, root_file: Path, ledger_file: Path) -> None:
        self._issuer = _load(issuer_file, make=_p256)
        self._root = _load(root_file, make=_p256)
        self._ledger = _load(ledger_file, make=_ed25519)

    def issuer(self) -> SoftwareSigner:
        """Return the issuer's key."""
        return self._issuer

    def root(self) -> SoftwareSigner:
        """Return the key that signs the key set."""
        return self._root

    def ledger(self) -> SoftwareSigner:
        """Return the key that signs checkpoints."""
        return self._ledger


def _p256() -> SoftwareSigner:
    return SoftwareSigner(ec.generate_private_key(ec.SECP256R1()))


def _ed25519() -> SoftwareSigner:
    return SoftwareSigner(ed25519.Ed25519PrivateKey.generate())


def _load(path: Path, *, make: Callable[[], SoftwareSigner]) -> SoftwareSigner:
    if path.exists():
        return SoftwareSigner.from_pem(path.read_bytes())
    signer = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(signer.to_pem())
    return signer
