"""What all parts of the stand-in share: mini-programs, time, chance, who has which openid."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from miniprogram_mock.wechat.refusal import Refusal

_HANDLE = 12
_TAG = 15


@dataclass
class World:
    """`apps`: appid → secret. `now` gives Unix seconds, `chance` random bytes; tests set both."""

    apps: Mapping[str, str]
    now: Callable[[], float] = time.time
    chance: Callable[[int], bytes] = secrets.token_bytes
    blocked: set[str] = field(default_factory=set)

    def openid(self, *, appid: str, user: str) -> str:
        """The 28 characters that name this user in this mini-program, the same after a restart."""
        handle = self._digest(appid, "user", user)[:_HANDLE]
        return "o" + handle + self._digest(appid, "openid", handle)[:_TAG]

    def check_openid(self, *, appid: str, openid: object) -> str:
        """The openid, if this mini-program ever gave it out; 40003 otherwise."""
        if isinstance(openid, str) and len(openid) == 1 + _HANDLE + _TAG:
            tag = self._digest(appid, "openid", openid[1 : 1 + _HANDLE])[:_TAG]
            if hmac.compare_digest(tag.encode(), openid[1 + _HANDLE :].encode()):
                return openid
        raise Refusal(40003)

    def check_app(self, *, appid: str, secret: str) -> None:
        """41002, 41004, 40013, 40125."""
        if not appid:
            raise Refusal(41002)
        if not secret:
            raise Refusal(41004)
        if appid not in self.apps:
            raise Refusal(40013)
        if not hmac.compare_digest(self.apps[appid].encode(), secret.encode()):
            raise Refusal(40125)

    def text(self, n: int) -> str:
        """`n` random characters of base64url."""
        return base64.urlsafe_b64encode(self.chance(n)).decode()[:n]

    def _digest(self, appid: str, kind: str, value: str) -> str:
        key = self.apps[appid].encode()
        mac = hmac.new(key, f"{appid}:{kind}:{value}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(mac).decode().rstrip("=")
