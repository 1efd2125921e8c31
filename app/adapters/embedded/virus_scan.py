"""A scanner that knows one thing: the EICAR test file, alone or inside a zip (so also an OFD)."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final

# In two parts, so that no scanner finds it in our source.
EICAR: Final = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-" + b"TEST-FILE!$H+H*"
NAME: Final = "Eicar-Test-Signature"
PIECE: Final = 1 << 20
MOST_INSIDE: Final = 256 << 20


class EmbeddedVirusScan:
    """For demonstration: it protects from nothing but shows that somebody looks."""

    def scan(self, file: BinaryIO) -> str | None:
        """Look for the test file."""
        start = file.tell()
        if _contains(_pieces(file)):
            return NAME
        file.seek(start)
        return NAME if _zip_contains(file) else None


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


def _contains(pieces: Iterator[bytes]) -> bool:
    before, read = b"", 0
    for piece in pieces:
        if EICAR in before + piece:
            return True
        before, read = piece[-len(EICAR) :], read + len(piece)
        if read > MOST_INSIDE:
            break
    return False


def _zip_contains(file: BinaryIO) -> bool:
    """Whether a member holds it; what cannot be unpacked holds nothing that we could find."""
    try:
        with zipfile.ZipFile(file) as archive:
            for entry in archive.infolist():
                with archive.open(entry) as member:
                    if _contains(_pieces(member)):  # type: ignore[arg-type]
                        return True
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError):
        return False
    return False
