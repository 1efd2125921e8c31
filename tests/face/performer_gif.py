"""A real moving face as an actor: live frames of the webcam GIF, put in the order of the prompts.

Frames 0–12 of the GIF are live: 4 and 5 turn to the person's right, 6 and 7 to the left, in 11 the
eyes are shut for one frame. They are enlarged to 640 × 480, shifted by a fraction of a pixel and
given a little noise, as a second look by the same sensor would; the flash is a tint of the skin.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageSequence

from app.identity.rules.liveness_pose import unpack
from app.ports.face import FaceEngine
from miniprogram_mock.rig.head import tint
from miniprogram_mock.rig.model import OVAL

FRONT = (9, 10, 8, 3, 2, 0)
MOVES = {
    "turn_left": (6, 7, 7, 6),
    "turn_right": (4, 5, 5, 4),
    "blink": (10, 11, 11, 10, 9, 9),
}
REACTION, REFLECTED = 700, 0.13


def gif_frames(path: Path, *, count: int = 85) -> list[np.ndarray]:
    """The GIF's first frames as BGR, 640 × 480."""
    with Image.open(path) as gif:
        frames = itertools.islice(ImageSequence.Iterator(gif), count)
        return [_enlarged(np.array(frame.convert("RGB"))) for frame in frames]


def _enlarged(rgb: np.ndarray) -> np.ndarray:
    return cv2.resize(rgb[:, :, ::-1], (640, 480), interpolation=cv2.INTER_CUBIC)


def jpeg(frame: np.ndarray, *, quality: int = 88) -> bytes:
    return cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


class GifPerformer:
    """Answers turn_left, turn_right, blink and flash (no frame of the clip opens the mouth)."""

    actions = ("turn_left", "turn_right", "blink")

    def __init__(self, path: Path, *, engine: FaceEngine) -> None:
        self._frames = gif_frames(path, count=13)
        self._skin = [_skin(frame, engine=engine) for frame in self._frames]
        self._number = itertools.count()

    def registry_photo(self) -> bytes:
        """A real frame, cut and compressed differently, as the register's photo."""
        return jpeg(cv2.resize(self._frames[1][20:460, 130:530], (300, 330)), quality=80)

    def frame(self, *, liveness: Mapping[str, Any] | None, elapsed_ms: int) -> bytes:
        number = next(self._number)
        step = (liveness or {}).get("step") or {}
        index = _choose(step, elapsed=elapsed_ms, number=number)
        rng = np.random.default_rng(number)
        light = np.array(tint(step, elapsed_ms=elapsed_ms)[::-1]) / 255 * REFLECTED
        lit = self._frames[index] * (1 + self._skin[index][:, :, None] * light)
        shift = np.array([[1, 0, rng.uniform(-1.5, 1.5)], [0, 1, rng.uniform(-1.5, 1.5)]])
        moved = cv2.warpAffine(lit, shift, (640, 480), borderMode=cv2.BORDER_REPLICATE)
        noisy = moved + rng.normal(0, 2, moved.shape)
        return jpeg(np.clip(noisy, 0, 255).astype(np.uint8))


def _choose(step: Mapping[str, Any], *, elapsed: int, number: int) -> int:
    moves: Sequence[int] = MOVES.get(step.get("kind", ""), ()) * int(step.get("count", 1))
    place = (elapsed - REACTION) // 100
    if 0 <= place < len(moves):
        return moves[place]
    return FRONT[number // 3 % 2] if step.get("kind") == "flash" else FRONT[number // 2 % 6]


def _skin(frame: np.ndarray, *, engine: FaceEngine) -> np.ndarray:
    face = engine.observe(jpeg=jpeg(frame)).face
    assert face is not None
    outline = unpack(face.landmarks)[OVAL].round().astype(np.int32)
    mask = np.zeros(frame.shape[:2], np.float32)
    cv2.fillConvexPoly(mask, cv2.convexHull(outline), (1.0,))
    return cv2.GaussianBlur(mask, (0, 0), 5)
