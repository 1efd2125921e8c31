"""Requests that are answered before Flask: those that are made most.

Flask costs several times what such a view does. A direct view is a function of a route that takes
a `Question` and returns JSON. When it returns None, the route answers as if nobody had been here
before; when it raises, the route raises the same, so that errors are rendered in one place.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask import Flask

from app.http import request_id
from app.http.question import Question
from app.http.request_id import current_request
from app.http.security import MAX_BODY, PAGE_HEADERS
from app.ports.entropy import Entropy

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FAILED: Final = "lvz.failed"
_ENCODE: Final = json.JSONEncoder(separators=(",", ":")).encode
_UUID: Final = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


@dataclass(frozen=True, kw_only=True)
class DirectView:
    """A public URL, with at most one UUID in it, and what answers it with JSON for nobody else."""

    method: str
    route: str  # as Flask writes it
    answer: Callable[[Question], Mapping[str, Any] | None]
    logged: bool = True


class Direct:
    """A WSGI application: the direct views, and behind them the application itself."""

    def __init__(self, app: Flask, views: Sequence[DirectView], *, entropy: Entropy) -> None:
        self._app = app
        self._behind: WSGIApplication = app.wsgi_app
        self._views = [(_pattern(view), view) for view in views]
        self._entropy = entropy

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, or let the application answer."""
        asked = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
        for pattern, view in self._views:
            found = pattern.fullmatch(asked)
            if found is not None:
                began = time.perf_counter()
                body = _ask(self._app, view, found["argument"], environ)
                if body is not None:
                    name = request_id.name(environ.get("HTTP_X_REQUEST_ID", ""), self._entropy)
                    _note(view, name, time.perf_counter() - began)
                    start_response("200 OK", _headers(body, name))
                    return [body]
        return self._behind(environ, start_response)


def install(app: Flask, views: Sequence[DirectView], *, entropy: Entropy) -> None:
    """Put the direct views in front of the application."""
    app.before_request(_fail_again)
    app.wsgi_app = Direct(app, views, entropy=entropy)  # type: ignore[method-assign]


def _pattern(view: DirectView) -> re.Pattern[str]:
    path, variable = re.subn(r"<uuid:\w+>", f"(?P<argument>{_UUID})", view.route)
    return re.compile(f"{view.method} {path}" + ("" if variable else "(?P<argument>)"))


def _ask(app: Flask, view: DirectView, argument: str, environ: WSGIEnvironment) -> bytes | None:
    """Return the answer; None when Flask is to answer."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if "HTTP_TRANSFER_ENCODING" in environ or not length.isdecimal() or int(length) > MAX_BODY:
        return None
    question = Question(
        environ=environ, body=lambda: environ["wsgi.input"].read(int(length)), argument=argument
    )
    try:
        with app.app_context():
            found = view.answer(question)
    except Exception as error:  # noqa: BLE001 - raised again where errors are rendered
        environ[FAILED] = error
        return None
    return None if found is None else f"{_ENCODE(found)}\n".encode()


def _fail_again() -> None:
    error: Exception | None = current_request().environ.get(FAILED)
    if error is not None:
        raise error


def _note(view: DirectView, name: str, seconds: float) -> None:
    request_id.count(view.method, view.route, 200, seconds)
    if view.logged:
        request_id.log_answer(view.method, view.route, 200, seconds, request_id=name)


def _headers(body: bytes, name: str) -> list[tuple[str, str]]:
    return [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        (request_id.HEADER, name),
        *PAGE_HEADERS,
    ]
