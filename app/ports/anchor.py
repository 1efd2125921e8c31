"""Anchors 锚定: someone outside who can later confirm that a checkpoint existed by then."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from app.ports.errors import Refused, Unavailable


class AnchorUnavailable(Unavailable):
    """The time-stamping authority or the chain did not answer; try again later."""

    code: ClassVar[str] = "anchor.unavailable"


class AnchorRefused(Refused):
    """The outside system refused, or what it answered proves nothing about this checkpoint."""

    code: ClassVar[str] = "anchor.refused"


@dataclass(frozen=True, kw_only=True)
class Anchored:
    """A checkpoint to be anchored: its size, its root, and the text that the log signed."""

    size: int
    root: bytes
    text: str = field(repr=False)


class Anchor(Protocol):
    """One outside system. Anchoring the same checkpoint twice does no harm."""

    name: str

    def anchor(self, checkpoint: Anchored) -> bytes:
        """Return the proof, checked; raises `AnchorUnavailable` or `AnchorRefused`."""
        ...

    def verify(self, checkpoint: Anchored, proof: bytes) -> None:
        """Check a proof that `anchor` returned; raises the same."""
        ...
