"""办案工具 on a PC: the same answers as on the phone, and what is said of bad input."""

from __future__ import annotations

import html
import re

import pytest

from app.cli.seed import seed_courts
from miniprogram_mock.client.phone import Phone
from tests.portal import PortalPages
from tests.world import World
from tests.world_fixtures import Build


@pytest.fixture
def pages(world: World) -> PortalPages:
    with world.app.app_context():
        seed_courts(world.services.casefile.courts)
    return world.portal()


def words(text: str) -> str:
    """What a reader sees."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)))


def test_the_home_page_offers_what_exists(pages: PortalPages) -> None:
    home = pages.get("/portal/").text
    offered = re.findall(r'<li><a href="(/portal/[a-z]*)"', home)
    assert {"/portal/", "/portal/deadlines", "/portal/fees", "/portal/courts"} <= set(offered)
    assert all(pages.get(path).status_code == 200 for path in offered)
    assert re.search(r'href="/portal/"[^>]*aria-current="page"', home)


def test_a_page_that_does_not_exist_is_not_offered(build_world: Build) -> None:
    world = build_world()
    del world.app.view_functions["filing_pages.fees"]
    home = world.portal().get("/portal/").text
    assert "/portal/fees" not in home
    assert "/portal/courts" in home


def test_a_deadline_is_the_phones(pages: PortalPages, world: World) -> None:
    asked = {"rule": "D11", "variant": "civil", "day": "2026-02-05"}
    phone: Phone = world.bound_phone("zhou", name="周明月", renew=False)
    due = phone.call("POST", "/deadline-estimates", asked).json()
    for day in ("2026-02-05", "20260205", "2026年2月5日", " 2026.2.5 "):
        seen = words(pages.get("/portal/deadlines", rule="D11/civil", day=day).text)
        assert "2026年2月24日 星期二" in seen, day
        assert due["explanation"] in seen


def test_custody_and_travel_count_where_they_belong(pages: PortalPages) -> None:
    def last(**asked: str) -> str:
        found = re.search(r'class="figure">([^<]+)<', pages.get("/portal/deadlines", **asked).text)
        assert found is not None
        return found[1]

    hearing = {"rule": "D19/", "day": "2026-11-30"}
    assert last(**hearing).startswith("2026年11月27日")
    assert last(**hearing, travel_days="2").startswith("2026年11月25日")
    trial = {"rule": "D31/summary", "day": "2026-09-05"}
    assert last(**trial) != last(**trial, in_custody="1")
    civil = {"rule": "D33/civil_judgment", "day": "2026-09-16", "travel_days": "3"}
    assert last(**civil) == last(**{**civil, "travel_days": ""}, in_custody="1")


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"rule": "", "day": "2026-02-05"}, "rule"),
        ({"rule": "D24/", "day": "2026-02-05"}, "rule"),
        ({"rule": "D99/x", "day": "2026-02-05"}, "rule"),
        ({"rule": "D11/civil", "day": "2026-02-30"}, "day"),
        ({"rule": "D11/civil", "day": "9999-12-31"}, "day"),
        ({"rule": "D11/civil", "day": "\x00"}, "day"),
        ({"rule": "D11/civil", "day": "２０２６-02-05"}, "day"),
        ({"rule": "D11/civil"}, "day"),
        ({"rule": "D19/", "day": "2026-11-30", "travel_days": "91"}, "travel_days"),
        ({"rule": "D19/", "day": "2026-11-30", "travel_days": "-1"}, "travel_days"),
        ({"rule": "D19/", "day": "2026-11-30", "travel_days": "²"}, "travel_days"),
    ],
)
def test_what_cannot_be_counted(pages: PortalPages, asked: dict[str, str], field: str) -> None:
    answer = pages.get("/portal/deadlines", **asked)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert 'class="figure"' not in answer.text
    kept = asked.get("travel_days")
    assert kept is None or f'value="{kept}"' in answer.text, "what was typed is still there"


def test_a_fee_is_the_phones(pages: PortalPages) -> None:
    seen = pages.get("/portal/fees", kind="property", amount="200,000.00", reduction="summary")
    text = words(seen.text)
    assert "2,150.00 元" in text
    assert "《诉讼费用交纳办法》第十三条第（一）项" in text
    assert "超过1万元至10万元的部分" in text
    assert "50.00 至 300.00 元" in words(pages.get("/portal/fees", kind="divorce").text)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"kind": "property"}, "amount"),
        ({"kind": "property", "amount": "-1"}, "amount"),
        ({"kind": "property", "amount": "1.234"}, "amount"),
        ({"kind": "property", "amount": "1" * 14}, "amount"),
        ({"kind": "property", "amount": "１００"}, "amount"),
        ({"kind": "property", "amount": "<b>"}, "amount"),
        ({"kind": "lunch", "amount": "1"}, "kind"),
        ({"amount": "1"}, "kind"),
    ],
)
def test_a_fee_question_that_is_none(pages: PortalPages, asked: dict[str, str], field: str) -> None:
    answer = pages.get("/portal/fees", **asked)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert f'value="{html.escape(asked.get("amount", ""))}"' in answer.text


def test_the_largest_amount_has_a_fee(pages: PortalPages) -> None:
    assert pages.get("/portal/fees", kind="property", amount="9" * 13).status_code == 200


def test_a_court_by_name_then_what_it_can_do(pages: PortalPages) -> None:
    found = pages.get("/portal/courts", q="朝阳")
    assert "北京市朝阳区人民法院" in found.text
    assert 'href="/portal/courts/110105"' in found.text
    seen = words(pages.get("/portal/courts/110105").text)
    for shown in ("京0105", "北京市第三中级人民法院", "请用其他方式办理", "本平台尚未开通"):
        assert shown in seen
    assert pages.get("/portal/courts/999999").status_code == 404


def test_courts_page_by_page(pages: PortalPages) -> None:
    seen: list[str] = []
    path = "/portal/courts?level=basic"
    while path:
        page = pages.browser.get(path).text
        seen += re.findall(r'class="row-link" href="/portal/courts/([^"]+)"', page)
        found = re.search(r'href="(/portal/courts\?[^"]+after=[^"]+)"', page)
        path = html.unescape(found[1]) if found else ""
    assert len(seen) == len(set(seen)) > 20


@pytest.mark.parametrize("asked", [{"q": "%"}, {"q": "\x00"}, {"q": "x" * 60}, {"level": "top"}])
def test_a_query_that_is_none(pages: PortalPages, asked: dict[str, str]) -> None:
    answer = pages.get("/portal/courts", **asked)
    assert answer.status_code == 422
    assert 'id="q-error"' in answer.text


def test_who_is_not_signed_in_comes_back_to_what_was_asked(world: World) -> None:
    asked = "/portal/deadlines?rule=D11/civil&day=2026-02-05"
    answer = world.app.test_client().get(asked)
    assert answer.location == (
        "/portal/sign-in?next=%2Fportal%2Fdeadlines%3Frule%3DD11%2Fcivil%26day%3D2026-02-05"
    )
