"""The stand-in WeChat server: WeChat's own addresses, the phone's side, and a control door.

Phone (what `wx.*` does inside WeChat; there is no such HTTP door in reality):

    POST /phone/login      {appid, user}                              → {code}
    POST /phone/subscribe  {appid, user, template_id}                 → {allowed}
    POST /phone/face       {appid, user, verify_id, verify_ret=10000} → {}
    POST /phone/soter      {appid, user, challenge, mode}             → {errCode, resultJSON, …}

Control:

    POST /control/busy     {busy: bool}              every WeChat call answers −1
    POST /control/block    {appid, user, blocked}    40226 at the next login
    POST /control/codes    {}                        all login codes expire now
    POST /control/token    {errcode}                 the next call with a token is refused so
    POST /control/soter    {appid, user, absent}     the phone has no SOTER
    GET  /control/messages                           what was sent
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Flask, Response, jsonify, request
from werkzeug.exceptions import BadRequest

from miniprogram_mock.wechat.face import PASSED, Faces
from miniprogram_mock.wechat.login import Logins
from miniprogram_mock.wechat.messages import Messages
from miniprogram_mock.wechat.refusal import Refusal
from miniprogram_mock.wechat.soter import Soter
from miniprogram_mock.wechat.tokens import Tokens
from miniprogram_mock.wechat.world import World

TEMPLATES = {
    "LVZ-VERIFIED": ("thing1", "time2", "thing3"),
    "LVZ-FACE-DUE": ("thing1", "date2"),
    "LVZ-NEWS": ("thing1", "thing2", "time3"),
    "LVZ-DEADLINE": ("thing1", "thing2", "time3"),
}


class WechatServer:
    """All of WeChat that the product touches, in this process's memory."""

    def __init__(
        self, world: World, *, templates: Mapping[str, tuple[str, ...]] | None = None
    ) -> None:
        self.world = world
        self.logins = Logins(world)
        self.tokens = Tokens(world)
        self.messages = Messages(templates or TEMPLATES)
        self.faces = Faces(world)
        self.soter = Soter()
        self.busy = False
        self.lock = threading.RLock()


def create_application(server: WechatServer) -> Flask:
    """The WSGI application over one server."""
    app = Flask("miniprogram_mock.wechat", static_folder=None)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]

    @app.before_request
    def busy() -> None:
        if server.busy and not request.path.startswith(("/control/", "/phone/")):
            raise Refusal(-1)

    @app.errorhandler(Refusal)
    def refused(refusal: Refusal) -> Response:
        return _plain(errcode=refusal.errcode, errmsg=refusal.errmsg)

    @app.errorhandler(BadRequest)
    def malformed(_problem: BadRequest) -> Response:
        return _plain(errcode=47001, errmsg=Refusal(47001).errmsg)

    _add_login(app, server)
    _add_tokens(app, server)
    _add_messages_and_soter(app, server)
    _add_face(app, server)
    app.register_blueprint(_phone(server))
    app.register_blueprint(_control(server))
    return app


def _add_login(app: Flask, server: WechatServer) -> None:
    @app.get("/sns/jscode2session")
    def jscode2session() -> Response:
        query = request.args
        appid = query.get("appid", "")
        with server.lock:
            server.world.check_app(appid=appid, secret=query.get("secret", ""))
            if query.get("grant_type") != "authorization_code":
                raise Refusal(40002)
            session = server.logins.exchange(appid=appid, js_code=query.get("js_code", ""))
        # A success carries no errcode, and the type is not JSON's.
        return _plain(**session)

    @app.get("/wxa/checksession")
    def checksession() -> Response:
        with server.lock:
            appid, openid = _signed_in(server)
            server.logins.check(
                appid=appid, openid=openid, signature=request.args.get("signature", "")
            )
        return _ok()

    @app.get("/wxa/resetusersessionkey")
    def reset() -> Response:
        with server.lock:
            appid, openid = _signed_in(server)
            server.logins.check(
                appid=appid, openid=openid, signature=request.args.get("signature", "")
            )
            session_key = server.logins.reset(appid=appid, openid=openid)
        return _ok(openid=openid, session_key=session_key)


def _add_tokens(app: Flask, server: WechatServer) -> None:
    @app.get("/cgi-bin/token")
    def token() -> Response:
        query = request.args
        appid = query.get("appid", "")
        with server.lock:
            server.world.check_app(appid=appid, secret=query.get("secret", ""))
            if query.get("grant_type") != "client_credential":
                raise Refusal(40002)
            text, life = server.tokens.plain(appid=appid)
        return jsonify(access_token=text, expires_in=life)

    @app.post("/cgi-bin/stable_token")
    def stable_token() -> Response:
        body = _body()
        appid = str(body.get("appid", ""))
        with server.lock:
            server.world.check_app(appid=appid, secret=str(body.get("secret", "")))
            if body.get("grant_type") != "client_credential":
                raise Refusal(40002)
            force = body.get("force_refresh", False) is True
            text, life = server.tokens.stable(appid=appid, force=force)
        return jsonify(access_token=text, expires_in=life)


def _add_messages_and_soter(app: Flask, server: WechatServer) -> None:
    @app.post("/cgi-bin/message/subscribe/send")
    def send() -> Response:
        body = _body()
        with server.lock:
            _, openid = _authorised(server, body.get("touser"))
            server.messages.send(openid=openid, body=body)
        return _ok()

    @app.post("/cgi-bin/soter/verify_signature")
    def verify_signature() -> Response:
        body = _body()
        with server.lock:
            _, openid = _authorised(server, body.get("openid"))
            good = server.soter.verify(
                openid=openid,
                json_string=str(body.get("json_string", "")),
                json_signature=str(body.get("json_signature", "")),
            )
        return _ok(is_ok=good)


def _add_face(app: Flask, server: WechatServer) -> None:
    @app.post("/cityservice/face/identify/getverifyid")
    def getverifyid() -> Response:
        body = _body()
        with server.lock:
            appid, openid = _authorised(server, body.get("openid"))
            verify_id, life = server.faces.open(appid=appid, openid=openid, body=body)
        return _ok(verify_id=verify_id, expires_in=life)

    @app.post("/cityservice/face/identify/queryverifyinfo")
    def queryverifyinfo() -> Response:
        body = _body()
        with server.lock:
            appid, openid = _authorised(server, body.get("openid"))
            verify_ret = server.faces.result(appid=appid, openid=openid, body=body)
        return _ok(verify_ret=verify_ret)


def _phone(server: WechatServer) -> Blueprint:
    app = Blueprint("phone", __name__, url_prefix="/phone")

    @app.post("/login")
    def login() -> Response:
        body = _body()
        with server.lock:
            code = server.logins.login(
                appid=str(body.get("appid", "")), user=str(body.get("user", ""))
            )
        return jsonify(code=code)

    @app.post("/subscribe")
    def subscribe() -> Response:
        body = _body()
        with server.lock:
            allowed = server.messages.grant(
                openid=_user(server, body), template_id=str(body.get("template_id", ""))
            )
        return jsonify(allowed=allowed)

    @app.post("/face")
    def face() -> Response:
        body = _body()
        with server.lock:
            server.faces.perform(
                openid=_user(server, body),
                verify_id=str(body.get("verify_id", "")),
                verify_ret=int(body.get("verify_ret", PASSED)),
            )
        return jsonify({})

    @app.post("/soter")
    def soter() -> Response:
        body = _body()
        with server.lock:
            result = server.soter.sign(
                openid=_user(server, body),
                challenge=str(body.get("challenge", "")),
                mode=str(body.get("mode", "")),
            )
        return jsonify(result)

    return app


def _control(server: WechatServer) -> Blueprint:
    app = Blueprint("control", __name__, url_prefix="/control")

    @app.post("/busy")
    def busy() -> Response:
        server.busy = _body().get("busy") is True
        return jsonify(busy=server.busy)

    @app.post("/block")
    def block() -> Response:
        body = _body()
        change = server.world.blocked.add if body.get("blocked") else server.world.blocked.discard
        change(_user(server, body))
        return jsonify({})

    @app.post("/codes")
    def codes() -> Response:
        with server.lock:
            return jsonify(expired=server.logins.expire_codes())

    @app.post("/token")
    def token() -> Response:
        server.tokens.reject_next = int(_body()["errcode"])
        return jsonify({})

    @app.post("/soter")
    def soter() -> Response:
        body = _body()
        change = server.soter.absent.add if body.get("absent") else server.soter.absent.discard
        change(_user(server, body))
        return jsonify({})

    @app.get("/messages")
    def messages() -> Response:
        return jsonify(messages=[asdict(message) for message in server.messages.sent])

    return app


def _signed_in(server: WechatServer) -> tuple[str, str]:
    if request.args.get("sig_method") != "hmac_sha256":
        raise Refusal(40097)
    return _authorised(server, request.args.get("openid"))


def _authorised(server: WechatServer, openid: object) -> tuple[str, str]:
    """The appid of the access token and the openid, which must be that app's own."""
    appid = server.tokens.check(request.args.get("access_token", ""))
    return appid, server.world.check_openid(appid=appid, openid=openid)


def _user(server: WechatServer, body: Mapping[str, Any]) -> str:
    appid = str(body.get("appid", ""))
    if appid not in server.world.apps:
        raise Refusal(40013)
    return server.world.openid(appid=appid, user=str(body.get("user", "")))


def _body() -> Mapping[str, Any]:
    body = request.get_json(force=True)
    if not isinstance(body, dict):
        raise Refusal(47001)
    return body


def _ok(**fields: object) -> Response:
    return jsonify(errcode=0, errmsg="ok", **fields)


def _plain(**fields: object) -> Response:
    answer = jsonify(**fields)
    answer.mimetype = "text/plain"
    return answer
