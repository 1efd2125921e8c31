"""Authorization codes: made for a grant, with how and when the lawyer was authenticated."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, Self
from urllib.parse import urlsplit

from app.authorization.errors import LoginRequired
from app.authorization.models.grants import AuthorizationCode
from app.authorization.models.transactions import BrowserSession
from app.authorization.queries import transactions as queries
from app.authorization.queries.relying_parties import PartyRow
from app.authorization.rules import jose, lifetimes
from app.authorization.rules.request import AuthorizationRequest
from app.authorization.service.provider_keys import ProviderKeys
from app.authorization.service.relying_parties import digest
from app.kernel.unit_of_work import Tx
from app.ports.entropy import Entropy


@dataclass(frozen=True, kw_only=True)
class Authentication:
    """When and how the lawyer was authenticated; `sid` names the browser's session."""

    at: int
    acr: str
    amr: Sequence[str]
    sid: str | None

    @classmethod
    def of_session(cls, session: BrowserSession) -> Self:
        """Read it off a browser's session."""
        return cls(
            at=int(session.authenticated_at.timestamp()),
            acr=session.acr,
            amr=session.amr,
            sid=str(session.id),
        )


class Sector(Protocol):
    """A relying party, as far as its lawyers' pairwise names depend on it."""

    @property
    def client_id(self) -> str:
        """Return its name."""
        ...

    @property
    def domain(self) -> str:
        """Return its registered domain."""
        ...

    @property
    def redirect_uris(self) -> Sequence[str]:
        """Return the addresses that are led back to."""
        ...


class Codes:
    """Makes codes, and knows the lawyers' pairwise names."""

    def __init__(self, *, entropy: Entropy, keys: ProviderKeys, pairwise_key: bytes) -> None:
        self._entropy = entropy
        self._keys = keys
        self._pairwise_key = pairwise_key

    def subject(self, *, lawyer_id: uuid.UUID, party: Sector) -> str:
        """Return the lawyer's pairwise name 成对标识 (OpenID Connect Core §8.1) for a client."""
        message = f"{sector(party)}\0{lawyer_id}".encode()
        return jose.b64u(hmac.digest(self._pairwise_key, message, hashlib.sha256)[:20])

    def make(
        self,
        tx: Tx,
        *,
        grant_id: uuid.UUID,
        request: AuthorizationRequest,
        authentication: Authentication,
        at: datetime,
    ) -> str:
        """Return a fresh code; only its digest is kept."""
        code = jose.b64u(self._entropy.token_bytes(32))
        tx.add(
            AuthorizationCode(
                code_sha256=digest(code),
                grant_id=grant_id,
                client_id=request.client_id,
                request={"request": request.to_json(), "authentication": vars(authentication)},
                expires_at=at + lifetimes.CODE,
            )
        )
        return code

    def use_up_pushed(self, tx: Tx, uri_sha256: bytes | None, *, at: datetime) -> None:
        """A pushed request leads to one consent."""
        row = None if uri_sha256 is None else queries.pushed(tx, uri_sha256=uri_sha256)
        if row is not None:
            row.used_at = at

    def check_hint(
        self, request: AuthorizationRequest, *, party: PartyRow, lawyer_id: uuid.UUID
    ) -> None:
        """Raise `LoginRequired` when `id_token_hint` names somebody else."""
        if request.id_token_hint is None:
            return
        claims: Mapping[str, Any] | None = self._keys.verified(request.id_token_hint, typ="JWT")
        expected = self.subject(lawyer_id=lawyer_id, party=party)
        if claims is None or claims.get("sub") != expected:
            raise LoginRequired("another lawyer than the hint's")


def sector(party: Sector) -> str:
    """Return the sector within which a lawyer has one name: the registered domain."""
    if party.domain:
        return party.domain
    host = urlsplit(party.redirect_uris[0]).hostname if party.redirect_uris else None
    return host or party.client_id
