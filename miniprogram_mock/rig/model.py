"""The photo, its 478 points, and what follows from them once: depth, weights, masks.

The photo is scikit-image's astronaut.png (Eileen Collins, NASA, public domain), read from the
installed package without importing it. All arrays are in the pixels of the frame, 640 × 480.
"""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.float32]

WIDTH, HEIGHT = 640, 480
SCALE = 1.85  # of the photo: its face becomes about 165 pixels wide
LEFT, TOP = 51.0, -2.0  # the photo's point that becomes the frame's corner
DEPTH_GAIN = 1.4

# The outline of the face in the mesh, clockwise from the top of the forehead.
OVAL = np.fromstring(
    "10 338 297 332 284 251 389 356 454 323 361 288 397 365 379 378 400 377 "
    "152 148 176 149 150 136 172 58 132 93 234 127 162 21 54 103 67 109",
    dtype=np.int64,
    sep=" ",
)


@dataclass(frozen=True, kw_only=True)
class Model:
    """All that does not change between frames.

    `base` is the unturned frame; `points` (478, 3); `depth` towards the camera from the axis that
    runs through the ears; `weight` how much a pixel follows the head (0…1); `skin` where light of
    the screen falls (0…1); `centre` the axis in x, y.
    """

    base: Image = field(repr=False)
    points: Plane = field(repr=False)
    depth: Plane = field(repr=False)
    weight: Plane = field(repr=False)
    skin: Plane = field(repr=False)
    centre: tuple[float, float]


def photo() -> Image:
    """Return the photo as B, G, R; raises `FileNotFoundError` when scikit-image is absent."""
    spec = importlib.util.find_spec("skimage")
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        picture = cv2.imread(str(Path(folder) / "data" / "astronaut.png"), cv2.IMREAD_COLOR)
        # OpenCV's types do not say that an unreadable file is None.
        picture = cast("Image | None", picture)
        if picture is not None:
            return picture
    raise FileNotFoundError("scikit-image with data/astronaut.png is not installed")


def registry_photo(*, width: int = 300) -> bytes:
    """Return a portrait cut from the unturned photo, as a register would hold it (JPEG)."""
    part = photo()[20:260, 125:325]
    height = round(width * part.shape[0] / part.shape[1])
    scaled = cv2.resize(part, (width, height), interpolation=cv2.INTER_CUBIC)
    return cv2.imencode(".jpg", scaled, [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes()


def load() -> Model:
    """Build the model (about a quarter of a second)."""
    text = (Path(__file__).parent / "landmarks.json").read_text(encoding="utf-8")
    raw = np.array(json.loads(text)["points"], dtype=np.float32)
    points = np.column_stack(
        [(raw[:, 0] - LEFT) * SCALE, (raw[:, 1] - TOP) * SCALE, raw[:, 2] * SCALE * DEPTH_GAIN]
    ).astype(np.float32)
    shift = np.array([[SCALE, 0, -LEFT * SCALE], [0, SCALE, -TOP * SCALE]])
    base = cv2.warpAffine(
        photo(),
        shift,
        (WIDTH, HEIGHT),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    axis = (points[234] + points[454]) / 2
    oval = points[OVAL]
    return Model(
        base=np.asarray(base, dtype=np.uint8),
        points=points,
        depth=_depth(points, oval=oval, axis=float(axis[2])),
        weight=_weight(oval),
        skin=_skin(oval),
        centre=(float(axis[0]), float(axis[1])),
    )


def _depth(points: Plane, *, oval: Plane, axis: float) -> Plane:
    """Interpolate depth over the triangles of the mesh and of two rings around it."""
    middle = oval[:, :2].mean(axis=0)
    rings = [
        np.column_stack([middle + (oval[:, :2] - middle) * grow, oval[:, 2] + back * SCALE])
        for grow, back in ((1.25, 8.0), (1.7, 18.0), (2.6, 24.0))
    ]
    cloud = np.concatenate([points[:468], *rings]).astype(np.float32)
    towards = axis - cloud[:, 2]
    plane = np.full((HEIGHT, WIDTH), towards.min(), np.float32)
    for triangle in _triangles(cloud[:, :2]):
        _fill(plane, corners=cloud[triangle, :2], values=towards[triangle])
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), 2.0), dtype=np.float32)


def _triangles(points: Plane) -> list[list[int]]:
    """Delaunay's triangulation as triples of indices."""
    low, high = points.min(axis=0) - 2, points.max(axis=0) + 2
    x, y = (int(value) for value in np.floor(low))
    width, height = (int(value) for value in np.ceil(high - low) + 2)
    division = cv2.Subdiv2D((x, y, width, height))
    numbers: dict[int, int] = {}
    for index, (px, py) in enumerate(points):
        numbers.setdefault(division.insert((float(px), float(py))), index)
    found = []
    for row in division.getTriangleList():
        corners = [division.findNearest((float(row[i]), float(row[i + 1])))[0] for i in (0, 2, 4)]
        if all(corner in numbers for corner in corners):
            found.append([numbers[corner] for corner in corners])
    return found


def _fill(plane: Plane, *, corners: Plane, values: Plane) -> None:
    """Draw one triangle of linearly changing values into the plane."""
    system = np.column_stack([corners, np.ones(3)])
    if abs(float(np.linalg.det(system))) < 1e-3:
        return
    a, b, c = np.linalg.solve(system, values)
    low = np.maximum(np.floor(corners.min(axis=0)).astype(int), 0)
    high = np.minimum(np.ceil(corners.max(axis=0)).astype(int) + 1, (WIDTH, HEIGHT))
    if (high <= low).any():
        return
    inside = np.zeros((high[1] - low[1], high[0] - low[0]), np.uint8)
    cv2.fillConvexPoly(inside, np.round(corners - low).astype(np.int32), 1)
    ys, xs = np.nonzero(inside)
    plane[ys + low[1], xs + low[0]] = a * (xs + low[0]) + b * (ys + low[1]) + c


def _weight(oval: Plane) -> Plane:
    """1 on the head, falling to 0 in the background; the shoulders stay where they are."""
    middle = oval[:, :2].mean(axis=0)
    half = (oval[:, :2].max(axis=0) - oval[:, :2].min(axis=0)) / 2
    xs, ys = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    below = ys > middle[1]
    reach = np.where(below, 0.55, 1.0)
    u, v = (xs - middle[0]) / half[0], (ys - middle[1]) / half[1]
    distance = np.sqrt(u**2 + v**2) - 1.12
    return np.asarray(_smooth(1 - distance / (1.3 * reach)), dtype=np.float32)


def _smooth(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    x = np.clip(x, 0, 1)
    return np.asarray(x * x * (3 - 2 * x))


def _skin(oval: Plane) -> Plane:
    mask = np.zeros((HEIGHT, WIDTH), np.float32)
    cv2.fillConvexPoly(mask, cv2.convexHull(np.round(oval[:, :2]).astype(np.int32)), (1.0,))
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), 6), dtype=np.float32)
