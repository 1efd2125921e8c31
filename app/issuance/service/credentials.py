"""Use cases of issuance: issue a credential, find it again, end it, publish keys and statuses."""

from __future__ import annotations

import base64
import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from app.identity.errors import DeviceProofReplayed
from app.identity.service.devices import Devices, IssueProof
from app.identity.service.values import LawyerCard
from app.issuance import queries, rules
from app.issuance.models import IssuedCredential
from app.kernel.field_crypto import FieldCrypto
from app.kernel.principal import Phone
from app.kernel.unit_of_work import Tx, autocommit
from app.ledger.service.entries import Event, Ledger
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.registry import PracticeCategory
from credential import short_code
from credential.claims import CTI_SIZE, Credential, LawyerClaims
from credential.errors import DeviceEnded, UnknownReference
from credential.issuer import Issuer
from credential.keys import Algorithm, PublicKey

# For the statement of whoever accepts a presentation: `cti` in, a row for `live_holder` out.
HELD = queries.HELD

HANDLE_BYTES = 10
SEED_BYTES = 20


@dataclass(frozen=True, kw_only=True)
class ShortCodeGrant:
    """What a phone needs to show LVZ3: a public handle and a secret seed (base32)."""

    handle: str
    seed: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A fresh credential and its short code."""

    credential: Credential
    issued_at: datetime
    expires_at: datetime
    renew_after: datetime
    short_code: ShortCodeGrant


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Who holds a credential, as attested when it was issued."""

    cti: bytes
    raw: bytes
    device_id: uuid.UUID
    lawyer_id: uuid.UUID
    name: str
    licence_no: str
    firm_name: str
    category: PracticeCategory
    has_photo: bool
    expires_at: datetime
    revoked: bool

    @classmethod
    def of(cls, row: IssuedCredential | queries.HolderRow) -> Holder:
        """Read the holder off a row."""
        return cls(
            cti=row.cti,
            raw=row.raw,
            device_id=row.device_id,
            lawyer_id=row.lawyer_id,
            name=row.name,
            licence_no=row.licence_no,
            firm_name=row.firm_name,
            category=PracticeCategory(row.category),
            has_photo=row.has_photo,
            expires_at=row.expires_at,
            revoked=row.revoked_at is not None,
        )


class Issuance:
    """Issues credentials and answers questions about them."""

    def __init__(
        self,
        *,
        issuer: Issuer,
        devices: Devices,
        clock: Clock,
        entropy: Entropy,
        crypto: FieldCrypto,
        ledger: Ledger,
    ) -> None:
        self._issuer = issuer
        self._devices = devices
        self._clock = clock
        self._entropy = entropy
        self._crypto = crypto
        self._ledger = ledger

    def issue(self, *, phone: Phone, proof: IssueProof) -> Issued:
        """Issue a credential bound to the phone's key.

        Raises `NotBound`, `DeviceEnded`, the device-proof errors, `FaceDue`, `NotPractising`,
        and the registry port's errors.
        """
        at = self._clock.now()
        device, card = self._devices.prove(phone=phone, proof=proof, at=at)
        status = self._devices.live_status(licence_no=card.licence_no)
        due = self._devices.face_due_at(device)
        rules.check_may_issue(status=status.status, face_due_at=due, at=at)
        credential = self._issuer.issue(
            lawyer=_claims(card, assurance=device.assurance),
            holder_key=PublicKey.from_compressed(Algorithm.ES256, device.public_key),
            cti=self._entropy.token_bytes(CTI_SIZE),
            at=int(at.timestamp()),
            lifetime=int(rules.lifetime(face_due_at=due, at=at).total_seconds()) or 1,
        )
        with autocommit() as database:
            stored = queries.issue(
                database,
                row=_row(credential, at=at, card=card),
                entry=self._ledger.values(_event(credential, at=at, card=card)),
                proof=proof,
            )
        if stored is None:  # since it was looked at, the device ended or a later proof came
            self._devices.prove(phone=phone, proof=proof, at=at)
            raise DeviceProofReplayed
        grant = self._grant(stored.seed or self._new_seed(device.device_id))
        return self._issued(credential, at=at, short_code=grant)

    def find(self, *, cti: bytes) -> Holder:
        """Find who holds or held a credential, by a read of its own; raises `UnknownReference`."""
        with autocommit() as database:
            row = queries.holder(database, cti=cti)
        if row is None:
            raise UnknownReference("cti")
        return Holder.of(row)

    def holder(self, tx: Tx, *, cti: bytes) -> Holder:
        """Find who holds a credential; raises `UnknownReference` or `DeviceEnded`."""
        row = queries.credential(tx, cti=cti)
        if row is None:
            raise UnknownReference("cti")
        return _live(Holder.of(row))

    def raw_credential(self, tx: Tx, cti: bytes) -> bytes:
        """Return the stored bytes behind a reference LVZ2; raises `UnknownReference`."""
        row = queries.credential(tx, cti=cti)
        if row is None:
            raise UnknownReference("cti")
        return row.raw

    def lawyer_of(self, tx: Tx, *, cti: bytes | None, handle: str | None) -> uuid.UUID | None:
        """Return whose credential or short code this is or was, if anybody's."""
        row = None
        if cti is not None:
            row = queries.credential(tx, cti=cti)
        elif handle is not None:
            row = queries.newest_of_handle(tx, handle=handle)
        return None if row is None else row.lawyer_id

    def use_short_code(self, tx: Tx, *, handle: str, totp: str, at: datetime) -> Holder:
        """Accept one step of a short code LVZ3, once.

        Raises `UnknownReference`, `DeviceEnded`, `ShortCodeWrong`, `Replayed`.
        """
        seed = queries.seed_for_update(tx, handle=handle)
        if seed is None:
            raise UnknownReference("handle")
        if seed.ended_at is not None:
            raise DeviceEnded
        plain = self._crypto.open_alone(seed.seed_sealed, aad=_seed_aad(handle)).decode()
        seed.last_step = short_code.match_step(
            seed_b32=plain, code=totp, at=int(at.timestamp()), after_step=seed.last_step
        )
        row = queries.newest_of_device(tx, device_id=seed.device_id)
        if row is None:
            raise UnknownReference("handle")
        return _live(Holder.of(row))

    def revoke_of_device(self, tx: Tx, device_id: uuid.UUID, at: datetime) -> None:
        """End what a device holds; called by identity when a device ends."""
        queries.revoke_of_device(tx, device_id=device_id, at=at)

    def _grant(self, seed: queries.SeedRow) -> ShortCodeGrant:
        plain = self._crypto.open_alone(seed.seed_sealed, aad=_seed_aad(seed.handle))
        return ShortCodeGrant(handle=seed.handle, seed=plain.decode())

    def _new_seed(self, device_id: uuid.UUID) -> queries.SeedRow:
        draw = self._entropy.token_bytes
        handle = base64.b32encode(draw(HANDLE_BYTES)).decode()
        sealed = self._crypto.seal_alone(base64.b32encode(draw(SEED_BYTES)), aad=_seed_aad(handle))
        with autocommit() as database:
            return queries.new_seed(
                database, device_id=device_id, handle=handle, seed_sealed=sealed
            )

    @staticmethod
    def _issued(credential: Credential, *, at: datetime, short_code: ShortCodeGrant) -> Issued:
        moment = partial(datetime.fromtimestamp, tz=at.tzinfo)
        return Issued(
            credential=credential,
            issued_at=moment(credential.issued_at),
            expires_at=moment(credential.expires_at),
            renew_after=moment(credential.issued_at) + rules.RENEW_AFTER,
            short_code=short_code,
        )


def _claims(card: LawyerCard, *, assurance: int) -> LawyerClaims:
    return LawyerClaims(
        licence_no=int(card.licence_no),
        name=card.name,
        practice_type=rules.PRACTICE_TYPE[card.category],
        status_index=card.status_index,
        device_assurance=assurance or None,
    )


def _row(credential: Credential, *, at: datetime, card: LawyerCard) -> dict[str, object]:
    """Return the columns of an issued credential that the proof does not give."""
    return {
        "cti": credential.cti,
        "lawyer_id": card.lawyer_id,
        "raw": credential.raw,
        "licence_no": card.licence_no,
        "name": card.name,
        "firm_name": card.firm_name,
        "category": card.category,
        "has_photo": card.has_photo,
        "issued_at": datetime.fromtimestamp(credential.issued_at, tz=at.tzinfo),
        "expires_at": datetime.fromtimestamp(credential.expires_at, tz=at.tzinfo),
    }


def _event(credential: Credential, *, at: datetime, card: LawyerCard) -> Event:
    """Return what the ledger keeps of an issuance; `source_id` is the `cti`, zeros in front."""
    return Event(
        kind="issuance",
        at=at,
        subject=card.lawyer_id,
        place="",
        source_id=uuid.UUID(bytes=credential.cti.rjust(16, b"\0")),
        details={
            "cti": credential.cti.hex(),
            "expires_at": credential.expires_at,
            "sha256": hashlib.sha256(credential.raw).hexdigest(),
        },
    )


def live_holder(fields: tuple[Any, ...]) -> Holder:
    """Read the holder off a row of `HELD`; raises `DeviceEnded`."""
    return _live(Holder.of(queries.HolderRow(*fields)))


def _live(holder: Holder) -> Holder:
    if holder.revoked:
        raise DeviceEnded
    return holder


def _seed_aad(handle: str) -> str:
    return f"short_code_seed.seed:{handle}"
