"""What browsers open: the login page, its questions while it waits, signing out, verifying."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from app.authorization.errors import ConfirmationUnknown, PageUnknown
from app.authorization.routes import issuer, issuer_of, services
from app.authorization.routes.forms import single
from app.authorization.rules.portal import SIGN_IN
from app.authorization.service.requests import Browser
from app.authorization.service.values import LoginPage, Redirect
from app.http.auth import Forbidden
from app.http.question import Question
from app.web.qr import svg_answer

browser = Blueprint("authorization_browser", __name__)
shell = Blueprint("authorization_shell", __name__)

LOGIN_COOKIE = "__Host-lvz_login"
SESSION_COOKIE = "__Host-lvz_session"
COOKIE = re.compile(r"[A-Za-z0-9_-]{43}")


@browser.get("/authorize")
@browser.post("/authorize")
def authorize() -> BaseResponse:
    """Show the login page, or go straight back (OpenID Connect Core §3.1.2)."""
    given = single(_given())
    begun = services().requests.begin(given, browser=_browser())
    if isinstance(begun, Redirect):
        return _go(begun)
    response = Response(render_template("oauth/login.html", page=_page(begun)))
    _set_cookie(response, LOGIN_COOKIE, begun.cookie)
    response.headers["Cache-Control"] = "no-store"
    return response


@browser.get("/authorize/<uuid:page_id>/status")
def status(page_id: uuid.UUID) -> Response:
    """Tell the page how things stand."""
    return _status(page_id)


def status_now(question: Question) -> dict[str, Any] | None:
    """Tell the page how things stand, in the ordinary case."""
    cookie = question.cookie(LOGIN_COOKIE)
    if not COOKIE.fullmatch(cookie):
        return None
    return _standing(uuid.UUID(question.argument), cookie=cookie, origin=issuer_of(question))


@browser.post("/authorize/<uuid:page_id>/number")
def number(page_id: uuid.UUID) -> Response:
    """Take the number that the phone shows."""
    _own_page_only()
    body = request.get_json(silent=True)
    typed = body.get("number") if isinstance(body, dict) else None
    services().pages.number(
        page_id=page_id, cookie=_login_cookie(), number=typed if isinstance(typed, str) else ""
    )
    return _status(page_id)


@browser.post("/authorize/<uuid:page_id>/cancel")
def cancel(page_id: uuid.UUID) -> Response:
    """Cancel from the browser's side."""
    _own_page_only()
    services().pages.cancel(page_id=page_id, cookie=_login_cookie())
    return _status(page_id)


@browser.get("/authorize/<uuid:page_id>/finish")
def finish(page_id: uuid.UUID) -> BaseResponse:
    """Go back to where the request came from."""
    ended = services().pages.finish(page_id=page_id, cookie=_login_cookie(), issuer=issuer())
    if ended is None:
        raise PageUnknown
    return _go(ended)


@browser.get("/logout")
@browser.post("/logout")
def logout() -> BaseResponse:
    """End this browser's session (OpenID Connect RP-Initiated Logout)."""
    given = single(_given())
    uri = given.get("post_logout_redirect_uri")
    hint = given.get("id_token_hint", "")
    state = given.get("state")
    where_to = services().logout.where_to
    target = where_to(hint=hint, uri=uri, state=state) if hint or uri else None
    cookie = _cookie(SESSION_COOKIE)
    if cookie is not None:
        services().logout.end(cookie=cookie)
    response = redirect(target or "/", code=303)
    response.delete_cookie(SESSION_COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
    return response


@browser.get("/assets/<path:name>")
def asset(name: str) -> Response:
    """Serve the login page's script as it was built."""
    folder = current_app.extensions["config"].assets_dir / "login"
    return send_from_directory(folder, name, max_age=0)


@browser.get("/logo/<client_id>")
def logo(client_id: str) -> Response:
    """Return the registered logo of a relying party."""
    image = services().relying_parties.logo(client_id=client_id)
    if image is None:
        return Response(status=404)
    return Response(image, mimetype="image/png", headers={"Cache-Control": "public, max-age=600"})


@shell.get("/s/")
@shell.get("/s/<path:_text>")
def phone_only(_text: str = "") -> str:
    """Say what to do to somebody who opened a code with another scanner."""
    return render_template("oauth/phone_only.html")


@shell.get("/verify/")
def verify_form() -> BaseResponse | str:
    """Ask which confirmation is to be verified."""
    typed = request.args.get("id", "").strip()
    if typed:
        return redirect(url_for("authorization_shell.verify", public_id=typed))
    return render_template("verify/form.html")


@shell.get("/verify/<public_id>")
def verify(public_id: str) -> str:
    """Show a confirmation and how each check came out."""
    try:
        found = services().confirmations.verify(public_id=public_id)
    except ConfirmationUnknown:
        return render_template("verify/confirmation.html", result={"found": False})
    return render_template(
        "verify/confirmation.html",
        result={
            "found": True,
            "checks": [{"label": name, "ok": ok} for name, ok in found.checks.items()],
            "confirmation": {
                "lawyer_name": found.lawyer["name"],
                "license_no": found.lawyer["license_no"],
                "firm": found.lawyer["firm"],
                "act_label": found.act.get("label", ""),
                "text": found.act.get("text", ""),
                "at": found.at,
                "partner": found.partner,
                "public_id": found.public_id,
                "ledger_index": found.ledger_index,
            },
        },
    )


@shell.get("/verify/<public_id>/code.svg")
def verify_code(public_id: str) -> Response:
    """Draw the code that leads to a confirmation, for print."""
    return svg_answer(f"{issuer()}/verify/{public_id}")


@shell.get("/verify/<public_id>/confirmation.jwt")
def verify_jws(public_id: str) -> Response:
    """Return the signed confirmation, to be verified without us."""
    jws = services().confirmations.verify(public_id=public_id).jws
    if jws is None:
        raise ConfirmationUnknown
    return Response(jws, mimetype="application/jwt")


def _given() -> Iterable[tuple[str, str]]:
    values = request.form if request.method == "POST" else request.args
    return values.items(multi=True)


def _browser() -> Browser:
    address = request.remote_addr or ""
    return Browser(
        issuer=issuer(),
        place=f"电脑浏览器（{address}）",
        address=address,
        login_cookie=_cookie(LOGIN_COOKIE),
        session_cookie=_cookie(SESSION_COOKIE),
    )


def _page(begun: LoginPage) -> dict[str, Any]:
    restart = request.full_path if request.method == "GET" else None
    restart = SIGN_IN if begun.ours else restart  # each of our requests is pushed, and good once
    return {
        **vars(begun),
        "id": str(begun.id),
        "left_ms": _ms(begun.left.total_seconds()),
        "restart_url": restart,
    }


def _status(page_id: uuid.UUID) -> Response:
    response = jsonify(_standing(page_id, cookie=_login_cookie(), origin=issuer()))
    response.headers["Cache-Control"] = "no-store"
    return response


def _standing(page_id: uuid.UUID, *, cookie: str, origin: str) -> dict[str, Any]:
    found = services().pages.status(page_id=page_id, cookie=cookie, origin=origin)
    return {
        "state": found.state,
        "text": found.text,
        "left_ms": _ms(found.left.total_seconds()),
        "poll_in_ms": _ms(found.look_again.total_seconds()),
        "needs_number": found.needs_number,
        "number_tries_left": found.number_tries_left,
        "second_scan": found.second_scan,
    }


def _go(to: Redirect) -> BaseResponse:
    response = redirect(to.location, code=303)
    response.headers["Cache-Control"] = "no-store"
    if to.session_cookie is not None:
        _set_cookie(response, SESSION_COOKIE, to.session_cookie)
    return response


def _set_cookie(response: BaseResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, secure=True, httponly=True, samesite="Lax", path="/")


def _cookie(name: str) -> str | None:
    value = request.cookies.get(name, "")
    return value if COOKIE.fullmatch(value) else None


def _login_cookie() -> str:
    cookie = _cookie(LOGIN_COOKIE)
    if cookie is None:
        raise PageUnknown
    return cookie


def _own_page_only() -> None:
    """A header that another site's form cannot send."""
    if request.headers.get("X-Lvz-Page") != "1":
        raise Forbidden


def _ms(seconds: float) -> int:
    return int(seconds * 1000)
