"""What verifiers fetch: the signed key set, the JWKS, and the status list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from app.identity.service.binding_completion import STATUS_INDICES
from app.identity.service.devices import Devices
from app.issuance import rules
from app.kernel.unit_of_work import unit_of_work
from app.ports.clock import Clock
from app.ports.signer import SigningKeys
from credential.status import StatusList
from credential.trust import KeyRecord, TrustList

REBUILD_AFTER = 60  # seconds; a change of status reaches the list within a minute
TTL = 900
LIST_NUMBER = 1
KEY_LIFE = 2 * 365 * 86_400


@dataclass(frozen=True, kw_only=True)
class Published:
    """A signed document and when it was made (Unix seconds)."""

    body: bytes
    made_at: int


def trust_list(keys: SigningKeys, *, since: int) -> TrustList:
    """Return the issuer keys that verifiers may believe."""
    issuer = keys.issuer()
    return TrustList(
        [KeyRecord(kid=issuer.kid, key=issuer.public, not_before=since, not_after=since + KEY_LIFE)]
    )


class Publication:
    """Builds the documents and keeps each for a minute."""

    def __init__(
        self,
        *,
        keys: SigningKeys,
        trust: TrustList,
        devices: Devices,
        clock: Clock,
        public_url: str,
    ) -> None:
        self._keys = keys
        self._trust = trust
        self._devices = devices
        self._clock = clock
        self._public_url = public_url
        self._made: dict[str, Published] = {}
        self._lock = Lock()

    def key_set(self) -> Published:
        """Return the COSE_KeySet signed by the root key."""
        return self._fresh("keys", self._build_key_set)

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """Return the issuer keys as a JSON Web Key Set (RFC 7517 §5)."""
        return self._trust.to_jwks(at=self._now())

    def status_list(self, *, origin: str) -> Published:
        """Return the status list as a signed CWT; `origin` names where it is published."""
        uri = f"{self._public_url or origin}/.well-known/lvz/status/{LIST_NUMBER}"
        return self._fresh("status", lambda at: self._build_status_list(uri, at))

    def root_key(self) -> bytes:
        """Return the compressed public key that signs the key set."""
        return self._keys.root().public.compressed()

    def _fresh(self, name: str, build: Callable[[int], bytes]) -> Published:
        now = self._now()
        with self._lock:
            made = self._made.get(name)
            if made is None or now - made.made_at >= REBUILD_AFTER:
                made = Published(body=build(now), made_at=now)
                self._made[name] = made
        return made

    def _build_key_set(self, at: int) -> bytes:
        return self._trust.encode(self._keys.root(), at=at)

    def _build_status_list(self, uri: str, at: int) -> bytes:
        with unit_of_work() as tx:
            changed = self._devices.statuses_not_practising(tx)
        entries = {index: int(rules.LIST_STATUS[status]) for index, status in changed.items()}
        statuses = StatusList.build(entries, STATUS_INDICES)
        return statuses.encode(self._keys.issuer(), uri=uri, at=at, ttl=TTL)

    def _now(self) -> int:
        return int(self._clock.now().timestamp())
