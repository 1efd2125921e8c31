"""Where a log is read from: its URL, or a folder with the same paths."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path
from typing import Protocol

from credential.tiles import TileRange, tile_path
from lvz_ledger.failure import CheckFailed

SECONDS = 20
MAX_ANSWER = 1 << 20


class Source(Protocol):
    """Gives what the log publishes under a path."""

    def read(self, path: str) -> bytes:
        """Return the bytes; raises `CheckFailed`."""
        ...


class Web:
    """A log behind a URL, such as `https://…/ledger`."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def read(self, path: str) -> bytes:
        """Fetch a path."""
        try:
            with urllib.request.urlopen(f"{self._url}/{path}", timeout=SECONDS) as answer:  # noqa: S310 - `at` lets http and https through only
                return bytes(answer.read(MAX_ANSWER))
        except (urllib.error.URLError, OSError, ValueError) as error:
            raise CheckFailed(f"取不到账本的 {path}：{error}。") from None

    def send(self, path: str, body: bytes) -> None:
        """Post a text."""
        request = urllib.request.Request(  # noqa: S310 - as above
            f"{self._url}/{path}", data=body, headers={"Content-Type": "text/plain"}
        )
        try:
            urllib.request.urlopen(request, timeout=SECONDS).close()  # noqa: S310 - as above
        except (urllib.error.URLError, OSError, ValueError) as error:
            raise CheckFailed(f"账本没有接受见证签名：{error}。") from None


class Folder:
    """A copy of a log in a folder."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, path: str) -> bytes:
        """Read a file."""
        try:
            return (self._path / path).read_bytes()
        except OSError:
            raise CheckFailed(f"账本副本缺少 {path}。") from None

    def write(self, path: str, data: bytes) -> None:
        """Write a file."""
        file = self._path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def at(place: str) -> Web | Folder:
    """Return the source that a person named."""
    return Web(place) if place.startswith(("http://", "https://")) else Folder(Path(place))


def read_tile(source: Source, wanted: TileRange) -> bytes:
    """Read exactly the hashes of a tile; raises `CheckFailed`."""
    data = source.read(f"tile/{tile_path(*wanted)}")
    if len(data) != wanted.width * 32:
        raise CheckFailed(f"散列块 {tile_path(*wanted)} 的长度不对。")
    return data
