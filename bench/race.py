"""Replay under racing and crashes: presentations accepted twice, acceptances lost afterwards.

Each presentation is shown at once by several kiosks, in two processes of several threads, through
the real service and a durable PostgreSQL, which is killed now and then. A kiosk that gets no
answer asks again with its idempotency key, as a real one does. What the kiosks were told is then
compared with what the database holds.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

import psycopg

from app.errors import AppError
from app.kernel.principal import Kiosk
from app.services import Services
from app.verification.service.verifications import Question
from bench._world import BenchPhone, World, application, world
from credential.errors import CredentialError

Figure = dict[str, Any]
Accepted = tuple[str, uuid.UUID]  # what was shown, and the verification it was answered with

PRESENTATIONS = 100_000
PHONES = 250
PROCESSES = 2
THREADS = 4
RACERS = PROCESSES * THREADS
SECONDS = 160.0  # what was not presented by then is left out, and `n` says so
CRASH_EVERY = 25.0
RETRY_SECONDS = 10.0


def run() -> list[Figure]:
    """Return the figures of the group `race`."""
    with world() as product:
        kiosks = [product.kiosk() for _ in range(RACERS)]
        tally = Tally()
        phones = product.phones(PHONES)
        product.issue(phones)
        with racers(product, [k.kiosk_id for k in kiosks]) as lanes, crashes(product) as crashed:
            race(phones, lanes, tally)
        stored, twice = in_database(product)
    told = Counter(text for text, _ in tally.accepted)
    double = sum(times - 1 for times in told.values()) + twice
    lost = sum(event not in stored for _, event in tally.accepted)
    note = (
        f"{tally.shown:,} presentations of {tally.codes:,} codes by {RACERS} kiosks, "
        f"{len(tally.accepted):,} accepted, {tally.refused:,} refused, "
        f"{tally.unanswered} without an answer, {len(crashed)} crashes of PostgreSQL"
    )
    return [
        {"figure": name, "value": value, "unit": "", "n": tally.shown, "note": note}
        for name, value in (("double_accepts", double), ("acked_lost", lost))
    ]


@dataclass
class Tally:
    """What the kiosks were told."""

    accepted: list[Accepted] = field(default_factory=list)
    shown: int = 0
    codes: int = 0
    refused: int = 0
    unanswered: int = 0


def race(phones: Sequence[BenchPhone], lanes: list[Connection], tally: Tally) -> None:
    """Show heats of fresh codes to all kiosks at once until enough were shown or time is up."""
    give_up = time.monotonic() + SECONDS
    at = 0
    while tally.shown < PRESENTATIONS and time.monotonic() < give_up:
        at = max(at + 1, int(time.time()))  # a code is a credential and a second
        texts = [phone.show(at=at) for phone in phones]
        for lane in lanes:
            lane.send(texts)
        for lane in lanes:
            accepted, refused, unanswered = lane.recv()
            tally.accepted += accepted
            tally.refused += refused
            tally.unanswered += unanswered
        tally.codes += len(texts)
        tally.shown += len(texts) * RACERS


def in_database(product: World) -> tuple[set[uuid.UUID], int]:
    """Return every accepted event that is there now, and how many are one too many."""
    rows = query(product, "SELECT id, cti, presented_at FROM verification WHERE accepted")
    distinct = {(cti, at) for _, cti, at in rows}
    return {event for event, _, _ in rows}, len(rows) - len(distinct)


def query(product: World, sql: str) -> list[tuple[Any, ...]]:
    """Ask the database directly."""
    url = product.environment["DATABASE_URL"].replace("+psycopg", "")
    with psycopg.connect(url, connect_timeout=5) as connection:
        return connection.execute(sql.encode()).fetchall()


# --- kiosks --------------------------------------------------------------------------------


class racers:  # noqa: N801 - a context manager
    """Processes of kiosks, each at the end of a pipe."""

    def __init__(self, product: World, kiosk_ids: list[str]) -> None:
        context = multiprocessing.get_context("spawn")
        self._processes = []
        self._lanes = []
        for number in range(PROCESSES):
            here, there = context.Pipe()
            own = kiosk_ids[number * THREADS : (number + 1) * THREADS]
            process = context.Process(target=kiosk_process, args=(there, product.environment, own))
            process.start()
            self._processes.append(process)
            self._lanes.append(here)

    def __enter__(self) -> list[Connection]:
        for lane in self._lanes:
            lane.recv()  # ready
        return self._lanes

    def __exit__(self, *_: object) -> None:
        for lane in self._lanes:
            lane.send(None)
        for process in self._processes:
            process.join(10)
            process.kill()


def kiosk_process(lane: Connection, environment: dict[str, str], kiosk_ids: list[str]) -> None:
    """Show what comes through the pipe at every kiosk of this process, at once."""
    app = application(environment)
    services: Services = app.extensions["services"]
    with app.app_context():
        kiosks = [services.verification.kiosks.recognise(kiosk_id) for kiosk_id in kiosk_ids]
    lane.send("ready")
    while (texts := lane.recv()) is not None:
        lanes = [Lane(app, services, kiosk, texts) for kiosk in kiosks]
        for one in lanes:
            one.start()
        for one in lanes:
            one.join()
        lane.send(
            (
                [answer for one in lanes for answer in one.accepted],
                sum(one.refused for one in lanes),
                sum(one.unanswered for one in lanes),
            )
        )


class Lane(threading.Thread):
    """One kiosk shows one heat of codes."""

    def __init__(self, app: Any, services: Services, kiosk: Kiosk, texts: list[str]) -> None:  # noqa: ANN401
        super().__init__()
        self._app = app
        self._services = services
        self._kiosk = kiosk
        self._texts = texts
        self.accepted: list[Accepted] = []
        self.refused = self.unanswered = 0

    def run(self) -> None:
        """Show every code once; ask again while there is no answer."""
        for text in self._texts:
            question = Question(text=text, nonce=None, request_key=uuid.uuid4().hex)
            try:
                event = self._ask(question)
            except CredentialError:
                self.refused += 1
                continue
            if event is None:
                self.unanswered += 1
            else:
                self.accepted.append((text, event))

    def _ask(self, question: Question) -> uuid.UUID | None:
        give_up = time.monotonic() + RETRY_SECONDS
        while time.monotonic() < give_up:
            with suppress(AppError), self._app.app_context():
                verifications = self._services.verification.verifications
                return verifications.verify(verifier=self._kiosk, question=question).verification_id
            time.sleep(0.05)
        return None


# --- crashes -------------------------------------------------------------------------------


class crashes:  # noqa: N801 - a context manager
    """Kills a backend of the private PostgreSQL, or all of it, every `CRASH_EVERY` seconds."""

    def __init__(self, product: World) -> None:
        self._product = product
        self._over = threading.Event()
        self._done: list[str] = []
        self._thread = threading.Thread(target=self._crash)

    def __enter__(self) -> list[str]:
        self._thread.start()
        return self._done

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _crash(self) -> None:
        while not self._over.wait(CRASH_EVERY):
            if len(self._done) % 2 == 0:
                self._kill_backend()
                self._done.append("backend")
            else:
                postgres = self._product.stores.postgres
                postgres.kill()
                postgres.start()
                self._done.append("server")

    def _kill_backend(self) -> None:
        """SIGKILL one backend of ours: PostgreSQL then ends all of them and recovers."""
        found = query(
            self._product,
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'luzheng' LIMIT 1",
        )
        for (pid,) in found:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
