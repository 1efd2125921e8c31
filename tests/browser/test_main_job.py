"""The main job in two real browsers: a lawyer's phone and a court's kiosk, cameras and all."""

from __future__ import annotations

from miniprogram_mock.client.console import Console
from miniprogram_mock.client.phone import Person
from miniprogram_mock.rig.head import Performer
from tests.browser.actors import Guard, Lawyer, next_code
from tests.browser.inspect import look_at
from tests.browser.stack import Stack


def test_a_lawyer_binds_presents_and_is_verified_online_and_off(
    lawyer: Lawyer, guard: Guard, console: Console, person: Person, stack: Stack
) -> None:
    lawyer.sign_in()
    lawyer.page.get_by_role("button", name="绑定律师执业证").click()
    lawyer.fill_in(person)
    lawyer.agree_and_go_to_face_check()
    ended = lawyer.pass_face_check(Performer())
    assert ended == "passed", (lawyer.story, lawyer.page.inner_text("body"))
    lawyer.page.get_by_role("button", name="去亮证").click()
    lawyer.page.locator(".plate").wait_for()
    lawyer.page.wait_for_timeout(500)

    guard.enrol(console.kiosk_code())
    kind, took = guard.scan(lawyer.code_picture())
    assert kind == "accepted", guard.words()
    assert person.name in guard.words()
    assert took < 5
    look_at(guard.page, "kiosk-accepted-light")

    next_code(lawyer)
    console.set_status(person.licence_no, "suspended")
    kind, _ = guard.scan(lawyer.code_picture())
    assert kind == "refused", guard.words()
    assert "停止执业" in guard.words()
    look_at(guard.page, "kiosk-suspended-light")

    console.set_status(person.licence_no, "practising")
    guard.page.wait_for_timeout(1500)
    stack.stop()
    next_code(lawyer)
    kind, _ = guard.scan(lawyer.code_picture(), patience=15)
    assert kind == "accepted", guard.words()
    assert person.name in guard.words()
    assert "离线" in guard.page.inner_text("body")
    look_at(guard.page, "kiosk-offline-light")
