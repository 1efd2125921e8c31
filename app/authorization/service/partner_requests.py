"""接口动态鉴权: who signed a request, whether its nonce is new, and whether there is quota left."""

from __future__ import annotations

from datetime import datetime
from threading import Lock
from typing import Final

from app.authorization.errors import QuotaExceeded
from app.authorization.rules.party_key import public_key
from app.authorization.service.party_keys import PartyKeys
from app.authorization.service.relying_parties import RelyingParties
from app.kernel.principal import Partner
from app.ports.clock import Clock
from app.ports.ephemeral import Ephemeral
from app.ports.errors import Unavailable
from credential.keys import PublicKey

MINUTE: Final = 60


class PartnerRequests:
    """What the edge asks about a relying party's request.

    Without the cache each process counts for itself: the quota then holds for every process
    instead of for all together. It protects the service from being flooded and decides nothing
    about identity, so it does not stop the service when the cache is gone.
    """

    def __init__(
        self, *, parties: RelyingParties, keys: PartyKeys, clock: Clock, ephemeral: Ephemeral
    ) -> None:
        self._parties = parties
        self._keys = keys
        self._clock = clock
        self._ephemeral = ephemeral
        self._own = _OwnCount()

    def identify(self, *, client_id: str, kid: str) -> tuple[Partner, PublicKey | None]:
        """Return the party and its key; raises `RelyingPartyUnknown`, `KeysUnavailable`."""
        party = self._parties.recognise(client_id)
        partner = Partner(
            client_id=party.client_id,
            name=party.legal_name,
            tier=party.tier,
            quota_per_minute=party.quota_per_minute,
            place=party.place or party.domain,
            attributes=frozenset(party.attributes),
        )
        return partner, public_key(self._keys.of(party=party, kid=kid), kid=kid)

    def use_nonce(self, *, client_id: str, nonce: str, expires_at: datetime) -> bool:
        """Use a nonce up, durably; False when it was used before."""
        return self._parties.use_once(
            scope=f"nonce:{client_id}", value=nonce, expires_at=expires_at
        )

    def count(self, partner: Partner) -> None:
        """Count a request; raises `QuotaExceeded` with the seconds until the next minute."""
        minute, second = divmod(int(self._clock.now().timestamp()), MINUTE)
        key = f"partner-quota:{partner.client_id}:{minute}"
        try:
            used = self._ephemeral.incr(key=key, ttl=MINUTE + 10)
        except Unavailable:
            used = self._own.incr(partner.client_id, minute)
        if used > partner.quota_per_minute:
            raise QuotaExceeded(retry_after=MINUTE - second)


class _OwnCount:
    """Requests of this minute, as far as this process saw them."""

    def __init__(self) -> None:
        self._minute = 0
        self._counts: dict[str, int] = {}
        self._lock = Lock()

    def incr(self, client_id: str, minute: int) -> int:
        with self._lock:
            if minute != self._minute:
                self._minute, self._counts = minute, {}
            self._counts[client_id] = self._counts.get(client_id, 0) + 1
            return self._counts[client_id]
