"""Attacks on liveness through the phone's real page: a print and a recording are both refused."""

from __future__ import annotations

import pytest

from miniprogram_mock.client.phone import Person
from miniprogram_mock.rig.attackers import FlatPhoto, VideoReplay
from miniprogram_mock.rig.head import Performer
from miniprogram_mock.rig.model import photo
from tests.browser.actors import Lawyer
from tests.browser.actors import Performer as Actor

RECORDED = (
    {"kind": "front", "count": 1, "colours": [], "colour_ms": 0},
    {"kind": "turn_left", "count": 1, "colours": [], "colour_ms": 0},
    {"kind": "blink", "count": 2, "colours": [], "colour_ms": 0},
    {"kind": "turn_right", "count": 1, "colours": [], "colour_ms": 0},
    {"kind": "open_mouth", "count": 1, "colours": [], "colour_ms": 0},
)


@pytest.mark.parametrize("attack", ["print", "replay"])
def test_an_attack_fails_and_another_way_is_offered(
    lawyer: Lawyer, person: Person, attack: str
) -> None:
    actor: Actor = FlatPhoto(photo())
    if attack == "replay":
        actor = VideoReplay.of(Performer(), steps=RECORDED)
    lawyer.sign_in()
    lawyer.page.get_by_role("button", name="绑定律师执业证").click()
    lawyer.fill_in(person)
    lawyer.agree_and_go_to_face_check()
    assert lawyer.pass_face_check(actor) == "failed", lawyer.story
    body = lawyer.page.inner_text("body")
    assert "还可尝试 2 次" in body
    assert "到法院服务大厅人工核验" in body
