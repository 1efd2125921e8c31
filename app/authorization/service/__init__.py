"""Use cases of authorization."""

from __future__ import annotations

from dataclasses import dataclass

from app.authorization.service.relying_parties import RelyingParties


@dataclass(frozen=True, kw_only=True)
class AuthorizationServices:
    """Everything the routes of authorization and the console call."""

    relying_parties: RelyingParties
