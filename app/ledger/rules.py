"""What goes into a leaf: pure, from an event and the randomness it was given."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from credential.errors import Malformed
from credential.merkle import leaf_hash
from credential.receipt import Json, Leaf, canonical, commitment, read_canonical


@dataclass(frozen=True, kw_only=True)
class Event:
    """What happened 存证事项, in the domain's words.

    `kind` is "issuance", "verification", "status", "device", "grant", "grant_end",
    "confirmation", …; `subject` whose it is (a lawyer's id), `place` a kiosk's or client's id or
    "", `source_id` the row this is about. `details` are ids, codes and digests, never names or
    numbers of people; they stay in the database beside their salt and can be erased.
    """

    kind: str
    at: datetime
    subject: uuid.UUID | None
    place: str
    source_id: uuid.UUID
    details: Mapping[str, Json]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A row of the ledger, ready to be written; `seq` comes later."""

    id: uuid.UUID
    at: datetime
    kind: str
    source_id: uuid.UUID
    subject: uuid.UUID | None
    leaf: bytes
    leaf_hash: bytes
    salt: bytes | None = field(repr=False)
    details: bytes | None = field(repr=False)


def entry(event: Event, *, entry_id: uuid.UUID, salt: bytes, pseudonym: bytes | None) -> Entry:
    """Make the entry of an event."""
    details = canonical({**event.details, "source_id": str(event.source_id)})
    leaf = Leaf(
        id=str(entry_id),
        kind=event.kind,
        at=milliseconds(event.at),
        place=event.place,
        subject=pseudonym,
        committed=commitment(salt=salt, details=details),
    ).encode()
    return Entry(
        id=entry_id,
        at=event.at,
        kind=event.kind,
        source_id=event.source_id,
        subject=event.subject,
        leaf=leaf,
        leaf_hash=leaf_hash(leaf),
        salt=salt,
        details=details,
    )


def subject_text(*, entry_id: uuid.UUID, subject: uuid.UUID) -> str:
    """What the pseudonym is made of; the entry is in it so that two leaves tell nothing."""
    return f"{entry_id}:{subject}"


def damage(row: Entry, *, pseudonym: bytes | None) -> str | None:
    """What is wrong with a stored entry by itself; None when everything fits its leaf.

    An erased entry keeps its leaf; whose it was is then unknown and not compared.
    """
    try:
        leaf = Leaf.decode(row.leaf)
    except Malformed:
        return "leaf"
    said = (leaf.id, leaf.kind, leaf.at)
    checks = (
        ("leaf_hash", leaf_hash(row.leaf) == row.leaf_hash),
        ("id, kind or at", said == (str(row.id), row.kind, milliseconds(row.at))),
        ("subject", row.subject is None or pseudonym == leaf.subject),
        ("details", _details_fit(row, leaf)),
    )
    return next((name for name, fine in checks if not fine), None)


def _details_fit(row: Entry, leaf: Leaf) -> bool:
    if row.salt is None and row.details is None:
        return row.subject is None
    if row.salt is None or row.details is None:
        return False
    if commitment(salt=row.salt, details=row.details) != leaf.committed:
        return False
    known: dict[str, Any] = read_canonical(row.details)
    owned = row.subject is not None or leaf.subject is None
    return owned and known.get("source_id") == str(row.source_id)


def milliseconds(at: datetime) -> int:
    """Unix time in milliseconds."""
    return int(at.timestamp() * 1000)
