"""The same application under both WSGI servers that we promise: granian and gunicorn's threads."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

REPO = Path(__file__).resolve().parents[2]
SERVERS = {
    "granian": ["granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "4"],
    "gunicorn": ["gunicorn", "-k", "gthread", "--threads", "4", "--no-control-socket"],
}


def command(server: str, port: int) -> list[str]:
    binding = (
        ["--host", "127.0.0.1", "--port", str(port)]
        if server == "granian"
        else ["--bind", f"127.0.0.1:{port}"]
    )
    return [sys.executable, "-m", *SERVERS[server], *binding, "wsgi:application"]


@pytest.fixture(params=sorted(SERVERS))
def origin(
    request: pytest.FixtureRequest, clean_database: str, redis_url: str, tmp_path: Path
) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "ENV": "test",
        "DATABASE_URL": clean_database,
        "REDIS_URL": redis_url,
        "DATA_DIR": str(tmp_path),
    }
    process = subprocess.Popen(
        command(request.param, port),
        cwd=REPO,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield _ready(f"http://127.0.0.1:{port}")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def _ready(url: str) -> str:
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up:
        try:
            if requests.get(f"{url}/readyz", timeout=1).ok:
                return url
        except requests.RequestException:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


def test_a_server_answers_and_refuses_alike(origin: str) -> None:
    assert requests.get(f"{origin}/api/v1/time", timeout=5).json()["server_time_ms"] > 0
    refused = requests.post(f"{origin}/api/v1/verifications", json={"text": "LVZ1:"}, timeout=5)
    assert (refused.status_code, refused.json()["code"]) == (401, "auth.signature_invalid")
    assert refused.headers["Content-Type"] == "application/problem+json"
    keys = requests.get(f"{origin}/.well-known/lvz/keys", timeout=5)
    again = {"If-None-Match": keys.headers["ETag"]}
    assert (
        requests.get(f"{origin}/.well-known/lvz/keys", headers=again, timeout=5).status_code == 304
    )
    assert "律证" in requests.get(f"{origin}/", headers={"Accept": "text/html"}, timeout=5).text
