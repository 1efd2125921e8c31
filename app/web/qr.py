"""QR codes that a server draws: placards and printed papers. Phones draw their own."""

from __future__ import annotations

import io

import qrcode
import qrcode.image.svg
from flask import Response


def svg_answer(text: str) -> Response:
    """Draw a text as an SVG picture, error correction M, four modules of quiet zone."""
    drawing = qrcode.make(
        text,
        image_factory=qrcode.image.svg.SvgPathImage,
        error_correction=qrcode.constants.ERROR_CORRECT_M,
        border=4,
    )
    out = io.BytesIO()
    drawing.save(out)
    return Response(out.getvalue(), mimetype="image/svg+xml")
