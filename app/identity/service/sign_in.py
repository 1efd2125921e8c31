"""登录: exchange WeChat's one-time code for a session of ours."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.identity import queries
from app.identity.errors import RateLimited, SessionExpired
from app.identity.models import LoginSession, WechatAccount
from app.kernel.field_crypto import FieldCrypto
from app.kernel.principal import Phone
from app.kernel.unit_of_work import Tx, autocommit, unit_of_work
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.ephemeral import Ephemeral
from app.ports.errors import Unavailable
from app.ports.wechat import Wechat

SESSION_LIFE = timedelta(hours=12)
SIGN_INS_PER_MINUTE = 60


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A fresh session; the token is told once and kept only as a digest."""

    token: str
    expires_at: datetime
    phone: Phone


class SignIn:
    """Use cases of signing in and out."""

    def __init__(
        self,
        *,
        wechat: Wechat,
        clock: Clock,
        entropy: Entropy,
        ephemeral: Ephemeral,
        crypto: FieldCrypto,
    ) -> None:
        self._wechat = wechat
        self._clock = clock
        self._entropy = entropy
        self._ephemeral = ephemeral
        self._crypto = crypto

    def sign_in(self, *, js_code: str, caller: str) -> SignedIn:
        """Exchange the code; raises the WeChat port's errors and `RateLimited`."""
        self._limit(caller)
        at = self._clock.now()
        openid = self._wechat.code_to_session(js_code=js_code).openid
        token = self._entropy.token_bytes(32).hex()
        with unit_of_work() as tx:
            account = self._account(tx, openid=openid, at=at)
            session = LoginSession(
                id=self._entropy.uuid(),
                token_sha256=_digest(token),
                account_id=account.id,
                created_at=at,
                expires_at=at + SESSION_LIFE,
            )
            tx.add(session)
            phone = Phone(account_id=account.id, session_id=session.id)
        return SignedIn(token=token, expires_at=at + SESSION_LIFE, phone=phone)

    def sign_out(self, *, phone: Phone) -> None:
        """End this session."""
        with unit_of_work() as tx:
            session = tx.get(LoginSession, phone.session_id)
            if session is not None:
                tx.delete(session)

    def authenticate(self, token: str) -> Phone:
        """Return the phone of a bearer token; raises `SessionExpired`."""
        digest = _digest(token)
        at = self._clock.now()
        with autocommit() as database:
            session = queries.session_by_token(database, token_sha256=digest)
        if session is None or session.expires_at <= at:
            raise SessionExpired
        return Phone(account_id=session.account_id, session_id=session.id)

    def openid_of(self, tx: Tx, account_id: uuid.UUID) -> str | None:
        """Open an account's openid, by which WeChat knows its owner."""
        account = tx.get(WechatAccount, account_id)
        if account is None:
            return None
        aad = f"wechat_account.openid:{account.id}"
        return self._crypto.open_alone(account.openid_sealed, aad=aad).decode()

    def _account(self, tx: Tx, *, openid: str, at: datetime) -> WechatAccount:
        index = self._crypto.blind_index(column="wechat_account.openid", value=openid)
        account = queries.account_by_openid(tx, openid_index=index)
        if account is None:
            account_id = self._entropy.uuid()
            sealed = self._crypto.seal_alone(
                openid.encode(), aad=f"wechat_account.openid:{account_id}"
            )
            queries.add_account(
                tx, account_id=account_id, openid_index=index, openid_sealed=sealed, at=at
            )
            account = queries.account_by_openid(tx, openid_index=index)
        if account is None:
            raise LookupError("an account that was just written")
        return account

    def _limit(self, caller: str) -> None:
        """Slow down a caller who signs in again and again; a lost cache only loses the count."""
        try:
            count = self._ephemeral.incr(key=f"sign-in:{caller}", ttl=60)
        except Unavailable:
            return
        if count > SIGN_INS_PER_MINUTE:
            raise RateLimited


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
