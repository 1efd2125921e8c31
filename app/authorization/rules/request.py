"""What a client asks for: an authorization request, read strictly. Pure.

RFC 6749 §4.1.1, RFC 7636, RFC 9126, RFC 9396, RFC 9449 §10, OpenID Connect Core §3.1.2.1, and
FAPI 2.0 Security Profile §5.3.2 for the higher tier.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from app.authorization.errors import (
    InvalidDetails,
    InvalidRequest,
    InvalidScope,
    RequestNotSupported,
    UnsupportedResponseType,
)
from app.authorization.rules import acts, assurance
from app.authorization.rules.acts import ActRequest
from app.authorization.rules.attributes import ATTRIBUTES, BASIC, beyond_basic, in_order
from app.authorization.rules.relying_party import Tier

SCOPES: Final = ("openid", "profile", "offline_access")
PROMPTS: Final = frozenset(("none", "login", "consent", "select_account"))
LOGIN_RETENTION: Final = "仅本次登录"
DEFAULT_RETENTION_DAYS: Final = 30
RETENTION_DAYS: Final = range(1, 366)
LONGEST: Final = 2048
_S256 = re.compile(r"[A-Za-z0-9_-]{43}")
_LISTED = ("attributes", "optional", "type", "purpose", "retention_days")


@dataclass(frozen=True, kw_only=True)
class Permissions:
    """What the register allows a client to ask."""

    tier: str
    redirect_uris: Sequence[str]
    attributes: Sequence[str]
    purposes: Sequence[Mapping[str, str]]
    acts: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class AuthorizationRequest:
    """A checked request. `redirect_uri` is "" for a terminal; `act` None unless one is asked."""

    client_id: str
    redirect_uri: str
    scope: tuple[str, ...]
    state: str | None
    nonce: str | None
    code_challenge: str
    acr: str
    max_age: int | None
    prompt: tuple[str, ...]
    required: tuple[str, ...]
    optional: tuple[str, ...]
    purpose: tuple[str, str]
    retention_days: int | None
    act: ActRequest | None
    jkt: str | None
    id_token_hint: str | None

    @property
    def attributes(self) -> list[str]:
        """Return all attribute codes offered, in order."""
        return in_order({*self.required, *self.optional})

    @property
    def kind(self) -> str:
        """Return what the phone calls it: login, attributes or act."""
        if self.act is not None:
            return "act"
        return "attributes" if beyond_basic(self.attributes) else "login"

    @property
    def retention(self) -> str:
        """Return how long what is given may be kept, in the lawyer's words."""
        return LOGIN_RETENTION if self.retention_days is None else f"{self.retention_days}天"

    @property
    def high(self) -> bool:
        """Whether a number must be carried from the phone to where it began (BCP 247)."""
        return self.act is not None or self.acr == assurance.FACE

    def with_jkt(self, jkt: str | None) -> Self:
        """Bind to a DPoP key; raises `InvalidRequest` when another one was named."""
        if jkt is None:
            return self
        if self.jkt not in (None, jkt):
            raise InvalidRequest("dpop_jkt is not the proof's key")
        return replace(self, jkt=jkt)

    def to_json(self) -> dict[str, Any]:
        """Return the request as it is stored."""
        return {**vars(self), "act": None if self.act is None else vars(self.act)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Read a stored request."""
        act = stored["act"]
        lists = ("scope", "prompt", "required", "optional", "purpose")
        fields = {**stored, **{name: tuple(stored[name]) for name in lists}}
        if act is not None:
            fields["act"] = ActRequest(**{**act, "fields": tuple(map(tuple, act["fields"]))})
        return cls(**fields)


def read(
    given: Mapping[str, str], *, client_id: str, allowed: Permissions, terminal: bool = False
) -> AuthorizationRequest:
    """Check every parameter; raises a leaf of `OAuthError`. The redirect was checked before."""
    _check_shape(given, terminal=terminal)
    scope = _scope(given.get("scope", ""))
    details = _details(given.get("authorization_details"))
    identity = [d for d in details if d["type"] == "lawyer_identity"]
    required, optional = _attributes(scope, identity, allowed=allowed)
    purpose, days = _purpose(identity, allowed=allowed)
    request = AuthorizationRequest(
        client_id=client_id,
        redirect_uri=given.get("redirect_uri", ""),
        scope=scope,
        state=given.get("state"),
        nonce=given.get("nonce"),
        code_challenge=given.get("code_challenge", ""),
        acr=assurance.wanted(given.get("acr_values", "")),
        max_age=_max_age(given.get("max_age")),
        prompt=_prompt(given.get("prompt", "")),
        required=tuple(required),
        optional=tuple(optional),
        purpose=purpose,
        retention_days=days,
        act=_act(details, allowed=allowed),
        jkt=given.get("dpop_jkt"),
        id_token_hint=given.get("id_token_hint"),
    )
    _check_tier(request, allowed=allowed)
    return request


def _check_shape(given: Mapping[str, str], *, terminal: bool) -> None:
    if any(len(value) > LONGEST for value in given.values()):
        raise InvalidRequest("a parameter is too long")
    if "request" in given:
        raise RequestNotSupported
    if not terminal:
        _check_code_flow(given)


def _check_code_flow(given: Mapping[str, str]) -> None:
    if given.get("response_type") is None:
        raise InvalidRequest("response_type is missing")
    if given["response_type"] != "code":
        raise UnsupportedResponseType
    if given.get("response_mode", "query") != "query":
        raise InvalidRequest("response_mode")
    if given.get("code_challenge_method") != "S256":
        raise InvalidRequest("code_challenge_method must be S256")
    if not _S256.fullmatch(given.get("code_challenge", "")):
        raise InvalidRequest("code_challenge")


def _scope(text: str) -> tuple[str, ...]:
    """Unknown scopes are left out (OpenID Connect Core §3.1.2.1); `openid` must be there."""
    scopes = tuple(dict.fromkeys(word for word in text.split() if word in SCOPES))
    if "openid" not in scopes:
        raise InvalidScope("openid is missing")
    return scopes


def _details(text: str | None) -> list[dict[str, Any]]:
    if text is None:
        return []
    try:
        details = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidDetails("not JSON") from error
    if not isinstance(details, list) or not 0 < len(details) <= 2:
        raise InvalidDetails("one or two objects")
    kinds = [d.get("type") if isinstance(d, dict) else None for d in details]
    if not set(kinds) <= {"lawyer_identity", "practice_act"} or len(set(kinds)) != len(kinds):
        raise InvalidDetails("type")
    return details


def _attributes(
    scope: Sequence[str], identity: Sequence[Mapping[str, Any]], *, allowed: Permissions
) -> tuple[list[str], list[str]]:
    """Return what is required and what is optional; raises `InvalidDetails`."""
    required = set(BASIC) if "profile" in scope else set()
    optional: set[str] = set()
    for detail in identity:
        if not set(detail) <= set(_LISTED):
            raise InvalidDetails("unknown member")
        required |= _codes(detail.get("attributes", []))
        optional |= _codes(detail.get("optional", []))
    if not required | optional <= set(allowed.attributes):
        raise InvalidDetails("attributes are not registered for this client")
    return in_order(required), in_order(optional - required)


def _codes(value: object) -> set[str]:
    if not isinstance(value, list):
        raise InvalidDetails("attributes")
    codes = {code for code in value if isinstance(code, str)}
    if len(codes) != len(value) or not codes <= set(ATTRIBUTES):
        raise InvalidDetails("unknown or repeated attribute")
    return codes


def _purpose(
    identity: Sequence[Mapping[str, Any]], *, allowed: Permissions
) -> tuple[tuple[str, str], int | None]:
    """Return the registered purpose and the days; text never comes from the request."""
    registered = {p["code"]: p["text"] for p in allowed.purposes}
    code: object = next(iter(registered))
    days: object = None
    for detail in identity:
        code = detail.get("purpose", code)
        days = detail.get("retention_days", DEFAULT_RETENTION_DAYS)
    if not isinstance(code, str) or code not in registered:
        raise InvalidDetails("purpose is not registered for this client")
    if days is None:
        return (code, registered[code]), None
    if not isinstance(days, int) or days not in RETENTION_DAYS:
        raise InvalidDetails("retention_days")
    return (code, registered[code]), days


def _act(details: Sequence[Mapping[str, Any]], *, allowed: Permissions) -> ActRequest | None:
    for detail in details:
        if detail["type"] == "practice_act":
            if not set(detail) <= {"type", "act", "fields"}:
                raise InvalidDetails("unknown member")
            act = acts.fill_in(detail.get("act"), detail.get("fields"))
            if act.code not in allowed.acts:
                raise InvalidDetails("the act is not registered for this client")
            return act
    return None


def _check_tier(request: AuthorizationRequest, *, allowed: Permissions) -> None:
    """The plain tier is for name and status; the register says so, this makes sure."""
    more = request.act is not None or beyond_basic(request.attributes)
    if more and allowed.tier != Tier.FAPI:
        raise InvalidDetails("only the higher tier may ask for this")


def _max_age(text: str | None) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,9}", text):
        raise InvalidRequest("max_age")
    return int(text)


def _prompt(text: str) -> tuple[str, ...]:
    prompts = tuple(text.split())
    if not set(prompts) <= PROMPTS or ("none" in prompts and len(prompts) > 1):
        raise InvalidRequest("prompt")
    return prompts
