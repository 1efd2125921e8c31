"""Signing out: by the client's request (RP-initiated) and told to the others (back-channel)."""

from __future__ import annotations

import uuid
from datetime import datetime

from app.authorization.errors import InvalidRequest, RelyingPartyUnknown
from app.authorization.models.grants import Grant
from app.authorization.queries import tokens as queries
from app.authorization.queries import transactions
from app.authorization.queries.relying_parties import PartyRow
from app.authorization.service.codes import Codes
from app.authorization.service.provider_keys import ProviderKeys
from app.authorization.service.relying_parties import RelyingParties, digest
from app.authorization.service.requests import with_query
from app.kernel.outbox import enqueue
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ports.clock import Clock
from app.ports.entropy import Entropy

EVENT = "http://schemas.openid.net/event/backchannel-logout"
TOKEN_LIFE = 120


class Logout:
    """Use cases of signing out of a browser."""

    def __init__(
        self,
        *,
        relying_parties: RelyingParties,
        codes: Codes,
        keys: ProviderKeys,
        clock: Clock,
        entropy: Entropy,
    ) -> None:
        self._parties = relying_parties
        self._codes = codes
        self._keys = keys
        self._clock = clock
        self._entropy = entropy

    def where_to(self, *, hint: str, uri: str | None, state: str | None) -> str | None:
        """Return the registered address to go to, with the client's `state`.

        The hint is an ID token of ours, even an old one (RP-Initiated Logout §2). Raises
        `InvalidRequest` for any other hint or address.
        """
        claims = self._keys.verified(hint, typ="JWT")
        if claims is None:
            raise InvalidRequest("id_token_hint")
        if uri is None:
            return None
        try:
            party = self._parties.recognise(str(claims["aud"]))
        except RelyingPartyUnknown as error:
            raise InvalidRequest("the client is unknown") from error
        if uri not in party.post_logout_redirect_uris:
            raise InvalidRequest("post_logout_redirect_uri is not registered")
        return with_query(uri, {"state": state})

    def end(self, *, cookie: str) -> None:
        """End this browser's session and tell every client that signed in with it."""
        at = self._clock.now()
        with unit_of_work() as tx:
            session = transactions.session_of_cookie(tx, cookie_sha256=digest(cookie), at=at)
            if session is None:
                return
            session.ended_at = at
            for grant in queries.grants_of_session(tx, session_id=session.id):
                self.tell(tx, grant, at=at)

    def tell(self, tx: Tx, grant: Grant, *, at: datetime) -> None:
        """Enqueue a logout token (Back-Channel Logout §2.4), if the client has a URI."""
        try:
            party = self._parties.recognise(grant.client_id)
        except RelyingPartyUnknown:
            return
        if party.backchannel_logout_uri is None:
            return
        token = self._token(party, grant, at=at)
        enqueue(
            tx,
            topic="backchannel_logout",
            payload={"url": party.backchannel_logout_uri, "logout_token": token},
            at=at,
        )

    def _token(self, party: PartyRow, grant: Grant, *, at: datetime) -> str:
        now = int(at.timestamp())
        session: uuid.UUID | None = grant.session_id
        return self._keys.sign(
            {
                "iss": grant.issuer,
                "aud": party.client_id,
                "iat": now,
                "exp": now + TOKEN_LIFE,
                "jti": self._entropy.token_bytes(16).hex(),
                "sub": self._codes.subject(lawyer_id=grant.lawyer_id, party=party),
                "events": {EVENT: {}},
                **({} if session is None else {"sid": str(session)}),
            },
            typ="logout+jwt",
        )
