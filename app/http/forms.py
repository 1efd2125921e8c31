"""Form tokens: a page's form is accepted only from the session that was shown it."""

from __future__ import annotations

from hmac import compare_digest

from flask import Request, current_app, g, request, session

from app.errors import AppError
from app.ports.entropy import Entropy

FIELD = "form_token"
HEADER = "X-Form-Token"
SPENT = "spent_form"


class FormExpired(AppError):
    """The form's token is not the session's: stale page, or another site's form."""

    code = "auth.form_expired"


def form_token() -> str:
    """Return this session's token: the portal's own, else the console's, made when asked for."""
    if FIELD in g:
        return str(g.get(FIELD))
    if FIELD not in session:
        session[FIELD] = form_number()
    return str(session[FIELD])


def form_number() -> str:
    """Return a fresh number, for a form that a reload must not send twice."""
    entropy: Entropy = current_app.extensions["entropy"]
    return entropy.token_bytes(16).hex()


def spend(number: str, *, subject: str) -> None:
    """Remember that the form of this number was dealt with, and about what it was."""
    session[SPENT] = [number, subject]


def spent(number: str) -> str | None:
    """Return what the form of this number was about, if it was the last to be dealt with."""
    known, subject = session.get(SPENT, ("", ""))
    return str(subject) if number and known == number else None


def check_form() -> None:
    """Raise `FormExpired` unless the posted token (field or header) is this session's."""
    posted = request.form.get(FIELD) or request.headers.get(HEADER, "")
    known = g.get(FIELD) or session.get(FIELD)
    if not isinstance(known, str) or not compare_digest(known.encode(), posted.encode()):
        raise FormExpired


def is_of_another_site(incoming: Request, *, origin: str) -> bool:
    """Tell whether a browser says that another site sent this.

    Our pages send no referrer, and browsers then write `Origin: null`; a browser that says nothing
    is believed, because the form token decides.
    """
    fetch_site = incoming.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        return fetch_site != "same-origin"
    said = incoming.headers.get("Origin", "null")
    return said not in ("null", origin, incoming.host_url.rstrip("/"))


def typed(field: str, *, longest: int = 100) -> str:
    """Return what was typed: no spaces around it, no NUL (PostgreSQL has none), not too long."""
    return request.form.get(field, "").replace("\x00", "").strip()[:longest]
