"""What a file is, by its content and never by its name (GB/T 33190-2016 for OFD)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from app.court.casefile.rules.file_faults import Fault, FileRefused

HEAD: Final = 2048
TAIL: Final = 66_000  # a zip's end record and its longest comment
SMALL: Final = 20_000_000
LARGE: Final = 200_000_000


class MediaType(StrEnum):
    """The kinds of file that are taken."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    OFD = "application/ofd"


SUFFIXES: Final = {
    MediaType.PDF: (".pdf",),
    MediaType.JPEG: (".jpg", ".jpeg", ".jpe", ".jfif"),
    MediaType.PNG: (".png",),
    MediaType.OFD: (".ofd",),
}

PNG: Final = b"\x89PNG\r\n\x1a\n"
ZIP: Final = b"PK\x03\x04"
ZIP_END: Final = b"PK\x05\x06"
_TAKEN: Final = (
    (b"%PDF-", MediaType.PDF),
    (b"\xff\xd8\xff", MediaType.JPEG),
    (PNG, MediaType.PNG),
    (ZIP, MediaType.OFD),
)
_REFUSED: Final = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Fault.OFFICE),
    (b"{\\rtf", Fault.OFFICE),
    (b"GIF8", Fault.OTHER_PICTURE),
    (b"BM", Fault.OTHER_PICTURE),
    (b"II*\0", Fault.OTHER_PICTURE),
    (b"MM\0*", Fault.OTHER_PICTURE),
    (b"\0\0\x01\0", Fault.OTHER_PICTURE),
    (b"ID3", Fault.SOUND_OR_FILM),
    (b"OggS", Fault.SOUND_OR_FILM),
    (b"\x1aE\xdf\xa3", Fault.SOUND_OR_FILM),
    (b"#!AMR", Fault.SOUND_OR_FILM),
    (b"\0\0\x01\xba", Fault.SOUND_OR_FILM),
    (b"Rar!", Fault.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Fault.ARCHIVE),
    (b"\x1f\x8b", Fault.ARCHIVE),
    (b"PK\x05\x06", Fault.ARCHIVE),
    (b"MZ", Fault.PROGRAM),
    (b"\x7fELF", Fault.PROGRAM),
    (b"\xca\xfe\xba\xbe", Fault.PROGRAM),
    (b"#!", Fault.PROGRAM),
)
_WEB: Final = (b"<!doctype html", b"<html", b"<script", b"<?php", b"<svg", b"<body", b"<iframe")
_HEIF: Final = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")


def limit_of(media_type: MediaType) -> int:
    """Return the largest size of a kind of file, in bytes."""
    return LARGE if media_type is MediaType.PDF else SMALL


def recognise(*, head: bytes, tail: bytes, size: int) -> MediaType:
    """Return what a file is, from its first `HEAD` and its last `TAIL` bytes.

    Raises `FileRefused`. A zip is an OFD so far: ofd.py looks inside.
    """
    kind = next((kind for magic, kind in _TAKEN if head.startswith(magic)), None)
    if kind is None:
        raise FileRefused(_refused(head))
    if size > limit_of(kind):
        raise FileRefused(Fault.TOO_LARGE)
    if kind is not MediaType.OFD:
        _only_one_thing(head, tail)
    if kind is MediaType.PDF:
        _ends_as_pdf(tail)
    return kind


def _refused(head: bytes) -> Fault:
    known = next((fault for magic, fault in _REFUSED if head.startswith(magic)), None)
    if known is not None:
        return known
    if head[4:8] == b"ftyp":
        return Fault.HEIC if head[8:12] in _HEIF else Fault.SOUND_OR_FILM
    if head.startswith(b"RIFF"):
        return Fault.OTHER_PICTURE if head[8:12] == b"WEBP" else Fault.SOUND_OR_FILM
    if _is_web(head):
        return Fault.WEB_PAGE
    return Fault.LEADING if b"%PDF-" in head else Fault.UNKNOWN


def _is_web(head: bytes) -> bool:
    text = head.replace(b"\0", b"").lower()  # UTF-16 too
    return any(word in text for word in _WEB)


def _only_one_thing(head: bytes, tail: bytes) -> None:
    """Refuse what another program would open as a page or an archive (polyglots).

    An end record of an archive on one disk begins with two zero disk numbers; by chance the eight
    bytes stand in the tail of one file in 10^14.
    """
    if _is_web(head[:1024]):
        raise FileRefused(Fault.WEB_PAGE)
    if ZIP_END + b"\0\0\0\0" in tail:
        raise FileRefused(Fault.HIDDEN_ARCHIVE)


def _ends_as_pdf(tail: bytes) -> None:
    """A PDF ends with %%EOF (ISO 32000-1 §7.5.5); programs write line ends and NUL after it."""
    before, mark, after = tail.rpartition(b"%%EOF")
    if not mark:
        raise FileRefused(Fault.TRAILING if b"startxref" in before else Fault.DAMAGED)
    if after.strip(b"\0\t\n\f\r \x1a"):
        raise FileRefused(Fault.TRAILING)
