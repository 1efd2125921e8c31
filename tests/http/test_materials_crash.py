"""The real server is killed five times in the middle of uploads; what it acknowledged is there."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from app.cli.run import free_port, granian
from miniprogram_mock.client.phone import Phone
from miniprogram_mock.client.transport import HttpTransport, Refusal
from tests import files
from tests.materials import Material, begin, complete, content, pieces, put, sha256, view
from tests.world import World
from tests.world_fixtures import Build

REPO = Path(__file__).resolve().parents[2]
KILLS = 5
SIZE = 12_000_000


class Uploader(threading.Thread):
    """Uploads one file after another, going on after every failure as the phone does."""

    def __init__(self, phone: Phone) -> None:
        super().__init__(daemon=True)
        self.phone = phone
        self.acknowledged: dict[str, set[int]] = {}
        self.finished: dict[str, bytes] = {}
        self.ended = threading.Event()
        self.interrupted = 0
        self.refused: list[str] = []

    def wait_for(self, chunks: int) -> None:
        """Wait until so many more chunks are acknowledged."""
        wanted = self._count() + chunks
        while self._count() < wanted and self.is_alive():
            time.sleep(0.002)

    def _count(self) -> int:
        return sum(map(len, list(self.acknowledged.values())))

    def run(self) -> None:
        for seed in range(10_000):
            data = files.large_pdf(SIZE, seed=seed)
            if not self._upload(data):
                return

    def _upload(self, data: bytes) -> bool:
        """Bring one file to its end; False when told to stop before it began."""
        material: Material | None = None
        while material is not None or not self.ended.is_set():
            try:
                material = material or begin(self.phone, data)
                self._send_missing(material["id"], data)
                complete(self.phone, material["id"])
            except (requests.RequestException, Refusal) as error:
                self._go_on(error)
            else:
                self.finished[material["id"]] = data
                return True
        return False

    def _go_on(self, error: Exception) -> None:
        if isinstance(error, Refusal) and error.reply.status < 500:
            self.refused.append(str(error))
        self.interrupted += 1
        time.sleep(0.02)

    def _send_missing(self, material_id: str, data: bytes) -> None:
        here = {c["index"]: c["sha256"] for c in view(self.phone, material_id)["arrived"]}
        acknowledged = self.acknowledged.setdefault(material_id, set())
        for index, piece in enumerate(pieces(data)):
            if here.get(index) != sha256(piece):
                assert index not in acknowledged, "an acknowledged chunk is gone"
                put(self.phone, material_id, index, piece)
                acknowledged.add(index)


@contextmanager
def server(world: World, port: int) -> Iterator[None]:
    """The web server of `make run`; killed with everything it started, at the end of the block."""
    environment = {
        **os.environ,
        "ENV": "test",
        "DATABASE_URL": world.config.database_url,
        "REDIS_URL": world.config.redis_url,
        "DATA_DIR": str(world.config.data_dir),
    }
    process = subprocess.Popen(
        granian("wsgi:application", "127.0.0.1", port, threads="4"),
        cwd=REPO,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(port)
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(port: int) -> None:
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        try:
            if requests.get(f"http://127.0.0.1:{port}/readyz", timeout=1).ok:
                return
        except requests.RequestException:
            time.sleep(0.05)
    raise AssertionError("the server did not start")


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_no_kill_loses_an_acknowledged_chunk(build_world: Build) -> None:
    world, port, dice = build_world(), free_port(), random.Random(7)
    lawyer = world.bound_phone(renew=False)
    far = Phone(HttpTransport(f"http://127.0.0.1:{port}"), wx_login=lambda: "", key=lawyer.key)
    far._token = lawyer._token
    uploader = Uploader(far)
    uploader.start()
    midway = 0
    for _ in range(KILLS):
        with server(world, port):
            uploader.wait_for(dice.randint(0, 7))
            time.sleep(dice.uniform(0, 0.05))
        for material_id, acknowledged in list(uploader.acknowledged.items()):
            seen = set(acknowledged)
            here = view(lawyer, material_id)
            if here["state"] == "uploading":
                assert seen <= {chunk["index"] for chunk in here["arrived"]}
                midway += 0 < len(here["arrived"]) < here["chunks"]
    uploader.ended.set()
    with server(world, port):
        uploader.join(120)
    assert not uploader.is_alive()
    assert not uploader.refused
    assert midway > KILLS // 4, "most kills were in the middle of a file"
    assert uploader.interrupted >= KILLS
    world.check_files()
    assert uploader.finished
    for material_id, data in uploader.finished.items():
        assert view(lawyer, material_id)["original_sha256"] == sha256(data)
        assert content(lawyer, material_id).body == data
