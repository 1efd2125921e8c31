"""Failures rendered at the edge: RFC 9457 problem+json for the API, an HTML page for pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

import structlog
from flask import Flask, Response, g, render_template, request
from werkzeug.exceptions import HTTPException

from app.errors import AppError
from app.http.catalogue import CATALOGUE
from credential.errors import CredentialError

log = structlog.get_logger()

BY_STATUS = {
    400: "request.malformed",
    404: "request.not_found",
    405: "request.method_not_allowed",
    413: "request.too_large",
    415: "request.unsupported_type",
}


def install(app: Flask) -> None:
    """Register the handlers; the last one is the only broad `except` of the product.

    What a direct view raises (direct.py) is raised again by its route, and comes here.
    """
    app.register_error_handler(AppError, _app_error)
    app.register_error_handler(CredentialError, _credential_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unknown)


def problem(
    code: str, *, status: int | None = None, extra: Mapping[str, object] | None = None
) -> Response:
    """Render one failure the way this caller reads it."""
    default, title = CATALOGUE[code]
    number = status or int(default)
    body: dict[str, Any] = {
        **(extra or {}),
        "type": f"/problems/{code}",
        "title": title,
        "status": number,
        "code": code,
        "request_id": g.get("request_id", ""),
    }
    g.problem_code = code
    if _wants_page():
        html = render_template("problem.html", problem=body)
        return Response(html, status=number, mimetype="text/html")
    return Response(
        json.dumps(body, ensure_ascii=False, default=str),
        status=number,
        mimetype="application/problem+json",
    )


def _wants_page() -> bool:
    return not request.path.startswith(("/api/", "/.well-known/")) and (
        "text/html" in request.headers.get("Accept", "")
    )


def _app_error(error: AppError) -> Response:
    if CATALOGUE[error.code][0] is HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("failed", code=error.code, exc_info=error)
        return problem(error.code)
    response = problem(error.code, extra=error.extra)
    if "retry_after" in error.extra:
        response.headers["Retry-After"] = str(error.extra["retry_after"])
    return response


def _credential_error(error: CredentialError) -> Response:
    return problem(error.code)


def _http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return cast(Response, error.response)  # a redirect that somebody aborted with
    status = error.code or 500
    response = problem(BY_STATUS.get(status, "request.rejected"), status=status)
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def _unknown(error: Exception) -> Response:
    """Say nothing of what went wrong; the log and the request id say it to us."""
    log.error("failed", code="internal", exc_info=error)
    return problem("internal")
