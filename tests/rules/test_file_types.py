"""Hostile and honest files, as tables."""

from __future__ import annotations

import struct
import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageOps

from app.court.casefile.rules import ofd, pictures
from app.court.casefile.rules.file_faults import Fault, FileRefused
from app.court.casefile.rules.file_types import HEAD, TAIL, MediaType, recognise
from tests import files


def judged(data: bytes) -> MediaType | Fault:
    try:
        return recognise(head=data[:HEAD], tail=data[-TAIL:], size=len(data))
    except FileRefused as refused:
        return refused.fault


def stripped(data: bytes) -> bytes | Fault:
    strip = pictures.strip_png if data.startswith(b"\x89PNG") else pictures.strip_jpeg
    try:
        return strip(data)
    except FileRefused as refused:
        return refused.fault


def examined(data: bytes) -> int | Fault:
    try:
        return ofd.examine(BytesIO(data), size=len(data)).pages
    except FileRefused as refused:
        return refused.fault


PDF, JPEG, PNG, OFD = files.pdf(), files.photo(), files.photo("PNG"), files.ofd()
ZIP = files.zipped({"a.html": b"<html>"})


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (PDF, MediaType.PDF),
        (PDF + b"\r\n\0\0", MediaType.PDF),
        (JPEG, MediaType.JPEG),
        (PNG, MediaType.PNG),
        (OFD, MediaType.OFD),
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, Fault.HEIC),
        (b"\0\0\0\x18ftypmif1" + b"\0" * 40, Fault.HEIC),
        (b"\0\0\0\x18ftypisom" + b"\0" * 40, Fault.SOUND_OR_FILM),
        (b"RIFF\0\0\0\0WEBPVP8 ", Fault.OTHER_PICTURE),
        (b"RIFF\0\0\0\0AVI LIST", Fault.SOUND_OR_FILM),
        (b"GIF89a", Fault.OTHER_PICTURE),
        (b"II*\0\x08\0\0\0", Fault.OTHER_PICTURE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Fault.OFFICE),
        (b"Rar!\x1a\x07\x01\0", Fault.ARCHIVE),
        (b"7z\xbc\xaf\x27\x1c", Fault.ARCHIVE),
        (b"PK\x05\x06" + b"\0" * 18, Fault.ARCHIVE),
        (b"MZ\x90\0", Fault.PROGRAM),
        (b"\x7fELF\x02", Fault.PROGRAM),
        (b"#!/bin/sh\n", Fault.PROGRAM),
        (b"<!DOCTYPE html><script>", Fault.WEB_PAGE),
        (b"\xef\xbb\xbf  <HTML>", Fault.WEB_PAGE),
        ("<script>".encode("utf-16"), Fault.WEB_PAGE),
        (b"<?xml version='1.0'?><svg onload='x'>", Fault.WEB_PAGE),
        ("民事起诉状".encode(), Fault.UNKNOWN),
        (b"", Fault.UNKNOWN),
        # one file, two readers
        (b"\n" + PDF, Fault.LEADING),
        (b"GARBAGE" * 10 + PDF, Fault.LEADING),
        (b"<html>" + PDF, Fault.WEB_PAGE),
        (PDF + b" " * 1024 + b"<script>alert(1)</script>", Fault.TRAILING),
        (PDF + JPEG, Fault.TRAILING),
        (PDF + ZIP, Fault.HIDDEN_ARCHIVE),
        (PDF + ZIP + b"%%EOF\n", Fault.HIDDEN_ARCHIVE),
        (b"%PDF-1.7\n<html><script>" + PDF, Fault.WEB_PAGE),
        (JPEG + ZIP, Fault.HIDDEN_ARCHIVE),
        (PNG + ZIP, Fault.HIDDEN_ARCHIVE),
        (PDF[: len(PDF) // 2], Fault.DAMAGED),
        (PNG + b"\0" * 20_000_000, Fault.TOO_LARGE),
    ],
)
def test_a_file_is_what_its_content_says(data: bytes, expected: MediaType | Fault) -> None:
    assert judged(data) is expected


def marked(jpeg: bytes, marker: int, body: bytes) -> bytes:
    """A JPEG with one more segment at the front."""
    return jpeg[:2] + bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (JPEG + b"<html>", Fault.TRAILING),
        (JPEG + b"\0\0\0\x18ftypmp42", Fault.TRAILING),
        (PNG + b"<script>", Fault.TRAILING),
        (JPEG[:-40], Fault.DAMAGED),
        (JPEG[:30], Fault.DAMAGED),
        (PNG[:-20], Fault.DAMAGED),
        (PNG[:40] + b"\0" + PNG[41:], Fault.DAMAGED),
        (b"\x89PNG\r\n\x1a\n", Fault.DAMAGED),
        (b"\xff\xd8\xff\xd9", Fault.DAMAGED),
        (files.png_bomb(), Fault.TOO_MANY_PIXELS),
        (files.png_bomb(40_000, 10), Fault.TOO_MANY_PIXELS),
        (files.png_bomb(0, 10), Fault.DAMAGED),
    ],
)
def test_hostile_pictures(data: bytes, expected: Fault) -> None:
    assert stripped(data) is expected


def same(one: bytes, other: bytes) -> bool:
    with Image.open(BytesIO(one)) as a, Image.open(BytesIO(other)) as b:
        turned = ImageOps.exif_transpose(a), ImageOps.exif_transpose(b)
        return ImageChops.difference(*(p.convert("RGB") for p in turned)).getbbox() is None


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("orientation", [None, 1, 3, 6, 8])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_photo_loses_its_place_and_nothing_of_its_picture(
    kind: str, orientation: int | None, *, progressive: bool
) -> None:
    sent = files.photo(kind, exif=files.exif(orientation=orientation), progressive=progressive)
    assert b"Huawei" in sent
    kept = stripped(sent)
    assert isinstance(kept, bytes)
    with Image.open(BytesIO(kept)) as picture:
        found = dict(picture.getexif())
    assert found == ({} if orientation is None else {0x0112: orientation})
    assert b"Huawei" not in kept
    assert same(sent, kept)
    assert stripped(kept) == kept


def test_comments_and_second_pictures_go_and_the_colours_stay() -> None:
    profile = b"ICC_PROFILE\0\x01\x01" + b"colours" * 20
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>GPSLatitude"
    sent = marked(marked(marked(JPEG, 0xFE, b"<script>"), 0xE1, xmp), 0xE2, profile) + JPEG
    kept = stripped(sent)
    assert isinstance(kept, bytes)
    assert profile in kept
    assert not any(word in kept for word in (b"<script>", b"GPSLatitude"))
    assert len(kept) < len(JPEG) + 300
    assert same(JPEG, kept)


@given(cut=st.integers(0, len(JPEG)), noise=st.binary(max_size=40))
def test_no_bytes_break_the_reader_of_pictures(cut: int, noise: bytes) -> None:
    for data in (JPEG[:cut] + noise + JPEG[cut + len(noise) :], JPEG[:3] + noise):
        assert isinstance(stripped(data), bytes | Fault)
    for data in (PNG[:cut] + noise + PNG[cut + len(noise) :], PNG[:8] + noise):
        assert isinstance(stripped(data), bytes | Fault)


def overlapping() -> bytes:
    """A second entry in the list that points to the first one's bytes."""
    data = bytearray(files.ofd(a_dot_xml=b"x" * 99, b_dot_xml=b"x" * 99))
    listing = [n for n in range(len(data)) if data[n : n + 4] == b"PK\x01\x02"]
    data[listing[3] + 42 : listing[3] + 46] = data[listing[2] + 42 : listing[2] + 46]
    return bytes(data)


def encrypted() -> bytes:
    data = bytearray(OFD)
    listing = data.find(b"PK\x01\x02")
    data[listing + 8] |= 1
    return bytes(data)


def lying() -> bytes:
    """An entry that unpacks to more than it says."""
    data = bytearray(files.ofd(Doc_0__a_dot_xml=b"x" * 5000))
    listing = data.rfind(b"PK\x01\x02")
    data[listing + 24 : listing + 28] = struct.pack("<I", 100)
    return bytes(data)


def commented() -> bytes:
    out = BytesIO(OFD)
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = b"<script>"
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (OFD, 2),
        (files.ofd(Doc_0__Res__a_dot_png=PNG), 2),
        (files.zipped({"[Content_Types].xml": b"x", "word/document.xml": b"x"}), Fault.OFFICE),
        (ZIP, Fault.ARCHIVE),
        (files.zipped({"OFD.xml": b"<html>"}), Fault.UNSAFE_OFD),
        (files.zipped({"OFD.xml": files.OFD_XML}), Fault.DAMAGED),
        (files.zipped({"OFD.xml": b"<!DOCTYPE a>" + files.OFD_XML}), Fault.UNSAFE_OFD),
        (files.ofd(Doc_0__bomb_dot_xml=b"\0" * 5_000_000), Fault.UNPACKS_TOO_LARGE),
        (files.ofd(**{f"Doc_0__{n}": b"x" for n in range(5000)}), Fault.UNPACKS_TOO_LARGE),
        (
            files.zipped({"OFD.xml": files.OFD_XML, "../../evil": b"x"}),
            Fault.UNSAFE_OFD,
        ),
        (files.zipped({"OFD.xml": files.OFD_XML, "/evil": b"x"}), Fault.UNSAFE_OFD),
        (files.zipped({"OFD.xml": files.OFD_XML, "ofd.XML": b"x"}), Fault.UNSAFE_OFD),
        (files.ofd(Doc_0__inner_dot_ofd=OFD), Fault.HIDDEN_ARCHIVE),
        (files.ofd(Doc_0__inner_dot_xml=b"MZ\x90\0"), Fault.HIDDEN_ARCHIVE),
        (
            files.zipped({"OFD.xml": files.OFD_XML}, method=zipfile.ZIP_LZMA),
            Fault.UNSAFE_OFD,
        ),
        (overlapping(), Fault.UNSAFE_OFD),
        (encrypted(), Fault.ENCRYPTED),
        (lying(), Fault.DAMAGED),
        (commented(), Fault.TRAILING),
        (b"MZ" + OFD, Fault.UNSAFE_OFD),
        (OFD + b"<script>", Fault.TRAILING),
        (OFD[:-30], Fault.DAMAGED),
    ],
)
def test_hostile_ofd(data: bytes, expected: int | Fault) -> None:
    assert examined(data) == expected


@given(at=st.integers(0, len(OFD) - 1), value=st.integers(0, 255))
def test_no_bytes_break_the_reader_of_ofd(at: int, value: int) -> None:
    assert isinstance(examined(OFD[:at] + bytes([value]) + OFD[at + 1 :]), int | Fault)


def test_every_fault_says_why_and_what_to_do() -> None:
    for fault in Fault:
        assert fault.why.endswith("。")
        assert fault.advice.endswith("。")
