"""立案 from the phone to the officer's desk and back, in light, dark and elder mode."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from miniprogram_mock.client.phone import Person
from tests import files
from tests.browser.actors import Lawyer, bind_in_hall
from tests.browser.conftest import Launch, desk_context, phone_context, watched
from tests.browser.inspect import look_at
from tests.browser.stack import Stack

MATERIALS = (
    "民事起诉状",
    "身份证明（营业执照或者身份证复印件）",
    "授权委托书",
    "律师事务所函",
    "证据",
)
FACTS = "双方于二零二五年三月签订买卖合同，原告交货后被告至今没有付款，多次催告无果。"
OFFICER = ("filing", "filing-demo-2026")


def next_step(page: Page, name: str) -> None:
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("heading", name=f"步　{name}").wait_for()


def fill_court(page: Page, cause: str) -> None:
    page.get_by_label("法院名称、地区或代字").fill("朝阳")
    page.get_by_role("button", name="查找法院").click()
    page.get_by_role("button", name="北京市朝阳区人民法院").click()
    page.get_by_role("radio", name=cause, exact=True).click()
    page.get_by_label("管辖依据").fill("被告住所地")
    page.get_by_text("已保存").wait_for()


def fill_parties(page: Page) -> None:
    first = page.locator(".card").filter(has=page.get_by_role("radiogroup", name="原告的类型"))
    first.get_by_role("radio", name="法人", exact=True).click()
    first.get_by_label("名称").fill("北京甲科技有限公司")
    first.get_by_label("统一社会信用代码").fill("91110000600037341L")
    first.get_by_label("法定代表人").fill("赵一")
    first.get_by_label("电话").fill("010-66550001")
    first.get_by_label("住所").fill("北京市朝阳区建国路1号")
    second = page.locator(".card").filter(has=page.get_by_role("radiogroup", name="被告的类型"))
    second.get_by_label("姓名").fill("王小乙")
    second.get_by_label("公民身份号码").fill("110105194912310021")
    second.get_by_label("住所").fill("北京市朝阳区团结湖2号")


def upload_materials(page: Page, paper: Path) -> None:
    for name in MATERIALS:
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name=f"上传：{name}", exact=True).click()
        chooser.value.set_files(str(paper))
        card = page.locator(".card").filter(has_text=f"{name}（必须）")
        card.get_by_text("已收存").wait_for(timeout=60_000)


def fill_agency(page: Page) -> None:
    page.get_by_role("radio", name="一般授权").click()
    page.get_by_label("收件人", exact=True).fill("林正衡")
    page.get_by_label("收件人电话").fill("13900000000")
    page.get_by_label("送达地址").fill("北京市朝阳区某某大厦10层")


def begin(page: Page, cause: str, look: str) -> None:
    """The first three steps; what is wrong is said beside its field."""
    page.get_by_text("我的", exact=True).click()
    page.get_by_role("button", name="立案", exact=True).click()
    page.get_by_role("button", name="新建立案").click()
    look_at(page, f"phone-filings-{look}")
    page.get_by_role("button", name="民事起诉").click()
    page.get_by_role("heading", name="第1步，共6步").wait_for()
    fill_court(page, cause)
    look_at(page, f"phone-filing-court-{look}")
    next_step(page, "当事人")
    fill_parties(page)
    next_step(page, "诉讼请求")
    page.get_by_role("button", name="上一步").click()
    page.get_by_text("公民身份号码不正确，请核对每一位。").wait_for()
    look_at(page, f"phone-filing-parties-{look}")
    second = page.locator(".card").filter(has=page.get_by_role("radiogroup", name="被告的类型"))
    second.get_by_label("公民身份号码").fill("11010519491231002X")
    next_step(page, "诉讼请求")
    page.get_by_label("第1项", exact=True).fill("请求判令被告支付货款100万元")
    page.get_by_label("标的额（元）").fill("1000000")
    page.get_by_text("已保存").wait_for()
    look_at(page, f"phone-filing-claims-{look}")


def go_on(page: Page, paper: Path, look: str) -> None:
    """After a reload what was typed is there; the lawyer goes on where something is missing."""
    page.reload()
    page.get_by_text("我的", exact=True).click()
    page.get_by_role("button", name="立案", exact=True).click()
    page.get_by_role("button", name="继续填写").first.click()
    page.get_by_role("heading", name="步　事实与理由").wait_for()
    page.get_by_label("事实与理由").fill(FACTS)
    next_step(page, "材料")
    upload_materials(page, paper)
    look_at(page, f"phone-filing-materials-{look}")
    next_step(page, "代理权限和送达地址")
    fill_agency(page)
    look_at(page, f"phone-filing-agency-{look}")
    page.get_by_role("button", name="核对全部内容").click()
    page.get_by_text("已填写完整").wait_for()
    look_at(page, f"phone-filing-summary-{look}")
    page.get_by_role("button", name="提交给法院").click()
    page.get_by_text("已提交，法院已收到。").wait_for()
    look_at(page, f"phone-filed-{look}")


def ask_to_correct(desk: Page, origin: str, cause: str, look: str) -> None:
    desk.goto(f"{origin}/console/sign-in")
    desk.get_by_label("账号").fill(OFFICER[0])
    desk.get_by_label("密码").fill(OFFICER[1])
    desk.get_by_role("button", name="登录").click()
    desk.get_by_role("link", name=re.compile("立案申请待审查")).click()
    look_at(desk, f"workbench-filings-{look}")
    desk.get_by_role("link", name=re.compile(cause)).first.click()
    look_at(desk, f"workbench-filing-{look}")
    desk.get_by_label("诉讼请求：诉讼请求不具体、不明确").check()
    desk.get_by_role("button", name="发出补正通知").click()
    desk.get_by_text("已发出补正通知").wait_for()


def correct(page: Page, look: str) -> None:
    page.go_back()
    page.get_by_role("button", name="去补正").first.click()
    page.get_by_text("诉讼请求不具体、不明确").first.wait_for()
    page.get_by_label("第1项", exact=True).fill("请求判令被告支付货款人民币1000000元")
    look_at(page, f"phone-correction-{look}")
    for name in ("事实与理由", "材料", "代理权限和送达地址"):
        next_step(page, name)
    page.get_by_role("button", name="核对全部内容").click()
    page.get_by_role("button", name="提交给法院").click()
    page.get_by_text("已提交，法院已收到。").wait_for()


def accept(desk: Page, look: str) -> str:
    """The officer registers the filing; return the number that the page says."""
    desk.reload()
    desk.get_by_role("button", name="登记立案，给出案号").click()
    said = desk.get_by_text("已登记立案").first.inner_text()
    number = re.search(r"（\d{4}）京0105民初\d+号", said)
    assert number is not None, said
    look_at(desk, f"workbench-accepted-{look}")
    return number[0]


def pay_and_look(page: Page, cause: str, number: str, look: str) -> None:
    page.go_back()
    page.get_by_role("button", name=re.compile(cause)).first.click()
    page.get_by_text(number).first.wait_for()
    look_at(page, f"phone-accepted-{look}")
    with page.expect_popup() as popup:
        page.get_by_role("button", name="去交费").click()
    cashier = watched(popup.value)
    look_at(cashier, f"cashier-{look}")
    cashier.get_by_role("button", name="支付").click()
    cashier.get_by_text("已支付，并已通知法院").wait_for()
    page.get_by_role("button", name="已交费，刷新").click()
    page.get_by_text("收据号").wait_for()
    page.get_by_role("button", name="查看案件").click()
    page.get_by_text("交纳受理费").first.wait_for()
    page.get_by_text("已交纳案件受理费13,800.00元").wait_for()
    look_at(page, f"phone-case-{look}")
    for _ in range(3):
        page.go_back()
    page.get_by_role("button", name="我的案件").click()
    page.get_by_text(number).wait_for()
    look_at(page, f"phone-cases-{look}")


@pytest.mark.parametrize("look", ["light", "dark", "elder"])
def test_a_lawyer_files_and_the_court_gives_a_number(
    launch: Launch, stack: Stack, person: Person, look: str, tmp_path: Path
) -> None:
    browser, camera = launch("phone")
    page = watched(phone_context(browser, dark=look == "dark").new_page())
    bind_in_hall(Lawyer(page, camera, stack.origin), person, elder=look == "elder")
    paper = tmp_path / "材料.pdf"
    paper.write_bytes(files.pdf(1))
    cause = {"light": "买卖合同纠纷", "dark": "民间借贷纠纷", "elder": "金融借款合同纠纷"}[look]
    begin(page, cause, look)
    go_on(page, paper, look)
    desk = watched(desk_context(browser, dark=look == "dark").new_page())
    ask_to_correct(desk, stack.origin, cause, look)
    correct(page, look)
    number = accept(desk, look)
    pay_and_look(page, cause, number, look)
