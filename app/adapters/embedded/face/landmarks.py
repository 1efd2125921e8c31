"""The 478-point mesh and the blendshapes: MediaPipe's networks, run by OpenCV."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from app.adapters.embedded.face.detector import Found
from app.adapters.embedded.face.image import Image
from app.adapters.embedded.face.weights import LANDMARKER

Mesh = npt.NDArray[np.float64]  # (478, 3): x, y, z in pixels of the image, z towards the back

SIDE = 256  # the network's input
MARGIN = 1.5  # of the face's box
BLINK_LEFT, BLINK_RIGHT, JAW_OPEN = 9, 10, 25

# MediaPipe's kLandmarksSubsetIdxs: the points that the blendshape network wants, in its order.
_SUBSET = np.fromstring(
    "0 1 4 5 6 7 8 10 13 14 17 21 33 37 39 40 46 52 53 54 55 58 61 63 65 66 67 70 78 80 81 82 "
    "84 87 88 91 93 95 103 105 107 109 127 132 133 136 144 145 146 148 149 150 152 153 154 155 157 "
    "158 159 160 161 162 163 168 172 173 176 178 181 185 191 195 197 234 246 249 251 263 267 269 "
    "270 276 282 283 284 285 288 291 293 295 296 297 300 308 310 311 312 314 317 318 321 323 324 "
    "332 334 336 338 356 361 362 365 373 374 375 377 378 379 380 381 382 384 385 386 387 388 389 "
    "390 397 398 400 402 405 409 415 454 466 468 469 470 471 472 473 474 475 476 477",
    dtype=np.int64,
    sep=" ",
)


@dataclass(frozen=True, kw_only=True)
class Region:
    """A square of the image, turned: centre, side in pixels, angle in radians."""

    x: float
    y: float
    side: float
    angle: float

    def matrix(self) -> npt.NDArray[np.float64]:
        """Return the 2×3 map from the image to the network's input."""
        k = SIDE / self.side
        c, s = np.cos(self.angle) * k, np.sin(self.angle) * k
        half = SIDE / 2
        return np.array(
            [
                [c, s, half - c * self.x - s * self.y],
                [-s, c, half + s * self.x - c * self.y],
            ]
        )


@dataclass(frozen=True, kw_only=True)
class Landmarks:
    """The mesh of one face, how certain the network is (0…1), and three blendshapes (0…1)."""

    mesh: Mesh = field(repr=False)
    presence: float
    blink: float
    jaw_open: float


class Landmarker:
    """Two passes: the detector's box finds the mesh, the mesh finds its own better box."""

    def __init__(self) -> None:
        self._mesh = _network("face_landmarks_detector.tflite")
        self._blend = _network("face_blendshapes.tflite")

    def find(self, image: Image, *, face: Found) -> Landmarks:
        """Return the landmarks of one detected face."""
        x, y, width, height = face.box
        region = Region(
            x=x + width / 2,
            y=y + height / 2,
            side=max(width, height) * MARGIN,
            angle=face.eye_line,
        )
        mesh, _ = self._pass(image, region=region)
        mesh, presence = self._pass(image, region=_region_of(mesh))
        self._blend.setInput(mesh[_SUBSET, :2].astype(np.float32)[None])
        blend = np.asarray(self._blend.forward()).ravel()
        return Landmarks(
            mesh=mesh,
            presence=presence,
            blink=float(blend[[BLINK_LEFT, BLINK_RIGHT]].mean()),
            jaw_open=float(blend[JAW_OPEN]),
        )

    def _pass(self, image: Image, *, region: Region) -> tuple[Mesh, float]:
        matrix = region.matrix()
        crop = cv2.warpAffine(
            image,
            matrix,
            (SIDE, SIDE),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        self._mesh.setInput(cv2.dnn.blobFromImage(crop, 1 / 255, swapRB=True))
        points, certainty = self._mesh.forward(["Identity", "Identity_1"])
        flat = np.asarray(points, dtype=np.float64).reshape(478, 3)
        back = np.asarray(cv2.invertAffineTransform(matrix))
        plane = flat[:, :2] @ back[:, :2].T + back[:, 2]
        depth = flat[:, 2:] * (region.side / SIDE)
        logit = float(np.asarray(certainty).ravel()[0])
        return np.column_stack([plane, depth]), float(1 / (1 + np.exp(-logit)))


def _region_of(mesh: Mesh) -> Region:
    across = mesh[263, :2] - mesh[33, :2]
    angle = float(np.arctan2(across[1], across[0]))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    upright = mesh[:, :2] @ turn.T
    low, high = upright.min(axis=0), upright.max(axis=0)
    x, y = turn.T @ ((low + high) / 2)
    side = float((high - low).max()) * MARGIN
    return Region(x=float(x), y=float(y), side=max(side, 8.0), angle=angle)


def _network(member: str) -> cv2.dnn.Net:
    model = np.frombuffer(LANDMARKER.read(member=member), np.uint8)
    return cv2.dnn.readNetFromTFLite(model)
