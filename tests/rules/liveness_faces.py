"""Faces made of numbers: measurements for the rules without a picture or a network."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from app.identity.rules import liveness as rules
from app.identity.rules.liveness_plan import Plan, Step, StepKind
from app.identity.rules.liveness_pose import pack
from app.ports.face import FaceMeasures, FrameObservation
from tests.shared_data import REPO

CLOCK = 1_700_000_000_000
_numbers = itertools.count()
_head = np.array(
    json.loads((REPO / "miniprogram_mock/rig/landmarks.json").read_text("utf-8"))["points"]
)[:468]


def mesh(*, yaw: float = 0.0, mouth: float = 0.0, flat: bool = False, seed: int = 0) -> str:
    """The demo head's points, turned; `flat` turns a picture of them instead."""
    centre = _head.mean(axis=0)
    points = _head - centre
    points[:, 2] *= 0 if flat else 1.5
    angle = np.radians(yaw)
    x = points[:, 0] * np.cos(angle) - points[:, 2] * np.sin(angle)
    plane = np.column_stack([x, points[:, 1]]) * 2 + [320, 240]
    plane[14, 1] += mouth * 60
    plane += np.random.default_rng(seed).normal(0, 0.3, plane.shape)
    return pack(plane)


REST = FaceMeasures(
    box=(240.0, 130.0, 165.0, 205.0),
    presence=1.0,
    yaw=0.0,
    pitch=-12.0,
    eye_openness=0.31,
    blink=0.05,
    jaw_open=0.02,
    brightness=120.0,
    sharpness=15.0,
    skin=(200.0, 160.0, 140.0),
    background=(150.0, 150.0, 150.0),
    landmarks="",
)


def look(*, flat: bool = False, faces: int = 1, **changes: Any) -> FrameObservation:
    """One observation; `yaw`, `jaw_open` and `landmarks` agree unless given."""
    number = next(_numbers)
    face = replace(REST, **changes)
    if not face.landmarks:
        drawn = mesh(yaw=face.yaw, mouth=face.jaw_open - 0.02, flat=flat, seed=number)
        face = replace(face, landmarks=drawn)
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    return FrameObservation(
        sha256=digest,
        width=640,
        height=480,
        faces=faces,
        fingerprint=digest[:32],
        face=face if faces else None,
    )


class Film:
    """Feeds observations to the rules, ten a second, with a server 150 ms away."""

    def __init__(self, *steps: Step, plan: Plan | None = None) -> None:
        only = Plan(steps=(Step(kind=StepKind.FRONT), *steps), second_flash=FLASH, extra=())
        self.state = rules.start(plan=plan or only, at=CLOCK)
        self.t = 0

    def show(self, *seen: FrameObservation, shown: int = -1) -> Film:
        """Deliver observations one by one."""
        for one in seen:
            self.t += 100
            self.deliver([rules.Frame(t=self.t, shown=shown, seen=one)])
        return self

    def deliver(self, frames: Iterable[rules.Frame]) -> None:
        taken = list(frames)
        received = CLOCK + self.t + 50
        before = rules.State.from_json(json.loads(json.dumps(self.state.to_json())))
        assert before == self.state
        self.state = rules.advance(before, frames=taken, received_at=received, at=received + 100)

    def rest(self, count: int = 10) -> Film:
        return self.show(*(look() for _ in range(count)))

    @property
    def done(self) -> bool:
        return self.state.phase is rules.Phase.DECIDING


FLASH = Step(kind=StepKind.FLASH, colours="RGBWRKGB")
LEFT, RIGHT = Step(kind=StepKind.TURN_LEFT), Step(kind=StepKind.TURN_RIGHT)
BLINK, MOUTH = Step(kind=StepKind.BLINK), Step(kind=StepKind.OPEN_MOUTH)
