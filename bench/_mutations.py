"""Ten thousand random changes of the ledger's rows, and whether the audit names each of them."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from sqlalchemy import text

from app.kernel.unit_of_work import Tx, unit_of_work
from app.ledger.service.entries import Event
from bench._world import World

ENTRIES = 4096
CHECKPOINTS = 128
WANTED = 10_000
# How many rows of each table are changed before one audit looks.
BATCHES = {"entry": 512, "checkpoint": 100, "tile": 17}
PLAN = ("entry",) * 16 + ("checkpoint",) * 14 + ("tile",) * 24

Change = Callable[[Tx, int, random.Random], None]


def mutations_found(product: World) -> tuple[int, str]:
    """Return how many changes the audit named, and a note; nothing else may be named."""
    draw, found, made = random.Random(6962), 0, 0
    fill(product)
    auditor = product.services.ledger.auditor
    with product.app.app_context(), unit_of_work() as tx:
        if auditor.look(tx).findings:
            raise RuntimeError("the audit finds fault with a sound log")
        for kind in PLAN:
            places = draw.sample(keys(tx, kind), min(BATCHES[kind], WANTED - made))
            saved = tx.begin_nested()
            for place in places:
                CHANGES[kind](tx, place, draw)
            named = {finding.where for finding in auditor.look(tx).findings}
            saved.rollback()
            expected = {name(kind, place) for place in places}
            if kind != "entry" and named != expected:
                raise RuntimeError(f"named without a change: {sorted(named - expected)[:3]}")
            found, made = found + len(named & expected), made + len(places)
    return found, (
        f"one bit or field of each of {made:,} random rows (entries, tiles, checkpoints), each "
        f"named by the audit of {ENTRIES:,} entries, {len(PLAN)} audits"
    )


def fill(product: World) -> None:
    """Write and number a log."""
    ledger = product.services.ledger
    with product.app.app_context():
        for number in range(CHECKPOINTS):
            with unit_of_work() as tx:
                for _ in range(ENTRIES // CHECKPOINTS):
                    ledger.entries.append(tx, _event(number))
            ledger.sequencer.once()


def _event(number: int) -> Event:
    return Event(
        kind="grant",
        at=datetime(2026, 11, 1, 0, number % 60, tzinfo=UTC),
        subject=uuid.uuid4(),
        place="kbench",
        source_id=uuid.uuid4(),
        details={"code": str(number)},
    )


def keys(tx: Tx, kind: str) -> Sequence[int]:
    """What names a row of a kind."""
    question = {
        "entry": "SELECT seq FROM ledger_entry ORDER BY 1",
        "checkpoint": "SELECT size FROM ledger_checkpoint ORDER BY 1",
        "tile": "SELECT level * 1000 + number FROM ledger_tile ORDER BY 1",
    }[kind]
    return tx.scalars(text(question)).all()


def name(kind: str, key: int) -> str:
    """How the audit names a row."""
    return f"tile {key // 1000}/{key % 1000}" if kind == "tile" else f"{kind} {key}"


def flip(tx: Tx, table: str, column: str, *, where: str, draw: random.Random) -> None:
    """Flip one bit of a column of bytes."""
    place = f"(length({column}) * :share)::int % length({column})"
    tx.execute(
        text(
            f"UPDATE {table} SET {column} = set_byte({column}, {place},"
            f" get_byte({column}, {place}) # :bit) WHERE {where}"
        ),
        {"share": draw.random(), "bit": 1 << draw.randrange(8)},
    )


def change_entry(tx: Tx, seq: int, draw: random.Random) -> None:
    """Change one field of an entry."""
    column = draw.choice(["leaf", "leaf_hash", "salt", "details", *FIELDS])
    if column in FIELDS:
        tx.execute(
            text(f"UPDATE ledger_entry SET {column} = {FIELDS[column]} WHERE seq = :seq"),
            {"seq": seq},
        )
    else:
        flip(tx, "ledger_entry", column, where=f"seq = {seq}", draw=draw)


FIELDS = {
    "id": "gen_random_uuid()",
    "at": "at + interval '1 ms'",
    "kind": "kind || 's'",
    "source_id": "gen_random_uuid()",
    "subject": "gen_random_uuid()",
}


def change_tile(tx: Tx, key: int, draw: random.Random) -> None:
    """Flip a bit of a tile."""
    where = f"level = {key // 1000} AND number = {key % 1000}"
    flip(tx, "ledger_tile", "hashes", where=where, draw=draw)


def change_checkpoint(tx: Tx, size: int, draw: random.Random) -> None:
    """Flip a bit of the root, or change one character of the note."""
    if draw.random() < 0.3:
        flip(tx, "ledger_checkpoint", "root", where=f"size = {size}", draw=draw)
        return
    note = tx.scalar(text(f"SELECT note FROM ledger_checkpoint WHERE size = {size}")) or ""
    at = draw.randrange(len(note))
    other = draw.choice([c for c in "ABCxyz019+/\n" if c != note[at]])
    tx.execute(
        text(f"UPDATE ledger_checkpoint SET note = :note WHERE size = {size}"),
        {"note": note[:at] + other + note[at + 1 :]},
    )


CHANGES: dict[str, Change] = {
    "entry": change_entry,
    "checkpoint": change_checkpoint,
    "tile": change_tile,
}
