"""The audit finds every change of what is stored, and nothing in what is not changed."""

from __future__ import annotations

import random

import psycopg
import pytest

from app.cli.ledger import audit as command
from app.kernel.unit_of_work import unit_of_work
from app.ledger.service.audit import Audit
from tests.conftest import plain
from tests.service.test_ledger import append, drain, event
from tests.world import World

ENTRIES = 300
CHECKPOINTS = 4

# Every stored column, each with how one of its values is changed to another.
BYTE = "floor(length({c}) * {r})::int"
FLIP = f"set_byte({{c}}, {BYTE}, get_byte({{c}}, {BYTE}) # {{bit}})"
BYTES = [("ledger_entry", column) for column in ("leaf", "leaf_hash", "salt", "details")] + [
    ("ledger_tile", "hashes"),
    ("ledger_checkpoint", "root"),
]


def audit(world: World) -> Audit:
    with world.app.app_context():
        return world.services.ledger.auditor.run()


@pytest.fixture
def log(world: World) -> World:
    """A log of some length that was signed a few times, with one entry waiting."""
    for _ in range(CHECKPOINTS):
        append(world, *(event() for _ in range(ENTRIES // CHECKPOINTS)))
        drain(world)
    append(world, event())
    return world


def test_nothing_is_found_in_a_sound_log(log: World) -> None:
    found = audit(log)
    assert (found.entries, found.tiles, found.checkpoints) == (ENTRIES, 3, CHECKPOINTS)
    assert found.findings == []


def test_the_command_tells_it(log: World) -> None:
    sound, text = command(log.app)
    assert (sound, f"{ENTRIES}条记录" in text) == (True, True)
    with changed(log, "DELETE FROM ledger_entry WHERE seq = 17"):
        sound, text = command(log.app)
        assert (sound, "entry 17: missing" in text) == (False, True)


def test_an_empty_log_is_sound(world: World) -> None:
    assert audit(world) == Audit(entries=0, tiles=0, checkpoints=0, findings=[])


def test_erased_details_are_no_finding(log: World) -> None:
    subject = log.sql("SELECT subject FROM ledger_entry LIMIT 1")[0][0]
    with log.app.app_context(), unit_of_work() as tx:
        log.services.ledger.entries.erase_person(tx, subject=subject)
    assert audit(log).findings == []


def mutations(table: str, column: str, generator: random.Random) -> str:
    """An UPDATE that flips one random bit of one random row."""
    flip = FLIP.format(c=column, r=generator.random(), bit=1 << generator.randrange(8))
    pick = f"(SELECT ctid FROM {table} ORDER BY md5(ctid::text || '{generator.random()}') LIMIT 1)"
    return f"UPDATE {table} SET {column} = {flip} WHERE ctid = {pick}"


@pytest.mark.parametrize(("table", "column"), BYTES)
def test_a_changed_byte_is_found(log: World, table: str, column: str) -> None:
    generator = random.Random(column)
    for _ in range(6):
        with changed(log, mutations(table, column, generator)):
            assert audit(log).findings, column


class changed:  # noqa: N801 - a context manager
    """A change that is there within the block and undone after it."""

    TABLES = ("ledger_anchor", "ledger_cosignature", "ledger_checkpoint", "ledger_tile",
              "ledger_entry")  # fmt: skip

    def __init__(self, world: World, statement: str) -> None:
        self._url, self._statement = plain(world.config.database_url), statement

    def __enter__(self) -> None:
        with psycopg.connect(self._url) as connection:
            for table in self.TABLES:
                connection.execute(f"CREATE TABLE IF NOT EXISTS kept_{table} AS TABLE {table}")  # type: ignore[arg-type]
            done = connection.execute(self._statement)  # type: ignore[arg-type]
            assert done.rowcount > 0

    def __exit__(self, *_: object) -> None:
        with psycopg.connect(self._url) as connection:
            for table in self.TABLES:
                connection.execute(f"DELETE FROM {table}")  # type: ignore[arg-type]
            for table in reversed(self.TABLES):
                connection.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")  # type: ignore[arg-type]
                connection.execute(f"DROP TABLE kept_{table}")  # type: ignore[arg-type]


CHANGES = {
    "an entry dropped": "DELETE FROM ledger_entry WHERE seq = 17",
    "the last entry dropped": f"DELETE FROM ledger_entry WHERE seq = {ENTRIES - 1}",
    "an entry moved to the end": "UPDATE ledger_entry SET seq = 10000000000 WHERE seq = 17",
    "a number taken away": "UPDATE ledger_entry SET seq = NULL WHERE seq = 17",
    "two entries exchanged": (
        "UPDATE ledger_entry e SET leaf = o.leaf, leaf_hash = o.leaf_hash, id = gen_random_uuid()"
        " FROM ledger_entry o WHERE e.seq = 17 AND o.seq = 18"
    ),
    "another kind": "UPDATE ledger_entry SET kind = 'status' WHERE seq = 17",
    "another time": "UPDATE ledger_entry SET at = at + interval '1 ms' WHERE seq = 17",
    "another subject": "UPDATE ledger_entry SET subject = gen_random_uuid() WHERE seq = 17",
    "no subject": "UPDATE ledger_entry SET subject = NULL WHERE seq = 17",
    "another source": "UPDATE ledger_entry SET source_id = gen_random_uuid() WHERE seq = 17",
    "the salt alone gone": "UPDATE ledger_entry SET salt = NULL WHERE seq = 17",
    "a waiting entry changed": "UPDATE ledger_entry SET details = '\\x7b7d' WHERE seq IS NULL",
    "a tile dropped": "DELETE FROM ledger_tile WHERE level = 1",
    "a tile added": "INSERT INTO ledger_tile VALUES (0, 9, '\\x00')",
    "a tile moved": "UPDATE ledger_tile SET number = 7 WHERE level = 0 AND number = 1",
    "a tile longer": "UPDATE ledger_tile SET hashes = hashes || hashes WHERE level = 1",
    "the last checkpoint dropped": f"DELETE FROM ledger_checkpoint WHERE size = {ENTRIES}",
    "a checkpoint of another size": "UPDATE ledger_checkpoint SET size = 76 WHERE size = 75",
    "another origin": "UPDATE ledger_checkpoint SET note = 'x' || note WHERE size = 75",
    "a signature line gone": (
        "UPDATE ledger_checkpoint SET note = regexp_replace(note, '— .*', '') WHERE size = 75"
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_found(log: World, name: str) -> None:
    with changed(log, CHANGES[name]):
        assert audit(log).findings
    assert audit(log).findings == []


def test_every_character_of_a_checkpoint_counts(log: World) -> None:
    note = log.sql("SELECT note FROM ledger_checkpoint WHERE size = 75")[0][0]
    for at in range(0, len(note), 7):
        other = "A" if note[at] != "A" else "B"
        text = (note[:at] + other + note[at + 1 :]).replace("'", "''")
        with changed(log, f"UPDATE ledger_checkpoint SET note = '{text}' WHERE size = 75"):
            assert audit(log).findings, at
