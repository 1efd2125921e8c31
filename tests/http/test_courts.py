"""Courts and fees as a phone sees them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from app.cli.seed import seed_courts
from app.court.casefile.rules.capability import BUILT
from miniprogram_mock.client.phone import Phone
from tests.world import World, refusal


@pytest.fixture
def caller(world: World) -> Phone:
    """A phone that signed in, bound to nobody, in a world with courts."""
    with world.app.app_context():
        seed_courts(world.services.casefile.courts)
    return world.phone()


def get(phone: Phone, path: str) -> Any:
    return phone.call("GET", path).json()


def test_courts_by_name_and_region(caller: Phone) -> None:
    found = get(caller, f"/courts?q={quote('朝阳')}")
    assert found == {
        "items": [
            {
                "code": "110105",
                "name": "北京市朝阳区人民法院",
                "level": "basic",
                "level_name": "基层",
                "region": "北京市",
                "parent_code": "京03",
                "code_word": "京0105",
                "source": "公开文书所见案号",
                "to_confirm": False,
            }
        ],
        "next": None,
    }
    found = get(caller, f"/courts?region={quote('上海市')}&level=special")
    assert [court["code"] for court in found["items"]] == ["沪73", "沪74"]


def test_the_next_page_starts_after_the_last_one(caller: Phone) -> None:
    first = get(caller, "/courts")
    assert len(first["items"]) == 50
    second = get(caller, f"/courts?after={quote(first['next'])}")
    assert first["next"] == first["items"][-1]["code"]
    assert not {c["code"] for c in first["items"]} & {c["code"] for c in second["items"]}


@pytest.mark.parametrize("code", ["110105", "京0105"])
def test_a_court_by_code_or_word(caller: Phone, code: str) -> None:
    found = get(caller, f"/courts/{quote(code)}")
    assert found["court"]["name"] == "北京市朝阳区人民法院"
    assert found["parent"]["name"] == "北京市第三中级人民法院"
    (filing,) = (one for one in found["functions"] if one["function"] == "filing")
    assert (filing["name"], filing["status"]) == ("网上立案", "available")
    assert {one["function"] for one in found["functions"] if one["offered"]} <= set(BUILT)


def test_what_is_offered_is_answered(caller: Phone, world: World) -> None:
    """What the product says it does, it has an endpoint for; and nothing else is offered."""
    views = world.app.view_functions
    assert not [endpoint for endpoint in BUILT.values() if endpoint not in views]
    for one in get(caller, "/courts/110105")["functions"]:
        assert one["offered"] == (one["function"] in set(BUILT) and one["status"] != "unavailable")
        if not one["offered"]:
            assert one["refusal"]
            assert one["instead"] in one["notice"]


def test_a_court_of_which_nothing_is_known_offers_nothing(caller: Phone) -> None:
    found = get(caller, "/courts/440305")
    assert {one["status"] for one in found["functions"]} == {"unknown"}
    assert not any(one["offered"] for one in found["functions"])
    assert all(one["instead"] for one in found["functions"])


@pytest.mark.parametrize("code", ["999999", "example", "京99", "x" * 300])
def test_an_unknown_court(caller: Phone, code: str) -> None:
    refused = refusal(lambda: caller.call("GET", f"/courts/{quote(code)}"))
    assert (refused.reply.status, refused.code) == (404, "court.unknown")


@pytest.mark.parametrize("query", ["q=", "q=%00", "q=%25", "level=top", "after=a", "page=2"])
def test_a_query_that_is_none(caller: Phone, query: str) -> None:
    refused = refusal(lambda: caller.call("GET", f"/courts?{query}"))
    assert (refused.reply.status, refused.code) == (422, "request.invalid")


def test_a_fee_with_its_explanation(caller: Phone) -> None:
    body = {"kind": "property", "amount_fen": 20_000_000, "reductions": ["summary"]}
    found = caller.call("POST", "/fee-estimates", body).json()
    assert (found["low_fen"], found["high_fen"], found["halved"]) == (215_000, 215_000, True)
    assert found["article"] == "《诉讼费用交纳办法》第十三条第（一）项"
    assert [line["low_fen"] for line in found["lines"]] == [5000, 225_000, 200_000]
    assert any("简易程序" in note for note in found["notes"])


def test_a_range_stays_a_range(caller: Phone) -> None:
    found = caller.call("POST", "/fee-estimates", {"kind": "divorce"}).json()
    assert (found["low_fen"], found["high_fen"]) == (5000, 30_000)


def test_a_fee_without_the_amount_it_needs(caller: Phone) -> None:
    refused = refusal(lambda: caller.call("POST", "/fee-estimates", {"kind": "property"}))
    assert (refused.reply.status, refused.code) == (422, "filing.fee_amount_needed")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "lunch"},
        {"kind": "property", "amount_fen": -1},
        {"kind": "property", "amount_fen": 1.5},
        {"kind": "property", "amount_fen": "100"},
        {"kind": "property", "amount_fen": 10**16},
        {"kind": "property", "amount_fen": 1, "reductions": ["charm"]},
        {"kind": "property", "amount_fen": 1, "reductions": ["summary"] * 5},
        {"kind": "property", "amount_fen": 1, "more": 1},
    ],
)
def test_a_fee_question_that_is_none(caller: Phone, body: dict[str, Any]) -> None:
    refused = refusal(lambda: caller.call("POST", "/fee-estimates", body))
    assert (refused.reply.status, refused.code) == (422, "request.invalid")
