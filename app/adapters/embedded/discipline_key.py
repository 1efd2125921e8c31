"""The demonstration's discipline desk: a key pair in a folder, as a real desk keeps it elsewhere.

A real desk makes its own pair and gives the public half away (docs/courts.md).
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

PRIVATE = "discipline-private.pem"


def public_pem(folder: Path) -> bytes:
    """Return the public key, of a pair made at the first start; processes may start together."""
    path = folder / PRIVATE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = folder / f".{PRIVATE}.{os.getpid()}"
        made.touch(mode=0o600)
        made.write_bytes(
            ec.generate_private_key(ec.SECP256R1()).private_bytes(
                Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
            )
        )
        with suppress(FileExistsError):
            os.link(made, path)  # whoever is first wins, and nobody reads half a file
        made.unlink()
    key = load_pem_private_key(path.read_bytes(), password=None)
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
