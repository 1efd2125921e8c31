"""绿色通道 in two real browsers: a lawyer's phone and a court's gate, with network and without."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from miniprogram_mock.client.console import Console
from miniprogram_mock.client.phone import Person
from tests.browser.actors import Guard, Lawyer, bind_in_hall, next_code
from tests.browser.conftest import Launch, desk_context, open_folder, phone_context, watched
from tests.browser.inspect import look_at
from tests.browser.stack import Stack

CASE = "（2026）京0105民初123号"


class Officer(Guard):
    """Stands at a gate: every verdict has to be decided about."""

    def dismiss(self) -> None:
        """Nothing leaves the screen undecided."""
        assert not self.page.locator("#verdict").is_visible()

    def press(self, name: str) -> None:
        self.page.locator(f"#gate-{name}").click()

    def admit(self) -> None:
        self.press("admit")
        self.page.get_by_text("已登记：放行").wait_for()

    def refuse(self, reason: str, *, note: str = "") -> None:
        self.page.locator("#refusal-reasons").get_by_label(reason).check()
        self.page.locator("#refusal-note").fill(note)
        self.page.get_by_role("button", name="确认不予放行").click()


@pytest.fixture
def officer(launch: Launch, stack: Stack) -> Officer:
    browser, camera = launch("gate", width=1280, height=720)
    page = desk_context(browser).new_page()
    return Officer(watched(page), camera, stack.origin)


def tab(lawyer: Lawyer, name: str) -> None:
    """Touch a tab; pages in the background have bars of their own."""
    lawyer.page.get_by_text(name, exact=True).locator("visible=true").last.click()


def show_code(lawyer: Lawyer) -> None:
    """Go back to 亮证 and wait for a code that was not shown yet."""
    if not lawyer.page.locator(".plate").is_visible():
        tab(lawyer, "亮证")
    lawyer.page.locator(".plate").wait_for()
    next_code(lawyer)


def passed(lawyer: Lawyer, words: str) -> str:
    """What the lawyer reads under 通行, once it says so: entries come a moment later."""
    tab(lawyer, "记录")
    for _ in range(20):
        lawyer.page.get_by_role("radio", name="通行").click()
        lawyer.page.wait_for_timeout(800)
        body = lawyer.page.inner_text("body")
        if words in body:
            return body
    raise AssertionError(body)


def choose_hearing(lawyer: Lawyer) -> None:
    page = lawyer.page
    page.get_by_role("button", name=re.compile("通行用途")).click()
    page.get_by_role("radio", name="开庭").click()
    page.get_by_role("button", name="北京市朝阳区人民法院").click()
    page.get_by_label("开庭时间").fill("1430")
    page.get_by_label("案号或事由").fill(CASE)
    page.get_by_role("button", name="保存用途").click()
    page.get_by_text("已保存：今天，开庭 14:30").wait_for()


def test_let_in_refused_and_by_document(
    lawyer: Lawyer, officer: Officer, console: Console, person: Person
) -> None:
    bind_in_hall(lawyer, person)
    officer.enrol(console.kiosk_code(gate=True))
    choose_hearing(lawyer)
    look_at(lawyer.page, "phone-purpose-light")
    lawyer.page.get_by_role("button", name="返回亮证").click()
    expect(lawyer.page.get_by_role("button", name=re.compile("开庭 14:30"))).to_be_visible()
    _let_in(lawyer, officer, person)
    console.set_status(person.licence_no, "suspended")
    _refused(lawyer, officer)
    console.set_status(person.licence_no, "practising")
    _by_document(officer, person)
    passed(lawyer, "凭纸质执业证")
    tab(lawyer, "我的")
    lawyer.page.get_by_role("button", name=re.compile("通知")).click()
    lawyer.page.get_by_text("通行未获准许").first.wait_for()


def _let_in(lawyer: Lawyer, officer: Officer, person: Person) -> None:
    show_code(lawyer)
    look_at(lawyer.page, "phone-show-purpose-light")
    kind, _ = officer.scan(lawyer.code_picture())
    assert kind == "accepted", officer.words()
    officer.page.get_by_text(f"开庭 14:30 · {CASE}").wait_for()
    look_at(officer.page, "gate-accepted-light")
    officer.page.wait_for_timeout(6500)
    assert officer.page.locator("#verdict").is_visible(), "a gate's verdict never goes by itself"
    officer.page.reload()
    officer.page.locator("#verdict").wait_for()
    assert person.name in officer.words(), "and outlives a reload"
    officer.admit()
    assert CASE in passed(lawyer, "已放行")


def _refused(lawyer: Lawyer, officer: Officer) -> None:
    show_code(lawyer)
    kind, _ = officer.scan(lawyer.code_picture())
    assert kind == "refused", officer.words()
    look_at(officer.page, "gate-refused-light")
    assert not officer.page.locator("#gate-admit").is_visible()
    assert not officer.page.locator("#gate-again").is_visible(), "the status is no bad picture"
    officer.press("refuse")
    assert officer.page.get_by_label("律师执业状态异常").is_checked()
    officer.refuse("其他")
    officer.page.get_by_text("请写明原因").wait_for()
    look_at(officer.page, "gate-reason-light")
    officer.page.keyboard.press("Escape")
    assert officer.page.locator("#verdict").is_visible()
    officer.press("refuse")
    officer.refuse("律师执业状态异常", note="已告知本人")
    officer.page.locator("#verdict").wait_for(state="hidden")
    assert "不予放行" in passed(lawyer, "原因：律师执业状态异常，已告知本人")
    look_at(lawyer.page, "phone-passed-light")


def _by_document(officer: Officer, person: Person) -> None:
    page = officer.page
    page.locator("#open-document").click()
    page.locator("#document-form").get_by_role("button", name="放行", exact=True).click()
    page.get_by_text("请填写证件上的姓名").wait_for()
    page.locator("#document-name").fill(person.name)
    page.locator("#document-licence").fill(person.licence_no)
    page.locator("#document-name").focus()
    assert page.locator("#document-licence").input_value().count("*") == 8
    page.locator("#document-form").get_by_role("button", name="放行", exact=True).click()
    page.get_by_text("请勾选已核对的内容").wait_for()
    page.get_by_label("本人与证件照片相符").check()
    look_at(page, "gate-document-light")
    page.locator("#document-form").get_by_role("button", name="放行", exact=True).click()
    page.get_by_text("已登记：凭纸质执业证放行").wait_for()
    page.locator("#open-history").click()
    words = page.locator("#history-list").inner_text()
    assert person.licence_no not in words
    assert "不予放行：律师执业状态异常" in words
    look_at(page, "gate-history-light")
    page.locator("#history [data-close]").click()


def test_without_a_server_the_gate_lets_in_and_the_log_comes_later(
    launch: Launch, person: Person
) -> None:
    with open_folder() as folder:
        stack = Stack(folder)
        try:
            _through_an_outage(launch, stack, person)
        finally:
            stack.stop()


def _through_an_outage(launch: Launch, stack: Stack, person: Person) -> None:
    console = Console(stack.origin)
    console.sign_in("bureau", "bureau-demo-2026")
    browser, camera = launch("phone")
    lawyer = Lawyer(watched(phone_context(browser).new_page()), camera, stack.origin)
    gate, gate_camera = launch("gate", width=1280, height=720)
    officer = Officer(watched(desk_context(gate).new_page()), gate_camera, stack.origin)
    bind_in_hall(lawyer, person)
    officer.enrol(console.kiosk_code(gate=True))
    choose_hearing(lawyer)
    lawyer.page.get_by_role("button", name="返回亮证").click()
    officer.page.wait_for_timeout(2000)  # it fetches what it verifies with
    stack.stop()
    show_code(lawyer)
    kind, _ = officer.scan(lawyer.code_picture(), patience=15)
    assert kind == "accepted", officer.words()
    assert "一般通行" in officer.words(), "without a server a code is a general pass"
    look_at(officer.page, "gate-offline-light")
    officer.admit()
    stack.start()
    officer.page.get_by_text("已联网").wait_for(timeout=30_000)
    officer.page.wait_for_timeout(2500)
    body = passed(lawyer, "终端离线登记，事后上报")
    assert "开庭" in body, "the pass that stood then is written beside it"


@pytest.mark.parametrize("look", ["dark", "elder"])
def test_looks(launch: Launch, stack: Stack, console: Console, person: Person, look: str) -> None:
    browser, camera = launch("phone")
    page = watched(phone_context(browser, dark=look == "dark").new_page())
    lawyer = Lawyer(page, camera, stack.origin)
    bind_in_hall(lawyer, person, elder=look == "elder")
    gate, gate_camera = launch("gate", width=1280, height=720)
    desk = watched(desk_context(gate, dark=look == "dark").new_page())
    officer = Officer(desk, gate_camera, stack.origin)
    officer.enrol(console.kiosk_code(gate=True))
    if look == "elder":
        desk.locator("#open-settings").click()
        desk.locator("#set-elder").check()
        desk.locator("#settings [data-close]").click()
    look_at(desk, f"gate-scan-{look}")
    choose_hearing(lawyer)
    look_at(page, f"phone-purpose-{look}")
    page.get_by_role("button", name="返回亮证").click()
    show_code(lawyer)
    look_at(page, f"phone-show-purpose-{look}")
    kind, _ = officer.scan(lawyer.code_picture())
    assert kind == "accepted", officer.words()
    look_at(desk, f"gate-accepted-{look}")
    officer.press("refuse")
    look_at(desk, f"gate-reason-{look}")
    officer.refuse("安检未通过")
    passed(lawyer, "安检未通过")
    look_at(page, f"phone-passed-{look}")
    desk.locator("#open-document").click()
    look_at(desk, f"gate-document-{look}")
    _court_page(desk, stack, look=look)


def _court_page(page: Page, stack: Stack, *, look: str) -> None:
    if look == "elder":
        cookie = {"name": "lvz_ui", "value": "elder", "url": stack.origin}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.goto(f"{stack.origin}/console/sign-in")
    page.get_by_label("账号").fill("hall")
    page.get_by_label("密码").fill("hall-demo-2026")
    page.get_by_role("button", name="登录").click()
    page.goto(f"{stack.origin}/console/entries")
    page.get_by_text("安检未通过").first.wait_for()
    look_at(page, f"desk-entries-{look}")
