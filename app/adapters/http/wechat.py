"""WeChat's server API for the mini-program, over HTTP (developers.weixin.qq.com).

WeChat answers status 200 with an `errcode` inside, often as text/plain; both are read as JSON
whatever the headers say.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any

from app.adapters.http.client import Call, HttpClient
from app.adapters.http.wechat_errors import TOKEN_REJECTED, meaning
from app.adapters.http.wechat_token import AccessTokens, WechatAccount
from app.ports.ephemeral import Ephemeral
from app.ports.wechat import (
    FaceOutcome,
    FaceTicket,
    WechatPerson,
    WechatSession,
    WechatUnavailable,
)

_FACE_PASSED = 10000
__all__ = ["HttpWechat", "WechatAccount", "cert_hash"]

_SESSION_STALE = 87009
_IDENTITY_CARD = "IDENTITY_CARD"


class HttpWechat:
    """The WeChat port. `client` has WeChat's base URL; `ephemeral` keeps the access token."""

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
        self._tokens = AccessTokens(
            client=client, account=account, ephemeral=ephemeral, sleep=sleep
        )

    def code_to_session(self, *, js_code: str) -> WechatSession:
        """Exchange a one-time `wx.login` code (jscode2session); sent once only."""
        operation = "wechat.jscode2session"
        query = {
            "appid": self._account.appid,
            "secret": self._account.secret,
            "js_code": js_code,
            "grant_type": "authorization_code",
        }
        answer = self._answer(
            Call(operation=operation, method="GET", path="/sns/jscode2session", query=query)
        )
        _accept(operation, answer)
        unionid = answer.get("unionid")
        return WechatSession(
            openid=_text(operation, answer, "openid"),
            session_key=_text(operation, answer, "session_key"),
            unionid=unionid if isinstance(unionid, str) and unionid else None,
        )

    def session_is_current(self, *, openid: str, session_key: str) -> bool:
        """Whether this session key is the user's newest (checksession; 87009 is a plain no)."""
        try:
            key = base64.b64decode(session_key, validate=True)
        except ValueError:
            return False
        query = {
            "openid": openid,
            "signature": hmac.new(key, b"", hashlib.sha256).hexdigest(),
            "sig_method": "hmac_sha256",
        }
        operation = "wechat.checksession"
        answer = self._authorised(
            Call(operation=operation, method="GET", path="/wxa/checksession", query=query)
        )
        if answer.get("errcode") == _SESSION_STALE:
            return False
        _accept(operation, answer)
        return True

    def send_subscribe_message(
        self, *, openid: str, template_id: str, page: str, data: Mapping[str, str]
    ) -> None:
        """Send one 订阅消息. Not repeated: a message whose answer is lost may have arrived."""
        body = {
            "touser": openid,
            "template_id": template_id,
            "page": page,
            "data": {name: {"value": value} for name, value in data.items()},
            "lang": "zh_CN",
        }
        self._post("wechat.subscribe_send", "/cgi-bin/message/subscribe/send", body)

    def open_face_verification(
        self, *, openid: str, out_seq_no: str, person: WechatPerson
    ) -> FaceTicket:
        """Open a face verification 2.0 (getverifyid); the ticket lives for an hour."""
        operation = "wechat.getverifyid"
        body = {
            "out_seq_no": out_seq_no,
            "openid": openid,
            "cert_info": {
                "cert_type": _IDENTITY_CARD,
                "cert_name": person.name,
                "cert_no": person.identity_no,
            },
        }
        answer = self._post(operation, "/cityservice/face/identify/getverifyid", body)
        return FaceTicket(
            verify_id=_text(operation, answer, "verify_id"),
            expires_in=_integer(operation, answer, "expires_in"),
        )

    def face_verification_result(
        self, *, openid: str, out_seq_no: str, verify_id: str, person: WechatPerson
    ) -> FaceOutcome:
        """WeChat's decision (queryverifyinfo): passed only when `verify_ret` is 10000."""
        operation = "wechat.queryverifyinfo"
        body = {
            "verify_id": verify_id,
            "out_seq_no": out_seq_no,
            "openid": openid,
            "cert_hash": cert_hash(person),
        }
        answer = self._post(operation, "/cityservice/face/identify/queryverifyinfo", body)
        verify_ret = _integer(operation, answer, "verify_ret")
        return FaceOutcome(passed=verify_ret == _FACE_PASSED, verify_ret=verify_ret)

    def soter_signature_is_valid(self, *, openid: str, result_json: str, signature: str) -> bool:
        """Whether WeChat accepts a SOTER device signature (soter/verify_signature)."""
        body = {"openid": openid, "json_string": result_json, "json_signature": signature}
        answer = self._post("wechat.soter_verify", "/cgi-bin/soter/verify_signature", body)
        return answer.get("is_ok") is True

    def _post(self, operation: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        answer = self._authorised(Call(operation=operation, method="POST", path=path, json=body))
        _accept(operation, answer)
        return answer

    def _authorised(self, call: Call) -> dict[str, Any]:
        """Call with the access token; on a rejected token get another and call once more."""
        token = self._tokens.current()
        answer = self._answer(_with_token(call, token))
        if answer.get("errcode") in TOKEN_REJECTED:
            answer = self._answer(_with_token(call, self._tokens.after_rejection(token)))
        return answer

    def _answer(self, call: Call) -> dict[str, Any]:
        reply = self._client.send(call)
        answer = reply.object()
        if reply.status >= 500 or answer is None:
            raise WechatUnavailable(f"{call.operation}: status {reply.status}")
        return answer


def cert_hash(person: WechatPerson) -> str:
    """Hex SHA-256 over the three certificate fields in base64, as queryverifyinfo wants it."""
    fields = (
        ("cert_type", _IDENTITY_CARD),
        ("cert_name", person.name),
        ("cert_no", person.identity_no),
    )
    text = "&".join(f"{k}={base64.b64encode(v.encode()).decode()}" for k, v in fields)
    return hashlib.sha256(text.encode()).hexdigest()


def _with_token(call: Call, token: str) -> Call:
    return Call(
        operation=call.operation,
        method=call.method,
        path=call.path,
        query={**call.query, "access_token": token},
        json=call.json,
        repeatable=call.repeatable,
    )


def _accept(operation: str, answer: Mapping[str, Any]) -> None:
    """Raise what the answer's errcode means; a success may carry 0 or none at all."""
    errcode = answer.get("errcode", 0)
    if not isinstance(errcode, int):
        raise WechatUnavailable(f"{operation}: answer not understood")
    if errcode != 0:
        raise meaning(operation=operation, errcode=errcode)


def _text(operation: str, answer: Mapping[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise WechatUnavailable(f"{operation}: {name} is missing")
    return value


def _integer(operation: str, answer: Mapping[str, Any], name: str) -> int:
    value = answer.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise WechatUnavailable(f"{operation}: {name} is missing")
    return value
