"""A camera that looks at a QR code on a phone: what makes a scan fail, drawn by OpenCV.

The model of the kiosk study: in-plane rotation within 8°, tilt 12–25°, moiré on two axes 15 %,
Gaussian blur 0.7–1.1 px, motion 2–3 px, contrast 0.55–0.9, a light gradient, noise of sigma 7,
JPEG quality 75. A width is that of the symbol as the sensor sees it, without its quiet zone: the
mean of its four sides, in pixels.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import qrcode
from numpy.typing import NDArray

Image = NDArray[np.float32]

QUIET = 4
OVERSAMPLING = 2
MARGIN = 1.5


def symbol(text: str) -> NDArray[np.uint8]:
    """Draw the QR symbol, error correction M, with its quiet zone: one pixel per module."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    code.make(fit=True)
    return np.where(np.array(code.get_matrix()), 0, 255).astype(np.uint8)


def frame(modules: NDArray[np.uint8], width: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Take one picture of a symbol that is `width` sensor pixels wide."""
    picture = warp(modules, width, rng)
    picture = 0.5 + (picture / 255.0 - 0.5) * rng.uniform(0.55, 0.9)
    picture = moire(picture, rng)
    blurred = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.7, 1.1))
    moved = cv2.filter2D(blurred, -1, motion(rng))
    lit = moved * gradient(moved.shape[0], rng) * 255.0
    sensor = np.clip(lit + rng.normal(0.0, 7.0, lit.shape), 0, 255).astype(np.uint8)
    ok, jpeg = cv2.imencode(".jpg", sensor, [cv2.IMWRITE_JPEG_QUALITY, 75])
    if not ok:
        raise RuntimeError("JPEG encoder refused the frame")
    decoded: Any = cv2.imdecode(jpeg, cv2.IMREAD_GRAYSCALE)
    return np.asarray(decoded, dtype=np.uint8)


def warp(modules: NDArray[np.uint8], width: int, rng: np.random.Generator) -> Image:
    """Turn and tilt the plate before a pin-hole camera; sensor pixels average what they see."""
    scale, count = 8, modules.shape[0]
    plate = cv2.resize(modules, None, fx=scale, fy=scale, interpolation=cv2.INTER_NEAREST)
    half = count / (count - 2 * QUIET)  # half a plate, in half symbol widths
    corners = np.array([[-half, -half], [half, -half], [half, half], [-half, half]])
    symbol_corners = np.sign(corners)
    turned = np.concatenate([corners, symbol_corners]) @ rotation2(np.radians(rng.uniform(-8, 8)))
    tilt, axis = np.radians(rng.uniform(12, 25)), rng.uniform(0, 2 * np.pi)
    around = rotation2(axis)
    flat = turned @ around
    depth = 4.0 + flat[:, 1] * np.sin(tilt)  # four half-widths away
    flat = np.stack([flat[:, 0], flat[:, 1] * np.cos(tilt)], axis=1) * (4.0 / depth)[:, None]
    size = int(width * MARGIN)
    seen = flat @ around.T
    sides = np.linalg.norm(seen[4:] - np.roll(seen[4:], 1, axis=0), axis=1)
    seen = seen[:4] * width / sides.mean() + size / 2
    edge = float(plate.shape[0])
    source = np.array([[0, 0], [edge, 0], [edge, edge], [0, edge]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(source, (seen * OVERSAMPLING).astype(np.float32))
    big = cv2.warpPerspective(
        plate, matrix, (size * OVERSAMPLING, size * OVERSAMPLING), borderValue=[200.0]
    )
    small = cv2.resize(big, (size, size), interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.float32)


def rotation2(angle: float) -> NDArray[np.float64]:
    """Return the matrix of a rotation in the plane."""
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


def moire(picture: Image, rng: np.random.Generator) -> Image:
    """Add the beat of display and sensor pixels: a wave along each axis, 15 % in all."""
    along = np.arange(picture.shape[0], dtype=np.float32)
    waves = [
        np.sin(2 * np.pi * along / rng.uniform(3, 12) + rng.uniform(0, 2 * np.pi)) for _ in range(2)
    ]
    return np.asarray(picture * (1 + 0.075 * (waves[0][:, None] + waves[1][None, :])), np.float32)


def motion(rng: np.random.Generator) -> Image:
    """Return the kernel of a movement of 2–3 px in some direction."""
    length, angle = rng.uniform(2, 3), rng.uniform(0, np.pi)
    kernel = np.zeros((5, 5), dtype=np.float32)
    for step in np.linspace(-length / 2, length / 2, 25):
        x, y = 2 + step * np.cos(angle), 2 + step * np.sin(angle)
        column, row = int(x), int(y)
        for dy, wy in ((0, 1 - (y - row)), (1, y - row)):
            for dx, wx in ((0, 1 - (x - column)), (1, x - column)):
                kernel[min(row + dy, 4), min(column + dx, 4)] += wy * wx
    return np.asarray(kernel / kernel.sum(), dtype=np.float32)


def gradient(size: int, rng: np.random.Generator) -> Image:
    """Return uneven light: from 0.8 to 1.0 across the frame, in some direction."""
    angle = rng.uniform(0, 2 * np.pi)
    along = np.linspace(-0.5, 0.5, size, dtype=np.float32)
    slope = along[:, None] * np.sin(angle) + along[None, :] * np.cos(angle)
    return np.asarray(0.9 + 0.14 * slope, np.float32)
