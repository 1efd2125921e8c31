"""执业行为确认: what a lawyer confirmed, as a JWS that anybody can verify."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.authorization.errors import ConfirmationUnknown
from app.authorization.models.grants import Confirmation, Grant
from app.authorization.queries import tokens as queries
from app.authorization.rules import consent, jose
from app.authorization.service.provider_keys import ProviderKeys
from app.kernel.unit_of_work import Tx, unit_of_work
from credential.errors import CredentialError
from credential.keys import Algorithm, PublicKey

TYP = "lvz-confirmation+jwt"


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """A confirmation and its JWS."""

    public_id: str
    jws: str


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What anybody may see of a confirmation, and how each check came out."""

    lawyer: Mapping[str, str]
    act: Mapping[str, Any]
    at: datetime
    partner: str
    public_id: str
    jws: str | None
    checks: Mapping[str, bool]


class Confirmations:
    """Use cases around confirmations."""

    def __init__(self, *, keys: ProviderKeys) -> None:
        self._keys = keys

    def of_grant(self, tx: Tx, grant: Grant, *, issuer: str, sub: str) -> Confirmed:
        """Return the confirmation of a grant, signed at the first time it is asked for."""
        row = queries.confirmation_of_grant(tx, grant_id=grant.id)
        if row is None:
            raise ConfirmationUnknown
        if row.jws is None:
            row.jws = self._keys.sign(_claims(row, grant, issuer=issuer, sub=sub), typ=TYP)
        return Confirmed(public_id=row.public_id, jws=row.jws)

    def verify(self, *, public_id: str) -> Verified:
        """Look a confirmation up and check it anew; raises `ConfirmationUnknown`."""
        with unit_of_work() as tx:
            row = queries.confirmation(tx, public_id=public_id)
            if row is None:
                raise ConfirmationUnknown
            grant = queries.grant(tx, row.grant_id)
            return Verified(
                lawyer=row.lawyer,
                act=grant.act or {},
                at=row.at,
                partner=grant.requester["name"],
                public_id=row.public_id,
                jws=row.jws,
                checks=self._checks(row, grant),
            )

    def _checks(self, row: Confirmation, grant: Grant) -> dict[str, bool]:
        claims = None if row.jws is None else self._keys.verified(row.jws, typ=TYP)
        return {
            "平台签名": claims is not None,
            "手机签名": _signed_by_device(grant),
            "文字未改动": f"{row.act} {row.text}" in grant.consent_text
            and (claims is None or claims["text"] == row.text),
        }


def _signed_by_device(grant: Grant) -> bool:
    try:
        key = PublicKey.from_compressed(Algorithm.ES256, grant.device_key)
        key.verify(grant.device_signature, grant.consent_text.encode())
    except CredentialError:
        return False
    return True


def _claims(row: Confirmation, grant: Grant, *, issuer: str, sub: str) -> dict[str, Any]:
    device_key = PublicKey.from_compressed(Algorithm.ES256, grant.device_key).to_jwk()
    return {
        "iss": issuer,
        "aud": row.client_id,
        "sub": sub,
        "jti": row.public_id,
        "iat": int(row.at.timestamp()),
        "act": grant.act,
        "text": row.text,
        "text_sha256": consent.sha256(row.text),
        "lawyer": row.lawyer,
        "acr": grant.acr,
        "verify": f"{issuer}/verify/{row.public_id}",
        "consent": {
            "text": grant.consent_text,
            "sha256": consent.sha256(grant.consent_text),
            "device_key": device_key,
            "signature": jose.b64u(grant.device_signature),
        },
    }
