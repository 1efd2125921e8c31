"""What the ledger keeps of a verification."""

from __future__ import annotations

from app.ledger.service.entries import Event
from app.verification.queries import verifications as queries


def ledger_event(event: queries.Event) -> Event:
    """Return the ledger's event for a verification: the `cti` stands for the lawyer."""
    return Event(
        kind="verification",
        at=event.at,
        subject=event.lawyer_id,
        place=event.kiosk_id or event.client_id or "",
        source_id=event.id,
        details={
            "accepted": event.accepted,
            "code": event.code,
            "cti": None if event.cti is None else event.cti.hex(),
            "flagged": event.flagged,
            "form": event.form,
            "offline": event.offline,
            "presented_at": event.presented_at,
        },
    )
