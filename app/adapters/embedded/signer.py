"""Signing keys in PEM files: for development and demonstration.

A missing file is made, except in production, where configuration demands the path.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from credential.keys import SoftwareSigner


class FileSigningKeys:
    """Reads the issuer's and the root key once."""

    def __init__(self, *, issuer_file: Path, root_file: Path) -> None:
        self._issuer = _load(issuer_file)
        self._root = _load(root_file)

    def issuer(self) -> SoftwareSigner:
        """Return the issuer's key."""
        return self._issuer

    def root(self) -> SoftwareSigner:
        """Return the key that signs the key set."""
        return self._root


def _load(path: Path) -> SoftwareSigner:
    if path.exists():
        return SoftwareSigner.from_pem(path.read_bytes())
    signer = SoftwareSigner(ec.generate_private_key(ec.SECP256R1()))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(signer.to_pem())
    return signer
