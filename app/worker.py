"""A worker process: takes messages from the outbox, looks at faces, reads statuses, posts events.

`python -m app.worker`. Any number may run; a killed one loses nothing (see `kernel/outbox.py`).
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

import psycopg
import structlog
from flask import Flask

from app import bootstrap
from app.kernel import outbox
from app.kernel.outbox import Message
from app.kernel.unit_of_work import DatabaseUnavailable, unit_of_work
from app.ports.clock import Clock
from app.ports.ephemeral import Ephemeral
from app.ports.errors import Unavailable
from app.services import Services
from config import Config

ENDING = 2.0  # seconds for a delivery in hand when the process is told to end
DELIVERERS = 4  # threads that post to relying parties
CHECKERS = 2  # threads that look at uploaded files
IDLE = 1.0  # seconds; a doorbell (NOTIFY) wakes the worker earlier
SEQUENCE_EVERY = 0.2  # seconds between batches of the ledger
ANCHOR_EVERY = 600.0  # seconds between anchored checkpoints
SYNC_EVERY = 15.0  # seconds between readings of practice statuses
SWEEP_EVERY = 600.0  # seconds between forgettings of what nobody needs any more
ORPHANS_EVERY = 86_400.0  # seconds between walks through the store of files

log = structlog.get_logger()
Handler = Callable[[Message], None]


class Worker:
    """Claims one message after another and hands it to its handler."""

    def __init__(self, *, app: Flask, clock: Clock, handlers: Mapping[str, Handler]) -> None:
        self._app = app
        self._clock = clock
        self._handlers = handlers

    def drain(self) -> int:
        """Do everything that is due; return how many messages were handled."""
        done = 0
        while self.once():
            done += 1
        return done

    def once(self) -> bool:
        """Handle one message; False when none is due."""
        with self._app.app_context():
            with unit_of_work() as tx:
                message = outbox.claim(tx, topics=list(self._handlers), at=self._clock.now())
            if message is None:
                return False
            self._handle(message)
            return True

    def _handle(self, message: Message) -> None:
        try:
            self._handlers[message.topic](message)
        except Exception:
            log.exception("message_failed", topic=message.topic, id=message.id)
            with unit_of_work() as tx:
                outbox.retry_later(tx, message=message, at=self._clock.now())
            return
        with unit_of_work() as tx:
            outbox.complete(tx, message=message)


class Doorbell:
    """Waits for NOTIFY on a connection of its own; a lost connection is opened again."""

    def __init__(self, *, dsn: str) -> None:
        self._dsn: Final = dsn.replace("postgresql+psycopg://", "postgresql://")
        self._connection: psycopg.Connection | None = None

    def wait(self, seconds: float) -> None:
        """Return when somebody rang or the time is up."""
        try:
            if self._connection is None:
                self._connection = psycopg.connect(self._dsn, autocommit=True, connect_timeout=2)
                self._connection.execute(f"LISTEN {outbox.CHANNEL}")
            for _ in self._connection.notifies(timeout=seconds, stop_after=1):
                pass
        except psycopg.Error:
            self._connection = None
            threading.Event().wait(seconds)


class Deliveries:
    """Threads that wait for others' servers and look at files; nobody before a camera waits."""

    def __init__(
        self, worker: Worker, *, threads: int = DELIVERERS, name: str = "deliveries"
    ) -> None:
        self._worker = worker
        self._bell = threading.Event()
        self._threads = [
            threading.Thread(target=self._loop, name=f"{name}-{n}", daemon=True)
            for n in range(threads)
        ]
        self._ended = False

    def start(self) -> None:
        """Begin; a process that ends takes the threads along, and what they held is due again."""
        for thread in self._threads:
            thread.start()

    def ring(self) -> None:
        """Say that something may be due."""
        self._bell.set()

    def end(self) -> None:
        """Let each thread finish what it has in hand, if that does not take long."""
        self._ended = True
        self._bell.set()
        for thread in self._threads:
            thread.join(timeout=ENDING)

    def _loop(self) -> None:
        while not self._ended:
            try:
                while self._worker.once() and not self._ended:
                    pass
            except DatabaseUnavailable:
                log.warning("database_unavailable")
            if self._bell.wait(IDLE) and not self._ended:
                self._bell.clear()


class Numbering(threading.Thread):
    """Sequences the ledger, whatever else this worker is busy with; others do so too."""

    def __init__(self, *, app: Flask) -> None:
        super().__init__(name="ledger", daemon=True)
        self._app = app

    def run(self) -> None:
        """Number what waits, every `SEQUENCE_EVERY` seconds, as long as the process lives."""
        services: Services = self._app.extensions["services"]
        pause = threading.Event()
        while not pause.wait(SEQUENCE_EVERY):
            try:
                with self._app.app_context():
                    services.ledger.sequencer.drain()
            except DatabaseUnavailable:
                log.warning("database_unavailable")
            except Exception:
                log.exception("sequencing_failed")
                pause.wait(IDLE)


class Stop:
    """Ends the loop after the message in hand."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, *_: object) -> None:
        self.asked = True


def run(config: Config) -> None:
    """Work until told to stop."""
    app = bootstrap.build(config)
    worker = Worker(
        app=app, clock=app.extensions["clock"], handlers=bootstrap.handlers(app, config)
    )
    outward = Worker(app=app, clock=app.extensions["clock"], handlers=bootstrap.deliveries(app))
    judging = Worker(app=app, clock=app.extensions["clock"], handlers=bootstrap.checks(app))
    beside = (Deliveries(outward), Deliveries(judging, threads=CHECKERS, name="checks"))
    for threads in beside:
        threads.start()
    bell = Doorbell(dsn=config.database_url)
    stop = Stop()
    Numbering(app=app).start()
    log.info("worker_started")
    while not stop.asked:
        try:
            worker.drain()
            _sync_statuses(app)
            _sweep(app)
            _anchor(app)
        except DatabaseUnavailable:
            log.warning("database_unavailable")
        bell.wait(IDLE)
        for threads in beside:
            threads.ring()
    for threads in beside:
        threads.end()
    log.info("worker_stopped")


def _sync_statuses(app: Flask) -> None:
    """Read practice statuses now and then, one worker at a time."""
    ephemeral: Ephemeral = app.extensions["ephemeral"]
    try:
        if not ephemeral.claim(key="sync-statuses", value="1", ttl=SYNC_EVERY):
            return
        with app.app_context():
            app.extensions["identity"].devices.sync_statuses()
            app.extensions["identity"].trainees.sync()
            app.extensions["identity"].assistants.sweep()
            app.extensions["authorization"].partners.status_watch.ask_again()
    except Unavailable as error:
        log.warning("status_sync_failed", code=error.code)


def _sweep(app: Flask) -> None:
    """Forget used nonces, old events and old notices now and then, one worker at a time."""
    ephemeral: Ephemeral = app.extensions["ephemeral"]
    try:
        if not ephemeral.claim(key="sweep", value="1", ttl=SWEEP_EVERY):
            return
        with app.app_context():
            app.extensions["authorization"].relying_parties.sweep()
            app.extensions["authorization"].partners.webhooks.sweep()
            app.extensions["notification"].inbox.sweep()
            app.extensions["casefile"].material_sweep.sweep()
            if ephemeral.claim(key="sweep-orphans", value="1", ttl=ORPHANS_EVERY):
                app.extensions["casefile"].material_sweep.delete_orphans()
    except Unavailable as error:
        log.warning("sweep_failed", code=error.code)


def _anchor(app: Flask) -> None:
    """Ask for the ledger to be anchored now and then, one worker at a time."""
    ephemeral: Ephemeral = app.extensions["ephemeral"]
    services: Services = app.extensions["services"]
    with suppress(Unavailable):
        if ephemeral.claim(key="anchor", value="1", ttl=ANCHOR_EVERY):
            with app.app_context():
                services.ledger.anchoring.schedule()


if __name__ == "__main__":
    run(Config.from_env(os.environ))
