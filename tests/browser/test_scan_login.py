"""扫码登录 in two real browsers: the phone's camera looks at the page on the PC."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from miniprogram_mock.client.developer import Sandbox, authorize_url, redeem, sandbox_client
from miniprogram_mock.client.phone import Person
from tests.browser.actors import Lawyer, bind_in_hall, hold_before
from tests.browser.conftest import Launch, desk_context, phone_context, watched
from tests.browser.inspect import look_at
from tests.browser.stack import Stack

VERIFIER = "v" * 43


@pytest.fixture
def sandbox(stack: Stack, callback: str) -> Sandbox:
    return sandbox_client(stack.origin, name="测试法律服务平台", redirect_uri=callback)


@pytest.mark.parametrize("look", ["light", "dark", "elder"])
def test_a_lawyer_signs_in_on_a_pc_by_scanning(  # noqa: PLR0915 - one story from end to end
    launch: Launch, stack: Stack, person: Person, sandbox: Sandbox, callback: str, look: str
) -> None:
    phone_browser, camera = launch("phone", width=1280, height=720)
    phone = watched(phone_context(phone_browser, dark=look == "dark").new_page())
    lawyer = Lawyer(phone, camera, stack.origin)
    bind_in_hall(lawyer, person, elder=look == "elder")

    desk_browser, _ = launch("desk")
    context = desk_context(desk_browser, dark=look == "dark")
    if look == "elder":
        context.add_cookies([{"name": "lvz_ui", "value": "elder", "url": stack.origin}])
    desk = watched(context.new_page())
    desk.goto(authorize_url(stack.origin, sandbox, redirect_uri=callback, verifier=VERIFIER))
    desk.locator("svg.login-code path").wait_for(state="attached")
    look_at(desk, f"desk-login-waiting-{look}")

    phone.get_by_role("button", name="扫一扫").first.click()
    hold_before(camera, desk, until=phone)
    desk.get_by_text("已扫码，请在手机上确认").wait_for()
    look_at(phone, f"phone-consent-{look}")
    look_at(desk, f"desk-login-claimed-{look}")
    assert "测试法律服务平台" in phone.inner_text("body")
    phone.get_by_role("button", name="同意", exact=True).click()
    phone.get_by_text("已同意").wait_for()
    desk.wait_for_url(callback + "**")
    query = {k: v[0] for k, v in parse_qs(urlsplit(desk.url).query).items()}
    tokens = redeem(
        stack.origin, sandbox, code=query["code"], redirect_uri=callback, verifier=VERIFIER
    )
    facts = requests.get(
        f"{stack.origin}/oauth/userinfo",
        headers={"Authorization": f"Bearer {tokens['access_token']}"},
        timeout=5,
    ).json()
    assert facts["name"] == person.name
    phone.get_by_role("button", name="我的授权与确认").click()
    newest = phone.get_by_role("button", name=re.compile("测试法律服务平台")).first
    newest.wait_for()
    look_at(phone, f"phone-grants-{look}")
    newest.click()
    phone.get_by_role("button", name="复制回执全文").wait_for()
    look_at(phone, f"phone-grant-{look}")
    phone.get_by_role("button", name="撤回授权").click()
    phone.get_by_role("button", name="撤回", exact=True).click()
    phone.locator(".grant-mark", has_text="您已撤回").wait_for()


def test_a_cancel_on_the_pc_is_seen_on_the_phone(
    launch: Launch, stack: Stack, person: Person, sandbox: Sandbox, callback: str
) -> None:
    phone_browser, camera = launch("phone", width=1280, height=720)
    phone = watched(phone_context(phone_browser).new_page())
    bind_in_hall(Lawyer(phone, camera, stack.origin), person)
    desk_browser, _ = launch("desk")
    desk = watched(desk_context(desk_browser).new_page())
    desk.goto(authorize_url(stack.origin, sandbox, redirect_uri=callback, verifier=VERIFIER))
    desk.locator("svg.login-code path").wait_for(state="attached")
    phone.get_by_role("button", name="扫一扫").first.click()
    hold_before(camera, desk, until=phone)
    desk.get_by_role("button", name="取消登录").click()
    phone.get_by_text("对方已取消").wait_for(timeout=2500)
    look_at(phone, "phone-consent-cancelled-light")
    desk.get_by_role("button", name=re.compile("返回")).click()
    desk.wait_for_url(callback + "?error=access_denied**")
