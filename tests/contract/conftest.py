"""Real small servers for the contract suites: an HTTP server on a socket, a private Valkey."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from werkzeug.serving import make_server


class SteppedClock:
    """A clock that moves only when told; serves as wall clock and as monotonic seconds."""

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def seconds(self) -> float:
        return self._now.timestamp()

    def step(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@contextmanager
def _serving(application: Any) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=5)
        server.server_close()


@pytest.fixture
def serve() -> Iterator[Callable[[Any], str]]:
    """Serve a WSGI application on a free port until the test ends; returns its base URL."""
    running = []

    def start(application: Any) -> str:
        context = _serving(application)
        url = context.__enter__()
        running.append(context)
        return url

    yield start
    for context in reversed(running):
        context.__exit__(None, None, None)
