"""Several programs under one roof: their output together, their deaths noticed, one tidy end."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

TICK = 0.2
GRACE = 2.5
LONGEST_PAUSE = 30.0
LONG_LIFE = 60.0
# Every program of ours carries this variable, so that what a killed supervisor left can be found.
MARK = "LUZHENG_RUN"
_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, kw_only=True)
class Program:
    """A command and what its death means: everything ends, or it is started again."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    essential: bool = False


@dataclass(kw_only=True)
class _Running:
    program: Program
    process: subprocess.Popen[str]
    since: float
    pause: float = 0.5
    again_at: float | None = field(default=None)


class Supervisor:
    """Runs programs until a signal arrives or an essential one dies."""

    def __init__(self, *, mark: str, tend: Callable[[], None]) -> None:
        """`tend` is called about once a second, to look after what is not a child of ours."""
        self._mark = mark
        self._tend = tend
        self._children: list[_Running] = []
        self._pumps: list[threading.Thread] = []
        self._stopping = False
        self._output = threading.Lock()

    def start(self, program: Program) -> None:
        """Start one program."""
        self._children.append(
            _Running(program=program, process=self._spawn(program), since=time.monotonic())
        )

    def alive(self, name: str) -> bool:
        """Tell whether the program of that name lives."""
        return any(c.program.name == name and c.process.poll() is None for c in self._children)

    def listen(self) -> None:
        """Let SIGINT, SIGTERM and SIGHUP begin the end."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    @property
    def stopping(self) -> bool:
        """Whether a signal asked for the end."""
        return self._stopping

    def watch(self) -> int:
        """Return 0 after a signal, or the exit code of the essential program that died."""
        tended = time.monotonic()
        while not self._stopping:
            time.sleep(TICK)
            dead = self._look_after_children()
            if dead is not None:
                self._say(dead.program.name, f"ended with {dead.process.returncode}")
                return dead.process.returncode or 1
            if time.monotonic() - tended > 1:
                self._tend()
                tended = time.monotonic()
        return 0

    def end(self) -> None:
        """Ask every program to end, and after the grace make it."""
        for child in self._children:
            _signal_group(child.process.pid, signal.SIGTERM)
        give_up = time.monotonic() + GRACE
        for child in self._children:
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, give_up - time.monotonic()))
        for child in self._children:
            _signal_group(child.process.pid, signal.SIGKILL)
            child.process.wait()
        for pump in self._pumps:
            pump.join(0.2)

    def _look_after_children(self) -> _Running | None:
        now = time.monotonic()
        for child in self._children:
            if child.process.poll() is None:
                continue
            if child.program.essential:
                return child
            self._revive(child, now)
        return None

    def _revive(self, child: _Running, now: float) -> None:
        if child.again_at is None:
            lived = now - child.since
            child.pause = 0.5 if lived > LONG_LIFE else min(child.pause * 2, LONGEST_PAUSE)
            child.again_at = now + child.pause
            code = child.process.returncode
            self._say(child.program.name, f"ended with {code}, again in {child.pause:.0f} s")
        elif now >= child.again_at and not self._stopping:
            child.process = self._spawn(child.program)
            child.since, child.again_at = now, None

    def _spawn(self, program: Program) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            list(program.command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**program.environment, MARK: self._mark, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - one system call, no locks
        )
        pump = threading.Thread(target=self._pump, args=(program.name, process), daemon=True)
        pump.start()
        self._pumps = [*(p for p in self._pumps if p.is_alive()), pump]
        return process

    def _pump(self, name: str, process: subprocess.Popen[str]) -> None:
        if process.stdout is None:
            return
        with process.stdout as lines:
            for line in lines:
                self._say(name, line.rstrip("\n"))

    def _say(self, name: str, line: str) -> None:
        with self._output, suppress(BrokenPipeError):
            sys.stdout.write(f"{name:<8}| {line}\n")
            sys.stdout.flush()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self._stopping = True


def end_leftovers(mark: str) -> int:
    """Kill the programs of a supervisor that was itself killed; return how many."""
    wanted = f"{MARK}={mark}".encode()
    ended = 0
    for entry in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if wanted in entry.read_bytes().split(b"\0") and int(entry.parent.name) != os.getpid():
                os.kill(int(entry.parent.name), signal.SIGKILL)
                ended += 1
    return ended


def python(*arguments: str) -> list[str]:
    """Return a command of this same Python."""
    return [sys.executable, *arguments]


def _die_with_parent() -> None:
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _signal_group(leader: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(leader, number)
