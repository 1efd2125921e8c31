"""Photos without what the camera wrote beside the picture: place, time, owner, thumbnails.

The picture's own data is copied byte for byte, so nothing of its quality is lost; of the Exif
segment only the orientation is written anew (Exif 2.32 §4.6.4, ITU T.81 annex B, PNG 3rd edition).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.court.casefile.rules.file_faults import Fault, FileRefused
from app.court.casefile.rules.file_types import PNG

MOST_PIXELS: Final = 100_000_000
LONGEST_SIDE: Final = 30_000
ORIENTATION: Final = 0x0112

_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SOI, _EOI, _SOS, _APP0, _APP1, _APP2, _APP14 = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE
_KEPT_SEGMENTS: Final = {_APP0: b"JFIF\0", _APP2: b"ICC_PROFILE\0", _APP14: b"Adobe"}
_DROPPED: Final = frozenset(range(0xE0, 0xF0)) | {0xFE}
_KEPT_CHUNKS: Final = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT pHYs bKGD cICP".split()
)


@dataclass(frozen=True)
class Segment:
    """A marker segment of a JPEG: its bytes, and those after the length."""

    marker: int
    whole: bytes
    body: bytes


def strip_jpeg(data: bytes) -> bytes:
    """Return a JPEG without its metadata; raises `FileRefused`.

    Further pictures behind the first (a gain map, a preview) are dropped; anything else there is
    refused.
    """
    kept, orientation, end = [], None, 0
    for segment, end in _segments(data):  # noqa: B007 - the last one counts
        if segment.marker in _FRAMES:
            _check_size(*struct.unpack(">HH", segment.body[1:5])[::-1])
        if segment.marker == _APP1 and orientation is None:
            orientation = _exif_orientation(segment.body)
        if segment.marker not in _DROPPED or _is_kept(segment):
            kept.append(segment)
    after = data[end:].strip(b"\0\r\n ")
    if after and not after.startswith(b"\xff\xd8\xff"):
        raise FileRefused(Fault.TRAILING)
    at = 1 if kept and kept[0].marker == _APP0 else 0
    if orientation is not None:
        kept.insert(at, _exif_segment(orientation))
    return b"".join((b"\xff\xd8", *(segment.whole for segment in kept)))


def strip_png(data: bytes) -> bytes:
    """Return a PNG without its metadata; raises `FileRefused`."""
    out, position, kind = [PNG], len(PNG), b""
    while kind != b"IEND":
        kind, body, position = _png_chunk(data, position)
        if kind == b"IHDR":
            _check_size(*struct.unpack(">II", body[:8]))
        if kind in _KEPT_CHUNKS:
            out.append(_png_written(kind, body))
        elif kind == b"eXIf" and (orientation := _tiff_orientation(body)) is not None:
            out.append(_png_written(b"eXIf", _tiff(orientation)))
    if data[position:].strip(b"\0\r\n "):
        raise FileRefused(Fault.TRAILING)
    return b"".join(out)


def _check_size(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise FileRefused(Fault.DAMAGED)
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise FileRefused(Fault.TOO_MANY_PIXELS)


def _is_kept(segment: Segment) -> bool:
    start = _KEPT_SEGMENTS.get(segment.marker)
    return start is not None and segment.body.startswith(start)


def _segments(data: bytes) -> Iterator[tuple[Segment, int]]:
    """Give each segment after SOI and where the next one begins; the last one is EOI.

    The coded data of a scan belongs to its SOS segment.
    """
    position, seen_frame = 2, False
    while True:
        start = position
        while data[position + 1 : position + 2] == b"\xff":  # fill bytes (B.1.1.2)
            position += 1
        marker = _marker(data, position)
        position += 2
        if marker == _EOI:
            if not seen_frame:
                raise FileRefused(Fault.DAMAGED)
            yield Segment(marker, b"\xff\xd9", b""), position
            return
        body, position = _segment_body(data, position)
        if marker == _SOS:
            position = _after_scan(data, position)
        seen_frame = seen_frame or marker in _FRAMES
        yield Segment(marker, data[start:position], body), position


def _marker(data: bytes, position: int) -> int:
    pair = data[position : position + 2]
    if len(pair) < 2 or pair[0] != 0xFF or pair[1] in (0x00, 0x01, _SOI, *range(0xD0, 0xD8)):
        raise FileRefused(Fault.DAMAGED)
    return pair[1]


def _segment_body(data: bytes, position: int) -> tuple[bytes, int]:
    length = int.from_bytes(data[position : position + 2], "big")
    end = position + length
    if length < 2 or end > len(data):
        raise FileRefused(Fault.DAMAGED)
    body = data[position + 2 : end]
    return body, end


def _after_scan(data: bytes, position: int) -> int:
    """Return where coded data ends: at the first marker that is no restart."""
    while True:
        position = data.find(b"\xff", position)
        if position < 0 or position + 1 >= len(data):
            raise FileRefused(Fault.DAMAGED)
        if data[position + 1] != 0 and not 0xD0 <= data[position + 1] <= 0xD7:
            return position
        position += 2


def _exif_orientation(body: bytes) -> int | None:
    return _tiff_orientation(body[6:]) if body.startswith(b"Exif\0\0") else None


def _tiff_orientation(tiff: bytes) -> int | None:
    """Find the orientation, 1–8, in the first directory; None when there is none to be read."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return None
    (offset,) = struct.unpack(f"{order}I", tiff[4:8])
    count = struct.unpack(f"{order}H", tiff[offset : offset + 2].rjust(2, b"\0"))[0]
    for n in range(min(count, 200)):
        entry = tiff[offset + 2 + 12 * n : offset + 14 + 12 * n]
        if len(entry) < 12:
            return None
        tag, _, _, value, _ = struct.unpack(f"{order}HHIHH", entry)
        if tag == ORIENTATION:
            return value if 1 <= value <= 8 else None
    return None


def _tiff(orientation: int) -> bytes:
    """Write a directory with nothing but the orientation."""
    entry = struct.pack(">HHIHH", ORIENTATION, 3, 1, orientation, 0)
    return b"MM\0*\0\0\0\x08\0\x01" + entry + b"\0\0\0\0"


def _exif_segment(orientation: int) -> Segment:
    body = b"Exif\0\0" + _tiff(orientation)
    return Segment(_APP1, b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body, body)


def _png_chunk(data: bytes, position: int) -> tuple[bytes, bytes, int]:
    """Return a chunk's kind and body, and where the next one begins (PNG §5.3)."""
    length = int.from_bytes(data[position : position + 4], "big")
    kind, end = data[position + 4 : position + 8], position + 12 + length
    if end > len(data) or (position == len(PNG)) != (kind == b"IHDR"):
        raise FileRefused(Fault.DAMAGED)
    if zlib.crc32(data[position + 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
        raise FileRefused(Fault.DAMAGED)
    return kind, data[position + 8 : end - 4], end


def _png_written(kind: bytes, body: bytes) -> bytes:
    crc = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)
