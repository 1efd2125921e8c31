"""The whole product as `make run` starts it, on a free port and in a folder of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import requests

REPO = Path(__file__).resolve().parents[2]
PATIENCE = 120.0


class Stack:
    """`python -m app.cli run` as a child; `stop` ends it as Ctrl-C does."""

    def __init__(self, folder: Path, **settings: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.origin = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
        self._environment = {
            **kept,
            "DATA_DIR": str(folder / "var"),
            "PORT": str(self.port),
            "HOST": "127.0.0.1",
            "ENV": "development",
            **settings,
        }
        self.start()

    def start(self) -> None:
        """Start it, or start it again on the same port with what it had stored."""
        self._log = (self.folder / "stack.log").open("w")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "run"],
            cwd=REPO,
            env=self._environment,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        self._await()

    def _await(self) -> None:
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            if self._process.poll() is not None:
                break
            try:
                if requests.get(f"{self.origin}/readyz", timeout=1).ok and self._worker_started():
                    return
            except requests.RequestException:
                pass
            time.sleep(0.2)
        self.stop()
        raise RuntimeError((self.folder / "stack.log").read_text()[-3000:])

    def _worker_started(self) -> bool:
        """Loading the face models takes seconds; a test should not count them as a lawyer's."""
        return "worker_started" in (self.folder / "stack.log").read_text()

    def stop(self) -> None:
        """End the server and everything it started."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._log.close()
