"""Real people on real cameras: what the thresholds were measured on, and whole sessions."""

import cv2
import numpy as np
import pytest

from app.adapters.embedded.face import OpencvFaceEngine
from app.identity.rules.liveness_plan import Plan, Step, StepKind
from app.identity.rules.liveness_pose import flat_residual
from app.ports.face import Decision, FrameObservation
from tests.face.harness import plan, run
from tests.face.performer_gif import GifPerformer, gif_frames, jpeg
from tests.shared_data import shared

GIF = ("data", "faces", "video", "webcam_live_and_spoofs.gif")
CLIP = ("data", "faces", "video", "short_hamilton_clip.mp4")


@pytest.fixture(scope="module")
def observed(engine: OpencvFaceEngine) -> list[FrameObservation]:
    frames = gif_frames(shared(*GIF))
    return [engine.observe(jpeg=jpeg(frame)) for frame in frames]


@pytest.fixture(scope="module")
def real(engine: OpencvFaceEngine) -> GifPerformer:
    return GifPerformer(shared(*GIF), engine=engine)


def test_a_real_head_that_turns_is_seen_with_its_side(observed: list[FrameObservation]) -> None:
    rest = observed[9].face
    for index in (4, 5):
        assert observed[index].face.yaw - rest.yaw < -20  # the person's right: the image's left
    for index in (6, 7):
        assert observed[index].face.yaw - rest.yaw > 20
    for index in (4, 5, 6, 7):
        assert flat_residual(rest.landmarks, observed[index].face.landmarks)[0] > 0.05


def test_a_real_blink_of_one_frame_is_seen(observed: list[FrameObservation]) -> None:
    openness = [observed[index].face.eye_openness for index in (8, 9, 10, 11, 12)]
    base = np.median(openness)
    assert openness[3] < 0.65 * base
    assert min(openness[0], openness[1], openness[2], openness[4]) > 0.8 * base


def test_a_covered_mouth_is_uncertain(observed: list[FrameObservation]) -> None:
    covered = [observed[index].face.presence for index in range(13, 24)]
    assert sum(value < 0.9 for value in covered) >= 9
    assert all(observed[index].face.presence > 0.9 for index in range(13))


def test_a_photo_or_phone_beside_the_live_face_is_a_second_face(
    observed: list[FrameObservation],
) -> None:
    crowded = [observed[index].faces > 1 for index in range(53, 62)]
    assert all(crowded)


@pytest.mark.parametrize("seed", [0, 1])
def test_a_real_moving_face_passes_a_whole_session(
    engine: OpencvFaceEngine, real: GifPerformer, seed: int
) -> None:
    session = run(
        actor=lambda seen, elapsed, _: real.frame(liveness=seen, elapsed_ms=elapsed),
        engine=engine,
        registry=real.registry_photo(),
        seed=seed,
        steps=plan(seed, actions=GifPerformer.actions),
    )
    assert session.verdict.code == "liveness.passed", (session.verdict, session.hints)


def test_a_real_face_is_refused_against_another_persons_photo(
    engine: OpencvFaceEngine, real: GifPerformer, registry: bytes
) -> None:
    session = run(
        actor=lambda seen, elapsed, _: real.frame(liveness=seen, elapsed_ms=elapsed),
        engine=engine,
        registry=registry,
        seed=5,
        steps=plan(5, actions=GifPerformer.actions),
    )
    assert session.verdict.code == "liveness.face_mismatch"


def test_the_turn_of_a_filmed_actor_is_recognised(engine: OpencvFaceEngine) -> None:
    """Frames 145–211 look ahead and turn right; played back in reverse the head returns."""
    clip = _clip(range(145, 212, 3))
    frames = [*clip, *clip[::-1]]

    def actor(_seen: object, _elapsed: int, now: int) -> bytes:
        frame = frames[min(now // 100, len(frames) - 1)]
        noise = np.random.default_rng(now).normal(0, 1.5, frame.shape)
        return jpeg(np.clip(frame + noise, 0, 255).astype(np.uint8))

    steps = (Step(kind=StepKind.FRONT), Step(kind=StepKind.TURN_RIGHT))
    only_turn = Plan(steps=steps, second_flash=Step(kind=StepKind.FLASH, colours="RG"), extra=())
    session = run(actor=actor, engine=engine, registry=jpeg(clip[0]), seed=0, steps=only_turn)
    assert session.state.index == 2, session.hints
    assert session.state.planarity > 0.1
    assert session.verdict.scores["registry"]["decision"] == Decision.ACCEPT


def _clip(wanted: range) -> list[np.ndarray]:
    """Frames of the clip around its one face, enlarged to 640 × 480."""
    video = cv2.VideoCapture(str(shared(*CLIP)))
    frames = []
    for number in range(wanted.stop):
        ok, frame = video.read()
        assert ok
        if number in wanted:
            frames.append(cv2.resize(frame[0:288, 60:444], (640, 480)))
    return frames
