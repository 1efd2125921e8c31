"""Keys of relying parties: registered with us, or published at an address of theirs."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Final

from app.authorization.errors import KeysUnavailable
from app.authorization.queries.relying_parties import PartyRow
from app.authorization.rules.party_key import named
from app.authorization.rules.relying_party import is_public_jwks
from app.ports.clock import Clock
from app.ports.errors import PortError
from app.ports.outside_web import OutsideWeb

KEPT_FOR: Final = 300.0  # seconds that a fetched key set is believed
WAIT: Final = 1.0  # seconds behind another reader of the same address
ASK_AGAIN_AFTER: Final = 60.0  # for a `kid` that it does not have, or after a failure


@dataclass(frozen=True, kw_only=True)
class _Fetched:
    """What an address said last, and when it was last asked; `jwks` None: nothing usable."""

    uri: str
    asked_at: float
    read_at: float
    jwks: Mapping[str, Any] | None

    def believed(self, now: float) -> Mapping[str, Any] | None:
        return self.jwks if 0 <= now - self.read_at < KEPT_FOR else None


class PartyKeys:
    """Finds a party's key set. A fetched one is kept for five minutes, in this process.

    A `kid` that is not in it makes us look again, at most once a minute: a party may roll its
    keys, and a stranger who invents names may not make us knock at somebody's door. An address
    that cannot be read means no keys: nothing older than five minutes is believed.
    """

    def __init__(self, *, web: OutsideWeb, clock: Clock) -> None:
        self._web = web
        self._clock = clock
        self._fetched: dict[str, _Fetched] = {}
        self._locks: dict[str, Lock] = defaultdict(Lock)

    def of(self, *, party: PartyRow, kid: str | None) -> Mapping[str, Any]:
        """Return the key set (RFC 7517 §5), fresh if `kid` is missing; raises `KeysUnavailable`.

        A party that has no keys at all gets an empty set.
        """
        if party.jwks is not None:
            return party.jwks
        if party.jwks_uri is None:
            return {"keys": []}
        lock = self._locks[party.client_id]  # one reader per party; the others then know
        known = self._known(party.client_id, party.jwks_uri)
        jwks = known.believed(self._clock.now().timestamp())
        if jwks is not None and (kid is None or named(jwks, kid=kid) is not None):
            return jwks
        if lock.acquire(timeout=WAIT):  # and nobody waits long for a slow address of another
            try:
                jwks = self._asked(party.client_id, party.jwks_uri, kid)
            finally:
                lock.release()
        if jwks is None:
            raise KeysUnavailable
        return jwks

    def _known(self, client_id: str, uri: str) -> _Fetched:
        known = self._fetched.get(client_id)
        if known is None or known.uri != uri:
            return _Fetched(uri=uri, asked_at=-ASK_AGAIN_AFTER, read_at=-KEPT_FOR, jwks=None)
        return known

    def _asked(self, client_id: str, uri: str, kid: str | None) -> Mapping[str, Any] | None:
        """Return what is believed after asking, unless somebody asked a moment ago."""
        now = self._clock.now().timestamp()
        known = self._known(client_id, uri)
        believed = known.believed(now)
        has_it = believed is not None and (kid is None or named(believed, kid=kid) is not None)
        if has_it or 0 <= now - known.asked_at < ASK_AGAIN_AFTER:
            return believed
        read = self._read(uri)
        if read is None:
            self._fetched[client_id] = replace(known, asked_at=now)
            return believed
        self._fetched[client_id] = _Fetched(uri=uri, asked_at=now, read_at=now, jwks=read)
        return read

    def _read(self, uri: str) -> Mapping[str, Any] | None:
        try:
            answer = self._web.get(url=uri)
            jwks = json.loads(answer.body) if answer.status == 200 else None
        except (PortError, ValueError, RecursionError):
            return None
        return jwks if isinstance(jwks, dict) and is_public_jwks(jwks) else None
