"""What is not a living person before the camera fails, and says why."""

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
import pytest

from app.adapters.embedded.face import OpencvFaceEngine
from app.identity.rules.liveness_plan import COLOURS, Plan, Step, StepKind
from miniprogram_mock.rig.attackers import FlatPhoto, VideoReplay
from miniprogram_mock.rig.head import Head, Performer
from tests.face.harness import plan, run
from tests.face.performer_gif import GifPerformer, gif_frames
from tests.shared_data import shared

GIF = ("data", "faces", "video", "webcam_live_and_spoofs.gif")
PHOTOS = ("data", "faces", "faces_credited")


def turning(seed: int) -> Plan:
    """A plan that asks for a turn first, so that the flat-picture test is the one that answers."""
    drawn = plan(seed)
    first = Step(kind=StepKind.TURN_LEFT if seed % 2 else StepKind.TURN_RIGHT)
    return Plan(
        steps=(drawn.steps[0], first, *drawn.steps[2:]),
        second_flash=drawn.second_flash,
        extra=drawn.extra,
    )


def wire(steps: tuple[Step, ...]) -> list[dict[str, Any]]:
    return [
        {
            "kind": step.kind.value,
            "count": step.count,
            "colours": [COLOURS[letter] for letter in step.colours],
            "colour_ms": 400,
        }
        for step in steps
    ]


def real_photo(name: str) -> np.ndarray:
    """A real portrait on a sheet of 4 : 3."""
    picture = cv2.imread(str(shared(*PHOTOS, name)))
    height = 480
    portrait = cv2.resize(picture, (round(height * picture.shape[1] / picture.shape[0]), height))
    sheet = np.full((480, 640, 3), 190, np.uint8)
    left = (640 - portrait.shape[1]) // 2
    sheet[:, left : left + portrait.shape[1]] = portrait
    return sheet


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("name", ["astronaut", "sunak_impostor_2.jpg", "ardern_person_b_1.jpg"])
def test_a_printed_photo_that_is_tilted_is_called_flat(
    engine: OpencvFaceEngine, head: Head, name: str, seed: int
) -> None:
    picture = head.model.base if name == "astronaut" else real_photo(name)
    photo = FlatPhoto(picture)
    session = run(
        actor=lambda seen, elapsed, _: photo.frame(liveness=seen, elapsed_ms=elapsed),
        engine=engine,
        registry=cv2.imencode(".jpg", picture)[1].tobytes(),
        seed=seed,
        steps=turning(seed),
    )
    assert session.verdict.code == "liveness.flat_face"


@pytest.mark.parametrize("seed", [0, 2])
def test_a_printed_photo_fails_whatever_is_asked(
    engine: OpencvFaceEngine, head: Head, registry: bytes, seed: int
) -> None:
    photo = FlatPhoto(head.model.base)
    session = run(
        actor=lambda seen, elapsed, _: photo.frame(liveness=seen, elapsed_ms=elapsed),
        engine=engine,
        registry=registry,
        seed=seed,
    )
    assert not session.verdict.passed


@pytest.mark.parametrize("seed", [0])
def test_a_video_that_answers_another_plan_fails(
    engine: OpencvFaceEngine, performer: Performer, registry: bytes, seed: int
) -> None:
    video = VideoReplay.of(performer, steps=wire(plan(seed + 100).steps))
    session = run(
        actor=lambda seen, elapsed, _: video.frame(liveness=seen, elapsed_ms=elapsed),
        engine=engine,
        registry=registry,
        seed=seed,
    )
    assert not session.verdict.passed


def test_a_video_with_the_right_actions_but_another_colour_code_fails(
    engine: OpencvFaceEngine, performer: Performer, registry: bytes
) -> None:
    """The strongest replay: somebody cues the recorded actions by hand."""
    recorded = wire(plan(100).steps)[-1]["colours"]

    def actor(seen: Mapping[str, Any], elapsed: int, _now: int) -> bytes:
        step = seen["step"]
        if step and step["kind"] == "flash":
            step = {**step, "colours": recorded}
        played = performer.frame(liveness={"step": step}, elapsed_ms=elapsed)
        return VideoReplay([played]).frame(liveness=seen, elapsed_ms=elapsed)

    session = run(actor=actor, engine=engine, registry=registry, seed=0)
    assert session.verdict.code == "liveness.flash_mismatch"


def test_a_real_video_of_another_session_fails(engine: OpencvFaceEngine) -> None:
    frames = gif_frames(shared(*GIF), count=13)
    video = VideoReplay([cv2.imencode(".jpg", frame)[1].tobytes() for frame in frames])
    session = run(
        actor=lambda seen, elapsed, _: video.frame(liveness=seen, elapsed_ms=elapsed),
        engine=engine,
        registry=cv2.imencode(".jpg", frames[9])[1].tobytes(),
        seed=1,
        steps=plan(1, actions=GifPerformer.actions),
    )
    assert session.verdict.code == "liveness.wrong_action"


def test_frames_that_repeat_are_a_replay(
    engine: OpencvFaceEngine, performer: Performer, registry: bytes
) -> None:
    frame = performer.frame(liveness=None, elapsed_ms=0)
    session = run(actor=lambda *_: frame, engine=engine, registry=registry, seed=0)
    assert session.verdict.code == "liveness.replayed_frames"


def test_a_still_picture_without_sensor_noise_is_a_replay(
    engine: OpencvFaceEngine, head: Head, registry: bytes
) -> None:
    """Each JPEG differs, in one corner; the rest is the same to the last bit."""

    def actor(_seen: object, _elapsed: int, now: int) -> bytes:
        still = head.model.base.copy()
        still[:8, :8] = now // 100 % 251
        return cv2.imencode(".jpg", still)[1].tobytes()

    session = run(actor=actor, engine=engine, registry=registry, seed=0)
    assert session.verdict.code == "liveness.replayed_frames"


def test_another_person_who_takes_over_is_noticed(
    engine: OpencvFaceEngine, performer: Performer, registry: bytes
) -> None:
    real = GifPerformer(shared(*GIF), engine=engine)

    def actor(seen: Mapping[str, Any], elapsed: int, _now: int) -> bytes:
        step = seen["step"]
        other = step is not None and step["no"] in (2, 3)
        chosen = real if other else performer
        return chosen.frame(liveness=seen, elapsed_ms=elapsed)

    session = run(
        actor=actor,
        engine=engine,
        registry=registry,
        seed=3,
        steps=plan(3, actions=GifPerformer.actions),
    )
    assert session.verdict.code in ("liveness.person_changed", "liveness.wrong_action")
