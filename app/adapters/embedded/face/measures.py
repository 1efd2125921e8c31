"""From pixels and a mesh to the numbers of the port."""

from __future__ import annotations

import base64

import cv2
import numpy as np
import numpy.typing as npt

from app.adapters.embedded.face.detector import Found
from app.adapters.embedded.face.image import Image
from app.adapters.embedded.face.landmarks import Landmarks, Mesh
from app.ports.face import FaceMeasures, Rgb

GRID = (8, 16)  # rows and columns of the fingerprint
SKIN_POINTS = (151, 50, 280, 205, 425)  # forehead, both cheeks
SKIN_PATCH = 0.14  # half side, in distances of the outer eye corners
LEFT_EYE = (263, 387, 385, 362, 380, 373)
RIGHT_EYE = (33, 160, 158, 133, 153, 144)
FOREHEAD, CHIN, RIGHT_CHEEK, LEFT_CHEEK = 10, 152, 234, 454


def measure(image: Image, *, face: Found, marks: Landmarks) -> FaceMeasures:
    """Return what `FaceMeasures` describes."""
    mesh = marks.mesh
    luma = cv2.cvtColor(_cut(image, face), cv2.COLOR_BGR2GRAY)
    small = cv2.resize(luma, (128, 128), interpolation=cv2.INTER_AREA)
    across, down = mesh[LEFT_CHEEK] - mesh[RIGHT_CHEEK], mesh[CHIN] - mesh[FOREHEAD]
    return FaceMeasures(
        box=face.box,
        presence=round(marks.presence, 4),
        yaw=round(_degrees(across[2], across[0]), 2),
        pitch=round(_degrees(-down[2], down[1]), 2),
        eye_openness=round((_openness(mesh, LEFT_EYE) + _openness(mesh, RIGHT_EYE)) / 2, 4),
        blink=round(marks.blink, 4),
        jaw_open=round(marks.jaw_open, 4),
        brightness=round(float(luma.mean()), 2),
        sharpness=round(float(cv2.Laplacian(small, cv2.CV_32F).std()), 2),
        skin=_skin(image, mesh),
        background=_background(image, face),
        landmarks=base64.b64encode(
            np.clip(np.round(mesh[:468, :2] * 16), -32768, 32767).astype("<i2").tobytes()
        ).decode(),
    )


def fingerprint(image: Image) -> str:
    """Return 128 signs of the Laplacian on a grid over the whole image, as hex."""
    luma = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    detail = np.asarray(cv2.Laplacian(luma, cv2.CV_16S))
    rows = np.linspace(8, detail.shape[0] - 9, GRID[0]).astype(int)
    columns = np.linspace(8, detail.shape[1] - 9, GRID[1]).astype(int)
    return np.packbits(detail[np.ix_(rows, columns)] > 0).tobytes().hex()


def _cut(image: Image, face: Found) -> Image:
    x, y, width, height = (round(value) for value in face.box)
    top, left = max(y, 0), max(x, 0)
    part = image[top : max(y + height, top + 2), left : max(x + width, left + 2)]
    return part if part.size else image


def _degrees(opposite: float, adjacent: float) -> float:
    return float(np.degrees(np.arctan2(opposite, adjacent)))


def _openness(mesh: Mesh, eye: tuple[int, ...]) -> float:
    """Eye-aspect ratio: mean height over width, from the six points of an eye."""
    outer, top1, top2, inner, low2, low1 = (mesh[index, :2] for index in eye)
    height = np.linalg.norm(top1 - low1) + np.linalg.norm(top2 - low2)
    return float(height / (2 * max(float(np.linalg.norm(outer - inner)), 1e-6)))


def _skin(image: Image, mesh: Mesh) -> Rgb:
    half = max(SKIN_PATCH * float(np.linalg.norm(mesh[263, :2] - mesh[33, :2])), 2.0)
    patches = [_patch(image, mesh[index, :2], half) for index in SKIN_POINTS]
    return _rgb(np.concatenate([patch.reshape(-1, 3) for patch in patches]))


def _patch(image: Image, centre: npt.NDArray[np.float64], half: float) -> Image:
    height, width = image.shape[:2]
    left, top = (int(value) for value in np.floor(centre - half))
    side = int(2 * half) + 1
    left, top = min(max(left, 0), width - 1), min(max(top, 0), height - 1)
    return image[top : top + side, left : left + side]


def _background(image: Image, face: Found) -> Rgb:
    """What is beside the head, down to the chin; the image's rim when the head fills it."""
    x, y, width, height = face.box
    bottom = int(min(max(y + height, 16), image.shape[0]))
    left, right = int(max(x - 0.4 * width, 0)), int(x + 1.4 * width)
    beside = [image[:bottom, :left].reshape(-1, 3), image[:bottom, right:].reshape(-1, 3)]
    pixels = np.concatenate(beside)
    if len(pixels) < 0.02 * image.shape[0] * image.shape[1]:
        pixels = np.concatenate([image[:8].reshape(-1, 3), image[:, :8].reshape(-1, 3)])
    return _rgb(pixels)


def _rgb(pixels: npt.NDArray[np.uint8]) -> Rgb:
    blue, green, red = (round(float(value), 3) for value in pixels.reshape(-1, 3).mean(axis=0))
    return red, green, blue
