"""投诉、建议与评价 on the phone, in light, dark and elder mode."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from miniprogram_mock.client.phone import Person
from tests.browser.actors import Lawyer, bind_in_hall
from tests.browser.conftest import Launch, phone_context, watched
from tests.browser.inspect import look_at
from tests.browser.stack import Stack


@pytest.mark.parametrize("look", ["light", "dark", "elder"])
def test_a_lawyer_complains_suggests_and_rates(
    launch: Launch, stack: Stack, person: Person, look: str
) -> None:
    browser, camera = launch("phone")
    page = watched(phone_context(browser, dark=look == "dark").new_page())
    bind_in_hall(Lawyer(page, camera, stack.origin), person, elder=look == "elder")
    page.get_by_text("我的", exact=True).click()
    page.get_by_role("button", name="投诉、建议与评价").click()
    page.get_by_text("正在读取…").wait_for(state="hidden")
    look_at(page, f"phone-complaints-{look}")
    _complain(page, look)
    _suggest(page, look)
    _rate(page, look)


def _complain(page: Page, look: str) -> None:
    page.get_by_role("button", name="我要投诉").click()
    page.get_by_role("button", name="提交投诉").click()
    page.get_by_text("请选择投诉什么", exact=True).wait_for()
    look_at(page, f"phone-complain-missing-{look}")
    page.get_by_role("radio", name="服务态度").click()
    page.get_by_label("被投诉的法院").fill("京0105")
    page.get_by_role("button", name="查找法院").click()
    page.get_by_role("button", name="北京市朝阳区人民法院").click()
    page.get_by_label("经过和要求").fill("11月24日上午在立案窗口被要求重复排队，请说明原因。")
    look_at(page, f"phone-complain-{look}")
    page.get_by_role("button", name="提交投诉").click()
    page.get_by_text("投诉已受理，编号").wait_for()
    look_at(page, f"phone-complaint-{look}")
    page.go_back()
    page.get_by_text("已受理，等待法院交办").first.wait_for()
    look_at(page, f"phone-complaints-one-{look}")


def _suggest(page: Page, look: str) -> None:
    page.get_by_role("button", name="提建议").click()
    page.get_by_role("radio", name="适老化与无障碍").click()
    page.get_by_label("建议", exact=True).fill("期限列表的字希望再大一些。")
    page.get_by_role("button", name="提交建议").click()
    page.get_by_text("建议已收到，编号").wait_for()
    look_at(page, f"phone-suggest-{look}")
    page.go_back()


def _rate(page: Page, look: str) -> None:
    page.get_by_role("button", name="对系统的评价").click()
    for name in ("容易上手", "稳定可靠", "解决问题"):
        page.get_by_role("radio", name=f"{name} 4 分").click()
    page.get_by_role("button", name=re.compile("^(提交|修改)评价$")).click()
    page.get_by_text("评价已提交").wait_for()
    look_at(page, f"phone-rating-{look}")
