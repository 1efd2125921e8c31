"""Frozen values that the services of authorization give to their routes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.authorization.rules.ticket import State


@dataclass(frozen=True, kw_only=True)
class Redirect:
    """The browser goes back to the client; `session_cookie` is set on the way, if there is one."""

    location: str
    session_cookie: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class LoginPage:
    """What the page with the code shows; `cookie` binds it to this browser."""

    id: uuid.UUID
    cookie: str = field(repr=False)
    requester_name: str
    requester_uscc: str
    requester_domain: str
    logo: str | None
    sandbox: bool
    ours: bool
    asks: Sequence[str]
    act_text: str | None
    purpose: str
    left: timedelta
    needs_number: bool


@dataclass(frozen=True, kw_only=True)
class PageStatus:
    """How a login page stands now; `text` is what its QR code says, while it is to be scanned."""

    state: str
    text: str | None
    left: timedelta
    look_again: timedelta
    needs_number: bool
    number_tries_left: int
    second_scan: bool


@dataclass(frozen=True, kw_only=True)
class ScanView:
    """What the phone shows of a request. `statement` are the fixed lines of the consent text."""

    id: uuid.UUID
    state: State
    kind: str
    expires_at: datetime
    requester: Mapping[str, Any]
    purpose: Mapping[str, str]
    retention: str
    attributes: Sequence[Mapping[str, Any]]
    act: Mapping[str, Any] | None
    place: str
    acr: str
    face_needed: bool
    number: str | None
    number_done: bool
    second_scan: bool
    statement: Sequence[str]
    confirmation: str | None


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """An answer of the token endpoint (RFC 6749 §5.1)."""

    access_token: str = field(repr=False)
    token_type: str
    expires_in: int
    scope: str
    id_token: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    authorization_details: Sequence[Mapping[str, Any]] | None = None
    grant_id: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the members that are there."""
        return {name: value for name, value in vars(self).items() if value is not None}
