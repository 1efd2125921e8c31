"""Anchoring 锚定: the newest checkpoint given to somebody outside, now and then."""

from __future__ import annotations

from collections.abc import Sequence

from app.kernel.outbox import Message, enqueue
from app.kernel.unit_of_work import unit_of_work
from app.ledger import queries
from app.ledger.errors import NotInLedger
from app.ports.anchor import Anchor, Anchored
from app.ports.clock import Clock
from credential.checkpoint import Note

TOPIC = "anchor"


class Anchoring:
    """Asynchronous, at least once, keyed by the tree's size; none of it delays an act."""

    def __init__(self, *, anchors: Sequence[Anchor], clock: Clock) -> None:
        self._anchors = {anchor.name: anchor for anchor in anchors}
        self._clock = clock

    def schedule(self) -> int:
        """Ask for the newest checkpoint to be anchored where it is not; return how often."""
        at, asked = self._clock.now(), 0
        with unit_of_work() as tx:
            newest = queries.newest_checkpoint(tx)
            for name in self._anchors:
                if newest is not None and newest.size > queries.newest_anchored(tx, anchor=name):
                    payload = {"anchor": name, "size": newest.size}
                    enqueue(tx, topic=TOPIC, payload=payload, at=at)
                    asked += 1
        return asked

    def handle(self, message: Message) -> None:
        """Anchor one checkpoint; the port's errors let the message come again later."""
        anchor = self._anchors.get(str(message.payload["anchor"]))
        if anchor is None:  # it was switched off meanwhile
            return
        checkpoint = self._checkpoint(int(message.payload["size"]))
        proof = anchor.anchor(checkpoint)
        at = self._clock.now()
        with unit_of_work() as tx:
            queries.add_anchor(tx, size=checkpoint.size, anchor=anchor.name, proof=proof, at=at)

    def verify(self, *, size: int) -> dict[str, bytes]:
        """Check the proofs of a checkpoint by the anchors in use; return them by name."""
        checkpoint = self._checkpoint(size)
        with unit_of_work() as tx:
            found = {row.anchor: row.proof for row in queries.anchors(tx, size=size)}
        for name in found.keys() & self._anchors.keys():
            self._anchors[name].verify(checkpoint, found[name])
        return found

    @staticmethod
    def _checkpoint(size: int) -> Anchored:
        with unit_of_work() as tx:
            row = queries.checkpoint(tx, size=size)
        if row is None:
            raise NotInLedger("checkpoint")
        return Anchored(size=row.size, root=row.root, text=Note.parse(row.note).text)
