"""Every page in light, dark and elder mode: kept as a picture, and nothing for axe to find."""

from __future__ import annotations

import re

import pytest
import requests
from playwright.sync_api import Page

from miniprogram_mock.client.console import Console
from miniprogram_mock.client.kiosk import Kiosk
from miniprogram_mock.client.phone import Person, Phone
from miniprogram_mock.client.transport import HttpTransport
from tests.browser.actors import Guard, Lawyer
from tests.browser.conftest import Launch, desk_context, phone_context, watched
from tests.browser.inspect import codes_in, look_at
from tests.browser.stack import Stack

LOOKS = ("light", "dark", "elder")
PROBLEM = "/problems/credential.replayed"


@pytest.mark.parametrize("look", LOOKS)
def test_the_phone(launch: Launch, stack: Stack, person: Person, look: str) -> None:
    browser, camera = launch("phone")
    page = watched(phone_context(browser, dark=look == "dark").new_page())
    lawyer = Lawyer(page, camera, stack.origin)
    page.goto(f"{stack.origin}/mp/")
    page.get_by_role("button", name="微信登录").wait_for()
    if look == "elder":
        page.get_by_role("button", name="切换到长辈版（大字）").click()
    look_at(page, f"phone-home-{look}")
    page.get_by_role("button", name="关于与隐私").click()
    look_at(page, f"phone-about-{look}")
    page.go_back()
    page.get_by_role("button", name="微信登录").click()
    page.get_by_role("button", name="绑定律师执业证").click()
    page.get_by_text("单独同意处理我的人脸信息").wait_for()
    look_at(page, f"phone-bind-{look}")
    lawyer.fill_in(person)
    lawyer.agree_and_go_to_face_check()
    page.get_by_role("button", name="打开摄像头，开始核验").wait_for()
    look_at(page, f"phone-face-{look}")
    _verify_in_hall(page, stack, look=look)
    _walk_through_tabs(page, look=look)


def _verify_in_hall(page: Page, stack: Stack, *, look: str) -> None:
    """Take the way without the face, to its end."""
    page.get_by_role("button", name=re.compile("换一种方式")).click()
    page.locator(".hall__code").wait_for()
    look_at(page, f"phone-hall-{look}")
    code = re.sub(r"\D", "", page.locator(".hall__code").inner_text())
    officer = Console(stack.origin)
    officer.sign_in("hall", "hall-demo-2026")
    officer.confirm_in_hall(code)
    page.get_by_role("button", name="已核验，查看结果").click()
    page.locator(".plate").wait_for()


def _walk_through_tabs(page: Page, *, look: str) -> None:
    for name, prefix in (("标准码", "LVZ1:"), ("简码", "LVZ2:"), ("数字码", "LVZ3:")):
        page.get_by_role("radio", name=name).click()
        page.wait_for_timeout(700)
        page.evaluate("window.scrollTo(0, 0)")  # else the bar is drawn across the code
        look_at(page, f"phone-show-{prefix[:4]}-{look}")
        seen = codes_in(page.screenshot(full_page=True))
        assert [text[:5] for text in seen] == [prefix], (look, name, seen)
    page.get_by_text("记录", exact=True).last.click()
    page.wait_for_timeout(500)
    look_at(page, f"phone-records-{look}")
    page.get_by_text("我的", exact=True).last.click()
    page.get_by_role("button", name=re.compile("通知")).wait_for()
    look_at(page, f"phone-mine-{look}")
    page.get_by_role("button", name=re.compile("通知")).click()
    page.wait_for_timeout(500)
    look_at(page, f"phone-notices-{look}")


@pytest.mark.parametrize("look", LOOKS)
def test_the_kiosk(launch: Launch, stack: Stack, console: Console, look: str) -> None:
    browser, camera = launch("kiosk", width=1280, height=720)
    context = desk_context(browser, dark=look == "dark")
    page = watched(context.new_page())
    page.goto(f"{stack.origin}/kiosk/")
    page.locator("#enrol-form").wait_for()
    look_at(page, f"kiosk-enrol-{look}")
    Guard(page, camera, stack.origin).enrol(console.kiosk_code())
    if look == "elder":
        page.locator("#open-settings").click()
        page.locator("#set-elder").check()
        page.locator("#settings [data-close]").click()
    look_at(page, f"kiosk-scan-{look}")
    for button, dialog in (("open-typing", "typing"), ("open-history", "history")):
        page.locator(f"#{button}").click()
        look_at(page, f"kiosk-{dialog}-{look}")
        page.locator(f"#{dialog} [data-close]").click()
    page.locator("#open-settings").click()
    look_at(page, f"kiosk-settings-{look}")
    page.locator("#settings [data-close]").click()
    page.locator("#open-typing").click()
    page.locator("#typing-text").fill("LVZ1:NOTACODE")
    page.locator("#typing-form button[type=submit]").click()
    page.locator("#verdict").wait_for()
    look_at(page, f"kiosk-refused-{look}")


@pytest.mark.parametrize("look", LOOKS)
def test_the_start_page_and_the_console(
    launch: Launch, stack: Stack, console: Console, look: str
) -> None:
    browser, _ = launch("desk")
    context = desk_context(browser, dark=look == "dark")
    if look == "elder":
        context.add_cookies([{"name": "lvz_ui", "value": "elder", "url": stack.origin}])
    page = watched(context.new_page())
    for path, name in (("/", "start"), ("/console/sign-in", "sign-in"), (PROBLEM, "problem")):
        page.goto(stack.origin + path)
        look_at(page, f"desk-{name}-{look}")
    _sign_in(page, stack)
    for path, name in (
        ("/console/hall", "hall"),
        ("/console/kiosks", "kiosks"),
        ("/console/registry", "registry"),
    ):
        page.goto(stack.origin + path)
        look_at(page, f"desk-{name}-{look}")
    kiosk = Kiosk(HttpTransport(stack.origin)).enrol(console.kiosk_code())
    page.goto(f"{stack.origin}/console/kiosks")
    page.get_by_role("link", name=re.compile("终端码")).first.click()
    look_at(page, f"desk-placard-{look}")
    (code,) = codes_in(page.screenshot(full_page=True))
    assert code == f"LVZK:{kiosk['audiences'][1]}::1"


def _sign_in(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.origin}/console/sign-in")
    page.get_by_label("账号").fill("bureau")
    page.get_by_label("密码").fill("bureau-demo-2026")
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/console/kiosks")


def test_the_officers_desk_shows_the_applicant(
    launch: Launch, stack: Stack, person: Person
) -> None:
    login = f"{stack.origin}/mp/wechat/login"
    phone = Phone(
        HttpTransport(stack.origin),
        wx_login=lambda: requests.post(login, json={"user": "desk"}, timeout=5).json()["code"],
    )
    phone.sign_in()
    code = phone.apply(person, way="officer")["hall_code"]
    browser, _ = launch("desk")
    page = watched(desk_context(browser).new_page())
    _sign_in(page, stack)
    page.goto(f"{stack.origin}/console/hall?code={code}")
    assert person.name in page.inner_text("main")
    look_at(page, "desk-hall-applicant-light")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="确认并绑定手机").click()
    page.get_by_text("已确认").wait_for()
    assert phone.me()["state"] == "bound"
