"""Face verification 2.0 (人脸核身): a ticket for an hour, bound to one user and one certificate.

The documentation read for this gives no error numbers for a wrong sequence number, certificate
or ticket; 40097 (invalid args) and 40003 (openid) are this stand-in's choice.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from miniprogram_mock.wechat.refusal import Refusal
from miniprogram_mock.wechat.world import World

LIFE = 3600
PASSED = 10000
NOT_DONE = 90000
_SEQ_NO = re.compile(r"[A-Za-z0-9_-]{5,32}")


@dataclass
class _Ticket:
    appid: str
    openid: str
    out_seq_no: str
    cert_hash: str
    expires: float
    verify_ret: int = NOT_DONE


class Faces:
    """The tickets given out and what became of each."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._tickets: dict[str, _Ticket] = {}
        self._used: set[tuple[str, str]] = set()

    def open(self, *, appid: str, openid: str, body: Mapping[str, Any]) -> tuple[str, int]:
        """Getverifyid → the ticket's id and its life in seconds."""
        out_seq_no = body.get("out_seq_no")
        if not isinstance(out_seq_no, str) or not _SEQ_NO.fullmatch(out_seq_no):
            raise Refusal(40097)
        if (appid, out_seq_no) in self._used:
            raise Refusal(40097)
        digest = _cert_hash(body.get("cert_info"))
        self._used.add((appid, out_seq_no))
        verify_id = self._world.text(64)
        expires = self._world.now() + LIFE
        self._tickets[verify_id] = _Ticket(appid, openid, out_seq_no, digest, expires)
        return verify_id, LIFE

    def perform(self, *, openid: str, verify_id: str, verify_ret: int) -> None:
        """wx.requestFacialVerify on the phone of `openid`, with the outcome a test wants."""
        ticket = self._tickets.get(verify_id)
        if ticket is None or self._world.now() >= ticket.expires:
            raise Refusal(40097)
        if ticket.openid != openid:
            raise Refusal(40003)
        ticket.verify_ret = verify_ret

    def result(self, *, appid: str, openid: str, body: Mapping[str, Any]) -> int:
        """Queryverifyinfo → verify_ret; all four of ticket, sequence, hash and openid must fit."""
        ticket = self._tickets.get(str(body.get("verify_id")))
        if ticket is None or ticket.appid != appid or ticket.out_seq_no != body.get("out_seq_no"):
            raise Refusal(40097)
        if ticket.openid != openid:
            raise Refusal(40003)
        if not hmac.compare_digest(ticket.cert_hash.encode(), str(body.get("cert_hash")).encode()):
            raise Refusal(40097)
        return ticket.verify_ret


def _cert_hash(cert_info: object) -> str:
    if not isinstance(cert_info, dict) or cert_info.get("cert_type") != "IDENTITY_CARD":
        raise Refusal(40097)
    parts = []
    for name in ("cert_type", "cert_name", "cert_no"):
        value = cert_info.get(name)
        if not isinstance(value, str) or not value:
            raise Refusal(40097)
        parts.append(f"{name}={base64.b64encode(value.encode()).decode()}")
    return hashlib.sha256("&".join(parts).encode()).hexdigest()
