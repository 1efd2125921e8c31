"""A lawyer before courts: known by the phone's bearer token, or by the portal's cookie."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import quote, urlencode

from flask import Request, Response, abort, g, redirect, render_template, request

from app.http.auth import AuthenticationRequired, Forbidden, acting_for, bearer_token
from app.http.forms import FIELD, HEADER, FormExpired, check_form, is_of_another_site
from app.kernel.principal import Counsel

COOKIE = "__Host-lvz_portal"
SIGN_IN = "/portal/sign-in"
SIGNED_OUT = "/portal/signed-out"
SAFE = ("GET", "HEAD", "OPTIONS")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, kw_only=True)
class ByTokenOrCookie:
    """Recognises a lawyer; `by_portal` returns None for a session that has ended.

    With a token, `LVZ-Acting-For` names the assistantship in which an assistant 律师助理 acts.

    What a browser does with the cookie alone must come from our own pages: an unsafe request needs
    the form token that they carry. A page of a browser that signed out leads to signing in, and
    shows what was typed again, so that nothing is lost.
    """

    by_token: Callable[[str, uuid.UUID | None], Counsel]
    by_portal: Callable[[str], Counsel | None]
    origin: str

    def __call__(self, incoming: Request) -> Counsel:
        """Return the lawyer."""
        if "Authorization" in incoming.headers:
            return self.by_token(bearer_token(incoming), acting_for(incoming))
        if incoming.method not in SAFE and is_of_another_site(incoming, origin=self.origin):
            raise Forbidden("of another site")
        token = portal_token(incoming)
        counsel = None if token is None else self.by_portal(token)
        if counsel is None or token is None:
            _ask_to_sign_in(incoming)
        setattr(g, FIELD, _form_token(token))
        if incoming.method not in SAFE:
            _check(incoming)
        return counsel


def portal_token(incoming: Request) -> str | None:
    """Return the portal's cookie, if it could be one."""
    value = incoming.cookies.get(COOKIE, "")
    return value if _TOKEN.fullmatch(value) else None


def _form_token(token: str) -> str:
    """Return the form token of a portal session; another session has another one."""
    return hashlib.sha256(f"form:{token}".encode()).hexdigest()[:32]


def _check(incoming: Request) -> None:
    try:
        check_form()
    except FormExpired:
        if _is_page(incoming):
            _keep(signed_in=True)
        raise


def _is_page(incoming: Request) -> bool:
    """Tell whether a person looks at the answer; a script names the header itself."""
    return not incoming.path.startswith("/api/") and HEADER not in incoming.headers


def _ask_to_sign_in(incoming: Request) -> NoReturn:
    if not _is_page(incoming):
        raise AuthenticationRequired
    if incoming.method in SAFE:
        query = incoming.query_string.decode("ascii", "ignore")
        here = quote(incoming.path) + (f"?{query}" if query else "")
        abort(redirect(f"{SIGN_IN}?{urlencode({'next': here})}"))
    if not _typed() and not request.files:
        abort(redirect(SIGNED_OUT, code=303))
    _keep(signed_in=False)


def _keep(*, signed_in: bool) -> NoReturn:
    """Show what was typed again: it is sent on with a click once the lawyer has signed in."""
    html = render_template(
        "portal/kept.html",
        signed_in=signed_in,
        action=request.full_path.rstrip("?"),
        typed=_typed(),
        files=[name for name, file in request.files.items() if file.filename],
        form_token=g.get(FIELD, ""),
    )
    abort(Response(html, status=403 if signed_in else 401, mimetype="text/html"))


def _typed() -> Sequence[tuple[str, str]]:
    return [pair for pair in request.form.items(multi=True) if pair[0] != FIELD]
