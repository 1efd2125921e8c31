"""WeChat's access token (stable_token): one for all processes, fetched by one of them at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from app.adapters.http.client import Call, HttpClient
from app.adapters.http.wechat_errors import meaning
from app.ports.ephemeral import Ephemeral, EphemeralUnavailable
from app.ports.wechat import WechatUnavailable

# WeChat renews five minutes early and keeps the old token good for that time.
_OVERLAP = 300
_SHORTEST = 60
_FLIGHT = 5.0
_LOOK_AGAIN = 0.05


@dataclass(frozen=True, kw_only=True)
class WechatAccount:
    """The mini-program we are to WeChat."""

    appid: str
    secret: str = field(repr=False)


class AccessTokens:
    """Gives the current token; raises what WeChat's refusal means.

    The token is kept in `ephemeral`; when that is away each call asks WeChat, whose stable_token
    answers the same token again. `sleep` waits for another process' fetch.
    """

    def __init__(
        self,
        *,
        client: HttpClient,
        account: WechatAccount,
        ephemeral: Ephemeral,
        sleep: Callable[[float], None],
    ) -> None:
        self._client = client
        self._account = account
        self._ephemeral = ephemeral
        self._sleep = sleep
        self._lock = threading.Lock()
        self._key = f"wechat:token:{account.appid}"
        self._flight = f"wechat:token-flight:{account.appid}"

    def current(self) -> str:
        """The token to use now."""
        return self._kept() or self._renewed(rejected=None)

    def after_rejection(self, rejected: str) -> str:
        """A token other than the one WeChat has just rejected, if WeChat has one to give."""
        return self._renewed(rejected=rejected)

    def _renewed(self, *, rejected: str | None) -> str:
        with self._lock:
            known = self._kept()
            if known is not None and known != rejected:
                return known
            if not self._first():
                awaited = self._await_other(rejected)
                if awaited is not None:
                    return awaited
            try:
                return self._fetch(rejected)
            finally:
                self._land()

    def _fetch(self, rejected: str | None) -> str:
        """Ask normally; force only when WeChat insists on the rejected one (20 a day allowed)."""
        token, life = self._ask(force=False)
        if token == rejected:
            token, life = self._ask(force=True)
        with suppress(EphemeralUnavailable):
            self._ephemeral.put(key=self._key, value=token, ttl=max(_SHORTEST, life - _OVERLAP))
        return token

    def _ask(self, *, force: bool) -> tuple[str, int]:
        body = {
            "grant_type": "client_credential",
            "appid": self._account.appid,
            "secret": self._account.secret,
            "force_refresh": force,
        }
        operation = "wechat.stable_token"
        reply = self._client.send(
            Call(
                operation=operation,
                method="POST",
                path="/cgi-bin/stable_token",
                json=body,
                repeatable=not force,
            )
        )
        answer = reply.object() or {}
        errcode = answer.get("errcode", 0)
        if isinstance(errcode, int) and errcode != 0:
            raise meaning(operation=operation, errcode=errcode)
        token, life = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not token or not isinstance(life, int):
            raise WechatUnavailable(f"{operation}: answer not understood")
        return token, life

    def _kept(self) -> str | None:
        try:
            return self._ephemeral.get(self._key)
        except EphemeralUnavailable:
            return None

    def _first(self) -> bool:
        try:
            return self._ephemeral.claim(key=self._flight, value="1", ttl=_FLIGHT)
        except EphemeralUnavailable:
            return True

    def _await_other(self, rejected: str | None) -> str | None:
        """The token that another process is fetching; None when we had better fetch it ourselves.

        That is when the other one ended without a token, or takes longer than anybody should.
        """
        for _ in range(round(_FLIGHT / _LOOK_AGAIN)):
            self._sleep(_LOOK_AGAIN)
            known = self._kept()
            if known is not None and known != rejected:
                return known
            if self._first():
                return None
        return None

    def _land(self) -> None:
        with suppress(EphemeralUnavailable):
            self._ephemeral.delete(self._flight)
