"""`make run`: stores, schema, demo world, outside world, workers and web server in one go."""

from __future__ import annotations

import fcntl
import hashlib
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.cli import prepared, schema
from app.cli.postgres import PostgresFailed
from app.cli.services import Services
from app.cli.supervisor import Program, Supervisor, end_leftovers, python
from app.cli.valkey import ValkeyFailed
from config import Config

READY_SECONDS = 60.0
WEB_THREADS = "4"


class RunRefused(Exception):
    """The server cannot start; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Running:
    """What a running server wrote down about itself."""

    pid: int
    url: str


def run(config: Config) -> int:
    """Serve until a signal; return the exit code. Raises `RunRefused`."""
    url = f"http://{config.host}:{config.port}"
    with only_one(config.data_dir, url) as other:
        if other is not None:
            say(f"Already running at {other.url} (process {other.pid}); `make stop` ends it.")
            return 0
        mark = hashlib.sha256(str(config.data_dir).encode()).hexdigest()[:16]
        if end_leftovers(mark):
            say("· Ended what a killed run had left")
        must_be_free(config.host, config.port)
        return _serve(config, url, mark)


def _serve(config: Config, url: str, mark: str) -> int:
    services = Services(config.data_dir, environ=os.environ)
    say("· PostgreSQL and Valkey")
    environment = {**os.environ, **services.start().environment()}
    supervisor = Supervisor(mark=mark, tend=lambda: _keep_alive(services))
    try:
        supervisor.listen()
        if not config.production and not config.wechat_url:
            environment |= _start_outside_world(supervisor, environment)
        if not _prepare_and_start(supervisor, services, environment, config):
            return 1
        say(f"\n律证 is ready: {url}/    (Ctrl-C ends it)\n")
        return supervisor.watch()
    finally:
        supervisor.end()
        services.stop()


def _prepare_and_start(
    supervisor: Supervisor, services: Services, environment: dict[str, str], config: Config
) -> bool:
    """Migrate and seed unless that was done already; then start the rest."""
    database_url = services.addresses().database_url
    say("· Schema and demo world")
    if not (schema.is_current(database_url) and prepared.already(config.data_dir, database_url)):
        done = subprocess.run(
            python("-m", "app.cli", "prepare"),
            env=environment,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode != 0:
            return False
    say("· Web server and workers")
    _start_web(supervisor, config, environment)
    ready = _wait_ready(supervisor, config)
    if ready:  # the workers' libraries load slowly, and nobody waits for them yet
        _start_workers(supervisor, config, environment)
    return ready


def _start_outside_world(supervisor: Supervisor, environment: dict[str, str]) -> dict[str, str]:
    """Start the stand-in for WeChat's servers; return the setting that points there."""
    port = free_port()
    supervisor.start(
        Program(
            name="outside",
            command=granian("miniprogram_mock.outside:application", "127.0.0.1", port, threads="4"),
            environment=environment,
        )
    )
    return {"WECHAT_URL": f"http://127.0.0.1:{port}/wechat"}


def _start_web(supervisor: Supervisor, config: Config, environment: dict[str, str]) -> None:
    supervisor.start(
        Program(
            name="web",
            command=granian("wsgi:application", config.host, config.port, threads=WEB_THREADS),
            environment=environment,
            essential=True,
        )
    )


def _start_workers(supervisor: Supervisor, config: Config, environment: dict[str, str]) -> None:
    for number in range(1, config.face_workers + 1):
        name = "worker" if config.face_workers == 1 else f"worker{number}"
        supervisor.start(
            Program(name=name, command=python("-m", "app.worker"), environment=environment)
        )


def granian(target: str, host: str, port: int, *, threads: str) -> list[str]:
    """Return the command that serves a WSGI application in one process."""
    return python(
        "-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", threads,
        "--host", host, "--port", str(port), "--no-ws", "--log-level", "warning",
        "--workers-kill-timeout", "2", target,
    )  # fmt: skip


def _keep_alive(services: Services) -> None:
    if not services.healthy():
        say("· A store had ended; starting it again")
        try:
            services.start()
        except (PostgresFailed, ValkeyFailed) as error:  # asked again in a second
            say(str(error))


def _wait_ready(supervisor: Supervisor, config: Config) -> bool:
    give_up = time.monotonic() + READY_SECONDS
    while time.monotonic() < give_up and not supervisor.stopping:
        if _answers(config, "/readyz"):
            return True
        if not supervisor.alive("web"):
            break
        time.sleep(0.05)
    say("The web server did not become ready; its own lines above say why.")
    return False


def _answers(config: Config, path: str) -> bool:
    host = "127.0.0.1" if config.host in ("0.0.0.0", "::") else config.host  # noqa: S104 - compared
    connection = http.client.HTTPConnection(host, config.port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


@contextmanager
def only_one(data_dir: Path, url: str) -> Iterator[Running | None]:
    """Hold the DATA_DIR for one server; give what the holder wrote when there is one already."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with lock_path(data_dir).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            yield Running(**json.loads(lock.read()))
            return
        lock.truncate(0)
        lock.write(json.dumps({"pid": os.getpid(), "url": url}))
        lock.flush()
        yield None


def lock_path(data_dir: Path) -> Path:
    """Return the file that a running server holds."""
    return data_dir / "run.lock"


def must_be_free(host: str, port: int) -> None:
    """Raise `RunRefused` when somebody listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise RunRefused(
                f"{host}:{port} cannot be used ({error.strerror}); try `make run PORT={port + 1}`"
            ) from error


def free_port() -> int:
    """Return a loopback port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def say(line: str) -> None:
    """Print a line of progress at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
