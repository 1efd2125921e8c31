"""扫一扫 beyond a plain sign-in: attributes, an act with its number, codes that must not pass."""

from __future__ import annotations

import io
import re
import secrets
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import qrcode
from playwright.sync_api import Page, expect
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from miniprogram_mock.shell import create_application
from tests.browser.actors import Lawyer, hold_before
from tests.browser.conftest import Launch, desk_context, phone_context, watched
from tests.browser.inspect import codes_in, look_at
from tests.contract.servers import serving
from tests.oidc.actors import ACT, IDENTITY, RelyingPartyClient, claims_of, fapi_client
from tests.world import World, refusal

SOON = 2_500  # ms: what one side does, the other sees within two seconds


@pytest.fixture
def origin(world: World) -> Iterator[str]:
    """The product and the mini-program behind one address, as `make run` serves them."""
    phone = create_application({"WECHAT_URL": world.wechat_url, "ENV": "development"})
    with serving(DispatcherMiddleware(world.app.wsgi_app, {"/mp": phone})) as url:
        yield url


@pytest.fixture
def court(world: World, origin: str, callback: str) -> RelyingPartyClient:
    """A client of the higher tier that lives at the served address."""
    world.transport.origin = origin
    return fapi_client(world, redirect_uris=(callback,))


class Desk:
    """A lawyer's computer, on the page that a client led it to."""

    def __init__(self, page: Page, origin: str, callback: str) -> None:
        self.page = page
        self._origin = origin
        self._callback = callback
        self.verifier = secrets.token_urlsafe(32)

    def open(self, client: RelyingPartyClient, **changes: object) -> None:
        pushed = client.push(self.verifier, redirect_uri=self._callback, **changes)
        query = {"client_id": client.client_id, "request_uri": (pushed.json or {})["request_uri"]}
        self.page.goto(f"{self._origin}/oauth/authorize?{urlencode(query)}")
        self.page.locator("svg.login-code path").wait_for(state="attached")

    def returned(self) -> dict[str, str]:
        """What the client gets when the browser is sent back to it."""
        self.page.wait_for_url(self._callback + "?*")
        return {k: v[0] for k, v in parse_qs(urlsplit(self.page.url).query).items()}


class Scanner(Lawyer):
    """A lawyer whose phone is bound and scans screens."""

    def bind(self, world: World) -> None:
        self.sign_in()
        self.page.get_by_role("button", name="绑定律师执业证").click()
        self.fill_in(world.person())
        self.page.get_by_role("button", name="到法院服务大厅人工核验").click()
        self.page.locator(".hall__code").wait_for()
        code = re.sub(r"\D", "", self.page.locator(".hall__code").inner_text())
        with world.app.app_context():
            world.services.identity.bindings.decide_in_hall(hall_code=code, confirmed=True)
        self.page.get_by_role("button", name="已核验，查看结果").click()
        self.page.locator(".plate").wait_for()

    def scan(self, desk: Desk) -> None:
        self.tap("扫一扫")
        hold_before(self._camera, desk.page, until=self.page)

    def scan_picture(self, picture: bytes) -> None:
        self.tap("扫一扫")
        self.page.locator(".lvz-scan").wait_for()
        self._camera.show_screen(picture)
        self.page.locator(".lvz-scan").wait_for(state="detached")
        self._camera.show_nothing()

    def sees(self, text: str, *, within: float = 20_000) -> None:
        self.page.get_by_text(text).first.wait_for(timeout=within)

    def tap(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()


@pytest.fixture
def desk(launch: Launch, origin: str, callback: str) -> Desk:
    browser, _ = launch("desk")
    return Desk(watched(desk_context(browser).new_page()), origin, callback)


@pytest.fixture
def scanner(launch: Launch, origin: str, world: World) -> Scanner:
    browser, camera = launch("phone", width=1280, height=720)
    scanner = Scanner(watched(phone_context(browser).new_page()), camera, origin)
    scanner.bind(world)
    return scanner


def test_an_optional_attribute_is_taken_off_and_not_given(
    desk: Desk, scanner: Scanner, court: RelyingPartyClient
) -> None:
    desk.open(court, authorization_details=[IDENTITY])
    scanner.scan(desk)
    no, yes = (scanner.page.get_by_role("button", name=n, exact=True) for n in ("不同意", "同意"))
    (box_no, box_yes) = (no.bounding_box(), yes.bounding_box())
    assert box_no is not None
    assert box_yes is not None
    assert abs(box_no["width"] - box_yes["width"]) < 1
    assert abs(box_no["height"] - box_yes["height"]) < 1
    scanner.page.get_by_role("checkbox").uncheck()
    scanner.page.get_by_text("不提供", exact=True).wait_for()
    look_at(scanner.page, "phone-consent-attributes-light")
    scanner.tap("同意")
    code = desk.returned()["code"]
    tokens = court.redeem(code, desk.verifier, redirect_uri=urlsplit_base(desk)).json or {}
    assert tokens["authorization_details"][0]["attributes"] == [
        "name",
        "practice_status",
        "license_no",
    ]


def urlsplit_base(desk: Desk) -> str:
    return desk.page.url.partition("?")[0]


def test_an_act_is_confirmed_after_its_number_is_typed(
    desk: Desk, scanner: Scanner, court: RelyingPartyClient
) -> None:
    desk.open(court, scope="openid", authorization_details=[ACT])
    scanner.scan(desk)
    scanner.sees("请在电脑上输入这个数字")
    expect(scanner.page.get_by_role("button", name="先输入数字")).to_be_disabled()
    look_at(scanner.page, "phone-consent-act-light")
    desk.page.locator("#digits").fill(scanner.page.locator(".number-card__number").inner_text())
    desk.page.get_by_role("button", name="确定").click()
    scanner.sees("数字已核对", within=SOON)
    scanner.tap("同意")
    code = desk.returned()["code"]
    tokens = court.redeem(code, desk.verifier, redirect_uri=urlsplit_base(desk)).json or {}
    confirmed = claims_of(tokens["authorization_details"][0]["confirmation"])
    assert confirmed["text"] in confirmed["consent"]["text"]
    scanner.sees("已完成")
    scanner.tap("我的授权与确认")
    scanner.page.get_by_role("button", name=re.compile("查阅案卷")).click()
    scanner.sees("确认书")
    look_at(scanner.page, "phone-confirmation-light")
    (code_shown,) = codes_in(scanner.page.screenshot(full_page=True))
    assert urlsplit(code_shown).path == urlsplit(confirmed["verify"]).path


def test_not_mine_stops_the_page_and_flags_who_asked(
    desk: Desk, scanner: Scanner, court: RelyingPartyClient, world: World
) -> None:
    desk.open(court, authorization_details=[IDENTITY])
    scanner.scan(desk)
    scanner.tap("不是我发起的")
    scanner.tap("取消并上报")
    scanner.sees("已取消并上报")
    look_at(scanner.page, "phone-not-mine-light")
    desk.page.get_by_text("律师在手机上选择了不同意").wait_for(timeout=SOON)
    assert world.sql("SELECT client_id FROM abuse_report") == [(court.client_id,)]


def test_going_back_on_the_phone_is_a_no_on_the_page(
    desk: Desk, scanner: Scanner, court: RelyingPartyClient
) -> None:
    desk.open(court, authorization_details=[IDENTITY])
    scanner.scan(desk)
    scanner.page.get_by_role("button", name="返回").click()
    desk.page.get_by_text("律师在手机上选择了不同意").wait_for(timeout=SOON)


def test_a_picture_of_the_code_is_too_old_when_it_arrives(
    desk: Desk, scanner: Scanner, court: RelyingPartyClient
) -> None:
    desk.open(court, authorization_details=[IDENTITY])
    picture = desk.page.screenshot()
    desk.page.wait_for_timeout(10_000)
    scanner.scan_picture(picture)
    scanner.sees("二维码已更新")
    look_at(scanner.page, "phone-scan-stale-light")
    scanner.tap("扫屏幕上的码")
    hold_before(scanner._camera, desk.page, until=scanner.page)


def test_a_second_phone_is_refused_and_the_first_is_told(
    desk: Desk, scanner: Scanner, court: RelyingPartyClient, world: World
) -> None:
    other = world.bound_phone("other", name="陈守义")
    desk.open(court, authorization_details=[IDENTITY])
    (text,) = codes_in(desk.page.screenshot())
    scanner.scan(desk)
    assert refusal(lambda: other.scan(text)).code == "scan.taken"
    scanner.sees("另一部手机也扫了这个码", within=SOON)
    desk.page.get_by_text("另有一部手机扫了这个码").wait_for(timeout=SOON)
    look_at(scanner.page, "phone-second-scan-light")


def test_a_code_that_came_by_a_link_is_not_sent(
    desk: Desk, scanner: Scanner, court: RelyingPartyClient, world: World
) -> None:
    desk.open(court, authorization_details=[IDENTITY])
    (text,) = codes_in(desk.page.screenshot())
    scanner.page.evaluate(
        "q => wx.navigateTo({url: `/pages/scan/scan?q=${encodeURIComponent(q)}`})", text
    )
    scanner.sees("请当面扫描屏幕上的码")
    look_at(scanner.page, "phone-scan-link-light")
    assert world.sql("SELECT state FROM scan_transaction") == [("waiting",)]


def test_another_code_is_refused_with_a_sentence(scanner: Scanner) -> None:
    picture = qrcode.make("https://example.com/pay", border=6)
    held = io.BytesIO()
    picture.save(held)
    scanner.scan_picture(held.getvalue())
    scanner.sees("不是律证的二维码")
    look_at(scanner.page, "phone-scan-other-light")
