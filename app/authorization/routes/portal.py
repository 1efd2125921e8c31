"""律师服务平台: signing in by scanning, the home page, signing out."""

from __future__ import annotations

from hmac import compare_digest

from flask import Blueprint, Response, jsonify, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.authorization.errors import OAuthError, RelyingPartyUnknown
from app.authorization.routes import issuer, services
from app.authorization.routes.pages import SESSION_COOKIE
from app.authorization.rules.lifetimes import PORTAL_WARNING
from app.authorization.rules.portal import next_page
from app.http.counsel import COOKIE, portal_token
from app.web.portal import page

portal_public = Blueprint("portal_public", __name__)
portal = Blueprint("portal", __name__)

UNDER_WAY = "portal_sign_ins"  # in the browser's signed cookie: {state: [nonce, verifier, next]}
MOST_UNDER_WAY = 3  # windows in which the same browser waits for a scan


@portal_public.get("/sign-in")
def sign_in() -> BaseResponse | tuple[str, int]:
    """Lead to the login page with the code 扫码登录, and back to `next` afterwards."""
    wanted = request.args.get("next")
    after = session.get("portal_next", "") if wanted is None else wanted
    after = next_page(str(after))
    try:
        begun = services().portal.begin(issuer=issuer())
    except RelyingPartyUnknown:
        return _said("closed", status=503)
    waiting = dict(session.get(UNDER_WAY, {}))
    while len(waiting) >= MOST_UNDER_WAY:
        del waiting[next(iter(waiting))]
    session[UNDER_WAY] = {**waiting, begun.state: [begun.nonce, begun.verifier, after]}
    session["portal_next"] = after  # for a code that ran out: the login page leads here again
    return redirect(begun.location, code=303)


@portal_public.get("/callback")
def callback() -> BaseResponse | tuple[str, int]:
    """Come back from the login page with a code (RFC 6749 §4.1.2, RFC 9207)."""
    given = {name: request.args.get(name, "") for name in ("state", "code", "iss", "error")}
    waiting = dict(session.get(UNDER_WAY, {}))
    begun = waiting.pop(given["state"], None)
    if begun is None or not compare_digest(given["iss"].encode(), issuer().encode()):
        return _said("unknown", status=400)
    session[UNDER_WAY] = waiting
    nonce, verifier, after = begun
    if not given["code"]:
        return _said("declined" if given["error"] == "access_denied" else "failed", status=400)
    try:
        token = services().portal.sign_in(
            issuer=issuer(), code=given["code"], nonce=nonce, verifier=verifier
        )
    except (OAuthError, RelyingPartyUnknown):
        return _said("failed", status=400)
    return _let_in(token, after=next_page(after))


@portal_public.get("/signed-out")
def signed_out() -> str:
    """Say that the lawyer signed out."""
    return _said("signed_out", status=200)[0]


@portal_public.get("/session")
def standing() -> tuple[Response, int]:
    """Tell the page how long its session lasts, without prolonging it."""
    token = portal_token(request)
    left = None if token is None else services().portal.left(token=token)
    if left is None:
        return jsonify(left_s=0, prolongable=False), 401
    return _left(left.time.total_seconds(), prolongable=left.prolongable), 200


@portal.post("/session")
def prolong() -> tuple[Response, int]:
    """Go on working: asking has prolonged the session already."""
    return standing()


@portal.get("/")
def home() -> str:
    """Show what waits for the lawyer, and the tools."""
    return page("portal/home.html")


@portal.post("/sign-out")
def sign_out() -> BaseResponse:
    """End the session, and the browser's at the provider with it."""
    token = portal_token(request)
    if token is not None:
        services().portal.end(token=token)
    response = redirect(url_for("portal_public.signed_out"), code=303)
    for name in (COOKIE, SESSION_COOKIE):
        response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="Lax")
    return response


def _let_in(token: str, *, after: str) -> BaseResponse:
    """Set the cookie of a session that is new, whatever cookie came."""
    old = portal_token(request)
    if old is not None:
        services().portal.end(token=old)
    session.pop("portal_next", None)
    response = redirect(after, code=303)
    response.set_cookie(COOKIE, token, secure=True, httponly=True, samesite="Lax", path="/")
    return response


def _left(seconds: float, *, prolongable: bool) -> Response:
    return jsonify(
        left_s=int(seconds), prolongable=prolongable, warn_s=int(PORTAL_WARNING.total_seconds())
    )


def _said(what: str, *, status: int) -> tuple[str, int]:
    return render_template("portal/said.html", what=what), status
