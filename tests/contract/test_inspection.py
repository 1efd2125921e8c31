"""PDF and pictures, read by a process of its own."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Callable
from typing import BinaryIO

import pytest
from pypdf import PdfWriter

from app.adapters.embedded.inspection import ProcessInspection
from app.ports.inspection import Finding, InspectionRefused
from tests import files

READER = ProcessInspection()


def outcome(look: Callable[[BinaryIO], object], data: bytes) -> object:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(7)
        try:
            found = look(file)
        except InspectionRefused as refused:
            return refused.finding
        file.seek(0)
        assert file.read() == data
        return found


def pages(data: bytes) -> object:
    found = outcome(READER.pdf, data)
    return found if isinstance(found, Finding) else found.pages  # type: ignore[attr-defined]


def escaped_javascript() -> bytes:
    """The name /JavaScript with one letter written as its number (ISO 32000-1 §7.3.5)."""
    plain = files.pdf(1, change=files.scripted)
    assert b"/JavaScript" in plain
    return plain.replace(b"/JavaScript", b"/J#61v#61Script").replace(b"/JS ", b"/#4aS ")


def compressed_javascript() -> bytes:
    """The action lies in an object stream, where no search of the file's bytes finds it."""
    hidden = zlib.compress(b"5 0 << /S /JavaScript /JS (app.alert\\(1\\)) >>")
    objects = [
        b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R /OpenAction 5 0 R >>\nendobj\n",
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n",
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>\nendobj\n",
        b"4 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n"
        % len(hidden)
        + hidden
        + b"\nendstream\nendobj\n",
    ]
    data, places = b"%PDF-1.7\n", []
    for written in objects:
        places.append(len(data))
        data += written
    start = len(data)
    rows = b"\0\0\0\0\0" + b"".join(b"\1" + p.to_bytes(3, "big") + b"\0" for p in places)
    rows += b"\2\0\0\x04\0" + b"\1" + start.to_bytes(3, "big") + b"\0"
    return data + (
        b"6 0 obj\n<< /Type /XRef /Size 7 /W [1 3 1] /Root 1 0 R /Length %d >>\nstream\n"
        % len(rows)
        + rows
        + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start
    )


def encrypted(writer: PdfWriter) -> None:
    writer.encrypt(user_password="", owner_password="x", algorithm="RC4-128")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (files.pdf(1), 1),
        (files.pdf(37), 37),
        (files.large_pdf(3_000_000), 1),
        (
            files.pdf(1, change=lambda w: w.encrypt("geheim", algorithm="RC4-128")),
            Finding.ENCRYPTED,
        ),
        (files.pdf(1, change=encrypted), Finding.ENCRYPTED),
        (files.pdf(1, change=files.scripted), Finding.ACTIVE),
        (files.pdf(1, change=files.launching), Finding.ACTIVE),
        (escaped_javascript(), Finding.ACTIVE),
        (compressed_javascript(), Finding.ACTIVE),
        (files.pdf(0), Finding.DAMAGED),
        (b"%PDF-1.7\n%%EOF", Finding.DAMAGED),
        (b"%PDF-1.7\nstartxref\n5\n%%EOF", Finding.DAMAGED),
        (b"", Finding.DAMAGED),
    ],
)
def test_pdf(data: bytes, expected: object) -> None:
    assert pages(data) == expected


def test_a_bomb_ends_with_its_reader() -> None:
    """A stream of a few kilobytes that unpacks to more than the reader may have."""
    bomb = zlib.compress(zlib.compress(b"\0" * 2_000_000_000, 9), 9)
    data = compressed_javascript()
    start, end = data.index(b"stream\n") + 7, data.index(b"\nendstream")
    filters = b"/Filter [/FlateDecode /FlateDecode] /Length %d" % len(bomb)
    head = data[:start].replace(b"/Filter /FlateDecode /Length %d" % (end - start), filters)
    assert pages(head + bomb + data[end:]) in (Finding.TOO_COMPLEX, Finding.DAMAGED)


def test_pictures() -> None:
    for kind in ("JPEG", "PNG"):
        data = files.photo(kind)
        assert outcome(READER.picture, data) is None
        assert outcome(READER.picture, data[: len(data) // 2]) is Finding.DAMAGED
    assert outcome(READER.picture, files.png_bomb()) is Finding.DAMAGED
    assert outcome(READER.picture, b"GIF89a") is Finding.DAMAGED


def test_a_slow_reader_is_ended() -> None:
    assert outcome(ProcessInspection(patience=0.01).pdf, files.pdf(1)) is Finding.TOO_COMPLEX
