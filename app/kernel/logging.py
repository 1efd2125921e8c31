"""JSON logs: one line an event, with the request id, never personal data."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable

import structlog
from structlog.typing import EventDict

_ENCODER = json.JSONEncoder(ensure_ascii=False, default=repr)


def _as_json(event: object, **_unused: object) -> str:
    """Write an event; the encoder is made once."""
    return _ENCODER.encode(event)


def configure(level: str, *, request_id: Callable[[], str | None]) -> None:
    """Send structlog events and the standard library's warnings to stderr as JSON lines.

    `request_id` names the request that is being answered, if there is one.
    """

    def of_request(_logger: object, _method: str, event: EventDict) -> EventDict:
        known = request_id()
        return event if known is None else {**event, "request_id": known}

    structlog.configure(
        processors=[
            of_request,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(_as_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
