"""The program that reads one file from its standard input; see inspection.py.

It imports nothing of ours. It prints a line when it begins to read, and then one of JSON: the
facts, or `finding`. Whatever a library raises after the first line is the file's doing.
"""

from __future__ import annotations

import json
import resource
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdf import PdfReader

MEMORY = 1 << 30
SECONDS = 20
MOST_OBJECTS = 500_000
MOST_PIXELS = 120_000_000
# The input opened anew, so that reading here does not move the place where our caller reads.
SELF = Path("/proc/self/fd/0")
PROGRAMS = frozenset({"/JavaScript", "/Launch"})


class Found(Exception):
    """Why the file is refused."""


def limit() -> None:
    """Give this process its limits; it writes no file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read_pdf() -> dict[str, int]:
    """Count pages, and look at every object for programs."""
    from pypdf import PdfReader  # noqa: PLC0415 - after the limits

    begin()
    with SELF.open("rb") as file:
        reader = PdfReader(file, strict=False)
        if reader.is_encrypted:
            raise Found("encrypted")
        pages = len(reader.pages)
        if any(is_active(value) for value in objects(reader)):
            raise Found("active")
    if pages < 1:
        raise Found("damaged")
    return {"pages": pages}


def objects(reader: PdfReader) -> Iterator[object]:
    """Give the trailer and every object of the file, each with what lies directly in it."""
    from pypdf.generic import IndirectObject  # noqa: PLC0415 - after the limits

    yield from parts(reader.trailer)
    numbers = {n for table in reader.xref.values() for n in table} | set(reader.xref_objStm)
    if len(numbers) > MOST_OBJECTS:
        raise Found("too_complex")
    for number in sorted(numbers):
        yield from parts(IndirectObject(number, 0, reader).get_object())


def parts(root: object) -> Iterator[object]:
    """Give a value and all that is written inside it, references not followed."""
    waiting = [root]
    while waiting:
        value = waiting.pop()
        yield value
        if isinstance(value, dict):
            waiting.extend(dict.values(value))
        elif isinstance(value, list):
            waiting.extend(list.__iter__(value))


def is_active(value: object) -> bool:
    """Whether a dictionary is an action that runs something, or names such actions."""
    if not isinstance(value, dict):
        return False
    return "/JS" in value or "/JavaScript" in value or str(value.get("/S")) in PROGRAMS


def read_picture() -> dict[str, int]:
    """Decode every line."""
    from PIL import Image  # noqa: PLC0415 - after the limits

    begin()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with SELF.open("rb") as file, Image.open(file, formats=("JPEG", "PNG")) as picture:
        picture.load()
        return {"width": picture.width, "height": picture.height}


def begin() -> None:
    """Say that the library is there and the file is next."""
    sys.stdout.write("reading\n")
    sys.stdout.flush()


def main() -> dict[str, int] | dict[str, str]:
    """Read what the argument says it is."""
    limit()
    warnings.simplefilter("ignore")
    try:
        return read_pdf() if sys.argv[1] == "pdf" else read_picture()
    except Found as found:
        return {"finding": str(found)}
    except (MemoryError, RecursionError):
        return {"finding": "too_complex"}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main()))
