"""The token endpoint: codes, device codes, refresh tokens and client credentials for tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

from app.authorization.errors import (
    AccessDenied,
    AuthorizationPending,
    ExpiredToken,
    InvalidGrant,
    InvalidProof,
    InvalidScope,
    OAuthError,
    SlowDown,
    UnauthorizedClient,
)
from app.authorization.models.grants import AuthorizationCode, Grant, IssuedToken
from app.authorization.models.transactions import ScanTransaction
from app.authorization.queries import tokens as queries
from app.authorization.queries import transactions
from app.authorization.queries.relying_parties import PartyRow
from app.authorization.rules import jose, lifetimes, ticket
from app.authorization.rules.relying_party import Kind, Tier
from app.authorization.rules.request import LOGIN_RETENTION, AuthorizationRequest
from app.authorization.rules.ticket import State
from app.authorization.service.codes import Authentication, Codes
from app.authorization.service.confirmations import Confirmations
from app.authorization.service.grants import Grants
from app.authorization.service.provider_keys import ProviderKeys
from app.authorization.service.relying_parties import digest
from app.authorization.service.values import Tokens
from app.identity.service.devices import Devices
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.registry import PracticeStatus

POLL_INTERVAL = timedelta(seconds=2)
PARTY_SCOPE = "party"


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who asks for tokens: the authenticated client, its proof's key, and our issuer name."""

    party: PartyRow
    jkt: str | None
    issuer: str


@dataclass(frozen=True, kw_only=True)
class _Refused:
    """A refusal that is to be committed with what it caused, then raised."""

    error: type[OAuthError]
    detail: str


@dataclass(frozen=True, kw_only=True)
class _Basis:
    """What tokens are made from."""

    grant: Grant
    scope: str
    nonce: str | None = None
    authentication: Authentication = field(repr=False)


class TokenEndpoint:
    """One public method a grant type; all raise leaves of `OAuthError`."""

    def __init__(
        self,
        *,
        codes: Codes,
        grants: Grants,
        confirmations: Confirmations,
        devices: Devices,
        keys: ProviderKeys,
        clock: Clock,
        entropy: Entropy,
    ) -> None:
        self._codes = codes
        self._grants = grants
        self._confirmations = confirmations
        self._devices = devices
        self._keys = keys
        self._clock = clock
        self._entropy = entropy

    def by_code(
        self, *, caller: Caller, code: str, redirect_uri: str, code_verifier: str
    ) -> Tokens:
        """Redeem a code, once. A second redemption ends everything the first one gave."""
        _check_bound(caller)
        at = self._clock.now()
        with unit_of_work() as tx:
            row = queries.code(tx, code_sha256=digest(code))
            if row is None or row.client_id != caller.party.client_id:
                raise InvalidGrant("code")
            outcome = self._redeem(
                tx, row, caller, redirect_uri=redirect_uri, verifier=code_verifier, at=at
            )
        return self._complete(outcome, party=caller.party)

    def by_refresh_token(self, *, caller: Caller, token: str, scope: str) -> Tokens:
        """Rotate a refresh token; a used one that comes back ends the grant.

        The register is asked now: the lawyer agreed hours or days ago.
        """
        _check_bound(caller)
        self._check_practising_now(token)
        at = self._clock.now()
        with unit_of_work() as tx:
            row = queries.token(tx, token_sha256=digest(token))
            if row is None or row.kind != "refresh" or row.client_id != caller.party.client_id:
                raise InvalidGrant("refresh token")
            outcome = self._rotate(tx, row, caller, scope=scope, at=at)
        return self._complete(outcome, party=caller.party)

    def by_device_code(self, *, caller: Caller, device_code: str) -> Tokens:
        """Collect what a lawyer decided about a terminal's request, once (RFC 8628 §3.4)."""
        _check_bound(caller)
        if caller.party.kind != Kind.DEVICE:
            raise UnauthorizedClient("only enrolled terminals")
        at = self._clock.now()
        with unit_of_work() as tx:
            row = transactions.by_device_code(tx, device_code_sha256=digest(device_code))
            if row is None or row.client_id != caller.party.client_id:
                raise InvalidGrant("device code")
            outcome = self._collect(tx, row, caller, at=at)
        return self._complete(outcome, party=caller.party)

    def by_client_credentials(self, *, caller: Caller, scope: str) -> Tokens:
        """Give a token that says only which registered party calls, for use between parties."""
        if scope not in ("", PARTY_SCOPE):
            raise InvalidScope("only party")
        _check_bound(caller)
        at = self._clock.now()
        claims = {"sub": caller.party.client_id, "scope": PARTY_SCOPE}
        return Tokens(
            access_token=self._access_token(caller, claims, at=at),
            token_type=_token_type(caller),
            expires_in=int(lifetimes.ACCESS_TOKEN.total_seconds()),
            scope=PARTY_SCOPE,
        )

    # --- the pieces ----------------------------------------------------------------------------

    def _redeem(
        self,
        tx: Tx,
        row: AuthorizationCode,
        caller: Caller,
        *,
        redirect_uri: str,
        verifier: str,
        at: datetime,
    ) -> Tokens | _Refused:
        grant = queries.grant(tx, row.grant_id)
        if row.used_at is not None:
            self._grants.end_in(tx, grant, ended_by="replay", at=at)
            return _Refused(error=InvalidGrant, detail="code used before")
        request = AuthorizationRequest.from_json(row.request["request"])
        if row.expires_at <= at:
            raise InvalidGrant("code expired")
        if request.redirect_uri != redirect_uri:
            raise InvalidGrant("redirect_uri")
        if not compare_digest(jose.b64u_sha256(verifier), request.code_challenge):
            raise InvalidGrant("code_verifier")
        if request.jkt is not None and request.jkt != caller.jkt:
            raise InvalidProof("not the key that the request was bound to")
        row.used_at = at
        basis = _Basis(
            grant=grant,
            scope=" ".join(request.scope),
            nonce=request.nonce,
            authentication=Authentication(**row.request["authentication"]),
        )
        return self._issue(tx, caller, basis, at=at)

    def _rotate(
        self, tx: Tx, row: IssuedToken, caller: Caller, *, scope: str, at: datetime
    ) -> Tokens | _Refused:
        grant = queries.grant(tx, row.grant_id)
        if row.used_at is not None or row.revoked_at is not None:
            self._grants.end_in(tx, grant, ended_by="replay", at=at)
            return _Refused(error=InvalidGrant, detail="refresh token used before")
        if row.expires_at <= at:
            raise InvalidGrant("refresh token expired")
        if row.jkt is not None and row.jkt != caller.jkt:
            raise InvalidProof("not the key of the refresh token")
        wanted = scope.split() or row.scope.split()
        if not set(wanted) <= set(row.scope.split()):
            raise InvalidScope("wider than granted")
        row.used_at = at
        authentication = Authentication(
            at=int(grant.authenticated_at.timestamp()),
            acr=grant.acr,
            amr=grant.amr,
            sid=None if grant.session_id is None else str(grant.session_id),
        )
        basis = _Basis(grant=grant, scope=row.scope, authentication=authentication)
        return self._issue(tx, caller, basis, at=at)

    def _collect(
        self, tx: Tx, row: ScanTransaction, caller: Caller, *, at: datetime
    ) -> Tokens | _Refused:
        state = ticket.state_at(row.state, expires_at=row.expires_at, at=at)
        if state in ticket.OPEN:
            hasty = row.polled_at is not None and at - row.polled_at < POLL_INTERVAL
            row.polled_at = at
            if hasty:
                return _Refused(error=SlowDown, detail="")
            return _Refused(error=AuthorizationPending, detail="")
        if state is State.EXPIRED:
            raise ExpiredToken
        if state is State.COMPLETED:
            raise InvalidGrant("device code used before")
        if state is not State.APPROVED:
            raise AccessDenied
        row.state = State.COMPLETED
        request = AuthorizationRequest.from_json(row.request)
        if request.jkt is not None and request.jkt != caller.jkt:
            raise InvalidProof("not the key that the request was bound to")
        grant = tx.get_one(Grant, row.grant_id)
        authentication = Authentication(
            at=int(grant.authenticated_at.timestamp()), acr=grant.acr, amr=grant.amr, sid=None
        )
        basis = _Basis(grant=grant, scope=grant.scope, authentication=authentication)
        return self._issue(tx, caller, basis, at=at)

    def _issue(self, tx: Tx, caller: Caller, basis: _Basis, *, at: datetime) -> Tokens:
        grant = basis.grant
        if grant.ended_at is not None or grant.expires_at <= at:
            raise InvalidGrant("the grant has ended")
        self._check_practising(tx, grant)
        sub = self._codes.subject(lawyer_id=grant.lawyer_id, party=caller.party)
        claims = {
            "sub": sub,
            "scope": basis.scope,
            "auth_time": basis.authentication.at,
            "acr": basis.authentication.acr,
        }
        access = self._access_token(caller, claims, at=at)
        self._keep(tx, access, kind="access", caller=caller, basis=basis, at=at)
        refresh = None
        if "offline_access" in basis.scope.split():
            refresh = jose.b64u(self._entropy.token_bytes(32))
            self._keep(tx, refresh, kind="refresh", caller=caller, basis=basis, at=at)
        return Tokens(
            access_token=access,
            token_type=_token_type(caller),
            expires_in=int(lifetimes.ACCESS_TOKEN.total_seconds()),
            scope=basis.scope,
            id_token=self._id_token(caller, basis, sub=sub, at=at),
            refresh_token=refresh,
            grant_id=str(grant.id),
            authorization_details=_details(tx, grant),
        )

    def _check_practising_now(self, token: str) -> None:
        with unit_of_work() as tx:
            row = queries.token(tx, token_sha256=digest(token))
            if row is None:
                return
            grant = queries.grant(tx, row.grant_id)
            card = self._devices.card(tx, lawyer_id=grant.lawyer_id)
        status = self._devices.live_status(licence_no=card.licence_no).status
        if status is not PracticeStatus.PRACTISING:
            raise InvalidGrant("the lawyer may not practise now")

    def _check_practising(self, tx: Tx, grant: Grant) -> None:
        """A lawyer who was suspended since gets no new tokens, whatever was granted."""
        card = self._devices.card(tx, lawyer_id=grant.lawyer_id)
        if card.status is not PracticeStatus.PRACTISING:
            raise InvalidGrant("the lawyer may not practise now")

    def _access_token(self, caller: Caller, claims: dict[str, Any], *, at: datetime) -> str:
        """Return a JWT access token (RFC 9068 §2.2)."""
        now = int(at.timestamp())
        bound = {} if caller.jkt is None else {"cnf": {"jkt": caller.jkt}}
        return self._keys.sign(
            {
                "iss": caller.issuer,
                "aud": caller.issuer,
                "client_id": caller.party.client_id,
                "iat": now,
                "exp": now + int(lifetimes.ACCESS_TOKEN.total_seconds()),
                "jti": self._entropy.token_bytes(16).hex(),
                **claims,
                **bound,
            },
            typ="at+jwt",
        )

    def _id_token(self, caller: Caller, basis: _Basis, *, sub: str, at: datetime) -> str:
        """Return an ID token: who signed in, when and how; facts are at userinfo only."""
        now, authentication = int(at.timestamp()), basis.authentication
        optional = {"nonce": basis.nonce, "sid": authentication.sid}
        return self._keys.sign(
            {
                "iss": caller.issuer,
                "sub": sub,
                "aud": caller.party.client_id,
                "iat": now,
                "exp": now + int(lifetimes.ID_TOKEN.total_seconds()),
                "auth_time": authentication.at,
                "acr": authentication.acr,
                "amr": list(authentication.amr),
                **{name: value for name, value in optional.items() if value is not None},
            },
            typ="JWT",
        )

    @staticmethod
    def _keep(
        tx: Tx, token: str, *, kind: str, caller: Caller, basis: _Basis, at: datetime
    ) -> None:
        until = at + lifetimes.ACCESS_TOKEN if kind == "access" else basis.grant.expires_at
        tx.add(
            IssuedToken(
                token_sha256=digest(token),
                kind=kind,
                grant_id=basis.grant.id,
                client_id=caller.party.client_id,
                scope=basis.scope,
                jkt=caller.jkt,
                issued_at=at,
                expires_at=until,
            )
        )

    def _complete(self, outcome: Tokens | _Refused, *, party: PartyRow) -> Tokens:
        """Raise a refusal; put the signed confirmation of an act into what is given."""
        if isinstance(outcome, _Refused):
            raise outcome.error(outcome.detail)
        details = [
            {**detail, "confirmation": self._confirmed(detail, party=party)}
            if "confirmation_id" in detail
            else detail
            for detail in outcome.authorization_details or ()
        ]
        return replace(outcome, authorization_details=details or None)

    def _confirmed(self, detail: Mapping[str, Any], *, party: PartyRow) -> str:
        return self._confirmations.signed(public_id=detail["confirmation_id"], party=party)


def _details(tx: Tx, grant: Grant) -> list[dict[str, Any]] | None:
    """Return what was granted (RFC 9396 §7)."""
    details: list[dict[str, Any]] = []
    if grant.retention != LOGIN_RETENTION:  # facts were asked for by name, also beside an act
        details.append({
            "type": "lawyer_identity",
            "attributes": grant.attributes,
            "purpose": grant.purpose["code"],
        })  # fmt: skip
    confirmation = queries.confirmation_of_grant(tx, grant_id=grant.id)
    if grant.act is not None and confirmation is not None:
        details.append({
            "type": "practice_act",
            "act": grant.act["code"],
            "fields": {f["name"]: f["value"] for f in grant.act["fields"]},
            "confirmation_id": confirmation.public_id,
        })  # fmt: skip
    return details or None


def _check_bound(caller: Caller) -> None:
    """The higher tier's tokens are bound to a key (FAPI 2.0 §5.3.2.1)."""
    if caller.party.tier == Tier.FAPI and caller.jkt is None:
        raise InvalidProof("a proof of possession is missing")


def _token_type(caller: Caller) -> str:
    return "Bearer" if caller.jkt is None else "DPoP"
