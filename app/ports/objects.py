"""Files at rest: pieces of bytes under the digest of what they are, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import ClassVar, Protocol

from app.ports.errors import NotFound, Unavailable


class ObjectsUnavailable(Unavailable):
    """The store did not take or give an object; what was being stored is not stored."""

    code: ClassVar[str] = "objects.unavailable"


class ObjectMissing(NotFound):
    """The store has no object of that key."""

    code: ClassVar[str] = "objects.missing"


class Objects(Protocol):
    """Content-addressed objects: a key is the SHA-256 of the bytes, in hex.

    Callers hand in sealed bytes, so that no two objects are alike and a key tells nothing. Every
    method may raise `ObjectsUnavailable`.
    """

    def put(self, pieces: Iterable[bytes]) -> str:
        """Store the pieces as one object; once the key is returned, no crash loses it."""
        ...

    def get(self, key: str) -> Iterator[bytes]:
        """Give the object's bytes in pieces of any size; raises `ObjectMissing` before the first.

        An object that does not have its digest any more raises `ObjectsUnavailable` at its end.
        """
        ...

    def delete(self, key: str) -> None:
        """Forget an object; no error when there is none."""
        ...

    def exists(self, key: str) -> bool:
        """Whether there is such an object."""
        ...

    def written_before(self, moment: datetime) -> Iterator[str]:
        """Give the keys of objects older than that, to find those that nobody refers to."""
        ...
