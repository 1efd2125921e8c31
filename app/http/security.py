"""Response headers that every answer carries, and the limits on what comes in."""

from __future__ import annotations

from flask import Flask, Request, Response, abort

from app.http.request_id import current_request

MAX_BODY = 1_200_000  # eight frames of 80 kB in base64, the largest legitimate body
PAGE_POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self' blob:; "
    "connect-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'"
)

EVERYWHERE = (("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"))
NOT_STORED = ("/api/", "/portal/")  # a shared PC must not show a page again after signing out
PAGE_HEADERS = (
    *EVERYWHERE,
    ("Content-Security-Policy", PAGE_POLICY),
    ("Permissions-Policy", "camera=(self), microphone=(), geolocation=()"),
)


def install(app: Flask) -> None:
    """Limit bodies and set the security headers."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.before_request(_refuse_foreign_bodies)
    app.after_request(_headers)


def _refuse_foreign_bodies() -> None:
    """The API reads JSON and says so: a form of another site cannot send that unasked.

    Nor can it PUT; pieces of files come that way.
    """
    incoming = current_request()
    if "\x00" in incoming.path:  # PostgreSQL has no such text, so nothing can be found by it
        abort(404)
    body = incoming.content_length or "Transfer-Encoding" in incoming.headers
    if body and incoming.path.startswith("/api/") and not _is_readable(incoming):
        abort(415)


def _is_readable(incoming: Request) -> bool:
    """Whether the body says that it is JSON, or a piece of a file."""
    if incoming.method == "PUT" and incoming.mimetype == "application/octet-stream":
        return True
    return incoming.mimetype == "application/json"


def _headers(response: Response) -> Response:
    path = current_request().path
    for name, value in EVERYWHERE if path.startswith("/api/") else PAGE_HEADERS:
        response.headers.add(name, value)  # nobody else sets these
    if path.startswith(NOT_STORED):
        response.headers.setdefault("Cache-Control", "no-store")
    return response
