"""Authorization requests: pushed (RFC 9126), begun in a browser, or begun at a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode, urlsplit, urlunsplit

from app.authorization.errors import (
    ConsentNeeded,
    InvalidClient,
    InvalidRequest,
    LoginRequired,
    OAuthError,
    RelyingPartyUnknown,
    RequestUriNotSupported,
    TemporarilyUnavailable,
    UnauthorizedClient,
)
from app.authorization.models.transactions import BrowserSession, PushedRequest, ScanTransaction
from app.authorization.queries import transactions as queries
from app.authorization.queries.relying_parties import PartyRow
from app.authorization.rules import assurance, consent, jose, lifetimes, ticket
from app.authorization.rules import request as rules
from app.authorization.rules.acts import ACTS
from app.authorization.rules.attributes import ATTRIBUTES
from app.authorization.rules.relying_party import Kind, Tier
from app.authorization.rules.request import AuthorizationRequest
from app.authorization.rules.ticket import State
from app.authorization.service.codes import Authentication, Codes
from app.authorization.service.relying_parties import RelyingParties, digest
from app.authorization.service.values import LoginPage, Redirect
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ports.clock import Clock
from app.ports.entropy import Entropy

URI_PREFIX = "urn:ietf:params:oauth:request_uri:"
OPEN_PAGES = 2000  # of one client, unanswered: more is an attack or a broken site


@dataclass(frozen=True, kw_only=True)
class Browser:
    """Where a request comes from, with the cookies that it had: of its pages, of a sign-in."""

    issuer: str
    place: str
    address: str
    login_cookie: str | None = field(default=None, repr=False)
    session_cookie: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class DeviceStart:
    """What a terminal needs to draw the changing code itself (RFC 8628 §3.2)."""

    device_code: str = field(repr=False)
    user_code: str
    ticket: str
    ticket_bytes: bytes
    seed: bytes = field(repr=False)
    started_at: datetime
    expires_in: int


class AuthorizationRequests:
    """Use cases of whoever asks."""

    def __init__(
        self, *, relying_parties: RelyingParties, codes: Codes, clock: Clock, entropy: Entropy
    ) -> None:
        self._parties = relying_parties
        self._codes = codes
        self._clock = clock
        self._entropy = entropy

    def push(
        self, *, party: PartyRow, given: Mapping[str, str], jkt: str | None
    ) -> tuple[str, int]:
        """Take a request in before any browser; return its URI and life in seconds.

        Raises a leaf of `OAuthError`.
        """
        if party.kind == Kind.DEVICE:
            raise UnauthorizedClient("a terminal has no browser")
        if "request_uri" in given:
            raise InvalidRequest("request_uri is not for pushing")
        _check_redirect(given, party=party)
        request = rules.read(given, client_id=party.client_id, allowed=_allowed(party))
        uri, at = jose.b64u(self._entropy.token_bytes(32)), self._clock.now()
        with unit_of_work() as tx:
            tx.add(
                PushedRequest(
                    uri_sha256=digest(uri),
                    client_id=party.client_id,
                    request=request.with_jkt(jkt).to_json(),
                    expires_at=at + lifetimes.PUSHED_REQUEST,
                )
            )
        return URI_PREFIX + uri, int(lifetimes.PUSHED_REQUEST.total_seconds())

    def begin(self, given: Mapping[str, str], *, browser: Browser) -> LoginPage | Redirect:
        """Begin in a browser: a page with a code, or straight back with a code or an error.

        Raises `InvalidClient`, `InvalidRequest` or `RequestUriNotSupported` where nobody may be
        redirected, because who asks is not known.
        """
        party = self._party(given.get("client_id", ""))
        if "request_uri" in given:
            request, pushed = self._pushed(given["request_uri"], party=party)
            return self._go_on(request, party=party, pushed=pushed, browser=browser)
        _check_redirect(given, party=party)
        try:
            if party.tier == Tier.FAPI:
                raise InvalidRequest("this client must push its requests")
            request = rules.read(given, client_id=party.client_id, allowed=_allowed(party))
        except OAuthError as error:
            return error_redirect(
                error,
                redirect_uri=given["redirect_uri"],
                state=given.get("state"),
                issuer=browser.issuer,
            )
        return self._go_on(request, party=party, pushed=None, browser=browser)

    def begin_at_terminal(
        self, *, party: PartyRow, given: Mapping[str, str], jkt: str | None, address: str
    ) -> DeviceStart:
        """Begin at an enrolled terminal (RFC 8628 §3.1); raises a leaf of `OAuthError`."""
        if party.kind != Kind.DEVICE:
            raise UnauthorizedClient("only enrolled terminals")
        request = rules.read(
            given, client_id=party.client_id, allowed=_allowed(party), terminal=True
        ).with_jkt(jkt)
        device_code = jose.b64u(self._entropy.token_bytes(32))
        with unit_of_work() as tx:
            row = self._new(tx, request, party=party, place=party.place, address=address)
            row.device_code_sha256 = digest(device_code)
            return DeviceStart(
                device_code=device_code,
                user_code=jose.b64u(row.ticket)[:8].upper(),
                ticket=jose.b64u(row.ticket),
                ticket_bytes=row.ticket,
                seed=row.seed,
                started_at=row.created_at,
                expires_in=int(ticket.WAITING_LIFE.total_seconds()),
            )

    def _party(self, client_id: str) -> PartyRow:
        try:
            party = self._parties.recognise(client_id)
        except RelyingPartyUnknown as error:
            raise InvalidClient("unknown") from error
        if party.kind == Kind.DEVICE:
            raise InvalidRequest("a terminal has no browser")
        return party

    def _pushed(self, uri: str, *, party: PartyRow) -> tuple[AuthorizationRequest, bytes]:
        key = digest(uri.removeprefix(URI_PREFIX))
        with unit_of_work() as tx:
            row = queries.pushed(tx, uri_sha256=key) if uri.startswith(URI_PREFIX) else None
            usable = (
                row is not None
                and row.client_id == party.client_id
                and row.used_at is None
                and row.expires_at > self._clock.now()
            )
            if row is None or not usable:
                raise RequestUriNotSupported("unknown, used or expired")
            return AuthorizationRequest.from_json(row.request), key

    def _go_on(
        self,
        request: AuthorizationRequest,
        *,
        party: PartyRow,
        pushed: bytes | None,
        browser: Browser,
    ) -> LoginPage | Redirect:
        try:
            with unit_of_work() as tx:
                known = self._by_session(tx, request, pushed=pushed, party=party, browser=browser)
                return known or self._page(tx, request, party=party, pushed=pushed, browser=browser)
        except OAuthError as error:
            return error_redirect(
                error,
                redirect_uri=request.redirect_uri,
                state=request.state,
                issuer=browser.issuer,
            )

    def _by_session(
        self,
        tx: Tx,
        request: AuthorizationRequest,
        *,
        pushed: bytes | None,
        party: PartyRow,
        browser: Browser,
    ) -> Redirect | None:
        """单点登录: answer from the browser's session when it covers what is asked.

        Raises `LoginRequired` or `ConsentNeeded` when nobody may be asked (`prompt=none`).
        """
        at, silent = self._clock.now(), "none" in request.prompt
        session = self._session(tx, browser=browser, at=at)
        if session is None or not _session_suffices(session, request=request, at=at):
            if silent:
                raise LoginRequired
            return None
        grant = queries.live_grant(
            tx, lawyer_id=session.lawyer_id, client_id=party.client_id, at=at
        )
        covered = (
            grant is not None
            and request.act is None
            and set(request.attributes) <= set(grant.attributes)
            and grant.purpose["code"] == request.purpose[0]
            and set(request.scope) <= set(grant.scope.split())
        )
        if grant is None or not covered:
            if silent:
                raise ConsentNeeded
            return None
        self._codes.check_hint(request, party=party, lawyer_id=session.lawyer_id)
        grant.session_id = session.id  # so that signing out tells this client of this session
        authentication = Authentication.of_session(session)
        code = self._codes.make(
            tx, grant_id=grant.id, request=request, authentication=authentication, at=at
        )
        self._codes.use_up_pushed(tx, pushed, at=at)
        return code_redirect(request, code=code, issuer=browser.issuer)

    def _session(self, tx: Tx, *, browser: Browser, at: datetime) -> BrowserSession | None:
        if browser.session_cookie is None:
            return None
        return queries.session_of_cookie(tx, cookie_sha256=digest(browser.session_cookie), at=at)

    def _page(
        self,
        tx: Tx,
        request: AuthorizationRequest,
        *,
        party: PartyRow,
        pushed: bytes | None,
        browser: Browser,
    ) -> LoginPage:
        cookie = browser.login_cookie or jose.b64u(self._entropy.token_bytes(32))
        row = self._new(tx, request, party=party, place=browser.place, address=browser.address)
        row.pushed_sha256 = pushed
        row.browser_sha256 = digest(cookie)
        return LoginPage(
            id=row.id,
            cookie=cookie,
            requester_name=party.legal_name,
            requester_uscc=party.uscc,
            requester_domain=party.domain,
            logo=f"/oauth/logo/{party.client_id}" if party.has_logo else None,
            sandbox=party.sandbox,
            ours=party.ours,
            asks=_asks(request),
            act_text=None if request.act is None else request.act.text,
            purpose=request.purpose[1],
            left=ticket.WAITING_LIFE,
            needs_number=request.high,
        )

    def _new(
        self,
        tx: Tx,
        request: AuthorizationRequest,
        *,
        party: PartyRow,
        place: str,
        address: str,
    ) -> ScanTransaction:
        at = self._clock.now()
        if queries.open_of_client(tx, client_id=party.client_id, at=at) >= OPEN_PAGES:
            raise TemporarilyUnavailable
        terminal = party.kind == Kind.DEVICE
        kind = "device" if terminal and request.kind == "login" else request.kind
        needs_number = request.high and not terminal
        row = ScanTransaction(
            id=self._entropy.uuid(),
            ticket=self._entropy.token_bytes(16),
            seed=self._entropy.token_bytes(32),
            client_id=party.client_id,
            kind=kind,
            state=State.WAITING,
            request=request.to_json(),
            place=place,
            address=address,
            number=f"{10 + self._entropy.below(90)}" if needs_number else None,
            number_tries=0,
            number_right=False,
            second_scan=False,
            created_at=at,
            expires_at=at + ticket.WAITING_LIFE,
        )
        tx.add(row)
        tx.flush()
        return row


def requester(party: PartyRow) -> consent.Requester:
    """Return who asks, as the register has it."""
    return consent.Requester(
        client_id=party.client_id, name=party.legal_name, uscc=party.uscc, domain=party.domain
    )


def error_redirect(
    error: OAuthError, *, redirect_uri: str, state: str | None, issuer: str
) -> Redirect:
    """Send the browser back with an error (RFC 6749 §4.1.2.1, RFC 9207)."""
    return Redirect(
        location=with_query(redirect_uri, {"error": error.error, "state": state, "iss": issuer})
    )


def code_redirect(
    request: AuthorizationRequest, *, code: str, issuer: str, session_cookie: str | None = None
) -> Redirect:
    """Send the browser back with a code."""
    query = {"code": code, "state": request.state, "iss": issuer}
    return Redirect(location=with_query(request.redirect_uri, query), session_cookie=session_cookie)


def with_query(uri: str, query: Mapping[str, str | None]) -> str:
    """Add to an address's query what is not None, each value escaped."""
    parts = urlsplit(uri)
    added = urlencode({name: value for name, value in query.items() if value is not None})
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, added)))))


def _check_redirect(given: Mapping[str, str], *, party: PartyRow) -> None:
    """The address is one of the registered ones, character for character."""
    if given.get("redirect_uri") not in party.redirect_uris:
        raise InvalidRequest("redirect_uri is not registered")


def _session_suffices(
    session: BrowserSession, *, request: AuthorizationRequest, at: datetime
) -> bool:
    age = (at - session.authenticated_at).total_seconds()
    return (
        not {"login", "consent", "select_account"} & set(request.prompt)
        and (request.max_age is None or age <= request.max_age)
        and assurance.suffices(session.acr, for_level=request.acr)
    )


def _allowed(party: PartyRow) -> rules.Permissions:
    return rules.Permissions(
        tier=party.tier,
        redirect_uris=party.redirect_uris,
        attributes=party.attributes,
        purposes=party.purposes,
        acts=party.acts,
    )


def _asks(request: AuthorizationRequest) -> Sequence[str]:
    act = [] if request.act is None else [ACTS[request.act.code].label]
    return [*act, *(ATTRIBUTES[code].label for code in request.attributes)]
