"""A correlation id for every request: taken from the caller if well formed, else made here."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from functools import lru_cache

import structlog
from flask import Flask, Response, g, request
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
    return REQUESTS.labels(method, route, str(status)), SECONDS.labels(route)


def _begin(entropy: Entropy) -> Callable[[], None]:
    def begin() -> None:
        given = request.headers.get(HEADER, "")
        g.request_id = given if WELL_FORMED.fullmatch(given) else entropy.token_bytes(8).hex()
        g.started = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    return begin


def _end(response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule else "unmatched"
    seconds = time.perf_counter() - g.get("started", time.perf_counter())
    requests, durations = _metrics_of(request.method, route, response.status_code)
    requests.inc()
    durations.observe(seconds)
    response.headers[HEADER] = g.get("request_id", "")
    if route not in QUIET and request.blueprint != "static":
        log.info(
            "request",
            method=request.method,
            route=route,
            status=response.status_code,
            code=g.get("problem_code"),
            ms=round(seconds * 1000, 1),
        )
    return response
