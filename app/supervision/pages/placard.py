"""终端码: the placard beside a kiosk, for the mode in which a code counts at that kiosk only.

The phone scans it and then presents to this kiosk's audience (docs/protocol.md, mode A).
"""

from __future__ import annotations

from flask import Blueprint, Response

from app.kernel.principal import Kiosk
from app.supervision.pages.console import bureau, page, services
from app.web.qr import svg_answer

placard = Blueprint("console_placard", __name__)

FULL_FORM = 1  # LVZ1: verifies without a network, which is what a placard is for


@placard.get("/kiosks/<kiosk_id>/placard")
def sheet(kiosk_id: str) -> str:
    """Show the placard as it is printed."""
    return page("console/placard.html", kiosk=_kiosk(kiosk_id))


@placard.get("/kiosks/<kiosk_id>/placard.svg")
def code(kiosk_id: str) -> Response:
    """Draw the code."""
    return svg_answer(challenge(_kiosk(kiosk_id)))


def challenge(kiosk: Kiosk) -> str:
    """Return the text a phone scans: the audience, no nonce, the form wanted."""
    return f"LVZK:{kiosk.audience}::{FULL_FORM}"


def _kiosk(kiosk_id: str) -> Kiosk:
    bureau()
    return services().kiosks.recognise(kiosk_id)
