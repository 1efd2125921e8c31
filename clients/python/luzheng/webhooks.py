"""Events that the platform posts to you 事件推送: verified before they are read."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from typing import Any, Protocol

from luzheng import signing
from luzheng.errors import Replayed, SignatureInvalid
from luzheng.keys import Keys
from luzheng.values import Event

TAG = "lvzheng-webhook"
SHORTEST_NONCE = 22


class Nonces(Protocol):
    """Remembers what was received. Several processes share one, in their database."""

    def add(self, nonce: str, *, keep_until: float) -> bool:
        """Remember a nonce until then (Unix seconds); False when it is known already."""
        ...


class MemoryNonces:
    """Nonces of one process."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def add(self, nonce: str, *, keep_until: float) -> bool:
        """Remember a nonce; False when it is known already."""
        now = time.time()
        with self._lock:
            for old in [known for known, until in self._until.items() if until < now]:
                del self._until[old]
            if nonce in self._until:
                return False
            self._until[nonce] = keep_until
            return True


class WebhookReceiver:
    """Verifies events. `url` is the address that you registered, as the platform calls it."""

    def __init__(self, *, url: str, keys: Keys, nonces: Nonces | None = None) -> None:
        self._url = url
        self._keys = keys
        self._nonces = nonces or MemoryNonces()

    def receive(self, *, headers: Mapping[str, str], body: bytes) -> Event:
        """Return the event; raises `SignatureInvalid`, or `Replayed` for a copy.

        Answer 2xx once the event is stored. The same event may come again, with a new signature,
        when your answer was lost: `Event.id` tells.
        """
        given = {name.lower(): value for name, value in headers.items()}
        covered = {
            '"@method"': "POST",
            '"@target-uri"': self._url,
            '"content-digest"': signing.check_digest(given, body),
        }
        checked = signing.verify(given, covered, tag=TAG, keys=self._keys)
        if len(checked.nonce) < SHORTEST_NONCE:
            raise SignatureInvalid("nonce")
        event = Event.of(_object(body))
        if given.get("idempotency-key") != event.id:
            raise SignatureInvalid("idempotency-key")
        keep_until = checked.created + 2 * signing.MAX_AGE
        if not self._nonces.add(checked.nonce, keep_until=keep_until):
            raise Replayed("nonce")
        return event


def _object(body: bytes) -> Mapping[str, Any]:
    value = json.loads(body)  # the platform signed it: a wrong shape is not a stranger's doing
    if not isinstance(value, dict):
        raise SignatureInvalid("body")
    return value
