"""WeChat's error numbers and what each means to us (developers.weixin.qq.com, 错误码)."""

from __future__ import annotations

from app.ports.errors import PortError
from app.ports.wechat import (
    WechatCodeInvalid,
    WechatCodeUsed,
    WechatMessageRefused,
    WechatMisconfigured,
    WechatRateLimited,
    WechatRequestRejected,
    WechatUnavailable,
    WechatUserBlocked,
)

# Our access token is unknown, expired or malformed: fetch another one, once.
TOKEN_REJECTED = frozenset({40001, 40014, 42001})

_MEANINGS: dict[int, type[PortError]] = {
    -1: WechatUnavailable,
    40001: WechatMisconfigured,
    40002: WechatMisconfigured,
    40013: WechatMisconfigured,
    40014: WechatMisconfigured,
    40029: WechatCodeInvalid,
    40125: WechatMisconfigured,
    40163: WechatCodeUsed,
    40164: WechatMisconfigured,
    40226: WechatUserBlocked,
    41002: WechatMisconfigured,
    41004: WechatMisconfigured,
    41008: WechatCodeInvalid,
    42001: WechatMisconfigured,
    43101: WechatMessageRefused,
    45009: WechatRateLimited,
    45011: WechatRateLimited,
    48001: WechatMisconfigured,
}


def meaning(*, operation: str, errcode: int) -> PortError:
    """The error to raise for a number; one we do not know is a rejected request."""
    kind = _MEANINGS.get(errcode, WechatRequestRejected)
    return kind(f"{operation}: errcode {errcode}", errcode=errcode)
