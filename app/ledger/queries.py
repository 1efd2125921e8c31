"""Reads and writes of the ledger."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import CTE, Insert, Table, bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from app.kernel.unit_of_work import Autocommit, Statement, Tx
from app.ledger.models import (
    LedgerAnchor,
    LedgerCheckpoint,
    LedgerCosignature,
    LedgerEntry,
    LedgerTile,
)
from app.ledger.rules import Entry
from credential.checkpoint import NoteSignature, with_signatures
from credential.tiles import TileId

LOCK = 0x6C767A_6C6F67  # "lvzlog": one sequencer at a time

_ENTRY = cast(Table, LedgerEntry.__table__)
_TILE = cast(Table, LedgerTile.__table__)
WRITTEN = [column.name for column in _ENTRY.columns if column.name != "seq"]
BOUND = "entry_"


class CheckpointRow(NamedTuple):
    """A stored checkpoint; `lines` are its witnesses' signature lines, if it has any."""

    size: int
    root: bytes
    note: str
    lines: str | None = None

    @property
    def cosigned(self) -> str:
        """The note with the witnesses' lines."""
        lines = (self.lines or "").splitlines()
        return with_signatures(self.note, map(NoteSignature.parse, lines)) if lines else self.note


# --- entries ---------------------------------------------------------------------------------


def entry_from(source: CTE) -> Insert:
    """Return an INSERT of one entry for each row of `source`; `bound` gives its values."""
    values = (bindparam(BOUND + name, type_=_ENTRY.c[name].type) for name in WRITTEN)
    return insert(LedgerEntry).from_select(WRITTEN, select(*values).select_from(source))


def bound(entry: Entry) -> dict[str, object]:
    """Return the values for a statement that contains `entry_from`."""
    return {BOUND + name: value for name, value in vars(entry).items()}


def add(tx: Tx, entry: Entry) -> None:
    """Write an entry in the caller's transaction."""
    tx.execute(insert(_ENTRY).values(**vars(entry)))


NEWEST_OF_SOURCE = Statement(
    select(*(_ENTRY.c[name] for name in (*WRITTEN, "seq")))
    .where(
        LedgerEntry.source_id == bindparam("source_id"),
        LedgerEntry.kind
        == func.coalesce(bindparam("kind", type_=_ENTRY.c.kind.type), _ENTRY.c.kind),
    )
    .order_by(LedgerEntry.at.desc(), LedgerEntry.id.desc())
    .limit(1)
)


def newest_of_source(
    database: Autocommit, *, source_id: uuid.UUID, kind: str | None
) -> tuple[Entry, int | None] | None:
    """Find the newest entry about a row, of one kind or of any, and its number in the log."""
    row = database.one(NEWEST_OF_SOURCE, source_id=source_id, kind=kind)
    return None if row is None else (Entry(**dict(zip(WRITTEN, row, strict=False))), row[-1])


def erase(tx: Tx, *, subject: uuid.UUID) -> None:
    """Forget what the entries of a person commit to."""
    mine = _ENTRY.c.subject == subject
    tx.execute(update(_ENTRY).where(mine).values(salt=None, details=None, subject=None))


def entries(tx: Tx, *, after: int, most: int) -> list[tuple[Entry, int]]:
    """Return the numbered entries after one of them, in their order."""
    rows = tx.execute(
        select(*(_ENTRY.c[name] for name in (*WRITTEN, "seq")))
        .where(_ENTRY.c.seq > after)
        .order_by(_ENTRY.c.seq)
        .limit(most)
    )
    return [(Entry(**dict(zip(WRITTEN, row, strict=False))), row[-1]) for row in rows]


def waiting(tx: Tx) -> Iterator[Entry]:
    """Return the entries without a number."""
    rows = tx.execute(select(*(_ENTRY.c[name] for name in WRITTEN)).where(_ENTRY.c.seq.is_(None)))
    for row in rows:
        yield Entry(**dict(zip(WRITTEN, row, strict=True)))


def numbered(tx: Tx) -> int:
    """Return one more than the greatest number given."""
    greatest = tx.scalar(select(func.max(_ENTRY.c.seq)))
    return 0 if greatest is None else greatest + 1


# --- sequencing ------------------------------------------------------------------------------

ANY_WAITING = Statement(select(LedgerEntry.id).where(LedgerEntry.seq.is_(None)).limit(1))

_BATCH = (
    select(
        _ENTRY.c.id,
        (
            bindparam("start") - 1 + func.row_number().over(order_by=(_ENTRY.c.at, _ENTRY.c.id))
        ).label("seq"),
    )
    .where(_ENTRY.c.seq.is_(None))
    .order_by(_ENTRY.c.at, _ENTRY.c.id)
    .limit(bindparam("most"))
    .cte("batch")
)
_NUMBER = (
    update(_ENTRY)
    .values(seq=_BATCH.c.seq)
    .where(_ENTRY.c.id == _BATCH.c.id)
    .returning(_ENTRY.c.seq, _ENTRY.c.leaf_hash)
)


def one_moment(tx: Tx) -> None:
    """Let all reads of this transaction see the same moment; to be called before the first."""
    tx.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
    tx.execute(text("SET LOCAL statement_timeout = '60s'"))


def lock(tx: Tx) -> None:
    """Be the only sequencer until the transaction ends."""
    tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def number_waiting(tx: Tx, *, start: int, most: int) -> list[bytes]:
    """Give the oldest waiting entries the numbers from `start` on; return their leaf hashes.

    Whatever is visible and has no number is taken, never "everything after the last one": a
    transaction that commits late would be skipped.
    """
    rows = tx.execute(_NUMBER, {"start": start, "most": most}).all()
    return [row[1] for row in sorted(rows)]


def tile(tx: Tx, wanted: TileId) -> bytes:
    """Return the hashes of a tile; empty when there is none."""
    found = tx.execute(
        select(_TILE.c.hashes).where(_TILE.c.level == wanted.level, _TILE.c.number == wanted.number)
    ).scalar_one_or_none()
    return found or b""


def all_tiles(tx: Tx) -> dict[TileId, bytes]:
    """Return every tile."""
    rows = tx.execute(select(_TILE.c.level, _TILE.c.number, _TILE.c.hashes))
    return {TileId(level, number): hashes for level, number, hashes in rows}


def write_tiles(tx: Tx, tiles: Mapping[TileId, bytes]) -> None:
    """Store tiles that grew."""
    put = insert(_TILE)
    tx.execute(
        put.on_conflict_do_update(
            index_elements=["level", "number"], set_={"hashes": put.excluded.hashes}
        ),
        [{"level": t.level, "number": t.number, "hashes": data} for t, data in tiles.items()],
    )


_LINES = (
    select(func.string_agg(LedgerCosignature.line, "\n"))
    .where(LedgerCosignature.size == LedgerCheckpoint.size)
    .scalar_subquery()
)
_CHECKPOINTS = select(
    LedgerCheckpoint.size, LedgerCheckpoint.root, LedgerCheckpoint.note, _LINES.label("lines")
)
_NEWEST = _CHECKPOINTS.order_by(LedgerCheckpoint.size.desc()).limit(1)


def newest_checkpoint(tx: Tx) -> CheckpointRow | None:
    """Return the checkpoint of the greatest size."""
    return _checkpoint(tx.execute(_NEWEST).first())


def checkpoint(tx: Tx, *, size: int) -> CheckpointRow | None:
    """Return the checkpoint of this size."""
    return _checkpoint(tx.execute(_CHECKPOINTS.where(LedgerCheckpoint.size == size)).first())


def checkpoints(tx: Tx, *, after: int, most: int) -> list[CheckpointRow]:
    """Return the checkpoints after one of them, in their order."""
    rows = tx.execute(
        _CHECKPOINTS.where(LedgerCheckpoint.size > after)
        .order_by(LedgerCheckpoint.size)
        .limit(most)
    )
    return [CheckpointRow(*row) for row in rows]


def add_checkpoint(tx: Tx, *, row: CheckpointRow, at: datetime) -> None:
    """Store a signed checkpoint."""
    tx.execute(insert(LedgerCheckpoint).values(size=row.size, root=row.root, note=row.note, at=at))


def _checkpoint(row: Any) -> CheckpointRow | None:  # noqa: ANN401 - a row of any statement
    return None if row is None else CheckpointRow(*row)


# --- reading while the log grows ---------------------------------------------------------------

TILE = Statement(
    select(_TILE.c.hashes).where(
        _TILE.c.level == bindparam("level"), _TILE.c.number == bindparam("number")
    )
)
NEWEST = Statement(_NEWEST)
OF_SIZE = Statement(_CHECKPOINTS.where(LedgerCheckpoint.size == bindparam("size")))
COSIGNED = Statement(
    _NEWEST.where(
        LedgerCheckpoint.size
        == select(func.max(LedgerCosignature.size))
        .where(LedgerCosignature.size >= bindparam("least"))
        .scalar_subquery()
    )
)


def read_tile(database: Autocommit, wanted: TileId) -> bytes:
    """Return the hashes of a tile; empty when there is none."""
    row = database.one(TILE, level=wanted.level, number=wanted.number)
    return b"" if row is None else cast(bytes, row[0])


def checkpoint_of(database: Autocommit, *, size: int) -> CheckpointRow | None:
    """Return the checkpoint of this size."""
    return _checkpoint(database.one(OF_SIZE, size=size))


def newest(database: Autocommit) -> CheckpointRow | None:
    """Return the checkpoint of the greatest size."""
    return _checkpoint(database.one(NEWEST))


def covering(database: Autocommit, *, size: int) -> CheckpointRow | None:
    """Return the newest checkpoint that a witness cosigned, else the newest, if it is this long."""
    found = _checkpoint(database.one(COSIGNED, least=size)) or newest(database)
    return found if found is not None and found.size >= size else None


def any_waiting(database: Autocommit) -> bool:
    """Tell whether an entry has no number yet."""
    return database.one(ANY_WAITING) is not None


# --- witnesses and anchors ---------------------------------------------------------------------


def add_cosignature(tx: Tx, *, size: int, witness: str, line: str, at: datetime) -> None:
    """Store a witness's line; the first one of a witness for a checkpoint stays."""
    tx.execute(
        insert(LedgerCosignature)
        .values(size=size, witness=witness, line=line, at=at)
        .on_conflict_do_nothing()
    )


def add_anchor(tx: Tx, *, size: int, anchor: str, proof: bytes, at: datetime) -> None:
    """Store a proof from outside; the first one for a checkpoint stays."""
    tx.execute(
        insert(LedgerAnchor)
        .values(size=size, anchor=anchor, proof=proof, at=at)
        .on_conflict_do_nothing()
    )


def anchors(tx: Tx, *, size: int) -> Sequence[LedgerAnchor]:
    """Return the proofs from outside for a checkpoint."""
    return tx.scalars(select(LedgerAnchor).where(LedgerAnchor.size == size)).all()


def newest_anchored(tx: Tx, *, anchor: str) -> int:
    """Return the size that was anchored last; 0 when none was."""
    return tx.scalar(select(func.max(LedgerAnchor.size)).where(LedgerAnchor.anchor == anchor)) or 0
