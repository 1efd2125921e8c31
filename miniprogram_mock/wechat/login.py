"""wx.login, jscode2session, checksession: a code works once, for five minutes, in one app."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections import defaultdict, deque
from dataclasses import dataclass

from miniprogram_mock.wechat.refusal import Refusal
from miniprogram_mock.wechat.world import World

CODE_LIFE = 300
EXCHANGES_A_MINUTE = 100


@dataclass
class _Code:
    appid: str
    openid: str
    session_key: str
    expires: float
    used: bool = False


class Logins:
    """The codes given to phones and each user's one valid session key."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._codes: dict[str, _Code] = {}
        self._keys: dict[tuple[str, str], str] = {}
        self._exchanges: defaultdict[str, deque[float]] = defaultdict(deque)

    def login(self, *, appid: str, user: str) -> str:
        """What wx.login gives the phone; it also makes a new session key, ending the old one."""
        if appid not in self._world.apps:
            raise Refusal(40013)
        openid = self._world.openid(appid=appid, user=user)
        code = self._world.text(32)
        session_key = base64.b64encode(self._world.chance(16)).decode()
        self._forget_old()
        self._codes[code] = _Code(appid, openid, session_key, self._world.now() + CODE_LIFE)
        self._keys[appid, openid] = session_key
        return code

    def exchange(self, *, appid: str, js_code: str) -> dict[str, str]:
        """jscode2session, after the appid and secret were checked."""
        if not js_code:
            raise Refusal(41008)
        code = self._codes.get(js_code)
        if code is None or code.appid != appid or self._world.now() >= code.expires:
            raise Refusal(40029)
        if code.used:
            raise Refusal(40163)
        if code.openid in self._world.blocked:
            raise Refusal(40226)
        self._count(code.openid)
        code.used = True
        return {"openid": code.openid, "session_key": code.session_key}

    def check(self, *, appid: str, openid: str, signature: str) -> None:
        """Checksession: 87009 unless the newest session key signed the empty text."""
        key = self._keys.get((appid, openid), "")
        expected = hmac.new(base64.b64decode(key), b"", hashlib.sha256).hexdigest()
        if not key or not hmac.compare_digest(expected.encode(), signature.encode()):
            raise Refusal(87009)

    def reset(self, *, appid: str, openid: str) -> str:
        """Resetusersessionkey: a new key in place of the present one."""
        self._keys[appid, openid] = base64.b64encode(self._world.chance(16)).decode()
        return self._keys[appid, openid]

    def expire_codes(self) -> int:
        """End the life of every code; returns how many there were."""
        for code in self._codes.values():
            code.expires = self._world.now()
        return len(self._codes)

    def _count(self, openid: str) -> None:
        recent = self._exchanges[openid]
        while recent and recent[0] <= self._world.now() - 60:
            recent.popleft()
        if len(recent) >= EXCHANGES_A_MINUTE:
            raise Refusal(45011)
        recent.append(self._world.now())

    def _forget_old(self) -> None:
        """Codes dead for an hour are forgotten; until then a second use is told from a guess."""
        limit = self._world.now() - 3600
        self._codes = {k: c for k, c in self._codes.items() if c.expires > limit}
