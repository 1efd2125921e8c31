"""Objects in a folder, which no web server serves and whose names are digests."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from app.ports.objects import ObjectMissing, ObjectsUnavailable

PIECE: Final = 1 << 20
KEY: Final = re.compile(r"[0-9a-f]{64}")
UNFINISHED: Final = "unfinished"


class FolderObjects:
    """`<folder>/<two digits>/<sha256>`; written beside, synced, and renamed when whole.

    `name` gives a fresh name for what is being written.
    """

    def __init__(self, *, folder: Path, name: Callable[[], str]) -> None:
        self._folder = folder
        self._name = name

    def put(self, pieces: Iterable[bytes]) -> str:
        """Store the pieces; raises `ObjectsUnavailable`."""
        try:
            return self._put(pieces)
        except OSError as error:
            raise ObjectsUnavailable(type(error).__name__) from error

    def get(self, key: str) -> Iterator[bytes]:
        """Give an object's bytes; raises `ObjectMissing` at once, `ObjectsUnavailable`."""
        try:
            file = self._path(key).open("rb")
        except FileNotFoundError as error:
            raise ObjectMissing from error
        except OSError as error:
            raise ObjectsUnavailable(type(error).__name__) from error

        def read() -> Iterator[bytes]:
            digest = hashlib.sha256()
            with file:
                while piece := file.read(PIECE):
                    digest.update(piece)
                    yield piece
            if digest.hexdigest() != key:
                raise ObjectsUnavailable("an object is not what it was")

        return read()

    def delete(self, key: str) -> None:
        """Forget an object."""
        try:
            self._path(key).unlink(missing_ok=True)
        except OSError as error:
            raise ObjectsUnavailable(type(error).__name__) from error

    def exists(self, key: str) -> bool:
        """Whether there is one."""
        return self._path(key).exists()

    def written_before(self, moment: datetime) -> Iterator[str]:
        """Give old keys; what a crash left unfinished that long ago is deleted on the way."""
        limit = moment.timestamp()
        for path in self._folder.glob("*/*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime >= limit:
                    continue
                if path.parent.name == UNFINISHED:
                    path.unlink()
                else:
                    yield path.name

    def _put(self, pieces: Iterable[bytes]) -> str:
        unfinished = self._made(UNFINISHED) / self._name()
        digest = hashlib.sha256()
        try:
            with unfinished.open("xb") as file:
                for piece in pieces:
                    digest.update(piece)
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            key = digest.hexdigest()
            home = self._made(key[:2])
            unfinished.rename(home / key)
            _sync(home)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        return key

    def _made(self, name: str) -> Path:
        folder = self._folder / name
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sync(self._folder)
        return folder

    def _path(self, key: str) -> Path:
        if not KEY.fullmatch(key):
            raise ObjectMissing("not a key")
        return self._folder / key[:2] / key


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
