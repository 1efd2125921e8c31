"""What `make run` does before it serves, and how it looks after its programs."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from app.cli import prepared, schema
from app.cli.run import RunRefused, free_port, must_be_free, only_one
from app.cli.supervisor import MARK, Program, Supervisor, end_leftovers, python


def test_a_second_run_learns_where_the_first_one_is(tmp_path: Path) -> None:
    with only_one(tmp_path, "http://127.0.0.1:8000") as first:
        assert first is None
        with only_one(tmp_path, "http://127.0.0.1:9000") as second:
            assert second is not None
            assert (second.pid, second.url) == (os.getpid(), "http://127.0.0.1:8000")
    with only_one(tmp_path, "http://127.0.0.1:9000") as third:
        assert third is None


def test_a_used_port_is_refused_with_advice() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(RunRefused, match=f"PORT={port + 1}"):
            must_be_free("127.0.0.1", port)
    must_be_free("127.0.0.1", free_port())


def test_the_quick_look_at_revisions_agrees_with_alembic() -> None:
    assert schema.heads() == set(ScriptDirectory(str(schema.MIGRATIONS)).get_heads())


def test_the_schema_is_current_after_migration_and_not_elsewhere(database_url: str) -> None:
    assert schema.is_current(database_url)
    assert not schema.is_current("postgresql://nobody@/none?host=/nonexistent")


def test_a_prepared_database_is_remembered_by_its_address(tmp_path: Path) -> None:
    assert not prepared.already(tmp_path, "postgresql://a")
    prepared.remember(tmp_path, "postgresql://a")
    assert prepared.already(tmp_path, "postgresql://a")
    assert not prepared.already(tmp_path, "postgresql://b")


def program(name: str, code: str, *, essential: bool = False) -> Program:
    return Program(
        name=name, command=python("-c", code), environment=os.environ, essential=essential
    )


def test_a_dead_worker_comes_back_and_a_dead_web_server_ends_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lives = tmp_path / "lives"
    supervisor = Supervisor(mark="test-revive", tend=lambda: None)
    supervisor.start(program("worker", f"open({str(lives)!r}, 'a').write('x')"))
    supervisor.start(
        program("web", "import time; time.sleep(4); raise SystemExit(3)", essential=True)
    )
    assert supervisor.watch() == 3
    supervisor.end()
    assert len(lives.read_text()) >= 2
    assert "worker  | ended with 0, again in 1 s" in capsys.readouterr().out


def test_the_end_is_quick_even_for_the_deaf(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    deaf = (
        "import signal, time, pathlib; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"pathlib.Path({str(ready)!r}).touch(); time.sleep(60)"
    )
    supervisor = Supervisor(mark="test-deaf", tend=lambda: None)
    supervisor.start(program("deaf", deaf))
    while not ready.exists():
        time.sleep(0.02)
    began = time.monotonic()
    supervisor.end()
    assert time.monotonic() - began < 3.5
    assert not supervisor.alive("deaf")


def test_what_a_killed_run_left_is_found_by_its_mark_only() -> None:
    sleeper = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]

    def start(mark: str) -> subprocess.Popen[str]:
        environment = {**os.environ, MARK: mark}
        process = subprocess.Popen(sleeper, env=environment, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        process.stdout.readline()
        return process

    ours, other = start("test-ours"), start("test-other")
    try:
        assert end_leftovers("test-ours") == 1
        assert ours.wait(5) == -9
        assert other.poll() is None
    finally:
        for process in (ours, other):
            process.kill()
            process.communicate()
