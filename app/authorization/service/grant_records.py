"""Writes down what a lawyer agreed to: grant, confirmation of an act, entry in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.authorization.models.grants import Confirmation, Grant
from app.authorization.models.transactions import ScanTransaction
from app.authorization.queries.relying_parties import PartyRow
from app.authorization.rules import assurance, consent, jose, lifetimes
from app.authorization.rules.request import AuthorizationRequest
from app.authorization.service.scan_views import requester_json
from app.authorization.service.webhooks import Webhooks
from app.identity.service.values import BoundDevice, LawyerCard
from app.kernel.unit_of_work import Tx
from app.ledger.service.entries import Event, Ledger
from app.ports.entropy import Entropy
from credential.receipt import Json

PUBLIC_ID_BYTES = 16


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """What was asked, who agreed to how much of it, and the signature over the words shown."""

    row: ScanTransaction
    request: AuthorizationRequest
    issuer: str
    party: PartyRow
    granted: Sequence[str]
    device: BoundDevice
    card: LawyerCard
    text: str
    signature: bytes = field(repr=False)


class GrantRecords:
    """One transaction, the caller's, holds all that is written."""

    def __init__(self, *, entropy: Entropy, ledger: Ledger, webhooks: Webhooks) -> None:
        self._entropy = entropy
        self._ledger = ledger
        self._webhooks = webhooks

    def write(self, tx: Tx, agreed: Agreed, *, at: datetime) -> Grant:
        """Write the grant and all that follows from it."""
        grant = self._grant(agreed, at=at)
        tx.add(grant)
        tx.flush()
        self._ledger.append(tx, self._event(tx, grant, agreed, at=at))
        return grant

    def _grant(self, agreed: Agreed, *, at: datetime) -> Grant:
        row, request, device = agreed.row, agreed.request, agreed.device
        acr = assurance.achieved(person_verified_at=device.person_verified_at, since=row.created_at)
        return Grant(
            id=self._entropy.uuid(),
            lawyer_id=row.lawyer_id,
            device_id=device.device_id,
            client_id=agreed.party.client_id,
            issuer=agreed.issuer,
            kind=row.kind,
            attributes=list(agreed.granted),
            scope=" ".join(request.scope),
            purpose={"code": request.purpose[0], "text": request.purpose[1]},
            retention=request.retention,
            act=None if request.act is None else request.act.to_json(),
            requester=requester_json(agreed.party),
            acr=acr,
            amr=assurance.methods(acr, device_assurance=device.assurance),
            authenticated_at=at,
            consent_text=agreed.text,
            device_key=device.public_key,
            device_signature=agreed.signature,
            created_at=at,
            expires_at=lifetimes.grant_until(
                at=at,
                kind=request.kind,
                retention_days=request.retention_days,
                offline="offline_access" in request.scope,
            ),
        )

    def _event(self, tx: Tx, grant: Grant, agreed: Agreed, *, at: datetime) -> Event:
        """Return the ledger's event: of the confirmation where there is an act, else the grant."""
        act = agreed.request.act
        said: dict[str, Json] = {
            "client_id": grant.client_id,
            "attributes": list(grant.attributes),
            "purpose": grant.purpose["code"],
            "acr": grant.acr,
            "consent_sha256": consent.sha256(grant.consent_text),
        }
        source, kind = grant.id, "grant"
        if act is not None:
            confirmation = self._confirm(tx, grant, agreed, at=at)
            source, kind = confirmation.id, "confirmation"
            said |= {"act": act.code, "text_sha256": consent.sha256(act.text)}
        return Event(
            kind=kind,
            at=at,
            source_id=source,
            subject=grant.lawyer_id,
            place=grant.client_id,
            details=said,
        )

    def _confirm(self, tx: Tx, grant: Grant, agreed: Agreed, *, at: datetime) -> Confirmation:
        confirmation = self._confirmation(grant, agreed, at=at)
        tx.add(confirmation)
        told = {"confirmation_id": confirmation.public_id, "grant_id": str(grant.id)}
        self._webhooks.enqueue(
            tx, client_id=grant.client_id, type="confirmation.ready", data=told, at=at
        )
        return confirmation

    def _confirmation(self, grant: Grant, agreed: Agreed, *, at: datetime) -> Confirmation:
        act, card = agreed.request.act, agreed.card
        if act is None:
            raise LookupError("a grant of an act without the act")
        return Confirmation(
            id=self._entropy.uuid(),
            public_id=jose.b64u(self._entropy.token_bytes(PUBLIC_ID_BYTES)),
            grant_id=grant.id,
            client_id=grant.client_id,
            act=act.code,
            text=act.text,
            lawyer={"name": card.name, "license_no": card.licence_no, "firm": card.firm_name},
            at=at,
        )
