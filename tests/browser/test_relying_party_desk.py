"""An operator registers a relying party in a real browser, in light, dark and elder mode."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Launch, desk_context, phone_context, watched
from tests.browser.inspect import look_at
from tests.browser.stack import Stack
from tests.http.test_relying_party_desk import png, public_jwks
from tests.oidc.actors import USCC

HOME = "/console/relying-parties"
CALLBACK = "https://court.example.cn/oidc/callback"


@pytest.mark.parametrize("look", ["light", "dark", "elder"])
def test_an_operator_registers_and_suspends_a_relying_party(
    launch: Launch, stack: Stack, tmp_path: Path, look: str
) -> None:
    page = _at_desk(launch, stack, look=look)
    page.get_by_role("link", name="依赖方", exact=True).click()
    look_at(page, f"desk-parties-{look}")
    page.get_by_role("link", name="登记依赖方").click()
    page.get_by_label("单位全称").fill("北京市朝阳区人民法院")
    page.get_by_label("统一社会信用代码").fill("11110105MB0000000X")
    _fill_in_high_tier(page, tmp_path)
    look_at(page, f"desk-party-form-{look}")
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_role("alert").wait_for()
    look_at(page, f"desk-party-form-wrong-{look}")
    assert page.get_by_role("textbox", name="回调地址").input_value() == CALLBACK

    page.get_by_role("alert").get_by_role("link", name=re.compile("统一社会信用代码有误")).click()
    page.keyboard.press("Control+A")
    page.keyboard.type(USCC)
    page.get_by_role("radio", name="密钥，放在请求头").check()
    page.get_by_role("radio", name="普通级").check()
    for name in ("执业证号", "登记照片", "查阅案卷"):
        page.get_by_role("checkbox", name=name, exact=True).and_(
            page.locator("[name=attributes], [name=acts]")
        ).uncheck()
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_role("heading", name="登记完成").wait_for()
    look_at(page, f"desk-party-made-{look}")
    _copy_secret(page)
    page.get_by_role("link", name=re.compile("已保存密钥")).click()
    look_at(page, f"desk-party-{look}")
    _suspend(page, look=look)


def _fill_in_high_tier(page: Page, folder: Path) -> None:
    logo = folder / "logo.png"
    logo.write_bytes(png(64))
    page.get_by_label("网站域名").fill("court.example.cn")
    page.get_by_label("标志").set_input_files(logo)
    page.get_by_role("radio", name="高安全级").check()
    for name in ("执业证号", "登记照片"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("checkbox", name="网上立案").check()
    page.get_by_role("checkbox", name="查阅案卷").last.check()
    page.get_by_label("其他用途").fill("seal_use 调用电子签章")
    page.get_by_role("textbox", name="回调地址").fill(CALLBACK)
    page.get_by_label("公钥（JWKS 文本）").fill(public_jwks())


def _copy_secret(page: Page) -> None:
    """Copied where the browser allows it; marked for Ctrl+C where it does not."""
    secret = page.locator("#client-secret").inner_text()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="复制").last.click()
    expect(page.locator("#client-secret-copied")).to_have_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()") == secret
    page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject(new Error()))")
    page.get_by_role("button", name="复制").last.click()
    expect(page.locator("#client-secret-copied")).to_contain_text("请按 Ctrl+C")
    assert page.evaluate("String(getSelection())").strip() == secret


def _suspend(page: Page, *, look: str) -> None:
    page.get_by_role("link", name="停用").click()
    look_at(page, f"desk-party-suspend-{look}")
    page.get_by_label("原因").fill("多名律师举报不是本人发起")
    page.keyboard.press("Enter")
    page.get_by_role("status").filter(has_text="已停用").wait_for()
    look_at(page, f"desk-party-suspended-{look}")
    page.get_by_role("link", name="依赖方", exact=True).click()
    look_at(page, f"desk-parties-some-{look}")


def test_a_phone_is_wide_enough(launch: Launch, stack: Stack) -> None:
    browser, _ = launch("phone")
    page = watched(phone_context(browser).new_page())
    _sign_in(page, stack)
    page.goto(f"{stack.origin}{HOME}/new")
    _looks_right_on_a_phone(page, "party-form")
    page.get_by_label("单位全称").fill("北京某某律师服务平台有限责任公司")
    page.get_by_label("统一社会信用代码").fill(USCC)
    page.get_by_label("网站域名").fill("platform.example.cn")
    page.get_by_role("textbox", name="回调地址").fill(CALLBACK)
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_role("heading", name="登记完成").wait_for()
    _looks_right_on_a_phone(page, "party-made")
    page.get_by_role("link", name=re.compile("已保存密钥")).click()
    page.get_by_role("heading", name="操作记录").wait_for()
    _looks_right_on_a_phone(page, "party")
    page.get_by_role("link", name="依赖方", exact=True).click()
    page.get_by_role("link", name="登记依赖方").wait_for()
    _looks_right_on_a_phone(page, "parties")


def _looks_right_on_a_phone(page: Page, name: str) -> None:
    look_at(page, f"phone-{name}-light")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name


def _at_desk(launch: Launch, stack: Stack, *, look: str) -> Page:
    browser, _ = launch("desk")
    context = desk_context(browser, dark=look == "dark")
    if look == "elder":
        context.add_cookies([{"name": "lvz_ui", "value": "elder", "url": stack.origin}])
    page = watched(context.new_page())
    _sign_in(page, stack)
    return page


def _sign_in(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.origin}/console/sign-in")
    page.get_by_label("账号").fill("bureau")
    page.get_by_label("密码").fill("bureau-demo-2026")
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/console/kiosks")
