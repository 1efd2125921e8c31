"""Looking at faces 人脸: measuring one frame, and comparing two people's pictures.

The values hold measurements, never pixels: a frame's image can be dropped as soon as it has been
observed, except for the few that the liveness rules ask to keep for the comparison.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from app.errors import AppError

MAX_SIDE = 1280  # pixels; a JPEG whose header says more is refused before it is decoded

Rgb = tuple[float, float, float]


class ImageRefused(AppError):
    """The bytes are not a complete JPEG, or its sides exceed `MAX_SIDE` pixels."""

    code: ClassVar[str] = "face.image_refused"


class ReferenceUnusable(AppError):
    """The reference picture (the register's photo 登记照片) has no face, or one too small."""

    code: ClassVar[str] = "face.reference_unusable"


@dataclass(frozen=True, kw_only=True)
class FaceMeasures:
    """What one face in one frame measures.

    box: x, y, width, height in pixels. Angles in degrees; yaw is positive when the person turns
    to their own left (the image is not mirrored), pitch positive when the chin goes up.
    `eye_openness` is the eye-aspect ratio of the mesh (about 0.3 open, 0.1 shut); `blink` and
    `jaw_open` are blendshapes 0…1; `presence` the landmark net's own certainty 0…1.
    `brightness` is the mean of the face's luma 0…255, `sharpness` the Laplacian's deviation on a
    face scaled to 128 pixels. `skin` and `background` are mean R, G, B (0…255) for the
    colour-flash check. `landmarks` is base64 of 468 little-endian int16 pairs in sixteenths of a
    pixel.
    """

    box: tuple[float, float, float, float]
    presence: float
    yaw: float
    pitch: float
    eye_openness: float
    blink: float
    jaw_open: float
    brightness: float
    sharpness: float
    skin: Rgb
    background: Rgb
    landmarks: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class FrameObservation:
    """One analysed frame; `face` is the largest of `faces`, None when there is none.

    `sha256` (hex) names the JPEG bytes. `fingerprint` (hex, 128 bits) are signs of the image's
    finest detail on a grid: sensor noise flips some of them in any two real frames.
    """

    sha256: str
    width: int
    height: int
    faces: int
    fingerprint: str
    face: FaceMeasures | None

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values; `from_json` is the way back."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> FrameObservation:
        """Read what `to_json` wrote."""
        measures = value["face"]
        return cls(**{**value, "face": None if measures is None else _measures(measures)})


def _measures(value: Mapping[str, Any]) -> FaceMeasures:
    vectors = {name: tuple(value[name]) for name in ("box", "skin", "background")}
    return FaceMeasures(**{**value, **vectors})


class Decision(StrEnum):
    """The verdict of a comparison 比对: the same person, not certain, another person."""

    ACCEPT = "accept"
    REVIEW = "review"
    REJECT = "reject"


@dataclass(frozen=True, kw_only=True)
class MatchResult:
    """How alike the reference and the probes are.

    `score` is the median over the probes of the fused score s; s ≥ 0 accepts. `scores`,
    `distances` (face_recognition, smaller is nearer) and `cosines` (SFace, larger is nearer) have
    one entry per usable probe; an engine that is switched off has an empty tuple. `floors_met`
    tells whether both engines stay within their own limits. `unusable` counts probes without a
    face.
    """

    decision: Decision
    score: float
    scores: tuple[float, ...]
    distances: tuple[float, ...]
    cosines: tuple[float, ...]
    floors_met: bool
    unusable: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values, fit to be kept with the decision."""
        return {**asdict(self), "decision": self.decision.value}


class FaceEngine(Protocol):
    """The eyes: CPU-bound, one instance per worker thread, never shared between threads."""

    @property
    def models(self) -> Mapping[str, str]:
        """Name of each weight file in use → its SHA-256 (hex), kept with every decision."""
        ...

    def observe(self, *, jpeg: bytes) -> FrameObservation:
        """Measure one frame; raises `ImageRefused`."""
        ...

    def compare(self, *, reference: bytes, probes: Sequence[bytes]) -> MatchResult:
        """Compare JPEGs of one person's face with the reference JPEG.

        Raises `ImageRefused` for bytes that are no picture and `ReferenceUnusable` for a
        reference without a usable face. Without any usable probe the decision is reject.
        """
        ...
