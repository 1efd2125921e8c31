"""WeChat's server side (微信小程序服务端接口), as far as the product uses it.

Facts about each call and its error numbers are WeChat's own documentation
(developers.weixin.qq.com); the numbers live in the adapter, the meanings here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from app.ports.errors import Refused, Unavailable


class WechatUnavailable(Unavailable):
    """WeChat did not answer, is busy (−1), or answered nonsense; try again later."""

    code: ClassVar[str] = "wechat.unavailable"


class WechatCodeInvalid(Refused):
    """The `wx.login` code is unknown, expired (5 minutes) or of another mini-program (40029)."""

    code: ClassVar[str] = "wechat.code_invalid"


class WechatCodeUsed(Refused):
    """The `wx.login` code was exchanged before; it works once (40163)."""

    code: ClassVar[str] = "wechat.code_used"


class WechatRateLimited(Refused):
    """Too many calls for this user or this mini-program (45011, 45009)."""

    code: ClassVar[str] = "wechat.rate_limited"


class WechatUserBlocked(Refused):
    """WeChat holds this user for high-risk and refuses the login (40226)."""

    code: ClassVar[str] = "wechat.user_blocked"


class WechatMessageRefused(Refused):
    """The user has granted no (more) subscribe message of this template (43101)."""

    code: ClassVar[str] = "wechat.message_refused"


class WechatMisconfigured(Refused):
    """Our appid, secret or access token is not accepted; an operator must act."""

    code: ClassVar[str] = "wechat.misconfigured"


class WechatRequestRejected(Refused):
    """WeChat rejected the content of our call; `extra["errcode"]` has its number."""

    code: ClassVar[str] = "wechat.request_rejected"


@dataclass(frozen=True, kw_only=True)
class WechatSession:
    """What a login code proves. `session_key` never leaves the server and stays out of `repr`."""

    openid: str
    session_key: str = field(repr=False)
    unionid: str | None = None


@dataclass(frozen=True, kw_only=True)
class WechatPerson:
    """The person a face verification is about; stays out of `repr`."""

    name: str = field(repr=False)
    identity_no: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class FaceTicket:
    """An opened face verification 2.0: give `verify_id` to `wx.requestFacialVerify`."""

    verify_id: str
    expires_in: int


@dataclass(frozen=True, kw_only=True)
class FaceOutcome:
    """WeChat's own decision: `verify_ret` 10000 is a pass, anything else is a reason for none."""

    passed: bool
    verify_ret: int


class Wechat(Protocol):
    """WeChat's server API. Every method may raise `WechatUnavailable` and the refusals above."""

    def code_to_session(self, *, js_code: str) -> WechatSession:
        """Exchange a one-time `wx.login` code. Never retried: a code works once."""
        ...

    def session_is_current(self, *, openid: str, session_key: str) -> bool:
        """Whether this session key is still the user's newest (checkSession)."""
        ...

    def send_subscribe_message(
        self, *, openid: str, template_id: str, page: str, data: Mapping[str, str]
    ) -> None:
        """Send one 订阅消息; one grant of the user is one message (`WechatMessageRefused`)."""
        ...

    def open_face_verification(
        self, *, openid: str, out_seq_no: str, person: WechatPerson
    ) -> FaceTicket:
        """Open a face verification 2.0.

        `out_seq_no`: 5–32 of `[A-Za-z0-9_-]`, never used before by this mini-program.
        """
        ...

    def face_verification_result(
        self, *, openid: str, out_seq_no: str, verify_id: str, person: WechatPerson
    ) -> FaceOutcome:
        """WeChat's decision; the phone's own report of success is no proof."""
        ...

    def soter_signature_is_valid(self, *, openid: str, result_json: str, signature: str) -> bool:
        """Whether WeChat accepts a SOTER device signature.

        The caller still compares `raw` with its own challenge and checks that `counter` grew.
        """
        ...
