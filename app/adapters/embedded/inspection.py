"""Files are read by a process of their own, which has little time, little memory, no settings.

The libraries that know PDF and pictures are large, and what they read was made by strangers. What
breaks, hangs or fills the memory there is the end of that process and of nothing else.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, BinaryIO, Final

from app.ports.inspection import Finding, InspectionRefused, InspectionUnavailable, PdfFacts

PROGRAM: Final = Path(__file__).with_name("inspection_process.py")
PATIENCE: Final = 25.0  # seconds; less than a worker's lease


class ProcessInspection:
    """Starts the reader for each file."""

    def __init__(self, *, patience: float = PATIENCE) -> None:
        self._patience = patience

    def pdf(self, file: BinaryIO) -> PdfFacts:
        """Read a PDF; raises `InspectionRefused`, `InspectionUnavailable`."""
        return PdfFacts(pages=int(self._read("pdf", file)["pages"]))

    def picture(self, file: BinaryIO) -> None:
        """Decode a picture; raises `InspectionRefused`, `InspectionUnavailable`."""
        self._read("picture", file)

    def _read(self, kind: str, file: BinaryIO) -> dict[str, Any]:
        file.flush()
        file.seek(0)
        command = [sys.executable, "-I", str(PROGRAM), kind]
        try:
            ended = subprocess.run(  # noqa: S603 - our own program, nothing of the user's in it
                command,
                stdin=file,
                capture_output=True,
                timeout=self._patience,
                env={},
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise InspectionRefused(Finding.TOO_COMPLEX) from error
        except OSError as error:
            raise InspectionUnavailable(type(error).__name__) from error
        return _answer(ended)


def _answer(ended: subprocess.CompletedProcess[bytes]) -> dict[str, Any]:
    """Read what it said; a reader that was ended by the system met its limits or its attacker."""
    if ended.returncode < 0:
        raise InspectionRefused(Finding.TOO_COMPLEX)
    begun, _, said = ended.stdout.partition(b"\n")
    if begun != b"reading":
        raise InspectionUnavailable(f"exit code {ended.returncode}")
    if ended.returncode:
        raise InspectionRefused(Finding.DAMAGED)
    facts: dict[str, Any] = json.loads(said)
    if "finding" in facts:
        raise InspectionRefused(Finding(facts["finding"]))
    return facts
