"""The mini-program's host in a browser: its files, its `wx.login`, and the demonstration's camera.

The page stands for WeChat's own app on the phone; what it may ask here is what WeChat would do
by itself. Everything else the mini-program does goes to the product's public interface.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

import requests
from flask import Flask, Response, jsonify, request, send_from_directory
from werkzeug.wrappers import Response as BaseResponse

from miniprogram_mock import rig_routes

DEMO_APPID = "wx0000000000000001"
_USER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TIMEOUT = (1.0, 3.0)
_MAX_BODY = 16_384
_POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
# What the machine's own table says about these differs from one system to the next.
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".wasm": "application/wasm",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}


def create_application(environ: Mapping[str, str]) -> Flask:
    """Build the shell. Reads ENV and ASSETS_DIR now, WECHAT_URL and WECHAT_APPID at each login."""
    assets = Path(environ.get("ASSETS_DIR") or "build/web").resolve() / "mp"
    app = Flask("miniprogram_mock", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = _MAX_BODY

    @app.get("/")
    def page() -> BaseResponse:
        return _file(assets, "index.html")

    @app.get("/<path:name>")
    def asset(name: str) -> BaseResponse:
        return _file(assets, name)

    @app.post("/wechat/login")
    def login() -> tuple[Response, int]:
        return _login(environ)

    @app.after_request
    def headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
        return response

    if (environ.get("ENV") or "development") != "production":
        rig_routes.install(app)
    return app


def _file(folder: Path, name: str) -> BaseResponse:
    """One built file, asked for again each time but sent again only when changed."""
    response = send_from_directory(folder, name, conditional=True, max_age=0)
    suffix = Path(name).suffix.lower()
    kind = _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    response.headers["Content-Type"] = kind
    response.headers["Cache-Control"] = "no-cache"
    return response


def _login(environ: Mapping[str, str]) -> tuple[Response, int]:
    """wx.login for this browser: ask WeChat's server for a code."""
    body = request.get_json(force=True, silent=True)
    user = body.get("user") if isinstance(body, dict) else None
    if not isinstance(user, str) or not _USER.fullmatch(user):
        return jsonify(errMsg="login:fail user"), HTTPStatus.UNPROCESSABLE_ENTITY
    appid = environ.get("WECHAT_APPID") or DEMO_APPID
    url = environ.get("WECHAT_URL", "").rstrip("/")
    try:
        answer = requests.post(
            f"{url}/phone/login", json={"appid": appid, "user": user}, timeout=_TIMEOUT
        ).json()
    except requests.RequestException:
        return jsonify(errMsg="login:fail network"), HTTPStatus.SERVICE_UNAVAILABLE
    if "code" not in answer:
        return jsonify(errMsg="login:fail", errno=answer.get("errcode")), HTTPStatus.BAD_GATEWAY
    return jsonify(code=answer["code"], errMsg="login:ok"), HTTPStatus.OK
