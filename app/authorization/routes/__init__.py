"""Authorization over HTTP."""

from __future__ import annotations

from typing import cast

from flask import current_app, request

from app.authorization.service import AuthorizationServices
from app.authorization.service.client_authentication import Endpoint


def services() -> AuthorizationServices:
    """Return the services that bootstrap wired."""
    return cast(AuthorizationServices, current_app.extensions["authorization"])


def issuer() -> str:
    """Return our name as an issuer: PUBLIC_URL, else the origin that was called."""
    public: str = current_app.extensions["config"].public_url
    return public or request.host_url.rstrip("/")


def endpoint() -> Endpoint:
    """Return where this request arrived, as the outside sees it."""
    return Endpoint(issuer=issuer(), url=issuer() + request.path)
