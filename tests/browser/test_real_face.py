"""A real person's moving face, filmed by a webcam, binds through the phone's page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.adapters.embedded.face import OpencvFaceEngine
from app.adapters.embedded.registry_demo import demo_records
from app.kernel.identifiers import identity_check_character
from miniprogram_mock.client.console import Console
from miniprogram_mock.client.phone import Person
from tests.browser.actors import Lawyer
from tests.browser.conftest import open_folder
from tests.browser.stack import Stack
from tests.face.performer_gif import GifPerformer
from tests.shared_data import shared

TESTER = Person(
    licence_no="11101201511912345",
    name="甄实人",
    identity_no="11000019900101001" + identity_check_character("11000019900101001"),
)


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """The clip never opens its mouth, so this product does not ask for it."""
    with open_folder() as folder:
        running = Stack(folder, LIVENESS_ACTIONS=",".join(GifPerformer.actions))
        yield running
        running.stop()


@pytest.fixture
def actor() -> GifPerformer:
    clip = shared("data", "faces", "video", "webcam_live_and_spoofs.gif")
    return GifPerformer(clip, engine=OpencvFaceEngine())


def test_a_real_face_passes_random_steps_and_another_persons_licence_does_not_open(
    actor: GifPerformer, lawyer: Lawyer, console: Console, person: Person
) -> None:
    console.add_lawyer(
        photo=actor.registry_photo(),
        firm_name="北京演示衡平律师事务所",
        firm_uscc=_uscc(),
        category="full_time",
        **vars(TESTER),
    )
    lawyer.sign_in()
    lawyer.page.get_by_role("button", name="绑定律师执业证").click()
    lawyer.fill_in(person)
    lawyer.agree_and_go_to_face_check()
    assert _tried_until_seen(lawyer, actor) == "failed", lawyer.story
    assert "与登记照片不是同一人" in lawyer.page.inner_text("body"), lawyer.story

    lawyer.page.goto(f"{lawyer.page.url.partition('/mp/')[0]}/mp/")
    lawyer.page.get_by_role("button", name="放弃本次绑定").click()
    lawyer.page.get_by_role("button", name="放弃", exact=True).click()
    lawyer.page.get_by_role("button", name="绑定律师执业证").click()
    lawyer.fill_in(TESTER)
    lawyer.agree_and_go_to_face_check()
    assert _tried_until_seen(lawyer, actor) == "passed", lawyer.story


def _tried_until_seen(lawyer: Lawyer, actor: GifPerformer) -> str:
    """Pass the check; try again as a lawyer would when a movement was missed."""
    ended = lawyer.pass_face_check(actor)
    again = lawyer.page.get_by_role("button", name="再试一次")
    while "没有看到要求的动作" in lawyer.page.inner_text("body") and again.is_visible():
        again.click()
        ended = lawyer.pass_face_check(actor)
    return ended


def _uscc() -> str:
    return demo_records(photo=b"")[0].firm_uscc
