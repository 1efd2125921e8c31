"""Eyelids and jaw: for each pixel of the moved face, where in the still face it comes from.

Both movements run along columns of the frame, so their inverse is written down directly.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from miniprogram_mock.rig.model import HEIGHT, WIDTH, Plane

Curve = npt.NDArray[np.float64]

# Corner to corner: brow, upper lid, lower lid; then the lower lip's inner edge.
EYES = (
    (
        (46, 53, 52, 65, 55),
        (33, 246, 161, 160, 159, 158, 157, 173, 133),
        (33, 7, 163, 144, 145, 153, 154, 155, 133),
    ),
    (
        (285, 295, 282, 283, 276),
        (362, 398, 384, 385, 386, 387, 388, 466, 263),
        (362, 382, 381, 380, 374, 373, 390, 249, 263),
    ),
)
LIP = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
CHIN, LEFT_CHEEK, RIGHT_CHEEK = 152, 454, 234
SHUT = 0.94  # how much of the eye a closed lid covers
MOUTH = 0.22  # how far an open jaw drops, in face widths
JAW_WIDTH = 0.6  # of the face; towards its edge the jaw drops less


def blink(points: Plane, *, amount: float) -> Plane:
    """Return the vertical offset (source − here) of lids closed by `amount` 0…1."""
    offset = np.zeros((HEIGHT, WIDTH), np.float32)
    if amount <= 0:
        return offset
    for brow, upper, lower in EYES:
        left, right = sorted((points[upper[0], 0], points[upper[-1], 0]))
        columns = np.arange(int(np.ceil(left)) + 1, int(right))
        tops, lids, bottoms = (_curve(points, line, columns) for line in (brow, upper, lower))
        for x, top, lid, bottom in zip(columns, tops, lids, bottoms, strict=True):
            _close(offset[:, x], top=top, lid=lid, bottom=bottom, amount=amount)
    return offset


def _close(column: Plane, *, top: float, lid: float, bottom: float, amount: float) -> None:
    """The lid comes down: the skin above stretches, the eye below is squeezed."""
    here = lid + amount * SHUT * (bottom - lid)
    if bottom - lid < 0.5:
        return
    rows = np.arange(int(np.ceil(top)), int(bottom) + 1)
    source = np.interp(rows, [top, here, bottom], [top, lid - 0.5, bottom])
    column[rows] = (source - rows).astype(np.float32)


def jaw(points: Plane, *, amount: float) -> tuple[Plane, Plane]:
    """Return the vertical offset of a jaw dropped by `amount` 0…1 and the mouth's mask 0…1."""
    offset = np.zeros((HEIGHT, WIDTH), np.float32)
    mouth = np.zeros((HEIGHT, WIDTH), np.float32)
    if amount <= 0:
        return offset, mouth
    width = float(points[LEFT_CHEEK, 0] - points[RIGHT_CHEEK, 0])
    drop = amount * MOUTH * width
    middle, chin = float(points[14, 0]), float(points[CHIN, 1])
    columns = np.arange(int(middle - 0.7 * width), int(middle + 0.7 * width))
    lips = _curve(points, LIP, columns)
    half = float(points[LIP[-1], 0] - points[LIP[0], 0]) / 2
    for x, lip in zip(columns, lips, strict=True):
        at = (x - middle) / (JAW_WIDTH * width)
        low = drop * float(np.exp(-(at**2)))
        open_here = drop * max(0.0, 1 - ((x - middle) / half) ** 2) ** 0.5
        open_here = min(open_here, low)
        _drop(offset[:, x], lip=lip, chin=chin, opened=open_here, lowered=low, tail=0.7 * width)
        rows = np.arange(round(float(lip)), round(float(lip + open_here)))
        mouth[rows, x] = 1.0
    return offset, mouth


def _drop(
    column: Plane, *, lip: float, chin: float, opened: float, lowered: float, tail: float
) -> None:
    """Below the lip everything goes down, the chin most; the neck takes it up."""
    end = chin + tail
    rows = np.arange(int(np.ceil(lip + opened)), min(int(end), HEIGHT - 1))
    here = [lip + opened, chin + lowered, max(end, chin + lowered + 1)]
    source = np.interp(rows, here, [lip, chin, end])
    column[rows] = (source - rows).astype(np.float32)


def _curve(points: Plane, line: tuple[int, ...], columns: npt.NDArray[np.int64]) -> Curve:
    """The height of a line of the mesh at each column."""
    corners = points[list(line), :2].astype(np.float64)
    corners = corners[np.argsort(corners[:, 0])]
    return np.asarray(np.interp(columns, corners[:, 0], corners[:, 1]))
