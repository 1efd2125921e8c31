"""Authorization over HTTP."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from flask import current_app
from werkzeug.sansio.utils import get_current_url, get_host

from app.authorization.service import AuthorizationServices
from app.authorization.service.client_authentication import Endpoint
from app.http.question import Question, asked


def services() -> AuthorizationServices:
    """Return the services that bootstrap wired."""
    return cast(AuthorizationServices, current_app.extensions["authorization"])


def issuer() -> str:
    """Return our name as an issuer: PUBLIC_URL, else the origin that was called."""
    return issuer_of(asked())


def issuer_of(question: Question) -> str:
    """Return the same for a request that may not have come to Flask."""
    public: str = current_app.extensions["config"].public_url
    environ = question.environ
    return public or _origin(
        environ["wsgi.url_scheme"],
        environ.get("HTTP_HOST"),
        environ["SERVER_NAME"],
        environ["SERVER_PORT"],
    )


@lru_cache(maxsize=64)
def _origin(scheme: str, host: str | None, server: str, port: str) -> str:
    """Return `host_url`, which is costly and asked for several times in a request."""
    return get_current_url(scheme, get_host(scheme, host, (server, int(port)))).rstrip("/")


def endpoint(question: Question) -> Endpoint:
    """Return where a request arrived, as the outside sees it."""
    at = issuer_of(question)
    return Endpoint(issuer=at, url=at + question.path)
