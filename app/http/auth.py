"""Request → Principal. Which access a URL demands is written in `app/urls.py`."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import TypeVar

from flask import Flask, Request, abort, g, redirect, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from app.errors import AppError
from app.http.request_id import current_request
from app.kernel.principal import Access, Principal

Authenticator = Callable[[Request], Principal]
P = TypeVar("P", bound=Principal)
OPERATOR_ID = "operator_id"
SIGN_IN = "/console/sign-in"


class AuthenticationRequired(AppError):
    """The caller did not say who it is."""

    code = "auth.required"


class Forbidden(AppError):
    """The caller is known and may not do this."""

    code = "auth.forbidden"


class MalformedHeader(AppError):
    """A header of ours is not of its form."""

    code = "request.malformed"


ACTING_FOR = "LVZ-Acting-For"
WITHOUT_SESSION = ("/api/", "/oauth/")


class PageSessions(SecureCookieSessionInterface):
    """The console's signed cookie. The API and the OpenID provider neither read nor write it."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Open the session of a page; None, which reads as empty, where there is none."""
        without = request.path.startswith(WITHOUT_SESSION)
        return None if without else super().open_session(app, request)


def install(app: Flask, *, authenticators: Mapping[Access, Authenticator]) -> None:
    """Recognise the caller before any view runs.

    `app.extensions["access"]` names what each blueprint demands; a blueprint that is not named
    there is open to nobody.
    """
    app.session_interface = PageSessions()
    demands: dict[str, Access] = app.extensions.setdefault("access", {})

    def authenticate() -> None:
        incoming = current_request()
        if incoming.blueprint is None:
            return  # no route matched, or Flask's own: answered without a view of ours
        access = demands.get(incoming.blueprint)
        if access is None:
            raise Forbidden("blueprint without access")
        if access is not Access.PUBLIC:
            g.principal = authenticators[access](incoming)

    app.before_request(authenticate)


def principal(kind: type[P]) -> P:
    """Return the caller, who must be of this kind."""
    caller = g.get("principal")
    if not isinstance(caller, kind):
        raise Forbidden
    return caller


def bearer_token(incoming: Request) -> str:
    """Return the token of an `Authorization: Bearer` header (RFC 6750 §2.1)."""
    scheme, _, token = incoming.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise AuthenticationRequired
    return token


def by_bearer_token(find: Callable[[str], Principal]) -> Authenticator:
    """Recognise a phone by its session token."""
    return lambda incoming: find(bearer_token(incoming))


def acting_for(incoming: Request) -> uuid.UUID | None:
    """Return the assistantship in which an assistant acts; raises `MalformedHeader`."""
    named = incoming.headers.get(ACTING_FOR)
    if named is None:
        return None
    try:
        return uuid.UUID(named)
    except ValueError as error:
        raise MalformedHeader(ACTING_FOR) from error


def by_cookie(find: Callable[[str], Principal | None], kind: type[P]) -> Authenticator:
    """Recognise an operator, or a court's staff, by the console's signed cookie.

    Raises `Forbidden` for who signed in there and is of another kind.
    """

    def recognise(_incoming: Request) -> Principal:
        known = session.get(OPERATOR_ID)
        found = find(known) if isinstance(known, str) else None
        if found is None:
            abort(redirect(SIGN_IN))
        if not isinstance(found, kind):
            raise Forbidden
        return found

    return recognise
