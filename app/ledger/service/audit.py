"""The audit 账本自检: everything that is stored, computed again from the entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.kernel.unit_of_work import Tx, unit_of_work
from app.ledger import queries, rules
from app.ledger.rules import Entry
from app.ledger.service.entries import Ledger
from credential.checkpoint import Checkpoint, Note, VerifierKey
from credential.errors import CredentialError
from credential.merkle import leaf_hash
from credential.tiles import TileId, TileTree

CHUNK = 4096


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is not as it was written: where, and what about it."""

    where: str
    what: str


@dataclass(frozen=True, kw_only=True)
class Audit:
    """How much was looked at, and what was found."""

    entries: int
    tiles: int
    checkpoints: int
    findings: list[Finding]


class Auditor:
    """Recomputes leaves, tree and checkpoints; reads only."""

    def __init__(
        self, *, ledger: Ledger, log_key: VerifierKey, witnesses: Sequence[VerifierKey]
    ) -> None:
        self._ledger = ledger
        self._log_key = log_key
        self._witnesses = witnesses

    def run(self) -> Audit:
        """Look at everything as of one moment; takes some 100 bytes of memory a leaf."""
        with unit_of_work() as tx:
            queries.one_moment(tx)
            return self.look(tx)

    def look(self, tx: Tx) -> Audit:
        """Look at everything that this transaction sees."""
        tree = TileTree(size=0, read=_nothing)
        findings = [*self._entries(tx, tree), *self._waiting(tx)]
        kept = queries.all_tiles(tx)
        findings += _tiles(tree, kept)
        signed = list(self._checkpoints(tx, tree))
        return Audit(
            entries=tree.size,
            tiles=len(kept),
            checkpoints=len(signed),
            findings=[*findings, *(found for found in signed if found is not None)],
        )

    def _entries(self, tx: Tx, tree: TileTree) -> Iterator[Finding]:
        """Check each entry by itself and grow the tree by it."""
        last = -1
        while found := queries.entries(tx, after=last, most=CHUNK):
            for entry, seq in found:
                if seq != last + 1:
                    yield Finding(where=f"entry {last + 1}", what="missing")
                last = seq
                yield from self._entry(entry, where=f"entry {seq}")
            tree.append([leaf_hash(entry.leaf) for entry, _ in found])

    def _waiting(self, tx: Tx) -> Iterator[Finding]:
        for entry in queries.waiting(tx):
            yield from self._entry(entry, where=f"waiting {entry.id}")

    def _entry(self, entry: Entry, *, where: str) -> Iterator[Finding]:
        pseudonym = self._ledger.pseudonym(entry_id=entry.id, subject=entry.subject)
        wrong = rules.damage(entry, pseudonym=pseudonym)
        if wrong is not None:
            yield Finding(where=where, what=wrong)

    def _checkpoints(self, tx: Tx, tree: TileTree) -> Iterator[Finding | None]:
        """Check each checkpoint; None for each that is right."""
        last = -1
        while found := queries.checkpoints(tx, after=last, most=CHUNK):
            for row in found:
                last = row.size
                yield self._checkpoint(tree, row)
        if max(last, 0) != tree.size:
            yield Finding(where="checkpoints", what="the last one is not as long as the log")

    def _checkpoint(self, tree: TileTree, row: queries.CheckpointRow) -> Finding | None:
        try:
            wrong = self._wrong(tree, row)
        except CredentialError as error:
            wrong = error.code
        return None if wrong is None else Finding(where=f"checkpoint {row.size}", what=wrong)

    def _wrong(self, tree: TileTree, row: queries.CheckpointRow) -> str | None:
        said = Checkpoint.opened(row.note, key=self._log_key)
        if (said.size, said.root) != (row.size, row.root):
            return "another one was signed"
        note = Note.parse(row.cosigned)
        names = {line.name for line in note.signatures}
        for key in self._witnesses:
            if key.name in names:
                key.check(note)
        return None if tree.root(row.size) == row.root else "root"


def _tiles(tree: TileTree, kept: dict[TileId, bytes]) -> Iterator[Finding]:
    for tile in sorted(tree.changed.keys() | kept.keys()):
        if tree.changed.get(tile) != kept.get(tile):
            yield Finding(where=f"tile {tile.level}/{tile.number}", what="hashes")


def _nothing(_: TileId) -> bytes:
    return b""
