"""我的授权: what a lawyer granted and confirmed, receipts for it, and its end."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.authorization.errors import GrantUnknown, RelyingPartyUnknown
from app.authorization.models.grants import Grant
from app.authorization.queries import tokens as queries
from app.authorization.rules import consent
from app.authorization.rules.attributes import ATTRIBUTES
from app.authorization.service.codes import Codes
from app.authorization.service.logout import Logout
from app.authorization.service.provider_keys import ProviderKeys
from app.authorization.service.relying_parties import RelyingParties
from app.authorization.service.webhooks import Webhooks
from app.identity.errors import NotBound
from app.identity.service.devices import Devices
from app.kernel.principal import Partner, Phone
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ledger.service.entries import Event, Ledger
from app.ports.clock import Clock

PAGE = 20


@dataclass(frozen=True, kw_only=True)
class GrantItem:
    """A grant as the lawyer's list shows it."""

    id: uuid.UUID
    kind: str
    requester: Mapping[str, Any]
    purpose: Mapping[str, str]
    attributes: Sequence[Mapping[str, str]]
    act: Mapping[str, Any] | None
    retention: str
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    ended_by: str | None
    public_id: str | None


@dataclass(frozen=True, kw_only=True)
class ConsentReceipt:
    """A consent record in the shape of ISO/IEC TS 27560, and the same signed by us."""

    record: Mapping[str, Any]
    jws: str
    ledger: Mapping[str, Any] | None


class Grants:
    """Use cases of the lawyer's own grants."""

    def __init__(
        self,
        *,
        relying_parties: RelyingParties,
        codes: Codes,
        devices: Devices,
        keys: ProviderKeys,
        clock: Clock,
        ledger: Ledger,
        webhooks: Webhooks,
        logout: Logout,
    ) -> None:
        self._parties = relying_parties
        self._codes = codes
        self._devices = devices
        self._keys = keys
        self._clock = clock
        self._ledger = ledger
        self._webhooks = webhooks
        self._logout = logout

    def page(
        self, *, phone: Phone, before: uuid.UUID | None
    ) -> tuple[list[GrantItem], uuid.UUID | None]:
        """Return a page, newest first, and where the next one starts; raises `NotBound`."""
        lawyer_id = self._lawyer(phone)
        with unit_of_work() as tx:
            rows = queries.grants_of_lawyer(tx, lawyer_id=lawyer_id, before=before, limit=PAGE + 1)
            items = [_item(tx, row) for row in rows[:PAGE]]
            more = rows[PAGE - 1].id if len(rows) > PAGE else None
        return items, more

    def receipt(self, *, phone: Phone, grant_id: uuid.UUID) -> ConsentReceipt:
        """Return the lawyer's receipt of a grant; raises `GrantUnknown`."""
        lawyer_id = self._lawyer(phone)
        with unit_of_work() as tx:
            grant = queries.grant_of_lawyer(tx, grant_id=grant_id, lawyer_id=lawyer_id)
            found = _receipt_parts(tx, grant)
        return self._receipt(*found)

    def receipt_for(self, *, partner: Partner, grant_id: uuid.UUID) -> ConsentReceipt:
        """Return the relying party's copy of the receipt; raises `GrantUnknown`."""
        with unit_of_work() as tx:
            grant = queries.grant_of_client(tx, grant_id=grant_id, client_id=partner.client_id)
            found = _receipt_parts(tx, grant)
        return self._receipt(*found)

    def _receipt(self, record: dict[str, Any], source: uuid.UUID, kind: str) -> ConsentReceipt:
        proof = self._ledger.receipt(source_id=source, kind=kind)
        return ConsentReceipt(
            record=record,
            jws=self._keys.sign(record, typ="consent-receipt+jwt"),
            ledger=None if proof is None else proof.to_json(),
        )

    def end(self, *, phone: Phone, grant_id: uuid.UUID) -> None:
        """撤回授权: end a grant and every token of it, at once. Raises `GrantUnknown`."""
        lawyer_id = self._lawyer(phone)
        at = self._clock.now()
        with unit_of_work() as tx:
            grant = queries.grant_of_lawyer(tx, grant_id=grant_id, lawyer_id=lawyer_id)
            if grant is None:
                raise GrantUnknown
            self.end_in(tx, grant, ended_by="lawyer", at=at)

    def end_in(self, tx: Tx, grant: Grant, *, ended_by: str, at: datetime) -> None:
        """End a grant in the caller's transaction and tell the relying party; once."""
        if grant.ended_at is not None:
            return
        grant.ended_at, grant.ended_by = at, ended_by
        queries.revoke_tokens(tx, grant_id=grant.id, at=at)
        said = {"grant_id": str(grant.id), "ended_by": ended_by}
        self._tell(tx, grant, said=said, at=at)
        self._ledger.append(
            tx,
            Event(
                kind="grant_end",
                at=at,
                source_id=grant.id,
                subject=grant.lawyer_id,
                place=grant.client_id,
                details=said,
            ),
        )

    def end_of_device(self, tx: Tx, device_id: uuid.UUID, at: datetime) -> None:
        """End what stands on a device that ended; called by identity in its transaction."""
        for grant in queries.live_grants_of_device(tx, device_id=device_id):
            self.end_in(tx, grant, ended_by="device_ended", at=at)
        queries.end_sessions_of_device(tx, device_id=device_id, at=at)

    def _tell(self, tx: Tx, grant: Grant, *, said: Mapping[str, str], at: datetime) -> None:
        """The relying party hears of the end by event and logout token, unless it is shut off."""
        try:
            party = self._parties.recognise(grant.client_id)
        except RelyingPartyUnknown:
            return
        data = {**said, "sub": self._codes.subject(lawyer_id=grant.lawyer_id, party=party)}
        self._webhooks.enqueue(tx, client_id=grant.client_id, type="grant.ended", data=data, at=at)
        if grant.ended_by != "relying_party":
            self._logout.tell(tx, grant, at=at)

    def _lawyer(self, phone: Phone) -> uuid.UUID:
        card = self._devices.profile(phone=phone).lawyer
        if card is None:
            raise NotBound
        return card.lawyer_id


def _receipt_parts(tx: Tx, grant: Grant | None) -> tuple[dict[str, Any], uuid.UUID, str]:
    if grant is None:
        raise GrantUnknown
    return (_record(grant), *_ledger_source(tx, grant))


def _ledger_source(tx: Tx, grant: Grant) -> tuple[uuid.UUID, str]:
    if grant.act is None:
        return grant.id, "grant"
    confirmation = queries.confirmation_of_grant(tx, grant_id=grant.id)
    return (grant.id, "grant") if confirmation is None else (confirmation.id, "confirmation")


def _item(tx: Tx, row: Grant) -> GrantItem:
    confirmation = None if row.act is None else queries.confirmation_of_grant(tx, grant_id=row.id)
    return GrantItem(
        id=row.id,
        kind=row.kind,
        requester=row.requester,
        purpose=row.purpose,
        attributes=[{"code": c, "label": ATTRIBUTES[c].label} for c in row.attributes],
        act=row.act,
        retention=row.retention,
        created_at=row.created_at,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        public_id=None if confirmation is None else confirmation.public_id,
    )


def _record(grant: Grant) -> dict[str, Any]:
    """Return the consent record (ISO/IEC TS 27560:2023, consent record information structure)."""
    return {
        "schema_version": "ISO/IEC TS 27560:2023",
        "record_id": str(grant.id),
        "issuer": grant.issuer,
        "pii_controllers": [
            {
                "name": grant.requester["name"],
                "identifier": grant.requester["uscc"],
                "contact": grant.requester["domain"],
            }
        ],
        "purposes": [
            {
                "purpose": grant.purpose["text"],
                "purpose_code": grant.purpose["code"],
                "lawful_basis": "consent",
                "pii": [ATTRIBUTES[code].label for code in grant.attributes],
                "retention": grant.retention,
                "jurisdiction": "CN",
            }
        ],
        "act": grant.act,
        "events": [
            {
                "state": "consent_given",
                "time": grant.created_at.isoformat(),
                "method": "device_signature",
                "acr": grant.acr,
                "notice_sha256": consent.sha256(grant.consent_text),
            },
            *_end_event(grant),
        ],
        "valid_until": grant.expires_at.isoformat(),
    }


def _end_event(grant: Grant) -> list[dict[str, Any]]:
    if grant.ended_at is None:
        return []
    return [
        {"state": "consent_withdrawn", "time": grant.ended_at.isoformat(), "by": grant.ended_by}
    ]
