"""律师服务平台: our own relying party. Signing in by scanning 扫一扫, and the session after it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

from app.authorization.errors import InvalidGrant
from app.authorization.models.portal import PortalSession
from app.authorization.queries import portal as queries
from app.authorization.queries.portal import PortalRow
from app.authorization.queries.relying_parties import PartyRow
from app.authorization.queries.tokens import grant as grant_of
from app.authorization.rules import jose
from app.authorization.rules import portal as rules
from app.authorization.rules.portal import Standing
from app.authorization.rules.relying_party import OURS
from app.authorization.service.logout import Logout
from app.authorization.service.provider_keys import ProviderKeys
from app.authorization.service.relying_parties import RelyingParties, digest
from app.authorization.service.requests import AuthorizationRequests, with_query
from app.authorization.service.tokens import Caller, TokenEndpoint
from app.authorization.service.values import Tokens
from app.identity.errors import CounselNotPractising, NotBound
from app.identity.service.counsels import Counsels
from app.kernel.principal import Counsel
from app.kernel.unit_of_work import autocommit, unit_of_work
from app.ports.clock import Clock
from app.ports.entropy import Entropy


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A sign-in that was begun: what the browser keeps until it comes back, and where it goes."""

    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    location: str


@dataclass(frozen=True, kw_only=True)
class Left:
    """How long a session lasts if nothing is done, and whether doing something helps."""

    time: timedelta
    prolongable: bool


class Portal:
    """Use cases of a lawyer's browser."""

    def __init__(
        self,
        *,
        relying_parties: RelyingParties,
        requests: AuthorizationRequests,
        tokens: TokenEndpoint,
        keys: ProviderKeys,
        counsels: Counsels,
        logout: Logout,
        clock: Clock,
        entropy: Entropy,
    ) -> None:
        self._parties = relying_parties
        self._requests = requests
        self._tokens = tokens
        self._keys = keys
        self._counsels = counsels
        self._logout = logout
        self._clock = clock
        self._entropy = entropy

    def begin(self, *, issuer: str) -> Begun:
        """Push an authorization request of our own; raises `RelyingPartyUnknown` if shut off.

        The lawyer must scan, whoever signed in with this browser before: `prompt=login`.
        """
        party = self._us(issuer)
        state, nonce, verifier = (jose.b64u(self._entropy.token_bytes(32)) for _ in range(3))
        given = {
            "response_type": "code",
            "redirect_uri": issuer + rules.CALLBACK,
            "scope": "openid profile",
            "prompt": "login",
            "state": state,
            "nonce": nonce,
            "code_challenge": jose.b64u_sha256(verifier),
            "code_challenge_method": "S256",
        }
        uri, _ = self._requests.push(party=party, given=given, jkt=None)
        query = {"client_id": OURS, "request_uri": uri}
        location = with_query(f"{issuer}/oauth/authorize", query)
        return Begun(state=state, nonce=nonce, verifier=verifier, location=location)

    def sign_in(self, *, issuer: str, code: str, nonce: str, verifier: str) -> str:
        """Redeem the code and open a session; return its token, which is told once.

        Raises `InvalidGrant`, `RelyingPartyUnknown`.
        """
        tokens = self._tokens.by_code(
            caller=Caller(party=self._us(issuer), jkt=None, issuer=issuer),
            code=code,
            redirect_uri=issuer + rules.CALLBACK,
            code_verifier=verifier,
        )
        self._check(tokens, issuer=issuer, nonce=nonce)
        token, at = jose.b64u(self._entropy.token_bytes(32)), self._clock.now()
        with unit_of_work() as tx:
            grant = grant_of(tx, uuid.UUID(tokens.grant_id))
            tx.add(
                PortalSession(
                    id=self._entropy.uuid(),
                    token_sha256=digest(token),
                    grant_id=grant.id,
                    created_at=at,
                    seen_at=at,
                    expires_at=rules.longest(at=at, grant_until=grant.expires_at),
                )
            )
        return token

    def recognise(self, token: str) -> Counsel | None:
        """Return the lawyer at the PC, who is thereby seen; None when the session has ended.

        Raises `CounselNotPractising`, which ends the session.
        """
        at = self._clock.now()
        row = self._live(token, at=at)
        if row is None:
            return None
        try:
            counsel = self._counsels.of_device(device_id=row.device_id)
        except NotBound:
            return None
        except CounselNotPractising:
            self.end(token=token)
            raise
        if at - row.seen_at > rules.TOUCH_AFTER:
            with unit_of_work() as tx:
                queries.touch(tx, row.id, at=at)
        return counsel

    def left(self, *, token: str) -> Left | None:
        """Return how long a session lasts, without prolonging it; None when it has ended."""
        at = self._clock.now()
        row = self._live(token, at=at)
        if row is None:
            return None
        standing = _standing(row)
        return Left(time=rules.ends_at(standing) - at, prolongable=rules.prolongable(standing))

    def end(self, *, token: str) -> None:
        """Sign out: the portal's session ends, and the browser's that it stands on."""
        at = self._clock.now()
        with unit_of_work() as tx:
            session_id = queries.end(tx, token_sha256=digest(token), at=at)
            if session_id is not None:
                self._logout.end_in(tx, session_id=session_id, at=at)

    def _live(self, token: str, *, at: datetime) -> PortalRow | None:
        with autocommit() as database:
            row = queries.session(database, token_sha256=digest(token))
        return row if row is not None and rules.lives(_standing(row), at=at) else None

    def _us(self, issuer: str) -> PartyRow:
        """Return our own registration, for the address that this browser came to."""
        party = self._parties.ours()
        return party._replace(redirect_uris=[issuer + rules.CALLBACK])

    def _check(self, tokens: Tokens, *, issuer: str, nonce: str) -> None:
        """The ID token is this sign-in's (OpenID Connect Core §3.1.3.7)."""
        claims: Mapping[str, Any] = self._keys.verified(tokens.id_token or "", typ="JWT") or {}
        said = str(claims.get("nonce", ""))
        if not compare_digest(said.encode(), nonce.encode()) or claims.get("iss") != issuer:
            raise InvalidGrant("not this sign-in")


def _standing(row: PortalRow) -> Standing:
    return Standing(seen_at=row.seen_at, expires_at=row.expires_at, ended=row.ended)
