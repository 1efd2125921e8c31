"""Somebody who knows malware 病毒查杀."""

from __future__ import annotations

from typing import BinaryIO, ClassVar, Protocol

from app.ports.errors import Unavailable


class VirusScanUnavailable(Unavailable):
    """The scanner did not answer, or not whether the file is clean; it must not be taken so."""

    code: ClassVar[str] = "scan.unavailable"


class VirusScan(Protocol):
    """Looks at a whole file."""

    def scan(self, file: BinaryIO) -> str | None:
        """Return the name of what was found, None when clean; raises `VirusScanUnavailable`.

        `file` is read from where it stands.
        """
        ...
