"""Open login pages that ask how they stand, as `app/web/login/src/login.js` does.

`python -m bench._open_pages` is the crowd of browsers, in a process of its own: it reads what to
poll from its input, polls until the time is over, and prints how many answers it had.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.authorization.models.transactions import ScanTransaction
from app.authorization.rules import ticket
from app.authorization.rules.ticket import State
from app.authorization.service.relying_parties import digest
from app.kernel.unit_of_work import unit_of_work
from bench._world import World
from bench.http import ROOT, Server, cost, request
from bench.ledger import Backends

PAGES = 1000
ROUNDS = 5
ROUND_SECONDS = 4.0
SETTLE_SECONDS = 4.0  # every page has opened its connection and polled
PAUSE_SECONDS = 0.02  # added by login.js to what it is told to wait
PACE = PAGES / (ticket.STEP.total_seconds() / 2)  # polls/s: each page asks at every half step
COOKIE = "__Host-lvz_login"
WAITING = b'"state":"waiting"'


def polling(product: World, web: Server, *, client_id: str, postgres: Backends) -> dict[str, Any]:
    """Return the figure of `PAGES` pages that wait for a phone.

    Where the crowd cannot keep its pace, on a busy machine, what its polls cost is brought to the
    pace that it should have had.
    """
    seconds = SETTLE_SECONDS + ROUNDS * ROUND_SECONDS + 1
    pages = open_pages(product, client_id)
    work = {"port": web.port, "seconds": seconds, "pages": pages}
    command = [sys.executable, "-m", "bench._open_pages"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as crowd:
        assert crowd.stdin is not None
        crowd.stdin.write(json.dumps(work) + "\n")
        crowd.stdin.flush()
        time.sleep(SETTLE_SECONDS)
        rounds = [load(web, postgres) for _ in range(ROUNDS)]
        seen = json.loads(crowd.communicate()[0])
    if seen["wrong"]:
        raise RuntimeError(f"{seen['wrong']} polls had another answer than that the page waits")
    polls = [one.polls(seen["answered_at"]) for one in rounds]
    cores = sorted(PACE * one.web / count for one, count in zip(rounds, polls, strict=True))
    stores = statistics.median(
        PACE * one.postgres / count for one, count in zip(rounds, polls, strict=True)
    )
    warm = cost(web, [question(web, *page) for page in pages], expect=200, containing=WAITING)
    return {
        "figure": "oidc_1000_pages_cores",
        "value": round(statistics.median(cores), 3),
        "unit": "cores",
        "n": sum(polls),
        "note": (
            f"{PAGES} open login pages, a connection each, {PACE:.0f} polls/s "
            f"({sum(polls) / ROUNDS / ROUND_SECONDS:.0f}/s in this run), "
            f"{statistics.median(cores) / PACE * 1e6:.0f} µs a poll, {warm * 1e6:.0f} µs where one "
            f"follows the other; "
            f"{cores[0]:.3f}–{cores[-1]:.3f} over {ROUNDS} rounds of {ROUND_SECONDS:.0f} s; "
            f"PostgreSQL's own {stores:.3f} not counted"
        ),
    }


@dataclass(frozen=True, kw_only=True)
class Load:
    """CPU seconds between two moments."""

    began: float
    ended: float
    web: float
    postgres: float

    def polls(self, answered_at: Sequence[float]) -> int:
        """Count the answers between them; one at least, so that a ratio can be made."""
        return max(1, sum(self.began <= at < self.ended for at in answered_at))


def load(web: Server, postgres: Backends) -> Load:
    """Look at the servers for one round. `time.monotonic` is the same clock in every process."""
    began = time.monotonic(), web.cpu(), postgres.cpu()
    time.sleep(ROUND_SECONDS)
    ended = time.monotonic(), web.cpu(), postgres.cpu()
    return Load(
        began=began[0], ended=ended[0], web=ended[1] - began[1], postgres=ended[2] - began[2]
    )


def open_pages(product: World, client_id: str) -> list[tuple[str, str]]:
    """Write transactions as opened pages leave them, spread evenly; return ids and cookies."""
    at, pages = datetime.now(tz=UTC), []
    with product.app.app_context(), unit_of_work() as tx:
        for number in range(PAGES):
            page, cookie = uuid.uuid4(), os.urandom(32).hex()[:43]
            opened = at - number * ticket.STEP / PAGES
            tx.add(
                ScanTransaction(
                    id=page,
                    ticket=os.urandom(16),
                    seed=os.urandom(32),
                    client_id=client_id,
                    kind="login",
                    state=State.WAITING,
                    request={},
                    browser_sha256=digest(cookie),
                    place="",
                    address="",
                    number_tries=0,
                    number_right=False,
                    second_scan=False,
                    created_at=opened,
                    expires_at=opened + ticket.WAITING_LIFE,
                )
            )
            pages.append((str(page), cookie))
    return pages


# --- the crowd -----------------------------------------------------------------------------------


async def crowd(port: int, seconds: float, pages: list[tuple[str, str]]) -> dict[str, Any]:
    """Poll every page until the time is over; tell when answers came, and how many were wrong."""
    until = time.monotonic() + seconds
    polled = await asyncio.gather(*(browser(port, until, *page) for page in pages))
    return {
        "answered_at": [at for answers in polled for at, _ in answers],
        "wrong": sum(not fine for answers in polled for _, fine in answers),
    }


def question(web: Server, page: str, cookie: str) -> bytes:
    """Return what a page asks."""
    headers = {"Cookie": f"{COOKIE}={cookie}", "Cache-Control": "no-cache"}
    path = f"/oauth/authorize/{page}/status"
    return request(web, method="GET", path=path, headers=headers, body=b"")


async def browser(port: int, until: float, page: str, cookie: str) -> list[tuple[float, bool]]:
    """One page: ask, wait as told, ask again."""
    asked = question(Server(pid=0, port=port), page, cookie)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answers = []
    while time.monotonic() < until:
        writer.write(asked)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        size = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        found = json.loads(await reader.readexactly(size))
        waits = head.startswith(b"http/1.1 200 ") and found["state"] == "waiting"
        fine = waits and bool(found["text"])
        answers.append((time.monotonic(), fine))
        await asyncio.sleep(found["poll_in_ms"] / 1000 + PAUSE_SECONDS if fine else 3)
    writer.close()
    return answers


def more_files() -> None:
    """Allow a connection for each page, where the usual limit is about as many."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    wanted = 4 * PAGES if hard == resource.RLIM_INFINITY else min(hard, 4 * PAGES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


if __name__ == "__main__":
    more_files()
    print(json.dumps(asyncio.run(crowd(**json.loads(sys.stdin.readline())))))
