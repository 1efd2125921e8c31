"""How WeChat says no: a number and an English phrase, in an answer with HTTP status 200."""

from __future__ import annotations

_PHRASES = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40013: "invalid appid",
    40014: "invalid access_token",
    40029: "invalid code",
    40037: "invalid template_id",
    40097: "invalid args",
    40125: "invalid appsecret",
    40163: "code been used",
    40226: "code blocked",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41008: "missing code",
    41030: "invalid page",
    42001: "access_token expired",
    43101: "user refuse to accept the msg",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    47001: "data format error",
    47003: "argument invalid!",
    87009: "invalid signature",
}


class Refusal(Exception):
    """One of WeChat's error numbers."""

    def __init__(self, errcode: int) -> None:
        self.errcode = errcode
        self.errmsg = _PHRASES[errcode]
        super().__init__(f"{errcode} {self.errmsg}")
