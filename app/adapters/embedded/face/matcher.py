"""Comparing two faces: face_recognition (dlib) and OpenCV SFace, fused.

s = ((0.50 − d) + (cos − 0.42)) / 0.2 with the floors d ≤ 0.65 and cos ≥ 0.30; s ≥ 0 is the same
person, −0.5 ≤ s < 0 is not certain. With one engine switched off, its own threshold decides.
Measurements: docs/liveness.md.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from types import ModuleType

import cv2
import numpy as np
import numpy.typing as npt
from PIL import ImageFile

from app.adapters.embedded.face.detector import Found
from app.adapters.embedded.face.image import Image
from app.adapters.embedded.face.weights import DLIB_FIVE_POINTS, DLIB_RESNET, SFACE
from app.ports.face import Decision, MatchResult

Vector = npt.NDArray[np.float64]

REVIEW_FROM = -0.5
DISTANCE, COSINE = 0.50, 0.42  # middles of the fused score
DISTANCE_FLOOR, COSINE_FLOOR = 0.65, 0.30
DISTANCE_ALONE, COSINE_ALONE = 0.47, 0.46  # FMR about 1e-4 on the AT&T pairs
SCALE, SCALE_ALONE = 0.2, 0.1


@dataclass(frozen=True, kw_only=True)
class Embedding:
    """One face as the engines see it: 128 numbers each; None for an engine that is off.

    `width` is the face's in pixels.
    """

    width: float
    dlib: Vector | None = field(repr=False)
    sface: Vector | None = field(repr=False)


class Dlib:
    """face_recognition's 128-d ResNet over its five-point model; faces are given, not searched.

    dlib holds the GIL while it computes (about 80 ms a face): run it in a worker process.
    """

    weights = (DLIB_RESNET, DLIB_FIVE_POINTS)

    def __init__(self) -> None:
        for weights in self.weights:
            weights.located()
        self._encodings = _face_recognition().face_encodings

    def embed(self, image: Image, *, face: Found) -> Vector:
        """Return 128 numbers; the distance of two is face_recognition's face distance."""
        rgb = np.ascontiguousarray(image[:, :, ::-1])
        encodings = self._encodings(rgb, [_location(face)], num_jitters=1, model="small")
        return np.asarray(encodings[0], dtype=np.float64)


class Sface:
    """OpenCV's SFace."""

    weights = (SFACE,)

    def __init__(self) -> None:
        model, config = np.frombuffer(SFACE.read(), np.uint8), np.empty(0, np.uint8)
        self._net = cv2.FaceRecognizerSF.create("onnx", model, config)

    def embed(self, image: Image, *, face: Found) -> Vector:
        """Return 128 numbers of length 1; the product of two is their cosine.

        The mean of the face and of its mirror image: one error in six fewer on the AT&T pairs.
        """
        straight = self._net.alignCrop(image, face.row)
        views = [self._feature(straight), self._feature(np.asarray(straight)[:, ::-1])]
        return _unit(views[0] + views[1])

    def _feature(self, aligned: npt.NDArray[np.generic]) -> Vector:
        feature = self._net.feature(np.ascontiguousarray(aligned))
        return _unit(np.array(feature, dtype=np.float64).ravel())


def _unit(vector: Vector) -> Vector:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9))


def fuse(reference: Embedding, probes: Sequence[Embedding], *, unusable: int = 0) -> MatchResult:
    """Score every probe against the reference and decide by the median."""
    distances = tuple(
        round(float(np.linalg.norm(reference.dlib - probe.dlib)), 5)
        for probe in probes
        if reference.dlib is not None and probe.dlib is not None
    )
    cosines = tuple(
        round(float(reference.sface @ probe.sface), 5)
        for probe in probes
        if reference.sface is not None and probe.sface is not None
    )
    scores = tuple(round(score, 5) for score in _scores(distances, cosines))
    floors = _floors(distances, cosines)
    score = median(scores) if scores else -9.0
    return MatchResult(
        decision=_decision(score, floors=floors),
        score=score,
        scores=scores,
        distances=distances,
        cosines=cosines,
        floors_met=floors,
        unusable=unusable,
    )


def _scores(distances: Sequence[float], cosines: Sequence[float]) -> list[float]:
    if not cosines:
        return [(DISTANCE_ALONE - d) / SCALE_ALONE for d in distances]
    if not distances:
        return [(c - COSINE_ALONE) / SCALE_ALONE for c in cosines]
    pairs = zip(distances, cosines, strict=True)
    return [((DISTANCE - d) + (c - COSINE)) / SCALE for d, c in pairs]


def _floors(distances: Sequence[float], cosines: Sequence[float]) -> bool:
    near = not distances or median(distances) <= DISTANCE_FLOOR
    alike = not cosines or median(cosines) >= COSINE_FLOOR
    return near and alike


def _decision(score: float, *, floors: bool) -> Decision:
    if score >= 0 and floors:
        return Decision.ACCEPT
    return Decision.REVIEW if score >= REVIEW_FROM and floors else Decision.REJECT


def _location(face: Found) -> tuple[int, int, int, int]:
    """The square that dlib's own detector would have found: top, right, bottom, left.

    Fitted to its answers on 140 photos: centred between eyes and mouth, 0.9 of the mean side of
    YuNet's tall box.
    """
    _, _, width, height = face.box
    half = 0.9 * (width + height) / 4
    eyes, mouth = (
        face.row[4:8].reshape(2, 2).mean(axis=0),
        face.row[10:14].reshape(2, 2).mean(axis=0),
    )
    x, y = (float(value) for value in (eyes + mouth) / 2)
    return round(y - half), round(x + half), round(y + half), round(x - half)


def _face_recognition() -> ModuleType:
    """Import face_recognition without two of its side effects.

    At import it would read the 68-point model, whose licence is non-commercial and which nothing
    here uses: it is pointed to the five-point file instead. It also makes Pillow accept truncated
    images in the whole process: that is put back.
    """
    models = importlib.import_module("face_recognition_models")
    truncated = ImageFile.LOAD_TRUNCATED_IMAGES
    vars(models)["pose_predictor_model_location"] = models.pose_predictor_five_point_model_location
    library = importlib.import_module("face_recognition")
    ImageFile.LOAD_TRUNCATED_IMAGES = truncated
    return library
