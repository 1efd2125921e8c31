"""Access tokens: the plain kind, where each call kills the one before, and the stable kind."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field

from miniprogram_mock.wechat.refusal import Refusal
from miniprogram_mock.wechat.world import World

LIFE = 7200
OVERLAP = 300
LENGTH = 512
A_MINUTE, A_DAY = 10_000, 500_000
FORCED_A_DAY, FORCED_APART = 20, 30
_DAY = 86_400


@dataclass
class _Token:
    text: str
    expires: float


@dataclass
class _App:
    plain: list[_Token] = field(default_factory=list)
    stable: list[_Token] = field(default_factory=list)
    forced: deque[float] = field(default_factory=deque)
    minute: tuple[int, int] = (0, 0)
    day: tuple[int, int] = (0, 0)


class Tokens:
    """The tokens of every mini-program. Tokens are 512 long, as callers must allow for."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._apps: defaultdict[str, _App] = defaultdict(_App)
        self.reject_next: int | None = None

    def plain(self, *, appid: str) -> tuple[str, int]:
        """GET token: a new one at every call, and the one before is dead at once."""
        app = self._apps[appid]
        app.plain = [self._new()]
        return app.plain[0].text, LIFE

    def stable(self, *, appid: str, force: bool) -> tuple[str, int]:
        """POST stable_token: the same one until five minutes before its end, unless forced."""
        app = self._apps[appid]
        self._count(app)
        now = self._world.now()
        app.stable = [t for t in app.stable if t.expires > now]
        if force and self._may_force(app):
            app.stable = [self._new()]
        elif not app.stable or app.stable[-1].expires - now <= OVERLAP:
            app.stable.append(self._new())
        token = app.stable[-1]
        return token.text, round(token.expires - now)

    def check(self, token: str) -> str:
        """The appid a token speaks for; 41001, 40001 (unknown or killed), 42001 (expired)."""
        if not token:
            raise Refusal(41001)
        if self.reject_next is not None:
            errcode, self.reject_next = self.reject_next, None
            raise Refusal(errcode)
        for appid, app in self._apps.items():
            for known in (*app.plain, *app.stable):
                if known.text == token:
                    if known.expires <= self._world.now():
                        raise Refusal(42001)
                    return appid
        raise Refusal(40001)

    def _new(self) -> _Token:
        return _Token(self._world.text(LENGTH), self._world.now() + LIFE)

    def _count(self, app: _App) -> None:
        minute, day = int(self._world.now() // 60), int(self._world.now() // _DAY)
        app.minute = (minute, app.minute[1] + 1 if app.minute[0] == minute else 1)
        app.day = (day, app.day[1] + 1 if app.day[0] == day else 1)
        if app.minute[1] > A_MINUTE:
            raise Refusal(45011)
        if app.day[1] > A_DAY:
            raise Refusal(45009)

    def _may_force(self, app: _App) -> bool:
        """Within 30 s of the last force nothing is renewed; the 21st in a day is an error."""
        now = self._world.now()
        while app.forced and app.forced[0] <= now - _DAY:
            app.forced.popleft()
        if app.forced and now - app.forced[-1] < FORCED_APART:
            return False
        if len(app.forced) >= FORCED_A_DAY:
            raise Refusal(45009)
        app.forced.append(now)
        return True
