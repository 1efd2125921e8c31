"""Is it a head or a picture? Geometry of landmark meshes, numpy only. Pure.

All views of a plane are related by a homography; a turning head breaks it. The residual after
the best homography, in units of the distance between the outer eye corners, tells them apart
(figures in docs/liveness.md).
"""

from __future__ import annotations

import base64

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]

LEFT_EYE, RIGHT_EYE = 263, 33  # outer corners in the 468-point mesh
UPPER_LIP, LOWER_LIP = 13, 14  # middles of the inner edges
POINTS = 468
UNIT = 16.0  # stored as sixteenths of a pixel


def unpack(landmarks: str) -> Points:
    """Return the mesh as float64 of shape (468, 2), pixels."""
    flat = np.frombuffer(base64.b64decode(landmarks), dtype="<i2")
    return flat.reshape(POINTS, 2).astype(np.float64) / UNIT


def pack(points: Points) -> str:
    """Return what `FaceMeasures.landmarks` holds for a mesh of shape (≥ 468, ≥ 2), pixels."""
    return base64.b64encode(np.round(points[:POINTS, :2] * UNIT).astype("<i2").tobytes()).decode()


def eye_distance(points: Points) -> float:
    """Return the distance of the outer eye corners, pixels."""
    return float(np.linalg.norm(points[LEFT_EYE] - points[RIGHT_EYE]))


def lip_gap(landmarks: str) -> float:
    """Return the distance of the lips' inner edges, in eye distances."""
    points = unpack(landmarks)
    gap = float(np.linalg.norm(points[UPPER_LIP] - points[LOWER_LIP]))
    return gap / max(eye_distance(points), 1.0)


def movement(before: str, after: str) -> float:
    """Return how far the mesh moved between two frames, mean over points, in eye distances."""
    first, second = unpack(before), unpack(after)
    scale = max(eye_distance(first), 1.0)
    return float(np.linalg.norm(first - second, axis=1).mean()) / scale


def flat_residual(front: str, turned: str) -> tuple[float, float]:
    """Compare two meshes as views of one plane.

    Returns the root-mean-square residual of the best homography in eye distances of the front
    mesh, and the stretch: how much more the plane shrank along one axis than along the other
    (1.0 = not at all).
    """
    a, b = unpack(front), unpack(turned)
    home, scale = _normal(a), max(eye_distance(a), 1.0)
    there = _normal(b)
    h = np.linalg.inv(there) @ _homography(_apply(home, a), _apply(there, b)) @ home
    residual = float(np.sqrt(((_apply(h, a) - b) ** 2).sum(axis=1).mean())) / scale
    spread = np.linalg.svd(_linear_part(a, b), compute_uv=False)
    return residual, float(spread[0] / max(spread[1], 1e-6))


def _normal(points: Points) -> Points:
    """Hartley's normalisation: centroid at the origin, mean distance √2."""
    centre = points.mean(axis=0)
    k = np.sqrt(2) / max(float(np.linalg.norm(points - centre, axis=1).mean()), 1e-9)
    return np.array([[k, 0, -k * centre[0]], [0, k, -k * centre[1]], [0, 0, 1]])


def _homography(a: Points, b: Points) -> Points:
    """Direct linear transform, least squares."""
    one, zero = np.ones(len(a)), np.zeros((len(a), 3))
    p = np.column_stack([a, one])
    rows_x = np.column_stack([-p, zero, p * b[:, :1]])
    rows_y = np.column_stack([zero, -p, p * b[:, 1:]])
    system = np.concatenate([rows_x, rows_y])
    _, vectors = np.linalg.eigh(system.T @ system)
    return np.asarray(vectors[:, 0]).reshape(3, 3)


def _apply(h: Points, points: Points) -> Points:
    q = np.column_stack([points, np.ones(len(points))]) @ h.T
    return np.asarray(q[:, :2] / q[:, 2:])


def _linear_part(a: Points, b: Points) -> Points:
    """The 2×2 part of the best affine map."""
    solution, *_ = np.linalg.lstsq(a - a.mean(axis=0), b - b.mean(axis=0), rcond=None)
    return np.asarray(solution)
