"""Authorization over HTTP."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from flask import current_app
from werkzeug.sansio.utils import get_current_url

from app.authorization.service import AuthorizationServices
from app.authorization.service.client_authentication import Endpoint
from app.http.request_id import current_request


def services() -> AuthorizationServices:
    """Return the services that bootstrap wired."""
    return cast(AuthorizationServices, current_app.extensions["authorization"])


def issuer() -> str:
    """Return our name as an issuer: PUBLIC_URL, else the origin that was called."""
    public: str = current_app.extensions["config"].public_url
    incoming = current_request()
    return public or _origin(incoming.scheme, incoming.host)


@lru_cache(maxsize=64)
def _origin(scheme: str, host: str) -> str:
    """Return `host_url`, which is costly and asked for several times in a request."""
    return get_current_url(scheme, host).rstrip("/")


def endpoint() -> Endpoint:
    """Return where this request arrived, as the outside sees it."""
    at = issuer()
    return Endpoint(issuer=at, url=at + current_request().path)
