"""A correlation id for every request: taken from the caller if well formed, else made here."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from functools import lru_cache

import structlog
from flask import Flask, Request, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest

from app.ports.entropy import Entropy

WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")
HEADER = "X-Request-Id"
log = structlog.get_logger()

REQUESTS = Counter("http_requests_total", "Requests", ["method", "route", "status"])
SECONDS = Histogram(
    "http_request_seconds",
    "Request duration",
    ["route"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
QUIET = ("/healthz", "/readyz", "/metrics")


def install(app: Flask, *, entropy: Entropy) -> None:
    """Give each request an id, one log line without personal data, and its metrics."""
    app.before_request(_begin(entropy))
    app.after_request(_end)


def metrics() -> Response:
    """Answer Prometheus."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


@lru_cache(maxsize=4096)
def _metrics_of(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """Find the two time series of an answer, once."""
    known = method if method in METHODS else "other"  # a caller may invent methods without end
    return REQUESTS.labels(known, route, str(status)), SECONDS.labels(route)


def count(method: str, route: str, status: int, seconds: float) -> None:
    """Count an answer and how long it took."""
    requests, durations = _metrics_of(method, route, status)
    requests.inc()
    durations.observe(seconds)


def log_answer(
    method: str, route: str, status: int, seconds: float, *, code: str | None = None, **more: str
) -> None:
    """Write an answer's line in the log."""
    ms = round(seconds * 1000, 1)
    log.info("request", method=method, route=route, status=status, code=code, ms=ms, **more)


def name(given: str, entropy: Entropy) -> str:
    """Return the id of a request: the caller's if it is well formed, else a fresh one."""
    return given if WELL_FORMED.fullmatch(given) else entropy.token_bytes(8).hex()


def current_request() -> Request:
    """Return the request itself: Flask's `request` looks it up again at every attribute."""
    return request._get_current_object()  # type: ignore[attr-defined, no-any-return]  # noqa: SLF001


def _begin(entropy: Entropy) -> Callable[[], None]:
    def begin() -> None:
        g.request_id = name(current_request().headers.get(HEADER, ""), entropy)
        g.started = time.perf_counter()

    return begin


def _end(response: Response) -> Response:
    incoming, known = current_request(), vars(g._get_current_object())  # noqa: SLF001
    route = incoming.url_rule.rule if incoming.url_rule else "unmatched"
    now = time.perf_counter()
    seconds = now - known.get("started", now)
    count(incoming.method, route, response.status_code, seconds)
    response.headers.add(HEADER, known.get("request_id", ""))
    if route not in QUIET and incoming.blueprint != "static":
        code = known.get("problem_code")
        log_answer(incoming.method, route, response.status_code, seconds, code=code)
    return response
