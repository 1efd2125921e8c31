"""Signing keys in PEM files: for development and demonstration.

A missing file is made, except in production, where configuration demands the path.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from credential.keys import SoftwareSigner


class FileSigningKeys:
    """Reads the issuer's, the root and the ledger's key once."""

    def __init__(
        self, *, issuer_file: Path, root_file: Path, ledger_file: Path, provider_folder: Path
    ) -> None:
        self._issuer = _load(issuer_file, make=_p256)
        self._root = _load(root_file, make=_p256)
        self._ledger = _load(ledger_file, make=_ed25519)
        self._provider_folder = provider_folder
        self._provider: tuple[float, tuple[SoftwareSigner, ...]] = (0.0, ())
        self.provider()

    def issuer(self) -> SoftwareSigner:
        """Return the issuer's key."""
        return self._issuer

    def provider(self) -> Sequence[SoftwareSigner]:
        """Return the keys of the OpenID provider, the newest first.

        The folder is read again when it changed, so a key is rotated without a restart: put a new
        PEM there, named to sort last, and take the old one away when its tokens have expired.
        """
        folder = self._provider_folder
        changed, keys = self._provider
        if not keys or folder.stat().st_mtime != changed:
            self._provider = _, keys = _folder(folder)
        return keys

    def root(self) -> SoftwareSigner:
        """Return the key that signs the key set."""
        return self._root

    def ledger(self) -> SoftwareSigner:
        """Return the key that signs checkpoints."""
        return self._ledger


def _folder(folder: Path) -> tuple[float, tuple[SoftwareSigner, ...]]:
    """Read a folder of keys, and when it changed; an empty one is given a key."""
    if not any(folder.glob("*.pem")):
        _load(folder / "0001.pem", make=_p256)
    changed = folder.stat().st_mtime
    files = sorted(folder.glob("*.pem"), reverse=True)
    return changed, tuple(_load(file, make=_p256) for file in files)


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
