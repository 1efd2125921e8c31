"""Decisions of pushing, as tables."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest

from app.notification.errors import TemplateMalformed
from app.notification.rules import (
    addresses,
    channels,
    kinds,
    letters,
    quiet_hours,
    retries,
    unsubscribing,
)
from app.notification.rules.channels import CONSENTS, Channel
from app.notification.rules.kinds import Category
from app.notification.rules.letters import Templates
from app.notification.rules.quiet_hours import QuietHours


def beijing(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}:00+08:00")


@pytest.mark.parametrize(
    ("now", "hours", "due"),
    [
        ("25T21:59", (22, 7), "25T21:59"),
        ("25T22:00", (22, 7), "26T07:00"),
        ("25T23:59", (22, 7), "26T07:00"),
        ("26T00:00", (22, 7), "26T07:00"),
        ("26T06:59", (22, 7), "26T07:00"),
        ("26T07:00", (22, 7), "26T07:00"),
        ("25T12:30", (12, 14), "25T14:00"),
        ("25T14:00", (12, 14), "25T14:00"),
        ("25T03:00", (8, 8), "25T03:00"),
        ("25T23:30", (20, 0), "26T00:00"),
        ("25T00:00", (20, 0), "25T00:00"),
    ],
)
def test_what_is_not_urgent_waits_for_the_end_of_the_quiet_hours(
    now: str, hours: tuple[int, int], due: str
) -> None:
    quiet = QuietHours(from_hour=hours[0], until_hour=hours[1])
    at = beijing(now)
    assert quiet_hours.due(quiet, at=at, urgent=False) == beijing(due)
    assert quiet_hours.due(quiet, at=at, urgent=True) == at


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("lin@example.cn", "lin@example.cn"),
        (" Lin.Zh@Firm.EXAMPLE.CN ", "Lin.Zh@firm.example.cn"),
        ("lin＠example.cn", "lin@example.cn"),
        ("12345@qq.com", "12345@qq.com"),
        ("lin", None),
        ("lin@localhost", None),
        ("lin@@example.cn", None),
        ("lin..zh@example.cn", None),
        ("lin@example.cn\nBcc: all@example.cn", None),
        ("lin@example.cn,chen@example.cn", None),
        ("律师@example.cn", None),
        ("l" * 250 + "@example.cn", None),
        ("", None),
    ],
)
def test_what_is_taken_for_an_address(typed: str, kept: str | None) -> None:
    assert addresses.tidy(typed) == kept


def test_an_address_is_shown_masked_and_a_code_has_six_digits() -> None:
    assert addresses.masked("lin.zh@example.cn") == "l***@example.cn"
    assert (addresses.code(7), addresses.code(999_999)) == ("000007", "999999")


def test_retries_end() -> None:
    waits = [retries.next_try(n) for n in range(1, 10)]
    assert waits[0] == timedelta(minutes=1)
    assert waits[7] is None
    told = [wait for wait in waits if wait is not None]
    assert told == sorted(told)


def mac(value: str) -> bytes:
    return uuid.uuid5(uuid.NAMESPACE_URL, value).bytes


def test_a_link_names_its_consent_and_no_other() -> None:
    consent = uuid.uuid4()
    token = unsubscribing.token(consent, mac=mac)
    assert unsubscribing.consent_of(token, mac=mac) == consent
    other = unsubscribing.token(uuid.uuid4(), mac=mac)
    forged = token[:20] + other[20:]
    for wrong in (forged, token[:-4], token + "AAAA", "", "§", token[::-1]):
        assert unsubscribing.consent_of(wrong, mac=mac) is None


def test_consent_names_the_very_text() -> None:
    text = CONSENTS[Channel.EMAIL]
    assert channels.is_shown_text(Channel.EMAIL, version=text.version, sha256=text.sha256)
    assert not channels.is_shown_text(Channel.WECHAT, version=text.version, sha256=text.sha256)
    assert not channels.is_shown_text(Channel.EMAIL, version="2025-01", sha256=text.sha256)
    assert CONSENTS[Channel.EMAIL].sha256 != CONSENTS[Channel.WECHAT].sha256


def test_an_email_names_nobody_and_says_how_to_end_it() -> None:
    values = {"lawyer": "林正衡", "due": "12月1日"}
    text = letters.notice(kinds.find("assistant.invited"), values, unsubscribe="https://x/u")
    assert "林正衡" not in text.subject + text.text
    assert "林**律师邀请您担任律师助理" in text.text
    assert "https://x/u" in text.text
    case = {"case": "（2026）京0105民初12号", "what": "开庭", "event": "原告王小明未到庭"}
    text = letters.notice(kinds.find("case.news"), case, unsubscribe="https://x/u")
    assert "王小明" not in text.subject + text.text
    assert text.subject.endswith("（2026）京0105民初12号")


def test_wechats_fields_are_filled_within_their_limits() -> None:
    template = Templates.read("ID:thing1,thing5,time2;OTHER:a,b,c").news
    assert template is not None
    for kind in kinds.KINDS:
        values = dict.fromkeys(kind.fields, "很长的内容" * 20)
        said = kinds.words_outside(kind.code, values)
        data = letters.wechat(template, said, values, at=beijing("25T09:05"))
        assert set(data) == {"thing1", "thing5", "time2"}
        assert all(1 <= len(data[name]) <= 20 for name in ("thing1", "thing5"))
        assert data["time2"] == "2026-11-25 09:05"


@pytest.mark.parametrize(
    "setting",
    ["", "ID", "ID:a,b,c", "ID:a;ID:a,b,c", ":a,b,c;ID:a,b,c", "ID:a,b,;ID:a,b,c", "X:a,b,c;" * 3],
)
def test_templates_that_are_none(setting: str) -> None:
    with pytest.raises(TemplateMalformed):
        Templates.read(setting)


def test_a_category_has_its_template_and_no_template_is_no_offer() -> None:
    templates = Templates.read("N:a,b,c;D:a,b,c")
    ids = {category: found.id for category in Category if (found := templates.of(category))}
    assert ids.pop(Category.DEADLINE) == "D"
    assert set(ids.values()) == {"N"}
    assert Templates.read("none").offered == ()
