"""OFD, the fixed-layout format of GB/T 33190-2016: a zip that is unpacked only to be judged."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, Final
from zipfile import ZipInfo

from app.court.casefile.rules.file_faults import Fault, FileRefused

MOST_ENTRIES: Final = 5_000
MOST_UNPACKED: Final = 200_000_000
MOST_XML: Final = 20_000_000
HIGHEST_RATIO: Final = 200  # of unpacked to packed, for what is worth packing
RATIO_FROM: Final = 1_000_000
LONGEST_NAME: Final = 300
PIECE: Final = 1 << 16
ROOT: Final = "OFD.xml"
END_RECORD: Final = 22
METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED: Final = 0x1

_NESTED: Final = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"MZ",
    b"\x7fELF",
)
_OFD_ROOT: Final = re.compile(rb"<(?:\w+:)?OFD[\s>]")
_DOC_ROOT: Final = re.compile(rb"<(?:\w+:)?DocRoot>\s*([^<]+?)\s*</")
_PAGE: Final = re.compile(rb"<(?:\w+:)?Page\s[^>]*BaseLoc\s*=")
_OFFICE: Final = "[Content_Types].xml"


@dataclass(frozen=True, kw_only=True)
class OfdFacts:
    """What an OFD is."""

    pages: int


def examine(file: BinaryIO, *, size: int) -> OfdFacts:
    """Unpack and judge an OFD; raises `FileRefused`.

    Every entry is read to its end, so that what it says of itself is compared with what it is.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check_archive(entries, archive, size)
            for entry in entries:
                _read(archive, entry, most=MOST_UNPACKED)
            return OfdFacts(pages=_pages(archive))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise FileRefused(Fault.DAMAGED) from error
    except (EOFError, OSError, KeyError, ValueError) as error:
        raise FileRefused(Fault.DAMAGED) from error


def _check_archive(entries: Sequence[ZipInfo], archive: zipfile.ZipFile, size: int) -> None:
    """Judge the archive by its directory, before anything is unpacked."""
    names = [entry.filename for entry in entries]
    if ROOT not in names:
        raise FileRefused(Fault.OFFICE if _OFFICE in names else Fault.ARCHIVE)
    if len(entries) > MOST_ENTRIES or sum(e.file_size for e in entries) > MOST_UNPACKED:
        raise FileRefused(Fault.UNPACKS_TOO_LARGE)
    if len({name.lower() for name in names}) != len(names):
        raise FileRefused(Fault.UNSAFE_OFD)
    _check_layout(entries, archive, size)
    for entry in entries:
        _check_entry(entry)


def _check_layout(entries: Sequence[ZipInfo], archive: zipfile.ZipFile, size: int) -> None:
    """The entries lie one after another from the first byte on, and the file ends with the list.

    Entries that share bytes make a bomb of a small file; bytes before or after are another file.
    """
    position = 0
    for entry in sorted(entries, key=lambda e: e.header_offset):
        if entry.header_offset < position or (position == 0 and entry.header_offset != 0):
            raise FileRefused(Fault.UNSAFE_OFD)
        position = entry.header_offset + 30 + entry.compress_size
    ends = archive.start_dir + sum(_listed(entry) for entry in entries) + END_RECORD
    if position > archive.start_dir or archive.comment or ends != size:
        raise FileRefused(Fault.TRAILING)


def _listed(entry: ZipInfo) -> int:
    """The length of an entry in the central directory (APPNOTE 4.3.12)."""
    encoded = entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437")
    return 46 + len(encoded) + len(entry.extra) + len(entry.comment)


def _check_entry(entry: ZipInfo) -> None:
    name = PurePosixPath(entry.filename)
    strange = name.is_absolute() or ".." in name.parts or "\\" in entry.orig_filename
    if strange or "\0" in entry.orig_filename or len(entry.filename) > LONGEST_NAME:
        raise FileRefused(Fault.UNSAFE_OFD)
    if entry.flag_bits & ENCRYPTED:
        raise FileRefused(Fault.ENCRYPTED)
    if entry.compress_type not in METHODS:
        raise FileRefused(Fault.UNSAFE_OFD)
    ratio = entry.file_size / max(entry.compress_size, 1)
    if entry.file_size > RATIO_FROM and ratio > HIGHEST_RATIO:
        raise FileRefused(Fault.UNPACKS_TOO_LARGE)


def _read(archive: zipfile.ZipFile, entry: ZipInfo, *, most: int) -> None:
    """Unpack an entry in pieces; its length and checksum are compared by the library."""
    read = 0
    with archive.open(entry) as member:
        while piece := member.read(PIECE):
            if read == 0 and piece.startswith(_NESTED):
                raise FileRefused(Fault.HIDDEN_ARCHIVE)
            read += len(piece)
            if read > most:
                raise FileRefused(Fault.UNPACKS_TOO_LARGE)
    if read != entry.file_size:
        raise FileRefused(Fault.DAMAGED)


def _pages(archive: zipfile.ZipFile) -> int:
    root = _xml(archive, ROOT)
    if not _OFD_ROOT.search(root):
        raise FileRefused(Fault.UNSAFE_OFD)
    documents = [found.decode().strip().lstrip("/") for found in _DOC_ROOT.findall(root)]
    pages = sum(len(_PAGE.findall(_xml(archive, document))) for document in documents)
    if pages < 1:
        raise FileRefused(Fault.UNSAFE_OFD)
    return pages


def _xml(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a file of XML, which may not define anything of its own (entity bombs)."""
    if archive.getinfo(name).file_size > MOST_XML:
        raise FileRefused(Fault.UNPACKS_TOO_LARGE)
    text = archive.read(name)
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise FileRefused(Fault.UNSAFE_OFD)
    return text
