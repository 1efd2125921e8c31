"""Real small servers and a clock by hand, for the contract suites."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from werkzeug.serving import make_server

Application = Callable[..., Iterable[bytes]]
Serve = Callable[[Application], str]


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


@contextmanager
def serving(application: Application) -> Iterator[str]:
    """Serve a WSGI application on a free port; gives its base URL."""
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=5)
        server.server_close()
