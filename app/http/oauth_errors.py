"""Failures in the form of RFC 6749 §5.2 and RFC 6750 §3, for the OAuth endpoints."""

from __future__ import annotations

from typing import ClassVar, Protocol

from flask import Response, g, jsonify

from app.http.catalogue import CATALOGUE

CHALLENGES = {
    "invalid_client": ('Basic realm="lvz"',),
    "invalid_token": (
        'Bearer error="invalid_token"',
        'DPoP algs="ES256 EdDSA", error="invalid_token"',
    ),
}


class OAuthFailure(Protocol):
    """What is rendered: our permanent code, the registered word, and words for developers."""

    code: ClassVar[str]
    error: ClassVar[str]
    detail: str


def oauth_answer(failure: OAuthFailure) -> Response:
    """Render a refusal as JSON; the description is ASCII, as the RFC has it."""
    status = CATALOGUE[failure.code][0]
    g.problem_code = failure.code
    body = {"error": failure.error}
    if failure.detail:
        body["error_description"] = failure.detail
    response = jsonify(body)
    response.status_code = int(status)
    response.headers["Cache-Control"] = "no-store"
    for challenge in CHALLENGES.get(failure.error, ()):
        response.headers.add("WWW-Authenticate", challenge)
    return response
