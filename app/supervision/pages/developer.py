"""开发者自助: a sandbox client in one form, to try against the demonstration.

Registered only where ENV is not production.
"""

from __future__ import annotations

from flask import Blueprint, render_template, request

from app.authorization.errors import RelyingPartyInvalid
from app.authorization.rules.relying_party import Registration
from app.http.forms import check_form, form_token, typed
from app.supervision.pages.console import services

developer = Blueprint("developer", __name__)

SANDBOX_USCC = "91110105MA01A2B325"  # well formed, nobody's
SANDBOX_QUOTA = 120


@developer.get("/")
def form() -> str:
    """Ask for a name and where to send lawyers back."""
    return _page(form={"redirect_uris": "http://127.0.0.1:8088/protected/cb"})


@developer.post("/")
def register() -> str:
    """Register a sandbox client; its secret is shown once."""
    check_form()
    given = {name: typed(name, longest=2000) for name in ("name", "redirect_uris")}
    uris = tuple(line.strip() for line in given["redirect_uris"].splitlines() if line.strip())
    registration = Registration(
        legal_name=given["name"],
        uscc=SANDBOX_USCC,
        domain="localhost",
        redirect_uris=uris,
        post_logout_redirect_uris=uris,
        purposes=(("login", "登录测试系统"),),
        quota_per_minute=SANDBOX_QUOTA,
    )
    try:
        made = services().relying_parties.register(registration=registration, sandbox=True)
    except RelyingPartyInvalid as error:
        return _page(form=given, errors=error.extra["fields"])
    return _page(form=given, made=made, redirect_uri=uris[0])


def _page(**context: object) -> str:
    return render_template(
        "developer.html",
        form_token=form_token(),
        origin=request.host_url.rstrip("/"),
        **context,
    )
