"""Writing to the ledger and getting a receipt 存证回执.

A domain writes its entry in the transaction of the act: `Ledger.append(tx, event)`, or, where the
act is one prepared statement, `entry_from(cte)` inside it and `Ledger.values(event)` beside it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import partial

from app.kernel.field_crypto import FieldCrypto
from app.kernel.unit_of_work import Tx, autocommit
from app.ledger import queries, rules
from app.ledger.errors import EntryErased, LedgerInconsistent
from app.ledger.queries import entry_from
from app.ledger.rules import Entry, Event
from app.ledger.service.sequencer import Sequencer
from app.ports.entropy import Entropy
from credential.errors import CredentialError
from credential.receipt import SALT_SIZE, Receipt
from credential.tiles import TileTree

__all__ = ["Event", "Ledger", "Receipt", "entry_from"]

PSEUDONYM = "ledger_entry.subject"


class Ledger:
    """The ledger 存证账本, as the other domains see it."""

    def __init__(self, *, entropy: Entropy, crypto: FieldCrypto, sequencer: Sequencer) -> None:
        self._entropy = entropy
        self._crypto = crypto
        self._sequencer = sequencer

    def append(self, tx: Tx, event: Event) -> uuid.UUID:
        """Write an entry in the caller's transaction; return its id."""
        entry = self._entry(event)
        queries.add(tx, entry)
        return entry.id

    def values(self, event: Event) -> dict[str, object]:
        """Return the values for a statement that contains `entry_from`."""
        return queries.bound(self._entry(event))

    def receipt(self, *, source_id: uuid.UUID, kind: str | None = None) -> Receipt | None:
        """Return the receipt of the newest entry about a row; None when there is none.

        An entry that still waits is numbered first. To be called outside a unit of work, after
        the act was committed. Raises `EntryErased`.
        """
        found = self._find(source_id, kind)
        if found is None:
            return None
        entry, index = found
        if entry.salt is None or entry.details is None:
            raise EntryErased
        if index is None:
            index = self._numbered(source_id, kind)
        return self._receipt(entry, index, salt=entry.salt, details=entry.details)

    def proves(self, receipt: object, *, kind: str) -> bool:
        """Whether this is a receipt of ours for an entry of a kind, by the log's key alone."""
        try:
            read = Receipt.from_json(receipt if isinstance(receipt, Mapping) else {})
            return read.verify(log=self._sequencer.log_key).leaf.kind == kind
        except CredentialError:
            return False

    def erase_person(self, tx: Tx, *, subject: uuid.UUID) -> None:
        """Erase the details of a person's entries (PIPL art. 47); the tree stays valid."""
        queries.erase(tx, subject=subject)

    def pseudonym(self, *, entry_id: uuid.UUID, subject: uuid.UUID | None) -> bytes | None:
        """Return what a leaf says of its subject: a keyed digest, another one in every leaf."""
        if subject is None:
            return None
        value = rules.subject_text(entry_id=entry_id, subject=subject)
        return self._crypto.blind_index(column=PSEUDONYM, value=value)

    def _entry(self, event: Event) -> Entry:
        entry_id = self._entropy.uuid()
        return rules.entry(
            event,
            entry_id=entry_id,
            salt=self._entropy.token_bytes(SALT_SIZE),
            pseudonym=self.pseudonym(entry_id=entry_id, subject=event.subject),
        )

    @staticmethod
    def _find(source_id: uuid.UUID, kind: str | None) -> tuple[Entry, int | None] | None:
        with autocommit() as database:
            return queries.newest_of_source(database, source_id=source_id, kind=kind)

    def _numbered(self, source_id: uuid.UUID, kind: str | None) -> int:
        self._sequencer.drain()
        found = self._find(source_id, kind)
        if found is None or found[1] is None:
            raise LedgerInconsistent("an entry that was there has no number")
        return found[1]

    @staticmethod
    def _receipt(entry: Entry, index: int, *, salt: bytes, details: bytes) -> Receipt:
        """Prove the entry under the newest witnessed checkpoint, or else under the newest."""
        with autocommit() as database:
            row = queries.covering(database, size=index + 1)
            if row is None:
                raise LedgerInconsistent("an entry has a number beyond the last checkpoint")
            tree = TileTree(size=row.size, read=partial(queries.read_tile, database))
            proof = tree.inclusion_proof(index, row.size)
        return Receipt(
            entry=entry.leaf,
            salt=salt,
            details=details,
            index=index,
            tree_size=row.size,
            checkpoint=row.cosigned,
            proof=tuple(proof),
        )
