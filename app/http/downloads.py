"""Files that leave us: a browser saves them and never runs them."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from flask import Response


def download(pieces: Iterator[bytes], *, name: str, media_type: str, size: int) -> Response:
    """Answer with a file."""
    return Response(
        pieces,
        mimetype=media_type,
        headers={
            "Content-Length": str(size),
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )
