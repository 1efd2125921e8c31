"""Every page of the portal 律师服务平台 in light, dark and elder mode, and its session's end.

The product runs in this process, so that its clock can be moved; the session needs no scan.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from app.cli.seed import seed_courts
from app.http.counsel import COOKIE
from tests.browser.conftest import Launch, desk_context, watched
from tests.browser.inspect import look_at
from tests.contract.servers import serving
from tests.world import World

HOST = "https://127.0.0.1"  # a `__Host-` cookie is set for https, and sent to a loopback too
Open = Callable[..., Page]
WIDE = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.fixture
def origin(world: World) -> Iterator[str]:
    with world.app.app_context():
        seed_courts(world.services.casefile.courts)
    with serving(world.app) as url:
        yield url


@pytest.fixture
def open_page(launch: Launch, world: World, origin: str) -> Open:
    """Open a page of the portal in a browser that is signed in."""

    def start(path: str = "/portal/", *, look: str = "light") -> Page:
        browser, _ = launch("desk")
        context = desk_context(browser, dark=look == "dark")
        token = world.portal().browser.get_cookie(COOKIE)
        assert token is not None
        context.add_cookies([{"name": COOKIE, "value": token.value, "url": HOST, "secure": True}])
        if look == "elder":
            context.add_cookies([{"name": "lvz_ui", "value": "elder", "url": origin}])
        page = watched(context.new_page())
        page.goto(origin + path)
        return page

    return start


@pytest.mark.parametrize("look", ["light", "dark", "elder"])
def test_the_home_page_and_the_tools(open_page: Open, look: str) -> None:
    page = open_page(look=look)
    page.get_by_role("heading", name="林正衡律师，您好").wait_for()
    page.get_by_text("在线", exact=True).wait_for()
    look_at(page, f"portal-home-{look}")

    page.get_by_role("link", name="期限计算").first.click()
    look_at(page, f"portal-deadlines-{look}")
    page.get_by_label("哪一项期限").select_option("D11/civil")
    page.get_by_label(re.compile("事情发生的日期")).fill("2026-02-05")
    page.get_by_role("button", name="计算").click()
    page.get_by_text("2026年2月24日", exact=False).first.wait_for()
    look_at(page, f"portal-deadline-{look}")

    page.get_by_role("link", name="诉讼费计算").click()
    page.get_by_label("交什么费").select_option("property")
    page.get_by_role("button", name="计算").click()
    page.get_by_text("请填写金额", exact=False).wait_for()
    look_at(page, f"portal-fee-wrong-{look}")
    page.get_by_label("金额（元）").fill("1000000")
    page.get_by_role("button", name="计算").click()
    page.get_by_text("13,800.00 元").first.wait_for()
    look_at(page, f"portal-fee-{look}")

    page.get_by_role("link", name="查法院").click()
    page.get_by_label("法院名称、编码或代字").fill("朝阳")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name="北京市朝阳区人民法院").wait_for()
    look_at(page, f"portal-courts-{look}")
    page.get_by_role("link", name="北京市朝阳区人民法院").click()
    page.get_by_role("heading", name="请用其他方式办理").wait_for()
    look_at(page, f"portal-court-{look}")


@pytest.mark.parametrize("look", ["light", "dark", "elder"])
def test_an_idle_lawyer_is_asked_and_loses_nothing(
    open_page: Open, world: World, origin: str, look: str
) -> None:
    page = open_page("/portal/fees", look=look)
    page.get_by_label("金额（元）").fill("20000")
    world.clock.step(minutes=28, seconds=30)
    come_back(page)
    page.get_by_role("dialog", name="您还在吗？").wait_for()
    page.get_by_text(re.compile(r"\d+ 秒后将自动退出")).wait_for()
    look_at(page, f"portal-idle-{look}")
    page.keyboard.press("Enter")  # the one button has the focus
    page.get_by_role("dialog").wait_for(state="hidden")
    world.clock.step(minutes=20)
    come_back(page)
    page.wait_for_timeout(500)
    assert not page.get_by_role("dialog").is_visible(), "it was prolonged"

    world.clock.step(minutes=11)
    come_back(page)
    page.get_by_role("dialog", name="登录已到期").wait_for()
    look_at(page, f"portal-over-{look}")
    page.get_by_role("button", name="回到本页").click()
    assert page.get_by_label("金额（元）").input_value() == "20000"
    post_late(page, "/portal/sign-out")
    page.get_by_role("heading", name="登录已到期，内容还没有提交").wait_for()
    look_at(page, f"portal-kept-{look}")
    page.get_by_text("查看已填写的内容").click()
    page.get_by_role("listitem").get_by_text("原告主张的事实").wait_for()
    for path, name in (("/portal/signed-out", "signed-out"), ("/portal/callback", "unknown")):
        page.goto(origin + path)
        look_at(page, f"portal-{name}-{look}")


def come_back(page: Page) -> None:
    """As when the window is looked at again."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def post_late(page: Page, path: str) -> None:
    """Send a form with content, as those of other pages have it."""
    page.evaluate(
        """path => {
          const form = document.createElement('form');
          Object.assign(form, {method: 'post', action: path});
          const text = Object.assign(document.createElement('textarea'),
            {name: 'facts', value: '原告主张的事实'});
          form.append(text);
          document.body.append(form);
          form.submit();
        }""",
        path,
    )


def test_by_keyboard_and_on_a_narrow_screen(open_page: Open) -> None:
    page = open_page()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip button"
    page.keyboard.press("Enter")
    for name in ("我的案件", "期限计算"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == name
    page.keyboard.press("Enter")
    page.wait_for_url("**/portal/deadlines")
    page.set_viewport_size({"width": 390, "height": 844})
    look_at(page, "portal-narrow-deadlines")
    assert page.evaluate(WIDE), "nothing lies beside the screen"
    page.get_by_role("button", name="退出").click()
    page.get_by_role("heading", name="已退出登录").wait_for()
    page.go_back()
    page.get_by_text("请用“律证”小程序扫码").wait_for()
