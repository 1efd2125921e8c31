"""律师服务平台 in two real browsers: the phone's camera opens the PC's session, and ends it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from miniprogram_mock.client.phone import Person
from tests.browser.actors import Lawyer, bind_in_hall, hold_before
from tests.browser.conftest import Launch, desk_context, phone_context, watched
from tests.browser.inspect import look_at
from tests.browser.stack import Stack


@pytest.mark.parametrize("look", ["light", "dark", "elder"])
def test_a_lawyer_scans_works_and_withdraws(
    launch: Launch, stack: Stack, person: Person, look: str
) -> None:
    phone_browser, camera = launch("phone", width=1280, height=720)
    phone = watched(phone_context(phone_browser, dark=look == "dark").new_page())
    bind_in_hall(Lawyer(phone, camera, stack.origin), person, elder=look == "elder")
    desk = at_a_desk(launch, stack, look=look)
    look_at(desk, f"portal-scan-{look}")
    phone.get_by_role("button", name="扫一扫").first.click()
    hold_before(camera, desk, until=phone)
    assert "律证·律师服务平台" in phone.inner_text("body")
    look_at(phone, f"phone-portal-consent-{look}")
    phone.get_by_role("button", name="同意", exact=True).click()
    phone.get_by_text("已同意").wait_for()
    desk.wait_for_url("**/portal/fees")
    assert person.name in desk.inner_text("header")
    desk.get_by_label("交什么费").select_option("property")
    desk.get_by_label("金额（元）").fill("1000000")
    desk.get_by_role("button", name="计算").click()
    desk.get_by_text("13,800.00 元").first.wait_for()

    withdraw(phone)
    desk.get_by_role("link", name="首页", exact=True).click()
    desk.locator("svg.login-code path").wait_for(state="attached")
    desk.get_by_role("button", name="取消登录").click()
    desk.get_by_role("button", name=re.compile("返回")).click()
    desk.get_by_role("heading", name="没有登录").wait_for()
    look_at(desk, f"portal-declined-{look}")


def at_a_desk(launch: Launch, stack: Stack, *, look: str) -> Page:
    """A PC that wanted to compute a fee, and shows the code to be scanned."""
    browser, _ = launch("desk")
    context = desk_context(browser, dark=look == "dark")
    if look == "elder":
        context.add_cookies([{"name": "lvz_ui", "value": "elder", "url": stack.origin}])
    desk = watched(context.new_page())
    desk.goto(f"{stack.origin}/portal/fees")
    desk.locator("svg.login-code path").wait_for(state="attached")
    return desk


def withdraw(phone: Page) -> None:
    """Withdraw 撤回 the newest grant under 我的授权与确认."""
    phone.get_by_role("button", name="我的授权与确认").click()
    phone.get_by_role("button", name=re.compile("律师服务平台")).first.click()
    phone.get_by_role("button", name="撤回授权").click()
    phone.get_by_role("button", name="撤回", exact=True).click()
    phone.locator(".grant-mark", has_text="您已撤回").wait_for()
