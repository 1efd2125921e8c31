"""The phone without a screen signs what it shows, or nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from credential.keys import PublicKey
from miniprogram_mock.client.encoding import un_b64u
from miniprogram_mock.client.phone import Phone, consent_text, statement
from miniprogram_mock.client.transport import Reply

ACT = {
    "code": "casefile_reading",
    "label": "查阅案卷",
    "text": "本人确认向甲法院申请查阅（2026）京0105民初1号案卷。",
    "fields": [],
}


class Recorder:
    """A server that takes everything down and agrees."""

    origin = "http://localhost"

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []

    def send(self, method: str, path: str, *, headers: Mapping[str, str], body: bytes) -> Reply:
        assert headers["Authorization"].startswith("Bearer ")
        self.sent.append((f"{method} {path}", json.loads(body)))
        return Reply(status=200, headers={}, body=b'{"state": "approved"}')


def view(**changes: Any) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": "0190a6a0-1c2b-7000-8000-0123456789ab",
        "kind": "attributes",
        "requester": {"name": "甲法院", "uscc": "11110105400876543K", "domain": "court.example"},
        "purpose": {"code": "filing", "text": "网上立案"},
        "retention": "30天",
        "attributes": [
            {"code": "name", "label": "姓名", "required": True, "value": "林正衡"},
            {"code": "firm", "label": "执业机构", "required": False, "value": "衡正所"},
        ],
        "act": None,
        "place": "电脑浏览器（203.0.113.7）",
        "acr": "urn:lvz:acr:device",
        **changes,
    }
    return {"statement": statement(shown), **shown}


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def phone(recorder: Recorder) -> Phone:
    return Phone(recorder, wx_login=lambda: "code")


def test_the_statement_is_the_agreed_one_line_for_line() -> None:
    assert statement(view(act=ACT, kind="act")) == [
        "lvz-consent:v1",
        "ticket:0190a6a0-1c2b-7000-8000-0123456789ab",
        "who:甲法院 11110105400876543K",
        "domain:court.example",
        "kind:act",
        f"act:casefile_reading {ACT['text']}",
        "offered:name!,firm",
        "purpose:网上立案",
        "retention:30天",
        "place:电脑浏览器（203.0.113.7）",
        "acr:urn:lvz:acr:device",
    ]


def test_agreeing_signs_the_statement_and_what_is_granted(phone: Phone, recorder: Recorder) -> None:
    shown = view()
    phone.approve(shown, ["name"])
    ((path, body),) = recorder.sent
    assert path == f"POST /api/v1/scans/{shown['id']}/approve"
    assert body["granted"] == ["name"]
    text = "\n".join([*shown["statement"], "granted:name", f"iat:{body['iat']}"])
    key: PublicKey = phone.key.public
    key.verify(un_b64u(body["signature"]), text.encode())


def test_everything_shown_is_granted_unless_something_is_named(
    phone: Phone, recorder: Recorder
) -> None:
    phone.approve(view())
    assert recorder.sent[0][1]["granted"] == ["name", "firm"]
    assert "\ngranted:firm,name\niat:7" in consent_text(view(), ["name", "firm"], 7)


@pytest.mark.parametrize(
    "change",
    [
        {"retention": "365天"},
        {"purpose": {"code": "filing", "text": "别的用途"}},
        {"place": "别处"},
        {"acr": "urn:lvz:acr:scan"},
        {"kind": "login"},
        {"act": ACT},
        {"attributes": []},
        {"requester": {"name": "乙法院", "uscc": "1", "domain": "court.example"}},
        {"statement": []},
    ],
)
def test_a_statement_unlike_what_is_shown_is_never_signed(
    phone: Phone, recorder: Recorder, change: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="what is shown"):
        phone.approve({**view(), **change})
    assert recorder.sent == []


@pytest.mark.parametrize("trick", ["立案\nacr:x", "立案\u2028x", "立案\u202ex", "立\u200b案"])
def test_text_that_hides_something_is_never_signed(
    phone: Phone, recorder: Recorder, trick: str
) -> None:
    with pytest.raises(ValueError, match="what is shown"):
        phone.approve(view(purpose={"code": "filing", "text": trick}))
    assert recorder.sent == []
