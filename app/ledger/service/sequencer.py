"""The sequencer: gives waiting entries their numbers, grows the tree, signs a checkpoint."""

from __future__ import annotations

from app.kernel.unit_of_work import Tx, autocommit, unit_of_work
from app.ledger import queries
from app.ledger.errors import LedgerInconsistent
from app.ports.clock import Clock
from credential.checkpoint import Checkpoint, VerifierKey
from credential.errors import LogProofInvalid
from credential.keys import Signer
from credential.merkle import check_consistency
from credential.tiles import TileId, TileTree

BATCH = 1000


class Sequencer:
    """One at a time in the whole system, however many processes run; the database sees to it.

    Numbers, tiles and the signed checkpoint are one transaction, so after a crash at any moment
    either all of a batch is there or nothing, and the next run continues.
    """

    def __init__(self, *, origin: str, signer: Signer, clock: Clock) -> None:
        self.origin = origin
        self.log_key = VerifierKey.of(origin, signer.public)
        self._signer = signer
        self._clock = clock

    def drain(self) -> int:
        """Number everything that waits; return how many entries that were."""
        done = 0
        while True:
            with autocommit() as database:
                if not queries.any_waiting(database):
                    return done
            done += self.once()

    def once(self, *, most: int = BATCH) -> int:
        """Number one batch; raises `LedgerInconsistent` rather than sign over a changed past."""
        at = self._clock.now()
        with unit_of_work() as tx:
            queries.lock(tx)
            last = queries.newest_checkpoint(tx)
            tree = self._tree(tx, last)
            hashes = queries.number_waiting(tx, start=tree.size, most=most)
            if not hashes:
                return 0
            tree.append(hashes)
            queries.write_tiles(tx, tree.changed)
            queries.add_checkpoint(tx, row=self._signed(tree, last), at=at)
        return len(hashes)

    @staticmethod
    def _tree(tx: Tx, last: queries.CheckpointRow | None) -> TileTree:
        """The tree that was signed last, read from its right edge."""

        def read(wanted: TileId) -> bytes:
            return queries.tile(tx, wanted)

        size = 0 if last is None else last.size
        if queries.numbered(tx) != size:
            raise LedgerInconsistent("entries are numbered beyond the last checkpoint, or missing")
        return TileTree(size=size, read=read)

    def _signed(self, tree: TileTree, last: queries.CheckpointRow | None) -> queries.CheckpointRow:
        """Sign the tree, if it begins with the one that was signed last."""
        try:
            root = tree.root()
            if last is not None:
                check_consistency(
                    old=last.size,
                    new=tree.size,
                    proof=tree.consistency_proof(last.size, tree.size),
                    old_root=last.root,
                    new_root=root,
                )
        except LogProofInvalid as error:
            raise LedgerInconsistent(error.detail) from error
        note = Checkpoint(self.origin, tree.size, root).sign(self._signer)
        return queries.CheckpointRow(size=tree.size, root=root, note=note)
