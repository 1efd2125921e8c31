"""Mail that goes no further than a folder: a demonstration's letters, to be looked at."""

from __future__ import annotations

import hashlib
from pathlib import Path

from app.adapters.smtp.message import written
from app.ports.clock import Clock
from app.ports.mail import Letter


class FolderMail:
    """The mail port over a folder of .eml files, one a letter; sent twice, it is one file."""

    def __init__(self, *, folder: Path, sender: str, clock: Clock) -> None:
        self._folder = folder
        self._sender = sender
        self._clock = clock

    def send(self, letter: Letter) -> None:
        """Write the letter down."""
        message = written(letter, sender=self._sender, at=self._clock.now())
        self._folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(letter.reference.encode()).hexdigest()[:32]
        path = self._folder / f"{name}.eml"
        path.write_bytes(message.as_bytes())
        path.chmod(0o600)
