"""What anybody may fetch: checkpoints, tiles of hashes, proofs. No leaf is served here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from app.kernel.unit_of_work import Autocommit, autocommit
from app.ledger import queries
from app.ledger.errors import NotInLedger
from credential.checkpoint import VerifierKey
from credential.errors import LogProofInvalid
from credential.merkle import HASH_SIZE
from credential.tiles import TileRange, TileTree


@dataclass(frozen=True, kw_only=True)
class InclusionProof:
    """Where a leaf hash stands in the tree of one size."""

    index: int
    size: int
    leaf_hash: bytes
    proof: Sequence[bytes]


@dataclass(frozen=True, kw_only=True)
class ConsistencyProof:
    """That one tree begins with another."""

    old: int
    new: int
    proof: Sequence[bytes]


class LedgerPublication:
    """Reads of the published log. All raise `NotInLedger` for what is not there (yet)."""

    def __init__(self, *, log_key: VerifierKey) -> None:
        self._log_key = log_key

    def vkey(self) -> str:
        """Return the log's public key as C2SP tools read it."""
        return self._log_key.encode()

    def checkpoint(self, *, size: int | None = None) -> str:
        """Return a checkpoint with the witnesses' cosignatures; the newest without `size`."""
        with autocommit() as database:
            found = (
                queries.newest(database)
                if size is None
                else queries.checkpoint_of(database, size=size)
            )
        if found is None:
            raise NotInLedger("checkpoint")
        return found.cosigned

    def tile(self, wanted: TileRange) -> bytes:
        """Return so many hashes of a tile."""
        with autocommit() as database:
            hashes = queries.read_tile(database, wanted.tile)
        needed = wanted.width * HASH_SIZE
        if len(hashes) < needed:
            raise NotInLedger("tile")
        return hashes[:needed]

    def inclusion(self, *, index: int, size: int | None) -> InclusionProof:
        """Prove that a leaf is in the tree of `size` leaves; the newest tree without it."""
        with autocommit() as database:
            tree = _tree(database, size)
            try:
                proof = tree.inclusion_proof(index, tree.size)
                leaf = tree.node(0, index)
            except LogProofInvalid as error:
                raise NotInLedger(error.detail) from error
        return InclusionProof(index=index, size=tree.size, leaf_hash=leaf, proof=proof)

    def consistency(self, *, old: int, new: int | None) -> ConsistencyProof:
        """Prove that the tree of `new` leaves begins with that of `old`."""
        with autocommit() as database:
            tree = _tree(database, new)
            try:
                proof = tree.consistency_proof(old, tree.size)
            except LogProofInvalid as error:
                raise NotInLedger(error.detail) from error
        return ConsistencyProof(old=old, new=tree.size, proof=proof)


def _tree(database: Autocommit, size: int | None) -> TileTree:
    """Return the tree of a size that is signed for, to be read tile by tile."""
    newest = queries.newest(database)
    if newest is None or (size is not None and size > newest.size):
        raise NotInLedger("tree size")
    return TileTree(
        size=newest.size if size is None else size, read=partial(queries.read_tile, database)
    )
