"""What stands on a token: introspection, revocation, userinfo."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.authorization.errors import InvalidToken, RelyingPartyUnknown
from app.authorization.queries import access as reads
from app.authorization.queries import tokens as queries
from app.authorization.queries.access import AccessRow, SharedRow
from app.authorization.queries.relying_parties import PartyRow
from app.authorization.service.client_authentication import (
    ClientAuthentication,
    ClientCredentials,
    Endpoint,
)
from app.authorization.service.codes import Codes
from app.authorization.service.grants import Grants
from app.authorization.service.provider_keys import ProviderKeys
from app.authorization.service.relying_parties import RelyingParties, digest
from app.authorization.service.tokens import PARTY_SCOPE
from app.identity.service.devices import Devices
from app.kernel.unit_of_work import autocommit, unit_of_work
from app.ports.clock import Clock

Claims = dict[str, Any]
INACTIVE: Claims = {"active": False}


class Access:
    """Use cases of whoever holds or was shown a token."""

    def __init__(
        self,
        *,
        relying_parties: RelyingParties,
        clients: ClientAuthentication,
        codes: Codes,
        grants: Grants,
        devices: Devices,
        keys: ProviderKeys,
        clock: Clock,
    ) -> None:
        self._parties = relying_parties
        self._clients = clients
        self._codes = codes
        self._grants = grants
        self._devices = devices
        self._keys = keys
        self._clock = clock

    def introspect(self, caller: ClientCredentials, *, token: str, endpoint: Endpoint) -> Claims:
        """Tell a client about its own token, anybody about a `party` token (RFC 7662 §2.2).

        Raises `InvalidClient` unless it is the client that it says it is.
        """
        with autocommit() as database:
            known, row = reads.introspected(
                database, client_id=caller.client_id, token_sha256=digest(token)
            )
        party = self._clients.confirm(caller, known, endpoint=endpoint)
        if row is None:
            return self._introspect_party_token(token)
        if row.client_id != party.client_id or not self._lives(row):
            return dict(INACTIVE)
        return {
            "active": True,
            "iss": endpoint.issuer,
            "sub": self._codes.subject(lawyer_id=row.lawyer_id, party=party),
            "client_id": row.client_id,
            "scope": row.scope,
            "token_type": "Bearer" if row.jkt is None else "DPoP",
            "iat": _seconds(row.issued_at),
            "exp": _seconds(row.expires_at),
            "auth_time": _seconds(row.authenticated_at),
            "acr": row.acr,
            **({} if row.jkt is None else {"cnf": {"jkt": row.jkt}}),
        }

    def revoke(self, *, party: PartyRow, token: str) -> None:
        """Revoke a client's own token (RFC 7009); with a refresh token the whole grant ends."""
        at = self._clock.now()
        with unit_of_work() as tx:
            row = queries.token(tx, token_sha256=digest(token))
            if row is None or row.client_id != party.client_id or row.revoked_at is not None:
                return
            row.revoked_at = at
            if row.kind == "refresh":
                grant = queries.grant(tx, row.grant_id)
                self._grants.end_in(tx, grant, ended_by="relying_party", at=at)

    def userinfo(
        self, *, token: str, scheme: str, proof: str | None, url: str, method: str
    ) -> Claims:
        """Return what was granted, as it is now; raises `InvalidToken` or `InvalidProof`.

        The practice status is asked of the register at this moment.
        """
        with autocommit() as database:
            found = reads.shared_row(database, token_sha256=digest(token))
        if found is None or found[0].kind != "access" or not self._lives(found[0]):
            raise InvalidToken
        row, shared = found
        self._check_holder(row, token=token, scheme=scheme, proof=proof, url=url, method=method)
        if shared.suspended_at is not None:
            raise InvalidToken
        sub = self._codes.subject(lawyer_id=row.lawyer_id, party=shared)
        return {"sub": sub, **self._facts(row, shared)}

    def _facts(self, row: AccessRow, shared: SharedRow) -> Claims:
        facts: Claims = {
            "name": shared.name,
            "license_no": shared.licence_no,
            "firm": shared.firm_name,
            "category": shared.category,
            "photo": self._photo(row.lawyer_id) if "photo" in shared.attributes else "",
        }
        if "practice_status" in shared.attributes:
            status = self._devices.live_status(licence_no=shared.licence_no)
            facts["practice_status"] = status.status.value
            facts["practice_status_as_of"] = _seconds(status.as_of)
        given = {*shared.attributes, "practice_status_as_of"}
        return {name: value for name, value in facts.items() if name in given and value != ""}

    def _photo(self, lawyer_id: uuid.UUID) -> str:
        with unit_of_work() as tx:
            photo = self._devices.photo(tx, lawyer_id=lawyer_id)
        return "" if photo is None else _data_url(photo)

    def _check_holder(
        self, row: AccessRow, *, token: str, scheme: str, proof: str | None, url: str, method: str
    ) -> None:
        """A bound token is shown with a proof by its key, and never as a plain bearer token."""
        if row.jkt is None:
            if scheme != "bearer":
                raise InvalidToken("not a bound token")
            return
        jkt = self._clients.holder(proof, method=method, url=url, access_token=token)
        if scheme != "dpop" or jkt != row.jkt:
            raise InvalidToken("not its holder")

    def _lives(self, row: AccessRow) -> bool:
        at = self._clock.now()
        ended = (row.used_at, row.revoked_at, row.grant_ended_at)
        return ended == (None, None, None) and min(row.expires_at, row.grant_expires_at) > at

    def _introspect_party_token(self, token: str) -> Claims:
        claims = self._keys.verified(token, typ="at+jwt")
        if not _is_live_party_token(claims, at=self._clock.now()) or claims is None:
            return dict(INACTIVE)
        try:
            self._parties.recognise(claims["client_id"])
        except RelyingPartyUnknown:
            return dict(INACTIVE)
        return {"active": True, **claims}


def _is_live_party_token(claims: Mapping[str, Any] | None, *, at: datetime) -> bool:
    """Every other token has a row; one without is ours only if it says `party`."""
    return claims is not None and claims["scope"] == PARTY_SCOPE and claims["exp"] > at.timestamp()


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def _data_url(jpeg: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"
