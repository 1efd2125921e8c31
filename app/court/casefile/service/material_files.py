"""Materials at rest: sealed in frames before they reach the store."""

from __future__ import annotations

import struct
import uuid
from collections.abc import Iterable, Iterator
from typing import Final

from app.kernel.field_crypto import DataKey, FieldCrypto
from app.ports.objects import Objects, ObjectsUnavailable

LONGEST_FRAME: Final = 2 << 20


class MaterialFiles:
    """An object is frames of `length(4) | AES-256-GCM`, under the material's own data key.

    What is authenticated beside each frame names the material, the part, the frame's place and
    whether it is the last, so that no frame can be moved, left out or cut off.
    """

    def __init__(self, *, objects: Objects, crypto: FieldCrypto) -> None:
        self._objects = objects
        self._crypto = crypto

    def store(
        self, pieces: Iterable[bytes], *, key: DataKey, material_id: uuid.UUID, part: str
    ) -> str:
        """Seal pieces of at most a megabyte into one object; return its key."""
        return self._objects.put(self._frames(pieces, key, f"material:{material_id}:{part}"))

    def read(
        self, object_key: str, *, key: DataKey, material_id: uuid.UUID, part: str
    ) -> Iterator[bytes]:
        """Give what was stored; raises `FieldUnreadable`, `ObjectMissing`, `ObjectsUnavailable`.

        The first of these before the first piece, a damage further on when it is reached.
        """
        pieces = self._objects.get(object_key)
        return self._opened(pieces, key, f"material:{material_id}:{part}")

    def delete(self, object_keys: Iterable[str]) -> None:
        """Forget objects."""
        for key in object_keys:
            self._objects.delete(key)

    def _frames(self, pieces: Iterable[bytes], key: DataKey, name: str) -> Iterator[bytes]:
        for number, piece, last in _with_last(pieces):
            sealed = self._crypto.seal(piece, key=key, aad=_place(name, number, last=last))
            yield struct.pack(">I", len(sealed)) + sealed

    def _opened(self, pieces: Iterable[bytes], key: DataKey, name: str) -> Iterator[bytes]:
        for number, sealed, last in _with_last(_unframed(pieces)):
            yield self._crypto.open(sealed, key=key, aad=_place(name, number, last=last))


def _place(name: str, number: int, *, last: bool) -> str:
    return f"{name}:{number}:{'last' if last else 'more'}"


def _with_last(pieces: Iterable[bytes]) -> Iterator[tuple[int, bytes, bool]]:
    """Number the pieces and tell the last one; no piece at all is one empty piece."""
    number, before = 0, None
    for piece in pieces:
        if before is not None:
            yield number, before, False
            number += 1
        before = piece
    yield number, before or b"", True


def _unframed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Cut a stream into its frames; raises `ObjectsUnavailable` for what are none."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) >= 4:
            length = int.from_bytes(waiting[:4], "big")
            if length > LONGEST_FRAME:
                raise ObjectsUnavailable("no frame")
            if len(waiting) < 4 + length:
                break
            yield bytes(waiting[4 : 4 + length])
            del waiting[: 4 + length]
    if waiting:
        raise ObjectsUnavailable("a frame is cut off")
