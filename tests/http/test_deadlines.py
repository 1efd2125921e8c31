"""期限计算 over HTTP: what can be counted, the counting, and refusals."""

from __future__ import annotations

import pytest

from miniprogram_mock.client.phone import Phone
from tests.world import refusal


def counted(phone: Phone, **asked: object) -> dict[str, object]:
    answer: dict[str, object] = phone.call("POST", "/deadline-estimates", asked).json()
    return answer


def test_a_period_over_the_spring_festival(phone: Phone) -> None:
    found = counted(phone, rule="D11", variant="civil", day="2026-02-05")
    assert found["last_day"] == "2026-02-24"
    assert "民诉法 128" in str(found["basis"])
    assert "春节" in str(found["explanation"])


def test_before_a_hearing_time_on_the_way_is_left(phone: Phone) -> None:
    (rule,) = [r for r in phone.call("GET", "/deadlines").json()["items"] if r["rule"] == "D19"]
    asked = {"rule": "D19", "variant": rule["variant"], "day": "2026-11-30"}
    assert counted(phone, **asked)["last_day"] == "2026-11-27"
    assert counted(phone, **asked, travel_days=2)["last_day"] == "2026-11-25"


def test_every_listed_deadline_can_be_counted(phone: Phone) -> None:
    items = phone.call("GET", "/deadlines").json()["items"]
    assert len(items) > 60
    for item in items:
        found = counted(phone, rule=item["rule"], variant=item["variant"], day="2026-03-02")
        assert found["explanation"], item


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"rule": "D99", "day": "2026-03-02"}, "court.deadline_unknown"),
        ({"rule": "D24", "day": "2026-03-02"}, "court.deadline_unknown"),
        ({"rule": "D11", "variant": "nonsense", "day": "2026-03-02"}, "court.deadline_unknown"),
        ({"rule": "D11", "variant": "civil", "day": "2026-02-30"}, "request.invalid"),
        ({"rule": "D11", "variant": "civil", "day": "9999-12-31"}, "request.invalid"),
        ({"rule": "D11", "variant": "civil"}, "request.invalid"),
    ],
)
def test_what_cannot_be_counted(phone: Phone, asked: dict[str, object], code: str) -> None:
    assert refusal(lambda: counted(phone, **asked)).code == code
