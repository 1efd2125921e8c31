"""律师服务平台 in two real browsers: the phone opens the PC's session; then the PC is worked on."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from miniprogram_mock.client.phone import Person
from tests.browser.actors import Lawyer, bind_in_hall, hold_before
from tests.browser.conftest import Launch, desk_context, phone_context, watched
from tests.browser.inspect import look_at
from tests.browser.stack import Stack


def signed_in(
    launch: Launch, stack: Stack, person: Person, *, look: str, path: str = "/portal/"
) -> tuple[Page, Page]:
    """A PC that the lawyer's phone signed in by scanning: (phone, desk)."""
    phone_browser, camera = launch("phone", width=1280, height=720)
    phone = watched(phone_context(phone_browser, dark=look == "dark").new_page())
    bind_in_hall(Lawyer(phone, camera, stack.origin), person, elder=look == "elder")
    desk_browser, _ = launch("desk")
    context = desk_context(desk_browser, dark=look == "dark")
    if look == "elder":
        context.add_cookies([{"name": "lvz_ui", "value": "elder", "url": stack.origin}])
    desk = watched(context.new_page())
    desk.goto(stack.origin + path)
    desk.locator("svg.login-code path").wait_for(state="attached")
    look_at(desk, f"portal-scan-{look}")
    phone.get_by_role("button", name="扫一扫").first.click()
    hold_before(camera, desk, until=phone)
    assert "律证·律师服务平台" in phone.inner_text("body")
    look_at(phone, f"phone-portal-consent-{look}")
    phone.get_by_role("button", name="同意", exact=True).click()
    phone.get_by_text("已同意").wait_for()
    desk.wait_for_url(f"**{path}")
    return phone, desk


@pytest.mark.parametrize("look", ["light", "dark", "elder"])
def test_a_lawyer_works_on_a_pc(  # noqa: PLR0915 - one story from end to end
    launch: Launch, stack: Stack, person: Person, look: str
) -> None:
    phone, desk = signed_in(launch, stack, person, look=look)
    desk.get_by_role("heading", name=f"{person.name}律师，您好").wait_for()
    desk.get_by_text("在线", exact=True).wait_for()
    look_at(desk, f"portal-home-{look}")

    desk.get_by_role("link", name="期限计算").first.click()
    look_at(desk, f"portal-deadlines-{look}")
    desk.get_by_label("哪一项期限").select_option("D11/civil")
    desk.get_by_label(re.compile("事情发生的日期")).fill("2026-02-05")
    desk.get_by_role("button", name="计算").click()
    desk.get_by_text("2026年2月24日", exact=False).first.wait_for()
    look_at(desk, f"portal-deadline-{look}")

    desk.get_by_role("link", name="诉讼费计算").click()
    desk.get_by_label("交什么费").select_option("property")
    desk.get_by_role("button", name="计算").click()
    desk.get_by_text("请填写金额").wait_for()
    look_at(desk, f"portal-fee-wrong-{look}")
    desk.get_by_label("金额（元）").fill("1000000")
    desk.get_by_role("button", name="计算").click()
    desk.get_by_text("13,800.00 元").first.wait_for()
    look_at(desk, f"portal-fee-{look}")

    desk.get_by_role("link", name="查法院").click()
    desk.get_by_label("法院名称、编码或代字").fill("朝阳")
    look_at(desk, f"portal-courts-{look}")
    desk.get_by_role("button", name="查找").click()
    desk.get_by_role("link", name="北京市朝阳区人民法院").click()
    desk.get_by_role("heading", name="请用其他方式办理").wait_for()
    look_at(desk, f"portal-court-{look}")

    end_on_the_phone(phone)
    desk.get_by_role("link", name="首页", exact=True).click()
    desk.locator("svg.login-code path").wait_for(state="attached")
    desk.get_by_role("button", name="取消登录").click()
    desk.get_by_role("button", name=re.compile("返回")).click()
    desk.get_by_role("heading", name="没有登录").wait_for()
    look_at(desk, f"portal-declined-{look}")


def end_on_the_phone(phone: Page) -> None:
    """Withdraw 撤回 the newest grant under 我的授权与确认."""
    phone.get_by_role("button", name="我的授权与确认").click()
    phone.get_by_role("button", name=re.compile("律师服务平台")).first.click()
    phone.get_by_role("button", name="撤回授权").click()
    phone.get_by_role("button", name="撤回", exact=True).click()
    phone.locator(".grant-mark", has_text="您已撤回").wait_for()


@pytest.mark.parametrize("look", ["light", "dark", "elder"])
def test_an_idle_lawyer_is_asked_and_loses_nothing(
    launch: Launch, stack: Stack, person: Person, look: str
) -> None:
    """What the server says of the time that is left stands in for the half hour itself."""
    phone, desk = signed_in(launch, stack, person, look=look, path="/portal/fees")
    desk.get_by_label("金额（元）").fill("20000")
    left = {"left_s": 90, "prolongable": True, "warn_s": 120}
    desk.route(
        "**/portal/session",
        lambda route: route.fulfill(json=left) if route.request.method == "GET"
        else route.continue_(),
    )  # fmt: skip
    come_back(desk)
    desk.get_by_role("dialog", name="您还在吗？").wait_for()
    desk.get_by_text(re.compile(r"\d+ 秒后将自动退出")).wait_for()
    look_at(desk, f"portal-idle-{look}")
    desk.unroute("**/portal/session")
    desk.keyboard.press("Enter")  # the one button has the focus
    desk.get_by_role("dialog").wait_for(state="hidden")

    end_on_the_phone(phone)
    come_back(desk)
    desk.get_by_role("dialog", name="登录已到期").wait_for()
    look_at(desk, f"portal-over-{look}")
    desk.get_by_role("button", name="回到本页").click()
    assert desk.get_by_label("金额（元）").input_value() == "20000"
    desk.get_by_role("button", name="退出").click()
    desk.get_by_role("heading", name="登录已到期，内容还没有提交").wait_for()
    look_at(desk, f"portal-kept-{look}")
    desk.goto(f"{stack.origin}/portal/signed-out")
    look_at(desk, f"portal-signed-out-{look}")


def come_back(desk: Page) -> None:
    """As when the window is looked at again."""
    desk.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_the_portal_by_keyboard_and_on_a_narrow_screen(
    launch: Launch, stack: Stack, person: Person
) -> None:
    _, desk = signed_in(launch, stack, person, look="light")
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.className") == "skip button"
    desk.keyboard.press("Enter")
    assert desk.evaluate("document.activeElement.id") == "content"
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.textContent") == "期限计算"
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/portal/deadlines")
    desk.set_viewport_size({"width": 390, "height": 844})
    look_at(desk, "portal-narrow-deadlines")
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert desk.evaluate(wide), "nothing lies beside the screen"
    desk.get_by_role("button", name="退出").click()
    desk.get_by_role("heading", name="您已退出").wait_for()
    desk.go_back()
    desk.locator("svg.login-code path").wait_for(state="attached")
