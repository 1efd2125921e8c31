"""Signing out: by the client's request (RP-initiated) and told to the others (back-channel)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from app.authorization.errors import InvalidRequest, RelyingPartyUnknown
from app.authorization.models.grants import Grant
from app.authorization.models.transactions import BrowserSession
from app.authorization.queries import tokens as queries
from app.authorization.queries import transactions
from app.authorization.rules.webhook import is_taken
from app.authorization.service.codes import Codes
from app.authorization.service.provider_keys import ProviderKeys
from app.authorization.service.relying_parties import RelyingParties, digest
from app.authorization.service.requests import with_query
from app.kernel.outbox import Message, enqueue
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.outside_web import Delivery, OutsideUnavailable, OutsideWeb

EVENT = "http://schemas.openid.net/event/backchannel-logout"
TOKEN_LIFE = 120
TOPIC = "backchannel_logout"


class Logout:
    """Use cases of signing out of a browser."""

    def __init__(
        self,
        *,
        relying_parties: RelyingParties,
        codes: Codes,
        keys: ProviderKeys,
        web: OutsideWeb,
        clock: Clock,
        entropy: Entropy,
    ) -> None:
        self._parties = relying_parties
        self._codes = codes
        self._keys = keys
        self._web = web
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
            if session is not None:
                self.end_in(tx, session_id=session.id, at=at)

    def end_in(self, tx: Tx, *, session_id: uuid.UUID, at: datetime) -> None:
        """The same in the caller's transaction, for a session that is known; once."""
        session = tx.get_one(BrowserSession, session_id, with_for_update=True)
        if session.ended_at is not None:
            return
        session.ended_at = at
        for grant in queries.grants_of_session(tx, session_id=session.id):
            self.tell(tx, grant, at=at)

    def tell(self, tx: Tx, grant: Grant, *, at: datetime) -> None:
        """Have a client told of the end by a worker, if it has a back-channel logout URI."""
        try:
            party = self._parties.recognise(grant.client_id)
        except RelyingPartyUnknown:
            return
        if party.backchannel_logout_uri is None:
            return
        session: uuid.UUID | None = grant.session_id
        claims = {
            "iss": grant.issuer,
            "aud": party.client_id,
            "sub": self._codes.subject(lawyer_id=grant.lawyer_id, party=party),
            "events": {EVENT: {}},
            **({} if session is None else {"sid": str(session)}),
        }
        payload = {"url": party.backchannel_logout_uri, "claims": claims}
        enqueue(tx, topic=TOPIC, payload=payload, at=at)

    def deliver(self, message: Message) -> None:
        """Post a logout token (Back-Channel Logout §2.4–2.5), signed anew at each try."""
        answer = self._web.post(
            Delivery(
                url=message.payload["url"],
                body=urlencode({"logout_token": self._token(message.payload["claims"])}).encode(),
                headers={"Content-Type": "application/x-www-form-urlencoded"},
            )
        )
        if not is_taken(answer.status):
            raise OutsideUnavailable(f"http {answer.status}")

    def _token(self, claims: Mapping[str, Any]) -> str:
        now = int(self._clock.now().timestamp())
        fresh = {"iat": now, "exp": now + TOKEN_LIFE, "jti": self._entropy.token_bytes(16).hex()}
        return self._keys.sign({**claims, **fresh}, typ="logout+jwt")
