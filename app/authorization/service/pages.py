"""登录页: what the page with the code asks while it waits, and how it ends."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from hmac import compare_digest

from app.authorization.errors import AccessDenied, OAuthError, PageUnknown
from app.authorization.models.grants import Grant
from app.authorization.models.transactions import BrowserSession, ScanTransaction
from app.authorization.queries import transactions as queries
from app.authorization.queries.transactions import PageRow
from app.authorization.rules import jose, lifetimes, ticket
from app.authorization.rules.request import AuthorizationRequest
from app.authorization.rules.ticket import State
from app.authorization.service.codes import Authentication, Codes
from app.authorization.service.relying_parties import RelyingParties, digest
from app.authorization.service.requests import code_redirect, error_redirect
from app.authorization.service.values import PageStatus, Redirect
from app.kernel.unit_of_work import Tx, autocommit, unit_of_work
from app.ports.clock import Clock
from app.ports.entropy import Entropy

ENDED = (State.DECLINED, State.CANCELLED, State.EXPIRED, State.FAILED, State.COMPLETED)


class LoginPages:
    """Use cases of the browser that began a request; `cookie` proves that it did."""

    def __init__(
        self, *, relying_parties: RelyingParties, codes: Codes, clock: Clock, entropy: Entropy
    ) -> None:
        self._parties = relying_parties
        self._codes = codes
        self._clock = clock
        self._entropy = entropy

    def status(self, *, page_id: uuid.UUID, cookie: str, origin: str) -> PageStatus:
        """Return how the page stands; raises `PageUnknown`."""
        at = self._clock.now()
        with autocommit() as database:
            row = queries.page_row(database, transaction_id=page_id)
        if row is None or not _is_cookie(cookie, row.browser_sha256):
            raise PageUnknown
        return _status(row, at=at, origin=origin)

    def number(self, *, page_id: uuid.UUID, cookie: str, number: str) -> None:
        """Compare what was typed with the phone's number: three tries. Raises `PageUnknown`."""
        at = self._clock.now()
        with unit_of_work() as tx:
            row = self._own(tx, page_id=page_id, cookie=cookie)
            state = ticket.state_at(row.state, expires_at=row.expires_at, at=at)
            if state is not State.CLAIMED or row.number is None or row.number_right:
                return
            row.number_right = compare_digest(row.number.encode(), number.encode())
            row.number_tries += 1
            if not row.number_right and row.number_tries >= ticket.NUMBER_TRIES:
                row.state, row.decided_at = State.FAILED, at

    def cancel(self, *, page_id: uuid.UUID, cookie: str) -> None:
        """Cancel from the browser's side; raises `PageUnknown`."""
        at = self._clock.now()
        with unit_of_work() as tx:
            row = self._own(tx, page_id=page_id, cookie=cookie)
            if row.state in ticket.OPEN:
                row.state, row.decided_at = State.CANCELLED, at

    def finish(self, *, page_id: uuid.UUID, cookie: str, issuer: str) -> Redirect | None:
        """Go back to the client with a code or an error; None while nothing is decided.

        The code is made for the browser that holds the cookie, once. Raises `PageUnknown`.
        """
        at = self._clock.now()
        with unit_of_work() as tx:
            row = self._own(tx, page_id=page_id, cookie=cookie)
            request = AuthorizationRequest.from_json(row.request)
            state = ticket.state_at(row.state, expires_at=row.expires_at, at=at)
            try:
                if state is State.APPROVED:
                    return self._complete(tx, row, request, issuer=issuer, at=at)
            except OAuthError as error:
                row.state = State.FAILED
                return _back(error, request=request, issuer=issuer)
            if state is State.COMPLETED:
                raise PageUnknown
            return _back(AccessDenied(), request=request, issuer=issuer) if state in ENDED else None

    def _complete(
        self,
        tx: Tx,
        row: ScanTransaction,
        request: AuthorizationRequest,
        *,
        issuer: str,
        at: datetime,
    ) -> Redirect:
        party = self._parties.recognise(row.client_id)
        grant = tx.get_one(Grant, row.grant_id)
        self._codes.check_hint(request, party=party, lawyer_id=grant.lawyer_id)
        cookie = jose.b64u(self._entropy.token_bytes(32))
        session = BrowserSession(
            id=self._entropy.uuid(),
            cookie_sha256=digest(cookie),
            lawyer_id=grant.lawyer_id,
            device_id=grant.device_id,
            acr=grant.acr,
            amr=grant.amr,
            authenticated_at=grant.authenticated_at,
            expires_at=at + lifetimes.BROWSER_SESSION,
        )
        tx.add(session)
        tx.flush()
        grant.session_id = session.id
        row.state = State.COMPLETED
        code = self._codes.make(
            tx,
            grant_id=grant.id,
            request=request,
            authentication=Authentication.of_session(session),
            at=at,
        )
        self._codes.use_up_pushed(tx, row.pushed_sha256, at=at)
        return code_redirect(request, code=code, issuer=issuer, session_cookie=cookie)

    @staticmethod
    def _own(tx: Tx, *, page_id: uuid.UUID, cookie: str) -> ScanTransaction:
        row = queries.transaction(tx, page_id)
        if row is None or not _is_cookie(cookie, row.browser_sha256):
            raise PageUnknown
        return row


def ticket_text(
    *, origin: str, ticket_bytes: bytes, seed: bytes, created_at: datetime, at: datetime
) -> str:
    """Return what the QR code says now."""
    name = jose.b64u(ticket_bytes)
    step = ticket.step_at(created_at=created_at, at=at)
    return f"{origin}/s/{name}.{step}.{jose.b64u(ticket.mac(seed, ticket=name, step=step))}"


def _status(row: PageRow, *, at: datetime, origin: str) -> PageStatus:
    state = ticket.state_at(row.state, expires_at=row.expires_at, at=at)
    waiting = state is State.WAITING
    text = (
        ticket_text(
            origin=origin,
            ticket_bytes=row.ticket,
            seed=row.seed,
            created_at=row.created_at,
            at=at,
        )
        if waiting
        else None
    )
    return PageStatus(
        state="ready" if state is State.APPROVED else state.value,
        text=text,
        left=max(row.expires_at - at, timedelta()),
        look_again=ticket.next_look(created_at=row.created_at, at=at),
        needs_number=row.number is not None and not row.number_right and state is State.CLAIMED,
        number_tries_left=ticket.NUMBER_TRIES - row.number_tries,
        second_scan=row.second_scan,
    )


def _back(error: OAuthError, *, request: AuthorizationRequest, issuer: str) -> Redirect:
    return error_redirect(
        error, redirect_uri=request.redirect_uri, state=request.state, issuer=issuer
    )


def _is_cookie(cookie: str, browser_sha256: bytes | None) -> bool:
    return browser_sha256 is not None and compare_digest(digest(cookie), browser_sha256)
