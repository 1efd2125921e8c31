"""Who is at the OAuth endpoints: secrets, signed assertions, and proofs of possession."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Any, Protocol

from app.authorization.errors import (
    InvalidClient,
    InvalidProof,
    KeysUnavailable,
    RelyingPartyUnknown,
)
from app.authorization.queries.relying_parties import PartyRow, Use
from app.authorization.rules import jose
from app.authorization.rules.relying_party import AuthMethod, Tier
from app.authorization.service.relying_parties import RelyingParties, digest
from app.ports.clock import Clock

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class KeysOf(Protocol):
    """Finds a party's key set; raises `KeysUnavailable`."""

    def __call__(self, *, party: PartyRow, kid: str | None) -> Mapping[str, Any]:
        """Return the keys, read anew if `kid` is not among those at hand."""
        ...


@dataclass(frozen=True, kw_only=True)
class ClientCredentials:
    """What came with a request. Exactly one way; `method` says which: KEY has an assertion."""

    client_id: str
    method: AuthMethod
    secret: str = field(default="", repr=False)
    assertion: jose.Jwt | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """Where a request arrived: our issuer, and the endpoint's own URL."""

    issuer: str
    url: str


class ClientAuthentication:
    """Recognises clients and holders of keys."""

    def __init__(
        self, *, relying_parties: RelyingParties, clock: Clock, fetch_keys: KeysOf
    ) -> None:
        self._parties = relying_parties
        self._clock = clock
        self._fetch_keys = fetch_keys

    def authenticate(self, given: ClientCredentials, *, endpoint: Endpoint) -> PartyRow:
        """Return the client; raises `InvalidClient`, whatever was wrong."""
        return self.confirm(given, self._find(given.client_id), endpoint=endpoint)

    def confirm(
        self, given: ClientCredentials, party: PartyRow | None, *, endpoint: Endpoint
    ) -> PartyRow:
        """Return the party that was found under the client's name, if it is that client.

        Raises `InvalidClient`, whatever was wrong.
        """
        confirmed, assertion = self._recognise(given, party, endpoint=endpoint)
        self._use_up(assertion=assertion)
        return confirmed

    def authenticate_holder(
        self, given: ClientCredentials, proof: str | None, *, endpoint: Endpoint
    ) -> tuple[PartyRow, str | None]:
        """Return the client and the thumbprint of its DPoP proof's key, if it sent a proof.

        Assertion and proof are used up together. Raises `InvalidClient` or `InvalidProof`.
        """
        found = self._find(given.client_id)
        party, assertion = self._recognise(given, found, endpoint=endpoint)
        jkt, used = self._check_proof(proof, method="POST", url=endpoint.url)
        self._use_up(assertion=assertion, proof=used)
        return party, jkt

    def holder(
        self, proof: str | None, *, method: str, url: str, access_token: str | None = None
    ) -> str | None:
        """Return the thumbprint of a DPoP proof's key, using the proof up; None without a proof."""
        jkt, used = self._check_proof(proof, method=method, url=url, access_token=access_token)
        self._use_up(proof=used)
        return jkt

    def _find(self, client_id: str) -> PartyRow | None:
        try:
            return self._parties.recognise(client_id)
        except RelyingPartyUnknown:
            return None

    def _recognise(
        self, given: ClientCredentials, party: PartyRow | None, *, endpoint: Endpoint
    ) -> tuple[PartyRow, Use | None]:
        """Return the client, and what its assertion uses up."""
        if party is None or party.suspended_at is not None:
            raise InvalidClient("unknown")
        if given.method != party.auth_method:
            raise InvalidClient("method")
        if given.assertion is not None:
            return party, self._check_assertion(given.assertion, party=party, endpoint=endpoint)
        if not compare_digest(digest(given.secret), party.secret_sha256 or b""):
            raise InvalidClient("secret")
        return party, None

    def _check_proof(
        self, proof: str | None, *, method: str, url: str, access_token: str | None = None
    ) -> tuple[str | None, Use | None]:
        """Return the thumbprint of a proof's key, and what the proof uses up."""
        if proof is None:
            return None, None
        at = self._clock.now()
        checked = jose.check_proof(proof, method=method, url=url, access_token=access_token, at=at)
        until = at + timedelta(seconds=2 * (jose.OLDEST_PROOF + jose.SKEW))
        return checked.jkt, Use(f"dpop:{checked.jkt}", checked.jti, until)

    def _use_up(self, *, assertion: Use | None = None, proof: Use | None = None) -> None:
        uses = [use for use in (assertion, proof) if use is not None]
        fresh = self._parties.use_up(*uses) if uses else frozenset()
        if assertion is not None and assertion.scope not in fresh:
            raise InvalidClient("assertion: replayed")
        if proof is not None and proof.scope not in fresh:
            raise InvalidProof("replayed")

    def _keys(self, token: jose.Jwt, *, party: PartyRow) -> Mapping[str, Any]:
        kid = token.header.get("kid")
        try:
            return self._fetch_keys(party=party, kid=kid if isinstance(kid, str) else None)
        except KeysUnavailable as error:
            raise InvalidClient("keys") from error

    def _check_assertion(self, token: jose.Jwt, *, party: PartyRow, endpoint: Endpoint) -> Use:
        key = jose.key_of(token, keys=self._keys(token, party=party))
        if key is None or not jose.verify(token, key=key):
            raise InvalidClient("assertion: signature")
        strict = party.tier == Tier.FAPI
        audiences = (endpoint.issuer,) if strict else (endpoint.issuer, endpoint.url)
        jti = jose.check_assertion(
            token,
            client_id=party.client_id,
            audiences=audiences,
            strict=strict,
            at=self._clock.now(),
        )
        until = _moment(token.claims["exp"]) + timedelta(seconds=jose.SKEW)
        return Use(f"assertion:{party.client_id}", jti, until)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)
