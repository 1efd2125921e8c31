"""办案工具 on the phone: deadlines, fees and courts, in light, dark and elder mode."""

from __future__ import annotations

import pytest

from miniprogram_mock.client.phone import Person
from tests.browser.actors import Lawyer, bind_in_hall
from tests.browser.conftest import Launch, phone_context, watched
from tests.browser.inspect import look_at
from tests.browser.stack import Stack


@pytest.mark.parametrize("look", ["light", "dark", "elder"])
def test_a_lawyer_counts_computes_and_looks_up(
    launch: Launch, stack: Stack, person: Person, look: str
) -> None:
    browser, camera = launch("phone")
    page = watched(phone_context(browser, dark=look == "dark").new_page())
    bind_in_hall(Lawyer(page, camera, stack.origin), person, elder=look == "elder")
    page.get_by_text("我的", exact=True).click()
    page.get_by_role("button", name="办案工具").click()
    page.get_by_role("button", name="期限计算").wait_for()
    look_at(page, f"phone-tools-{look}")

    page.get_by_role("button", name="期限计算").click()
    page.get_by_text("自收到起诉状副本起").first.wait_for()
    look_at(page, f"phone-deadlines-{look}")
    page.get_by_text("提出答辩状").first.click()
    page.get_by_label("事情发生的日期").fill("20260205")
    page.get_by_role("button", name="计算", exact=True).click()
    page.get_by_text("2026年2月24日", exact=False).first.wait_for()
    look_at(page, f"phone-deadline-{look}")
    page.go_back()
    page.go_back()

    page.get_by_role("button", name="诉讼费计算").click()
    page.get_by_label("金额（元）").fill("1000000")
    page.get_by_role("button", name="计算", exact=True).click()
    page.get_by_text("13,800.00 元").first.wait_for()
    look_at(page, f"phone-fee-{look}")
    page.go_back()

    page.get_by_role("button", name="查法院").click()
    page.get_by_label("法院名称、地区或代字").fill("京0105")
    page.get_by_role("button", name="查找").click()
    page.get_by_text("北京市朝阳区人民法院").click()
    page.get_by_text("上一级法院").wait_for()
    page.get_by_role("heading", name="请用其他方式办理").wait_for()
    look_at(page, f"phone-court-{look}")
