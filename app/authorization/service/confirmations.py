"""执业行为确认: what a lawyer confirmed, as a JWS that anybody can verify."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.authorization.errors import ConfirmationUnknown, RelyingPartyUnknown
from app.authorization.models.grants import Confirmation, Grant
from app.authorization.queries import tokens as queries
from app.authorization.queries.relying_parties import PartyRow
from app.authorization.rules import consent, jose
from app.authorization.service.codes import Codes
from app.authorization.service.provider_keys import ProviderKeys
from app.authorization.service.relying_parties import RelyingParties
from app.kernel.principal import Partner
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ledger.service.entries import Ledger
from credential.errors import CredentialError
from credential.keys import Algorithm, PublicKey

TYP = "lvz-confirmation+jwt"
PAGE = 50


@dataclass(frozen=True, kw_only=True)
class ConfirmationItem:
    """A confirmation in a relying party's list."""

    id: uuid.UUID
    public_id: str
    grant_id: uuid.UUID
    act: str
    at: datetime

    @classmethod
    def of(cls, row: Confirmation) -> ConfirmationItem:
        """Read a row."""
        return cls(
            id=row.id, public_id=row.public_id, grant_id=row.grant_id, act=row.act, at=row.at
        )


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What anybody may see of a confirmation, and how each check came out."""

    lawyer: Mapping[str, str]
    act: Mapping[str, Any]
    at: datetime
    partner: str
    public_id: str
    jws: str | None
    ledger_index: int | None
    checks: Mapping[str, bool]


class Confirmations:
    """Use cases around confirmations."""

    def __init__(
        self, *, relying_parties: RelyingParties, codes: Codes, keys: ProviderKeys, ledger: Ledger
    ) -> None:
        self._parties = relying_parties
        self._codes = codes
        self._keys = keys
        self._ledger = ledger

    def page(
        self, *, partner: Partner, before: uuid.UUID | None
    ) -> tuple[list[ConfirmationItem], uuid.UUID | None]:
        """Return a relying party's confirmations, newest first, and where the next page starts."""
        with unit_of_work() as tx:
            rows = queries.confirmations_of_client(
                tx, client_id=partner.client_id, before=before, limit=PAGE + 1
            )
            items = [ConfirmationItem.of(row) for row in rows[:PAGE]]
        return items, rows[PAGE - 1].id if len(rows) > PAGE else None

    def for_partner(self, *, partner: Partner, public_id: str) -> str:
        """Return a relying party's own confirmation, signed; raises `ConfirmationUnknown`."""
        party = self._parties.recognise(partner.client_id)
        return self.signed(public_id=public_id, party=party)

    def signed(self, *, public_id: str, party: PartyRow) -> str:
        """Return a confirmation as JWS, made when first asked for, with its ledger receipt.

        Opens transactions of its own: the receipt wants the entry sequenced. Raises
        `ConfirmationUnknown`.
        """
        with unit_of_work() as tx:
            row = self._row(tx, public_id)
            if row.client_id != party.client_id:
                raise ConfirmationUnknown
            if row.jws is not None:
                return row.jws
            source = row.id
        receipt = self._ledger.receipt(source_id=source, kind="confirmation")
        with unit_of_work() as tx:
            row = self._row(tx, public_id, lock=True)
            if row.jws is None:
                grant = queries.grant(tx, row.grant_id)
                proof = None if receipt is None else receipt.to_json()
                sub = self._codes.subject(lawyer_id=grant.lawyer_id, party=party)
                claims = _claims(row, grant, sub=sub)
                row.jws = self._keys.sign({**claims, "ledger": proof}, typ=TYP)
            return row.jws

    @staticmethod
    def _row(tx: Tx, public_id: str, *, lock: bool = False) -> Confirmation:
        row = queries.confirmation(tx, public_id=public_id, lock=lock)
        if row is None:
            raise ConfirmationUnknown
        return row

    def verify(self, *, public_id: str) -> Verified:
        """Look a confirmation up and check it anew; raises `ConfirmationUnknown`."""
        self._sign_first(public_id)
        with unit_of_work() as tx:
            row = self._row(tx, public_id)
            grant = queries.grant(tx, row.grant_id)
            claims = None if row.jws is None else self._keys.verified(row.jws, typ=TYP)
            return Verified(
                lawyer=row.lawyer,
                act=grant.act or {},
                at=row.at,
                partner=grant.requester["name"],
                public_id=row.public_id,
                jws=row.jws,
                ledger_index=None if claims is None else claims["ledger"]["index"],
                checks=self._checks(row, grant, claims or {}),
            )

    def _sign_first(self, public_id: str) -> None:
        """The relying party may not have asked yet; one that is shut off is not signed for."""
        with unit_of_work() as tx:
            row = self._row(tx, public_id)
            client_id, signed = row.client_id, row.jws is not None
        if not signed:
            with suppress(RelyingPartyUnknown):
                self.signed(public_id=public_id, party=self._parties.recognise(client_id))

    def _checks(
        self, row: Confirmation, grant: Grant, claims: Mapping[str, Any]
    ) -> dict[str, bool]:
        return {
            "平台签名": bool(claims),
            "存证账本": self._ledger.proves(claims.get("ledger"), kind="confirmation"),
            "手机签名": _signed_by_device(grant),
            "文字未改动": f"{row.act} {row.text}" in grant.consent_text
            and claims.get("text") == row.text,
        }


def _signed_by_device(grant: Grant) -> bool:
    try:
        key = PublicKey.from_compressed(Algorithm.ES256, grant.device_key)
        key.verify(grant.device_signature, grant.consent_text.encode())
    except CredentialError:
        return False
    return True


def _claims(row: Confirmation, grant: Grant, *, sub: str) -> dict[str, Any]:
    device_key = PublicKey.from_compressed(Algorithm.ES256, grant.device_key).to_jwk()
    return {
        "iss": grant.issuer,
        "aud": row.client_id,
        "sub": sub,
        "jti": row.public_id,
        "iat": int(row.at.timestamp()),
        "act": grant.act,
        "text": row.text,
        "text_sha256": consent.sha256(row.text),
        "lawyer": row.lawyer,
        "acr": grant.acr,
        "verify": f"{grant.issuer}/verify/{row.public_id}",
        "consent": {
            "text": grant.consent_text,
            "sha256": consent.sha256(grant.consent_text),
            "device_key": device_key,
            "signature": jose.b64u(grant.device_signature),
        },
    }
