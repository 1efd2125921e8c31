"""律师服务平台 on a PC: our own registration, where to go next, how long a session lives. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.authorization.rules.lifetimes import PORTAL_IDLE, PORTAL_LONGEST
from app.authorization.rules.relying_party import AuthMethod, Kind, Registration, Tier

HOME: Final = "/portal/"
CALLBACK: Final = "/portal/callback"
SIGN_IN: Final = "/portal/sign-in"
LONGEST_NEXT: Final = 400
TOUCH_AFTER: Final = timedelta(seconds=30)  # a busy lawyer's session is not written at every click
_NEXT = re.compile(r"/portal(/[!-\[\]-~]*)?")


def registration(*, domain: str) -> Registration:
    """Return our own registration 本平台: no addresses, no secret, no keys.

    A request is begun in this process only, for the address that it is begun at; nobody outside
    can begin one in our name or prove to be us. `domain` is "" where PUBLIC_URL is not set.
    """
    return Registration(
        legal_name="律证·律师服务平台",
        uscc="",
        domain=domain,
        tier=Tier.PLAIN,
        kind=Kind.WEB,
        auth_method=AuthMethod.KEY,
        purposes=(("login", "登录律师服务平台（电脑端）"),),
    )


def next_page(wanted: str) -> str:
    """Return a page of the portal to go to after signing in: the one wanted, or the home page.

    Only a path of ours, in printable ASCII as a browser sends it; never an address.
    """
    fine = len(wanted) <= LONGEST_NEXT and _NEXT.fullmatch(wanted) is not None
    return wanted if fine and not wanted.startswith((SIGN_IN, CALLBACK)) else HOME


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a portal session stands; it lives only while all that it stands on does."""

    seen_at: datetime
    expires_at: datetime
    ended: bool


def ends_at(session: Standing) -> datetime:
    """Return when it ends if nothing is done: idle, or at its longest."""
    return min(session.seen_at + PORTAL_IDLE, session.expires_at)


def lives(session: Standing, *, at: datetime) -> bool:
    """Tell whether it lives."""
    return not session.ended and at < ends_at(session)


def prolongable(session: Standing) -> bool:
    """Tell whether doing something would make it last longer."""
    return session.seen_at + PORTAL_IDLE < session.expires_at


def longest(*, at: datetime, grant_until: datetime) -> datetime:
    """Return the end of a session begun now: ten hours, or with its grant 授权 if earlier."""
    return min(at + PORTAL_LONGEST, grant_until)
