"""Form tokens: a page's form is accepted only from the session that was shown it."""

from __future__ import annotations

from hmac import compare_digest

from flask import current_app, request, session

from app.ports.entropy import Entropy
from app.supervision.errors import FormExpired

FIELD = "form_token"


def form_token() -> str:
    """Return this session's token, made when first asked for."""
    if FIELD not in session:
        entropy: Entropy = current_app.extensions["entropy"]
        session[FIELD] = entropy.token_bytes(16).hex()
    return str(session[FIELD])


def check_form() -> None:
    """Raise `FormExpired` unless the posted token (field or header) is this session's."""
    posted = request.form.get(FIELD) or request.headers.get("X-Form-Token", "")
    known = session.get(FIELD)
    if not isinstance(known, str) or not compare_digest(known.encode(), posted.encode()):
        raise FormExpired


def typed(field: str, *, longest: int = 100) -> str:
    """Return what was typed: no spaces around it, no NUL (PostgreSQL has none), not too long."""
    return request.form.get(field, "").replace("\x00", "").strip()[:longest]
