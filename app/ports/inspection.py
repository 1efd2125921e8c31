"""Reading other people's files with libraries that may be attacked by them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO, ClassVar, Protocol

from app.ports.errors import Refused, Unavailable


class Finding(StrEnum):
    """Why a file could not be looked at, or must not be taken."""

    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    ACTIVE = "active"  # carries a program: JavaScript, or an action that starts one
    TOO_COMPLEX = "too_complex"  # reading it would take more time or memory than a file deserves


class InspectionRefused(Refused):
    """The file was read and is refused; `finding` says why."""

    code: ClassVar[str] = "inspection.refused"

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.value)
        self.finding = finding


class InspectionUnavailable(Unavailable):
    """Nothing is known about the file: whoever reads them could not be asked."""

    code: ClassVar[str] = "inspection.unavailable"


@dataclass(frozen=True, kw_only=True)
class PdfFacts:
    """What a PDF is."""

    pages: int


class Inspection(Protocol):
    """Looks into one file; both may raise `InspectionRefused` and `InspectionUnavailable`."""

    def pdf(self, file: BinaryIO) -> PdfFacts:
        """Read every object of a PDF; `file` has a descriptor."""
        ...

    def picture(self, file: BinaryIO) -> None:
        """Decode a JPEG or PNG to its last line; `file` has a descriptor."""
        ...
