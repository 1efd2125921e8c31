"""同意的文字: exactly the lines a lawyer sees and the device key signs. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from app.authorization.errors import ConsentAltered
from app.authorization.rules.attributes import in_order
from app.authorization.rules.request import AuthorizationRequest


@dataclass(frozen=True, kw_only=True)
class Requester:
    """Who asks, from our register."""

    client_id: str
    name: str
    uscc: str
    domain: str


def statement(
    request: AuthorizationRequest, *, ticket: str, who: Requester, kind: str, place: str
) -> list[str]:
    """Return the fixed lines of the consent text."""
    offered = [
        f"{code}!" if code in request.required else code for code in request.attributes
    ]  # "!" marks what is required
    act = [] if request.act is None else [f"act:{request.act.code} {request.act.text}"]
    return [
        "lvz-consent:v1",
        f"ticket:{ticket}",
        f"who:{who.name} {who.uscc}",
        f"domain:{who.domain}",
        f"kind:{kind}",
        *act,
        f"offered:{','.join(offered)}",
        f"purpose:{request.purpose[1]}",
        f"retention:{request.retention}",
        f"place:{place}",
        f"acr:{request.acr}",
    ]


def text(lines: Sequence[str], *, granted: Sequence[str], iat: int) -> str:
    """Return the text that the device signs."""
    return "\n".join([*lines, f"granted:{','.join(sorted(granted))}", f"iat:{iat}"])


def sha256(consent_text: str) -> str:
    """Return the digest of a consent text, in hex."""
    return hashlib.sha256(consent_text.encode()).hexdigest()


def check_granted(granted: Sequence[str], *, request: AuthorizationRequest) -> list[str]:
    """Everything required, nothing that was not offered; raises `ConsentAltered`."""
    given = set(granted)
    fits = set(request.required) <= given <= set(request.attributes)
    if not fits or len(given) != len(granted):
        raise ConsentAltered("granted")
    return in_order(given)
