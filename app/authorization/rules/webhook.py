"""事件推送: when an event is tried again, what counts as taken, what is signed. Pure."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

STATUS_CHANGED: Final = "licence.status_changed"
TEST: Final = "webhook.test"
TAG: Final = "lvzheng-webhook"
MAX_SUBSCRIPTIONS: Final = 1000  # of one relying party
PAGE: Final = 50
KEEP_DELIVERED: Final = timedelta(days=7)
KEEP_DEAD: Final = timedelta(days=30)
SILENCE: Final = timedelta(seconds=30)  # an address that does not answer is left alone so long
DELAYS: Final = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)


def next_try(attempts: int) -> timedelta | None:
    """Return how long to wait after that many failures; None: give up, a dead letter 死信."""
    return DELAYS[attempts - 1] if attempts <= len(DELAYS) else None


def is_taken(status: int) -> bool:
    """Tell whether an answer means that the event was taken. A redirect is not followed."""
    return 200 <= status < 300


def body(*, event_id: str, kind: str, at: datetime, data: Mapping[str, Any]) -> bytes:
    """Write an event; every repetition has the same bytes."""
    event = {"id": event_id, "type": kind, "at": moment(at), "data": data}
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def moment(at: datetime) -> str:
    """Write a moment as the API does."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def target_uri(url: str) -> str:
    """Return an address as the receiver sees it (RFC 9421 §2.2.2; RFC 9110 §4.2.3)."""
    parts = urlsplit(url)
    usual = {"https": 443, "http": 80}[parts.scheme]
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else str(parts.hostname)
    place = host if parts.port in (None, usual) else f"{host}:{parts.port}"
    return urlunsplit((parts.scheme, place, parts.path or "/", parts.query, ""))


def parameters(*, at: datetime, nonce: bytes) -> str:
    """Return the signature parameters of an event, all but the key's own."""
    text = base64.urlsafe_b64encode(nonce).rstrip(b"=").decode()
    return f'created={int(at.timestamp())};nonce="{text}";tag="{TAG}"'
