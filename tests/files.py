"""Files as lawyers and attackers send them, made when they are needed."""

from __future__ import annotations

import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-" + b"TEST-FILE!$H+H*"
OFD_XML = (
    b'<?xml version="1.0" encoding="UTF-8"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016">'
    b"<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
)
DOCUMENT_XML = (
    b'<ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Pages>'
    b'<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>'
    b'<ofd:Page ID="2" BaseLoc="Pages/Page_1/Content.xml"/></ofd:Pages></ofd:Document>'
)


def pdf(pages: int = 2, *, change: Callable[[PdfWriter], object] = id) -> bytes:
    writer, out = PdfWriter(), BytesIO()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    change(writer)
    writer.write(out)
    return out.getvalue()


def large_pdf(size: int, *, seed: int = 1) -> bytes:
    """A PDF of about that many bytes, no two pieces of which are alike."""
    noise = random.Random(seed).randbytes(size)

    def attach(writer: PdfWriter) -> None:
        writer.add_attachment("scan.bin", noise)

    return pdf(1, change=attach)


def scripted(writer: PdfWriter) -> None:
    action = DictionaryObject(
        {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("app.alert(1)"),
        }
    )
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(action)


def launching(writer: PdfWriter) -> None:
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("cmd.exe")}
    )
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(action)


def photo(kind: str = "JPEG", *, size: tuple[int, int] = (60, 40), **save: Any) -> bytes:
    """A picture with a gradient, so that turning it shows."""
    picture = Image.new("RGB", size)
    picture.putdata(
        [(x % 256, y % 256, (x * y) % 256) for y in range(size[1]) for x in range(size[0])]
    )
    out = BytesIO()
    picture.save(out, kind, **save)
    return out.getvalue()


def exif(*, orientation: int | None = 6) -> Image.Exif:
    """What a phone writes: its maker, where it was, and how it was held."""
    data = Image.Exif()
    data[0x010F] = "Huawei"
    data[0x0132] = "2026:11:25 10:00:00"
    data[0x8825] = {1: "N", 2: (39.0, 54.0, 30.0), 3: "E", 4: (116.0, 23.0, 50.0)}
    if orientation is not None:
        data[0x0112] = orientation
    return data


def png_bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """A small file that says it is a picture of gigabytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 100_000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def zipped(entries: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def ofd(**more: bytes) -> bytes:
    """An OFD of two pages; further entries are named with `__` for a slash and `_dot_`."""
    entries = {name.replace("__", "/").replace("_dot_", "."): data for name, data in more.items()}
    return zipped({"OFD.xml": OFD_XML, "Doc_0/Document.xml": DOCUMENT_XML, **entries})
