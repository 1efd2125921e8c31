"""The token endpoint: codes, device codes, refresh tokens and client credentials for tokens."""

from __future__ import annotations

import uuid
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
from app.authorization.models.transactions import ScanTransaction
from app.authorization.queries import tokens as queries
from app.authorization.queries import transactions
from app.authorization.queries.relying_parties import PartyRow
from app.authorization.queries.tokens import CodeRow, GrantRow, NewTokens, RefreshRow
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
from app.kernel.unit_of_work import Statement, Tx, autocommit, unit_of_work
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

    grant: GrantRow
    scope: str
    nonce: str | None = None
    authentication: Authentication = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class _Made:
    """Tokens, and what is kept of them."""

    tokens: Tokens = field(repr=False)
    kept: NewTokens


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
        at, name = self._clock.now(), digest(code)
        with autocommit() as database:
            found = queries.code_row(database, code_sha256=name)
        if found is None or found[0].client_id != caller.party.client_id:
            raise InvalidGrant("code")
        row, grant = found
        if row.used_at is None:
            _check_code(row, caller, redirect_uri=redirect_uri, verifier=code_verifier, at=at)
            made = self._make(caller, _basis_of_code(row, grant), at=at)
            if self._exchange(queries.REDEEM, made, grant, used_sha256=name):
                return self._complete(made.tokens, party=caller.party)
        self._end_replayed(grant.id, at=at)
        raise InvalidGrant("code used before")

    def by_refresh_token(self, *, caller: Caller, token: str, scope: str) -> Tokens:
        """Rotate a refresh token; a used one that comes back ends the grant.

        The register is asked now: the lawyer agreed hours or days ago.
        """
        _check_bound(caller)
        at, name = self._clock.now(), digest(token)
        with autocommit() as database:
            found = queries.refresh_row(database, token_sha256=name)
        if found is None or not _is_refresh_token_of(found[0], caller):
            raise InvalidGrant("refresh token")
        row, grant = found
        if row.used_at is None and row.revoked_at is None:
            _check_refresh(row, caller, scope=scope, at=at)
            self._check_practising_now(grant)
            made = self._make(caller, _basis_of_refresh(row, grant), at=at)
            if self._exchange(queries.ROTATE, made, grant, used_sha256=name):
                return self._complete(made.tokens, party=caller.party)
        self._end_replayed(grant.id, at=at)
        raise InvalidGrant("refresh token used before")

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

    @staticmethod
    def _exchange(
        statement: Statement, made: _Made, grant: GrantRow, *, used_sha256: bytes
    ) -> bool:
        with autocommit() as database:
            return queries.exchange(
                database, statement, made.kept, grant_id=grant.id, used_sha256=used_sha256
            )

    def _check_practising_now(self, grant: GrantRow) -> None:
        status = self._devices.live_status(licence_no=grant.licence_no).status
        if status is not PracticeStatus.PRACTISING:
            raise InvalidGrant("the lawyer may not practise now")

    def _end_replayed(self, grant_id: uuid.UUID, *, at: datetime) -> None:
        with unit_of_work() as tx:
            self._grants.end_in(tx, queries.grant(tx, grant_id), ended_by="replay", at=at)

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
        if row.grant_id is None:
            raise LookupError("approved without a grant")
        grant = queries.grant_row(tx, grant_id=row.grant_id)
        basis = _Basis(grant=grant, scope=grant.scope, authentication=_authentication(grant))
        made = self._make(caller, basis, at=at)
        queries.keep(tx, made.kept, grant_id=grant.id)
        return made.tokens

    def _make(self, caller: Caller, basis: _Basis, *, at: datetime) -> _Made:
        """Make what a grant gives now; raises `InvalidGrant`. Nothing is written."""
        grant = basis.grant
        if grant.ended_at is not None or grant.expires_at <= at:
            raise InvalidGrant("the grant has ended")
        if grant.practice_status != PracticeStatus.PRACTISING:
            # A lawyer who was suspended since gets no new tokens, whatever was granted.
            raise InvalidGrant("the lawyer may not practise now")
        sub = self._codes.subject(lawyer_id=grant.lawyer_id, party=caller.party)
        claims = {
            "sub": sub,
            "scope": basis.scope,
            "auth_time": basis.authentication.at,
            "acr": basis.authentication.acr,
        }
        access = self._access_token(caller, claims, at=at)
        refresh = None
        if "offline_access" in basis.scope.split():
            refresh = jose.b64u(self._entropy.token_bytes(32))
        tokens = Tokens(
            access_token=access,
            token_type=_token_type(caller),
            expires_in=int(lifetimes.ACCESS_TOKEN.total_seconds()),
            scope=basis.scope,
            id_token=self._id_token(caller, basis, sub=sub, at=at),
            refresh_token=refresh,
            grant_id=str(grant.id),
            authorization_details=_details(grant),
        )
        new = NewTokens(
            access_sha256=digest(access),
            access_until=at + lifetimes.ACCESS_TOKEN,
            refresh_sha256=None if refresh is None else digest(refresh),
            refresh_until=grant.expires_at,
            client_id=caller.party.client_id,
            scope=basis.scope,
            jkt=caller.jkt,
            at=at,
        )
        return _Made(tokens=tokens, kept=new)

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


def _details(grant: GrantRow) -> list[dict[str, Any]] | None:
    """Return what was granted (RFC 9396 §7)."""
    details: list[dict[str, Any]] = []
    if grant.retention != LOGIN_RETENTION:  # facts were asked for by name, also beside an act
        details.append({
            "type": "lawyer_identity",
            "attributes": grant.attributes,
            "purpose": grant.purpose["code"],
        })  # fmt: skip
    if grant.act is not None and grant.confirmation_id is not None:
        details.append({
            "type": "practice_act",
            "act": grant.act["code"],
            "fields": {f["name"]: f["value"] for f in grant.act["fields"]},
            "confirmation_id": grant.confirmation_id,
        })  # fmt: skip
    return details or None


def _check_code(
    row: CodeRow, caller: Caller, *, redirect_uri: str, verifier: str, at: datetime
) -> None:
    request = row.request["request"]
    if row.expires_at <= at:
        raise InvalidGrant("code expired")
    if request["redirect_uri"] != redirect_uri:
        raise InvalidGrant("redirect_uri")
    if not compare_digest(jose.b64u_sha256(verifier), request["code_challenge"]):
        raise InvalidGrant("code_verifier")
    if request["jkt"] is not None and request["jkt"] != caller.jkt:
        raise InvalidProof("not the key that the request was bound to")


def _basis_of_code(row: CodeRow, grant: GrantRow) -> _Basis:
    request = row.request["request"]
    return _Basis(
        grant=grant,
        scope=" ".join(request["scope"]),
        nonce=request["nonce"],
        authentication=Authentication(**row.request["authentication"]),
    )


def _is_refresh_token_of(row: RefreshRow, caller: Caller) -> bool:
    return row.kind == "refresh" and row.client_id == caller.party.client_id


def _check_refresh(row: RefreshRow, caller: Caller, *, scope: str, at: datetime) -> None:
    if row.expires_at <= at:
        raise InvalidGrant("refresh token expired")
    if row.jkt is not None and row.jkt != caller.jkt:
        raise InvalidProof("not the key of the refresh token")
    if not set(scope.split()) <= set(row.scope.split()):
        raise InvalidScope("wider than granted")


def _basis_of_refresh(row: RefreshRow, grant: GrantRow) -> _Basis:
    sid = None if grant.session_id is None else str(grant.session_id)
    return _Basis(grant=grant, scope=row.scope, authentication=_authentication(grant, sid=sid))


def _authentication(grant: GrantRow, *, sid: str | None = None) -> Authentication:
    at = int(grant.authenticated_at.timestamp())
    return Authentication(at=at, acr=grant.acr, amr=grant.amr, sid=sid)


def _check_bound(caller: Caller) -> None:
    """The higher tier's tokens are bound to a key (FAPI 2.0 §5.3.2.1)."""
    if caller.party.tier == Tier.FAPI and caller.jkt is None:
        raise InvalidProof("a proof of possession is missing")


def _token_type(caller: Caller) -> str:
    return "Bearer" if caller.jkt is None else "DPoP"
