"""Finding faces: YuNet through OpenCV."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from app.adapters.embedded.face.image import Image
from app.adapters.embedded.face.weights import YUNET

MIN_SCORE = 0.7
BYSTANDER = 0.4  # of the largest face's width; smaller ones are people in the background


@dataclass(frozen=True, kw_only=True)
class Found:
    """One face: box x, y, width, height; `row` is YuNet's own 15 numbers, in the image's pixels."""

    box: tuple[float, float, float, float]
    row: npt.NDArray[np.float32] = field(repr=False, compare=False)

    @property
    def eye_line(self) -> float:
        """The angle of the line from the right eye to the left one, radians."""
        return float(np.arctan2(self.row[7] - self.row[5], self.row[6] - self.row[4]))


class Detector:
    """YuNet; `detect` returns faces from the largest down, bystanders left out."""

    def __init__(self, *, long_side: int) -> None:
        model = np.frombuffer(YUNET.read(), np.uint8)
        config = np.empty(0, np.uint8)
        self._net = cv2.FaceDetectorYN.create("onnx", model, config, (320, 320), MIN_SCORE)
        self._long_side = long_side

    def detect(self, image: Image) -> tuple[Found, ...]:
        """Look for faces in an image scaled down to the long side given at construction."""
        scale = min(1.0, self._long_side / max(image.shape[:2]))
        small = image
        if scale < 1.0:
            small = np.asarray(
                cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            )
        self._net.setInputSize((small.shape[1], small.shape[0]))
        # OpenCV's own types forget that there may be no face at all.
        rows = cast("npt.NDArray[np.float32] | None", self._net.detect(small)[1])
        if rows is None:
            return ()
        scaled = [np.concatenate([row[:14] / scale, row[14:]]) for row in rows]
        scaled.sort(key=lambda row: -float(row[2]))
        largest = float(scaled[0][2])
        return tuple(_found(row) for row in scaled if row[2] >= BYSTANDER * largest)


def _found(row: npt.NDArray[np.float32]) -> Found:
    x, y, width, height = (round(float(value), 1) for value in row[:4])
    return Found(box=(x, y, width, height), row=row.astype(np.float32))
