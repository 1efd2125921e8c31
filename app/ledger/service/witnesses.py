"""Witnesses 见证人: others who saw a checkpoint to be consistent and signed it too."""

from __future__ import annotations

from collections.abc import Sequence

from app.kernel.unit_of_work import unit_of_work
from app.ledger import queries
from app.ledger.errors import CosignatureRefused
from app.ports.clock import Clock
from credential.checkpoint import Checkpoint, Note, NoteSignature, VerifierKey
from credential.errors import CredentialError

MAX_AHEAD = 60  # seconds a witness's clock may be ahead of ours


class Witnesses:
    """Takes in cosignatures of registered witnesses."""

    def __init__(self, *, keys: Sequence[VerifierKey], clock: Clock) -> None:
        self._keys = keys
        self._clock = clock

    def add(self, note: str) -> int:
        """Store the cosignatures on one of our checkpoints; return how many are right.

        Other lines are ignored, as C2SP demands. Raises `CosignatureRefused` when none is left,
        or the text is not a checkpoint of ours.
        """
        at = self._clock.now()
        try:
            parsed = Note.parse(note)
            checkpoint = Checkpoint.parse(parsed.text)
            lines = self._lines(parsed, latest=int(at.timestamp()) + MAX_AHEAD)
        except CredentialError as error:
            raise CosignatureRefused(error.code) from error
        with unit_of_work() as tx:
            ours = queries.checkpoint(tx, size=checkpoint.size)
            if not lines or ours is None or Note.parse(ours.note).text != parsed.text:
                raise CosignatureRefused("not a witness's, or not our checkpoint")
            for line in lines:
                queries.add_cosignature(
                    tx, size=ours.size, witness=line.name, line=line.line(), at=at
                )
        return len(lines)

    def _lines(self, note: Note, *, latest: int) -> list[NoteSignature]:
        found = []
        for key in self._keys:
            mine = [s for s in note.signatures if (s.name, s.key_id) == (key.name, key.key_id)]
            if mine and (key.check(note) or 0) <= latest:
                found.append(mine[0])
        return found
