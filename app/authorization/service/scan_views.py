"""What a phone is shown of a request 扫一扫."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.authorization.models.transactions import ScanTransaction
from app.authorization.queries.relying_parties import PartyRow
from app.authorization.rules import assurance, consent, ticket
from app.authorization.rules.attributes import ATTRIBUTES, PHOTO_SHOWN
from app.authorization.rules.request import AuthorizationRequest
from app.authorization.rules.ticket import State
from app.authorization.service.requests import requester
from app.authorization.service.values import ScanView
from app.identity.service.values import BoundDevice, LawyerCard


def view(
    row: ScanTransaction,
    *,
    party: PartyRow,
    device: BoundDevice,
    card: LawyerCard,
    confirmation: str | None,
    at: datetime,
) -> ScanView:
    """Return how a request stands, with everything its signature will cover."""
    request = AuthorizationRequest.from_json(row.request)
    state = ticket.state_at(row.state, expires_at=row.expires_at, at=at)
    return ScanView(
        id=row.id,
        state=state,
        kind=row.kind,
        expires_at=row.expires_at,
        requester=requester_json(party),
        purpose={"code": request.purpose[0], "text": request.purpose[1]},
        retention=request.retention,
        attributes=[_shown(code, request=request, card=card) for code in request.attributes],
        act=None if request.act is None else request.act.to_json(),
        place=row.place,
        acr=request.acr,
        face_needed=face_needed(row, request, device=device),
        number=row.number if state is State.CLAIMED else None,
        number_done=row.number_right,
        second_scan=row.second_scan,
        statement=statement(row, request, party),
        confirmation=confirmation,
    )


def attribute_value(code: str, *, card: LawyerCard) -> str:
    """Return an attribute as text; the photo is named, not shown."""
    values = {
        "name": card.name,
        "practice_status": card.status.label,
        "license_no": card.licence_no,
        "firm": card.firm_name,
        "category": card.category.label,
        "photo": PHOTO_SHOWN,
    }
    return values[code]


def _shown(code: str, *, request: AuthorizationRequest, card: LawyerCard) -> dict[str, Any]:
    return {
        "code": code,
        "label": ATTRIBUTES[code].label,
        "required": code in request.required,
        "value": attribute_value(code, card=card),
    }


def statement(row: ScanTransaction, request: AuthorizationRequest, party: PartyRow) -> list[str]:
    """Return the lines that the phone shows and signs."""
    return consent.statement(
        request, ticket=str(row.id), who=requester(party), kind=row.kind, place=row.place
    )


def requester_json(party: PartyRow) -> dict[str, Any]:
    """Return who asks, from our register."""
    return {
        "name": party.legal_name,
        "uscc": party.uscc,
        "domain": party.domain,
        "client_id": party.client_id,
        "verified_at": party.registered_at.isoformat(),
        "sandbox": party.sandbox,
        "logo": f"/oauth/logo/{party.client_id}" if party.has_logo else None,
    }


def face_needed(
    row: ScanTransaction, request: AuthorizationRequest, *, device: BoundDevice
) -> bool:
    """Whether the lawyer must show their face before they may agree."""
    return assurance.face_needed(
        request.acr, person_verified_at=device.person_verified_at, since=row.created_at
    )
