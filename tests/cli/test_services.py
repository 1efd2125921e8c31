"""The private stores start, survive what happens to machines, and end."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from app.cli.places import NOBODY, PlaceRefused, choose_place, reachable
from app.cli.services import Addresses, Services


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="luzheng-stores-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def stores(folder: Path) -> Iterator[Services]:
    services = Services(folder, durable=False)
    yield services
    services.stop()


def answer(addresses: Addresses) -> tuple[int, bool]:
    """What both stores say."""
    url = addresses.database_url.replace("+psycopg", "")
    with psycopg.connect(url) as connection, redis.Redis.from_url(addresses.redis_url) as client:
        row = connection.execute("SELECT 1").fetchone()
        assert row is not None
        return row[0], bool(client.ping())


def test_they_answer_and_starting_again_changes_nothing(stores: Services) -> None:
    assert answer(stores.start()) == (1, True)
    before = stores.postgres.pid(), stores.valkey.pid()
    assert answer(stores.start()) == (1, True)
    assert (stores.postgres.pid(), stores.valkey.pid()) == before
    stores.stop()
    assert not stores.healthy()


def test_rows_survive_a_kill(stores: Services) -> None:
    url = stores.start().database_url.replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
    stores.postgres.kill()
    stores.valkey.kill()
    assert not stores.healthy()
    stores.start()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT seven FROM kept").fetchone() == (7,)


def test_a_stale_process_id_of_another_program_is_not_believed(
    stores: Services, folder: Path
) -> None:
    stores.start()
    stores.stop()
    recorded = folder / "postgres" / "postmaster.pid"
    recorded.write_text(f"{os.getpid()}\n{folder}/postgres\n")
    os.chown(recorded, *((NOBODY, NOBODY) if os.geteuid() == 0 else (-1, -1)))
    assert stores.postgres.pid() is None
    assert answer(stores.start()) == (1, True)


def test_there_is_no_tcp_and_nobody_else_may_enter(stores: Services, folder: Path) -> None:
    url = stores.start().database_url.replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    for private in (folder / "postgres", folder / "sockets"):
        assert stat.S_IMODE(private.stat().st_mode) & 0o077 == 0


def test_given_addresses_are_used_and_nothing_starts(folder: Path) -> None:
    given = {"DATABASE_URL": "postgresql://elsewhere/db", "REDIS_URL": "redis://elsewhere"}
    services = Services(folder, environ=given)
    assert services.start().environment() == given
    services.stop()
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to nobody")
def test_root_behind_a_closed_door_uses_var_tmp(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    assert not reachable(closed)
    place = choose_place(closed / "var")
    try:
        assert place.data.parent == Path("/var/tmp")
        assert reachable(place.data)
    finally:
        shutil.rmtree(place.data)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can plant a stranger's folder")
def test_a_strangers_folder_is_refused(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    place = choose_place(closed / "var")
    os.chown(place.data, 12345, 12345)
    try:
        with pytest.raises(PlaceRefused):
            choose_place(closed / "var")
    finally:
        shutil.rmtree(place.data)
