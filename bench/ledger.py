"""The ledger: what an entry costs its request, sequencing, proofs, receipts, and the audit.

CPU is the scheduler's count, of the web server and of PostgreSQL's backends together. The product
with and without its ledger runs as two servers, their requests interleaved.
"""

from __future__ import annotations

import random
import statistics
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from app.kernel.unit_of_work import unit_of_work
from app.ledger.service.entries import Event
from bench._mutations import mutations_found
from bench._world import World, world
from bench.http import PHONES, Server, Work, cost, server

Figure = dict[str, Any]

ROUNDS = 7
WARM_UP = 2
LEAVES = 1_000_000
PROOFS = 2_000
RECEIPTS = 400
BACKGROUND_PER_S = 500
AT = datetime(2026, 11, 1, tzinfo=UTC)


def run() -> list[Figure]:
    """Return the figures of the group `ledger`."""
    with world() as product:
        share = append_share(product)
    with world() as product:
        sequenced = sequencing(product)
        proofs, receipts = proof_times(product), receipt_times(product)
    with world() as product:
        found, note = mutations_found(product)
    return [
        share,
        sequenced,
        timed("ledger_proof_ms_p99_1m", proofs, f"inclusion proofs at {LEAVES:,} leaves"),
        timed("receipt_ms_p99", receipts, f"append, commit, receipt, {BACKGROUND_PER_S}/s beside"),
        {
            "figure": "ledger_mutations_found",
            "value": found,
            "unit": "",
            "n": 10_000,
            "note": note,
        },
    ]


def timed(name: str, seconds: Sequence[float], what: str) -> Figure:
    """A figure of milliseconds at the 99th percentile."""
    ranked = sorted(seconds)
    return {
        "figure": name,
        "value": round(ranked[len(ranked) * 99 // 100] * 1000, 2),
        "unit": "ms",
        "n": len(ranked),
        "note": f"{what}; p50 {statistics.median(ranked) * 1000:.2f} ms",
    }


# --- what an entry costs ----------------------------------------------------------------------


def append_share(product: World) -> Figure:
    """The share of an entry in the CPU of a verification or an issue, whichever is greater."""
    work, postgres = Work(product), Backends(product)
    with (
        server("wsgi:application", product.environment) as ours,
        server("bench._without_ledger:application", product.environment) as without,
    ):
        rounds = [
            [spent(work, one, postgres) for one in (ours, without)] for _ in range(WARM_UP + ROUNDS)
        ][WARM_UP:]
    shares = {
        act: sorted(1 - without[act] / ours[act] for ours, without in rounds)
        for act in ("verify", "issue")
    }
    web = {act: statistics.median(1 - w[f"{act}_web"] / o[f"{act}_web"] for o, w in rounds)
           for act in ("verify", "issue")}  # fmt: skip
    medians = {act: statistics.median(values) for act, values in shares.items()}
    spread = ", ".join(
        f"{act} {medians[act]:.3f} ({values[0]:.3f}–{values[-1]:.3f}),"
        f" web server alone {web[act]:.3f}"
        for act, values in shares.items()
    )
    return {
        "figure": "ledger_append_share",
        "value": round(max(medians.values()), 3),
        "unit": "",
        "against": "the same product without the ledger",
        "n": ROUNDS * PHONES * 2,
        "note": f"server and database together: {spread}; {ROUNDS} rounds",
    }


def spent(work: Work, one: Server, postgres: Backends) -> dict[str, float]:
    """CPU seconds of one verification and of one issue at a server."""
    found = {}
    for act, requests, status in (
        ("verify", work.verifications(one), 200),
        ("issue", work.issues(one), 201),
    ):
        before = postgres.cpu()
        web = cost(one, requests, expect=status)
        found[f"{act}_web"] = web
        found[act] = web + (postgres.cpu() - before) / len(requests)
    return found


class Backends:
    """All processes of the private PostgreSQL."""

    def __init__(self, product: World) -> None:
        pid = product.stores.postgres.pid()
        if pid is None:
            raise RuntimeError("PostgreSQL is not there")
        self._pid = pid

    def cpu(self) -> float:
        """CPU seconds of all that live."""
        spent = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):  # ended meanwhile
                if int(stat.read_text().rpartition(") ")[2].split()[1]) == self._pid:
                    spent += int((stat.parent / "schedstat").read_text().split()[0])
        return spent / 1e9


# --- a long log -------------------------------------------------------------------------------


def sequencing(product: World) -> Figure:
    """Fill a log with a million entries and number them; events for each second of CPU."""
    with psycopg.connect(dsn(product)) as connection:
        connection.execute(
            "INSERT INTO ledger_entry (id, at, kind, source_id, leaf, leaf_hash, salt, details)"
            " SELECT gen_random_uuid(), %s + n * interval '1 ms', 'verification',"
            " gen_random_uuid(), leaf, sha256('\\x00'::bytea || leaf), '\\x00', leaf"
            " FROM (SELECT n, convert_to(repeat('x', 240) || n, 'UTF8') AS leaf"
            "       FROM generate_series(1, %s) AS n) AS made",
            (AT, LEAVES),
        )
    with psycopg.connect(dsn(product), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE ledger_entry")
    sequencer, postgres = product.services.ledger.sequencer, Backends(product)
    rates, walls, done = [], [], 0
    with product.app.app_context():
        sequencer.once()
        while done < LEAVES - 1000:
            began = time.process_time() + postgres.cpu(), time.perf_counter()
            part = sum(sequencer.once() for _ in range(111))
            spent = time.process_time() + postgres.cpu() - began[0]
            rates.append(part / spent)
            walls.append(part / (time.perf_counter() - began[1]))
            done += part
    return {
        "figure": "ledger_sequenced_per_s_b1000",
        "value": round(statistics.median(rates)),
        "unit": "/s",
        "n": done,
        "note": f"per second of CPU, sequencer and database together, {min(rates):,.0f}–"
        f"{max(rates):,.0f} in {len(rates)} parts of a log of {LEAVES:,}; by the clock "
        f"{statistics.median(walls):,.0f}/s",
    }


def proof_times(product: World) -> list[float]:
    """Seconds of inclusion proofs of leaves drawn at random."""
    draw, publication = random.Random(9162), product.services.ledger.publication
    found = []
    with product.app.app_context():
        for _ in range(PROOFS):
            index = draw.randrange(LEAVES)
            began = time.perf_counter()
            publication.inclusion(index=index, size=None)
            found.append(time.perf_counter() - began)
    return found


def receipt_times(product: World) -> list[float]:
    """Seconds from the start of an act's transaction to its receipt, while others write."""
    found, entries = [], product.services.ledger.entries
    with writing(product):
        for _ in range(RECEIPTS):
            event = made_event()
            began = time.perf_counter()
            with product.app.app_context():
                with unit_of_work() as tx:
                    entries.append(tx, event)
                entries.receipt(source_id=event.source_id)
            found.append(time.perf_counter() - began)
    return found


@contextmanager
def writing(product: World) -> Iterator[None]:
    """Let another thread append at a steady pace."""
    over = threading.Event()

    def write() -> None:
        batch = BACKGROUND_PER_S // 50
        while not over.wait(0.02):
            with product.app.app_context(), unit_of_work() as tx:
                for _ in range(batch):
                    product.services.ledger.entries.append(tx, made_event())

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def made_event() -> Event:
    """An event as the product writes them."""
    return Event(
        kind="verification",
        at=datetime.now(tz=UTC),
        subject=uuid.uuid4(),
        place="kbench",
        source_id=uuid.uuid4(),
        details={"accepted": True, "code": None, "cti": "0" * 16, "form": "LVZ1"},
    )


def dsn(product: World) -> str:
    """The database, for psycopg itself."""
    return product.environment["DATABASE_URL"].replace("postgresql+psycopg://", "postgresql://")
