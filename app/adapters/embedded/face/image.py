"""JPEG bytes → pixels, with the guards that must come before the decoder."""

from __future__ import annotations

import struct

import cv2
import numpy as np
import numpy.typing as npt

from app.ports.face import MAX_SIDE, ImageRefused

Image = npt.NDArray[np.uint8]  # (height, width, 3), B G R as OpenCV has it

_START, _END = b"\xff\xd8\xff", b"\xff\xd9"
_STANDALONE = (0x01, *range(0xD0, 0xD8))
_FRAME_HEADERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def decode(jpeg: bytes) -> Image:
    """Return the pixels; raises `ImageRefused` for what is not a whole JPEG of a sane size.

    The sides are read from the frame header first: a few hundred bytes can announce gigapixels.
    """
    if not jpeg.startswith(_START) or not jpeg.rstrip(b"\x00").endswith(_END):
        raise ImageRefused("not a complete JPEG")
    width, height = sides(jpeg)
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise ImageRefused(f"{width} × {height} pixels")
    try:
        pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error as error:
        raise ImageRefused("not decodable") from error
    if pixels is None:
        raise ImageRefused("not decodable")
    return np.asarray(pixels, dtype=np.uint8)


def sides(jpeg: bytes) -> tuple[int, int]:
    """Return width and height of the frame header (ITU-T T.81 B.2.2); raises `ImageRefused`."""
    at = 2
    while at + 9 <= len(jpeg):
        if jpeg[at] != 0xFF:
            break
        marker = jpeg[at + 1]
        if marker == 0xFF or marker in _STANDALONE:
            at += 1 if marker == 0xFF else 2
        elif marker in _FRAME_HEADERS:
            height, width = struct.unpack_from(">HH", jpeg, at + 5)
            return width, height
        elif marker == 0xDA:  # the picture begins without a frame header
            break
        else:
            at += 2 + int(struct.unpack_from(">H", jpeg, at + 2)[0])
    raise ImageRefused("no frame header")
