"""What must fail: a print held before the camera, and a recorded performance played to it.

Both have the same `frame` as `Performer`, so that tests and the demonstration can swap them in.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import cv2
import numpy as np

from miniprogram_mock.rig.head import (
    FRAME_MS,
    REACTION_MS,
    Performer,
    encode,
    tint,
)
from miniprogram_mock.rig.model import HEIGHT, WIDTH, Image

FOCAL = 1.5  # of the frame's width
TILT_DEGREES = 42.0
TILT_MS = 900
GLOSS = 0.05  # a print or a display reflects the screen evenly, face and background alike
NOISE = 2.0


class FlatPhoto:
    """A printed photo 打印照片: tilted, moved and bent the way the prompts ask."""

    def __init__(self, photo: Image) -> None:
        """`photo` is a picture (height, width, 3) that fills the frame when held straight."""
        self._photo = cv2.resize(photo, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
        self._count = itertools.count()

    def frame(self, *, liveness: Mapping[str, Any] | None, elapsed_ms: int) -> bytes:
        """Return the JPEG that a camera before the print would take."""
        number = next(self._count)
        step = (liveness or {}).get("step")
        kind = (step or {}).get("kind")
        swing = float(np.sin(np.pi * min(max((elapsed_ms - REACTION_MS) / TILT_MS, 0), 2)))
        side = {"turn_left": 1.0, "turn_right": -1.0}.get(str(kind), 0.0)
        nod = swing if kind in ("blink", "open_mouth") else 0.0
        t = number * FRAME_MS / 1000
        corners = _tilted(
            yaw=TILT_DEGREES * side * abs(swing) + 2 * float(np.sin(1.7 * t)),
            pitch=18 * nod + 1.5 * float(np.sin(1.1 * t)),
            x=3 * float(np.sin(0.9 * t)),
        )
        frame = cv2.warpPerspective(
            self._photo,
            cv2.getPerspectiveTransform(_CORNERS, corners),
            (WIDTH, HEIGHT),
            borderMode=cv2.BORDER_REPLICATE,
        )
        return _filmed(np.asarray(frame, np.uint8), step=step, elapsed_ms=elapsed_ms, seed=number)


class VideoReplay:
    """A recorded performance 录像 that answered another plan, played in a loop."""

    def __init__(self, frames: Sequence[bytes]) -> None:
        """`frames` are JPEGs of 640 × 480, one every `FRAME_MS`."""
        self._frames = frames
        self._count = itertools.count()

    @classmethod
    def of(cls, performer: Performer, *, steps: Sequence[Mapping[str, Any]]) -> VideoReplay:
        """Record a performance that answers these steps, each as the phone gets it."""
        frames: list[bytes] = []
        for step in steps:
            lasts = 3_600 if step["kind"] in ("flash", "blink") else 3_000
            frames += [
                performer.frame(liveness={"step": step}, elapsed_ms=at)
                for at in range(0, lasts, FRAME_MS)
            ]
        return cls(frames)

    def frame(self, *, liveness: Mapping[str, Any] | None, elapsed_ms: int) -> bytes:
        """Return the next frame of the recording, filmed again from a display."""
        number = next(self._count)
        buffer = np.frombuffer(self._frames[number % len(self._frames)], np.uint8)
        played = np.asarray(cv2.imdecode(buffer, cv2.IMREAD_COLOR), np.uint8)
        step = (liveness or {}).get("step")
        return _filmed(played, step=step, elapsed_ms=elapsed_ms, seed=number)


_CORNERS = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], np.float32)


def _tilted(*, yaw: float, pitch: float, x: float) -> Any:  # noqa: ANN401 - what OpenCV takes
    """Where the corners of a tilted sheet are seen, in perspective."""
    flat = np.column_stack([_CORNERS - [WIDTH / 2, HEIGHT / 2], np.zeros(4)])
    a, b = np.radians(yaw), np.radians(pitch)
    turn = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    nod = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    seen = flat @ (nod @ turn).T
    far = FOCAL * WIDTH
    plane = far * seen[:, :2] / (seen[:, 2:] + far) + [WIDTH / 2 + x, HEIGHT / 2]
    return plane.astype(np.float32)


def _filmed(picture: Image, *, step: Mapping[str, Any] | None, elapsed_ms: int, seed: int) -> bytes:
    """Add the phone's light on the whole sheet and the noise of the sensor that films it."""
    light = np.array(tint(step, elapsed_ms=elapsed_ms)[::-1], np.float32) / 255 * GLOSS
    noise = np.random.default_rng(seed).normal(0, NOISE, picture.shape)
    return encode(np.clip(picture * (1 + light) + noise, 0, 255).astype(np.uint8))
