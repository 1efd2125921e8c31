"""CPU of the two hot requests over HTTP, against a bare Flask route on the same server.

Ours and the bare route run in two granian processes with the same settings; their requests come
in interleaved rounds over the same few kept-alive connections. What counts is the CPU time (user
and system) of each server's process group per request, without PostgreSQL, Valkey and this
program. Every verification shows a credential that the server has never seen.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.cli.run import WEB_THREADS, free_port, granian
from bench._world import BenchKiosk, BenchPhone, World, world
from miniprogram_mock.client.encoding import b64u
from miniprogram_mock.client.kiosk import Kiosk
from miniprogram_mock.client.transport import HttpTransport

Figure = dict[str, Any]

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 9
WARM_UP = 2  # every thread and connection has seen every statement
PHONES = 250  # requests a round
BARE_REQUESTS = 500
CONNECTIONS = 4
START_SECONDS = 30.0


def run() -> list[Figure]:
    """Return the figures of the group `http`."""
    with world() as product:
        work = Work(product)
        with (
            server("wsgi:application", product.environment) as ours,
            server("bench._bare:application", dict(os.environ)) as bare,
        ):
            rounds = [measure(work, ours, bare) for _ in range(WARM_UP + ROUNDS)][WARM_UP:]
    return [
        figure("http_verify_cpu", [(r.bare, r.verify) for r in rounds]),
        figure("http_issue_cpu", [(r.bare, r.issue) for r in rounds]),
    ]


@dataclass(frozen=True, kw_only=True)
class Round:
    """CPU seconds of one request, of each kind."""

    bare: float
    verify: float
    issue: float


def measure(work: Work, ours: Server, bare: Server) -> Round:
    """Run one round: bare, verify, bare, issue, bare."""
    plain = [request(bare, path="/", headers={}, body=b"{}")] * BARE_REQUESTS
    first = cost(bare, plain, expect=200)
    verify = cost(ours, work.verifications(ours), expect=200)
    second = cost(bare, plain, expect=200)
    issue = cost(ours, work.issues(ours), expect=201)
    third = cost(bare, plain, expect=200)
    return Round(bare=statistics.median((first, second, third)), verify=verify, issue=issue)


def figure(name: str, pairs: Sequence[tuple[float, float]]) -> Figure:
    """A figure that counts by its ratio, theirs ÷ ours; the median of the rounds."""
    ratios = sorted(bare / mine for bare, mine in pairs)
    bare, mine = (statistics.median(column) * 1e6 for column in zip(*pairs, strict=True))
    times = 1 / statistics.median(ratios)
    return {
        "figure": name,
        "value": round(mine),
        "unit": "µs CPU",
        "against": "bare Flask route, same server",
        "ratio": round(statistics.median(ratios), 3),
        "n": len(pairs) * PHONES,
        "note": (
            f"{times:.1f} × {bare:.0f} µs; ratio {ratios[0]:.3f}–{ratios[-1]:.3f} over {ROUNDS} "
            f"rounds; granian, one process on one core, {WEB_THREADS} threads, "
            f"{CONNECTIONS} connections"
        ),
    }


# --- what is asked -------------------------------------------------------------------------


class Work:
    """Makes signed requests; each can be sent once."""

    def __init__(self, product: World) -> None:
        self._product = product
        self._phones: list[BenchPhone] = product.phones(PHONES)
        self._kiosk: BenchKiosk = product.kiosk()

    def verifications(self, server: Server) -> list[bytes]:
        """One verification of every phone's fresh credential."""
        client = Kiosk(HttpTransport(server.origin), key=self._kiosk.key)
        client.identity = {"kiosk_id": self._kiosk.kiosk_id}
        path = "/api/v1/verifications"
        self._product.issue(self._phones)
        made = []
        for phone in self._phones:
            body = json.dumps({"text": phone.show(at=int(time.time()))}).encode()
            made.append(
                request(server, path=path, headers=client.sign("POST", path, body), body=body)
            )
        return made

    def issues(self, server: Server) -> list[bytes]:
        """One request for a credential by every phone."""
        return [self._issue(server, phone) for phone in self._phones]

    @staticmethod
    def _issue(server: Server, phone: BenchPhone) -> bytes:
        proof = phone.next_proof()
        body = {
            "device_id": str(phone.device_id),
            "iat": proof.iat,
            "signature": b64u(proof.signature),
        }
        return request(
            server,
            path="/api/v1/credentials",
            headers={"Authorization": f"Bearer {phone.token}"},
            body=json.dumps(body).encode(),
        )


def request(
    server: Server, *, path: str, headers: dict[str, str], body: bytes, method: str = "POST"
) -> bytes:
    """Return a request as it goes over the wire; without a type of its own the body is JSON."""
    all_headers = {
        "Host": f"127.0.0.1:{server.port}",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        **headers,
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in all_headers.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


# --- who asks ------------------------------------------------------------------------------


def cost(
    server: Server, requests: Sequence[bytes], *, expect: int, containing: bytes = b""
) -> float:
    """Send everything over a few connections; return the server's CPU seconds per request.

    Every answer has the expected status and contains these bytes, or `RuntimeError` is raised.
    """
    wrong: list[bytes] = []

    def check(answer: bytes) -> None:
        if not (answer.startswith(b"HTTP/1.1 %d " % expect) and containing in answer):
            wrong.append(answer)

    lanes = [
        threading.Thread(target=send, args=(server.port, requests[i::CONNECTIONS], check))
        for i in range(CONNECTIONS)
    ]
    began = server.cpu()
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    spent = server.cpu() - began
    if wrong:
        raise RuntimeError(f"{len(wrong)} of {len(requests)} answers not {expect}: {wrong[0]!r}")
    return spent / len(requests)


def send(port: int, requests: Sequence[bytes], check: Callable[[bytes], None]) -> None:
    """Send one lane's requests, one after the other; show every answer to `check`."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        for data in requests:
            connection.sendall(data)
            check(receive(connection))


def receive(connection: socket.socket) -> bytes:
    """Read one answer, head and body."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += more(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in head.lower().split(b"\r\n")
        if line.startswith(b"content-length:")
    )
    while len(body) < length:
        body += more(connection)
    return head + b"\r\n\r\n" + body


def more(connection: socket.socket) -> bytes:
    """Read what is there; an end in the middle of an answer is an error."""
    data = connection.recv(65_536)
    if not data:
        raise ConnectionError("the server hung up")
    return data


# --- who answers ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Server:
    """A server; its process id is also its process group."""

    pid: int
    port: int

    @property
    def origin(self) -> str:
        """Return the origin of its URLs."""
        return f"http://127.0.0.1:{self.port}"

    def cpu(self) -> float:
        """CPU seconds, user and system, of all threads of the process group.

        The scheduler's own count of nanoseconds: utime and stime are the same time in ticks.
        """
        spent = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):  # ended meanwhile
                if int(stat.read_text().rpartition(") ")[2].split()[2]) != self.pid:
                    continue
                for thread in stat.parent.glob("task/*/schedstat"):
                    spent += int(thread.read_text().split()[0])
        return spent / 1e9


@contextmanager
def server(target: str, environment: dict[str, str]) -> Iterator[Server]:
    """Serve a WSGI application until the end of the block."""
    port = free_port()
    command = granian(target, "127.0.0.1", port, threads=WEB_THREADS)
    with serving(command, port, environment) as one:
        yield one


@contextmanager
def serving(command: list[str], port: int, environment: dict[str, str]) -> Iterator[Server]:
    """Run a server that listens on a port until the end of the block."""
    with start(command, environment) as process:
        try:
            wait_for(lambda: socket.create_connection(("127.0.0.1", port), timeout=1), process)
            yield Server(process.pid, port)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def start(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start a server on one core, the last; everybody else may use every core."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,  # a log line per request, written but not kept
            start_new_session=True,
        )
    finally:
        os.sched_setaffinity(0, cores)


def wait_for(connect: Callable[[], socket.socket], process: subprocess.Popen[bytes]) -> None:
    """Wait until the server listens; raise when it ended or takes too long."""
    give_up = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < give_up:
        try:
            connect().close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"the server did not start: {process.args!r}")
