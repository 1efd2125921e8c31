"""The demo head answers every kind of plan, and is drawn fast enough for a phone."""

import cv2
import numpy as np
import pytest

from app.adapters.embedded.face import OpencvFaceEngine
from app.ports.face import FaceMeasures, Rgb
from miniprogram_mock.rig.head import Head, HeadPose, Performer
from tests.face.harness import plan, run

# Together these plans ask for all four actions, two blinks, both turns in a row.
SEEDS = [0, 2]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_head_passes_liveness_and_matches_its_photo(
    engine: OpencvFaceEngine, performer: Performer, registry: bytes, seed: int
) -> None:
    session = run(
        actor=lambda seen, elapsed, _: performer.frame(liveness=seen, elapsed_ms=elapsed),
        engine=engine,
        registry=registry,
        seed=seed,
    )
    assert session.verdict.code == "liveness.passed", (session.verdict, session.hints)
    assert session.verdict.next == "done"


def test_the_plans_above_cover_all_actions() -> None:
    kinds = {step.kind.value for seed in SEEDS for step in plan(seed).steps}
    assert kinds == {"front", "turn_left", "turn_right", "blink", "open_mouth", "flash"}


def test_a_pose_is_seen_as_it_was_drawn(engine: OpencvFaceEngine, head: Head) -> None:
    def look(pose: HeadPose) -> FaceMeasures:
        return engine.observe(jpeg=head.render(pose)).face

    rest = look(HeadPose())
    assert 18 < look(HeadPose(yaw=30)).yaw - rest.yaw < 40
    assert -40 < look(HeadPose(yaw=-30)).yaw - rest.yaw < -18
    assert look(HeadPose(blink=1)).eye_openness < 0.5 * rest.eye_openness
    assert look(HeadPose(jaw=1)).jaw_open > rest.jaw_open + 0.25
    lit = look_tinted(engine, head, (255, 0, 0))
    assert lit[0] / sum(lit) > rest.skin[0] / sum(rest.skin) + 0.015


def look_tinted(engine: OpencvFaceEngine, head: Head, colour: tuple[int, int, int]) -> Rgb:
    return engine.observe(jpeg=head.render(HeadPose(), tint=colour)).face.skin


def test_a_frame_is_what_the_phone_may_send(head: Head) -> None:
    jpeg = head.render(HeadPose(yaw=-15), seed=3)
    assert len(jpeg) <= 80_000
    assert cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR).shape == (480, 640, 3)
