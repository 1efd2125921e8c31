"""A head that turns, blinks, opens its mouth and reflects colours, as JPEG frames.

`Head.render` draws one pose; `Performer` chooses the pose that answers a step of the phone's
Liveness (活体检测). What it makes are injected frames, the known limit of liveness without device
attestation (docs/liveness.md): it runs outside production only.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np

from miniprogram_mock.rig import expressions
from miniprogram_mock.rig.model import HEIGHT, WIDTH, Image, Model, Plane, load

Colour = tuple[int, int, int]  # R, G, B

REFLECTED = 0.13  # the skin's share of a full screen's light, of its own brightness
NOISE = 2.2  # deviation, grey levels
QUALITY = 88
STEPS = 5  # of the fixed-point search
FRAME_MS = 100

REACTION_MS = 650
TURN_DEGREES = 30.0
AGAIN_MS = 4_500  # whoever is still asked does it once more


@dataclass(frozen=True, kw_only=True)
class HeadPose:
    """Degrees (yaw positive to the person's own left), lids and jaw 0…1, shifts in pixels."""

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    blink: float = 0.0
    jaw: float = 0.0
    x: float = 0.0
    y: float = 0.0
    scale: float = 1.0


class Head:
    """Draws poses of the one photo (about 30 ms a frame)."""

    def __init__(self, model: Model | None = None) -> None:
        cv2.setNumThreads(1)
        self.model = model or load()
        noise = np.random.default_rng(1).normal(0, NOISE, (HEIGHT + 64, WIDTH + 64, 3))
        self._noise = noise.astype(np.int16)
        xs, ys = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
        self._grid = np.dstack([xs, ys]).astype(np.float32)

    def render(self, pose: HeadPose, *, tint: Colour = (0, 0, 0), seed: int = 0) -> bytes:
        """Return a JPEG of 640 × 480; `tint` is the colour the screen shows."""
        return encode(self.pixels(pose, tint=tint, seed=seed))

    def pixels(self, pose: HeadPose, *, tint: Colour = (0, 0, 0), seed: int = 0) -> Image:
        """Return the frame before it is compressed."""
        still = self._turned(self._placed(pose), pose=pose)
        offset, mouth = self._expression(pose)
        source = still.copy()
        source[:, :, 1] += _look(offset, still)
        frame = _look(self.model.base, source)
        soft = np.asarray(cv2.GaussianBlur(mouth, (0, 0), 1.2), dtype=np.float32)
        inside = _look(soft, still)[:, :, None]
        frame = frame * (1 - inside) + np.array([28, 20, 52], np.float32) * inside
        skin = _look(self.model.skin, still)[:, :, None]
        light = np.array(tint[::-1], np.float32) / 255 * REFLECTED
        frame *= 1 + skin * light
        dy, dx = (int(value) for value in np.random.default_rng(seed).integers(0, 64, 2))
        frame += self._noise[dy : dy + HEIGHT, dx : dx + WIDTH]
        return np.asarray(np.clip(frame, 0, 255), dtype=np.uint8)

    def _placed(self, pose: HeadPose) -> Plane:
        """Undo the shift, roll and scale of the whole picture: a hand that holds a phone."""
        centre = (self.model.centre[0] + pose.x, self.model.centre[1] + pose.y)
        back = cv2.getRotationMatrix2D(centre, -pose.roll, 1 / pose.scale)
        back[:, 2] -= np.array([pose.x, pose.y])
        return np.asarray(cv2.transform(self._grid, back), dtype=np.float32)

    def _turned(self, placed: Plane, *, pose: HeadPose) -> Plane:
        """Find by fixed-point search which pixel of the unturned head comes to each place."""
        half = (WIDTH // 2, HEIGHT // 2)
        small = np.asarray(cv2.resize(placed, half, interpolation=cv2.INTER_AREA), np.float32)
        shift = self._rotation(pose)
        found = small
        for _ in range(STEPS):
            found = small - _look(shift, found)
        moved = cv2.resize(found - small, (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)
        return np.asarray(placed + moved, dtype=np.float32)

    def _rotation(self, pose: HeadPose) -> Plane:
        """How far each pixel of the unturned head moves: a turn about the axis of the ears."""
        yaw, pitch = np.radians(pose.yaw), np.radians(pose.pitch)
        x = self._grid[:, :, 0] - self.model.centre[0]
        y = self._grid[:, :, 1] - self.model.centre[1]
        depth = self.model.depth
        dx = x * (np.cos(yaw) - 1) + depth * np.sin(yaw)
        dy = y * (np.cos(pitch) - 1) - depth * np.sin(pitch)
        weight = self.model.weight
        return np.dstack([dx * weight, dy * weight]).astype(np.float32)

    def _expression(self, pose: HeadPose) -> tuple[Plane, Plane]:
        lids = expressions.blink(self.model.points, amount=pose.blink)
        jaw, mouth = expressions.jaw(self.model.points, amount=pose.jaw)
        return lids + jaw, mouth


def encode(frame: Image, *, quality: int = QUALITY) -> bytes:
    """Return the frame as JPEG."""
    return cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def _look(plane: Image | Plane, where: Plane) -> Plane:
    """Read a plane at fractional places; whatever its type, the answer is float32."""
    xs, ys = where[:, :, 0], where[:, :, 1]
    seen = cv2.remap(plane, xs, ys, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, dtype=np.float32)


class Performer:
    """Answers the phone's steps with a moving head."""

    def __init__(self, head: Head | None = None) -> None:
        self._head = head or Head()
        self._count = itertools.count()

    def frame(self, *, liveness: Mapping[str, Any] | None, elapsed_ms: int) -> bytes:
        """Return the JPEG `elapsed_ms` after the present step of `liveness` was shown."""
        number = next(self._count)
        step = (liveness or {}).get("step")
        answer = pose(step, elapsed_ms=elapsed_ms)
        moving = sway(answer, at_ms=number * FRAME_MS)
        return self._head.render(moving, tint=tint(step, elapsed_ms=elapsed_ms), seed=number)


def pose(step: Mapping[str, Any] | None, *, elapsed_ms: int) -> HeadPose:
    """Return what a willing person does this long after the prompt; then they rest."""
    kind, t = (step or {}).get("kind"), elapsed_ms % AGAIN_MS - REACTION_MS
    if kind == "turn_left":
        return HeadPose(yaw=TURN_DEGREES * _swing(t, out=700, hold=300))
    if kind == "turn_right":
        return HeadPose(yaw=-TURN_DEGREES * _swing(t, out=700, hold=300))
    if kind == "open_mouth":
        return HeadPose(jaw=_swing(t, out=350, hold=400))
    if kind == "blink":
        often = int((step or {}).get("count", 1))
        return HeadPose(blink=max(_swing(t - 900 * i, out=90, hold=300) for i in range(often)))
    return HeadPose()


def tint(step: Mapping[str, Any] | None, *, elapsed_ms: int) -> Colour:
    """Return the colour the phone's screen shows now; black outside the flash."""
    colours = (step or {}).get("colours") or ()
    index = elapsed_ms // max(int((step or {}).get("colour_ms") or 1), 1)
    if not 0 <= index < len(colours):
        return (0, 0, 0)
    value = int(str(colours[index]).removeprefix("#"), 16)
    return (value >> 16 & 255, value >> 8 & 255, value & 255)


def sway(answer: HeadPose, *, at_ms: int) -> HeadPose:
    """Add what no living person can help: the small movements of head and hand."""
    t = at_ms / 1000
    return replace(
        answer,
        yaw=answer.yaw + 1.2 * float(np.sin(1.3 * t) + 0.5 * np.sin(3.1 * t)),
        pitch=answer.pitch + 0.9 * float(np.sin(0.9 * t + 1)),
        roll=answer.roll + 0.7 * float(np.sin(0.7 * t + 2)),
        x=answer.x + 2.5 * float(np.sin(0.8 * t)) + 0.6 * float(np.sin(7 * t)),
        y=answer.y + 2.0 * float(np.sin(1.1 * t + 0.5)) + 0.5 * float(np.sin(8.3 * t)),
        scale=answer.scale * (1 + 0.01 * float(np.sin(0.6 * t))),
    )


def _swing(t: float, *, out: float, hold: float) -> float:
    """0 → 1 over `out` ms, held, and back; smooth at both ends."""
    up = min(t / out, 1.0, (2 * out + hold - t) / out)
    return float((1 - np.cos(np.pi * max(up, 0.0))) / 2)
