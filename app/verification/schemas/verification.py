"""Wire shapes of verification."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from app.http.body import Moment, MomentIn, Nonce, PublicKey, Signature, Strict, milliseconds
from app.http.catalogue import CATALOGUE
from app.kernel.principal import Kiosk
from app.verification.rules import acceptance as rules
from app.verification.service.verifications import Answer, PastVerification

Code = Annotated[str, StringConstraints(max_length=2000)]


class EnrolIn(Strict):
    """A kiosk's own key, proof of possession, and one-time code."""

    enrolment_code: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    public_key: PublicKey
    iat: Annotated[int, Field(ge=0, le=4_102_444_800)]
    signature: Signature


class KioskOut(BaseModel):
    """A kiosk's identity and what it needs to verify offline."""

    kiosk_id: str
    name: str
    court_code: str
    court_name: str
    place: str
    gate: bool
    audiences: list[str]
    root_key: PublicKey
    server_time_ms: int

    @classmethod
    def of(cls, kiosk: Kiosk, *, root_key: bytes, at: datetime) -> KioskOut:
        """Build from the domain's value."""
        return cls(
            kiosk_id=kiosk.kiosk_id,
            name=kiosk.name,
            court_code=kiosk.court_code,
            court_name=kiosk.court_name,
            place=kiosk.place,
            gate=kiosk.gate,
            audiences=[rules.COMMON_AUDIENCE, kiosk.audience],
            root_key=root_key,
            server_time_ms=milliseconds(at),
        )


class VerifyIn(Strict):
    """What was scanned or typed, and the nonce the kiosk showed, if it showed one."""

    text: Code
    nonce: Nonce | None = None


class VerifiedLawyer(BaseModel):
    """Whose code it is."""

    name: str
    licence_no: str
    firm_name: str
    category: str
    category_label: str
    status_label: str


class VerifyOut(BaseModel):
    """核验通过."""

    verification_id: uuid.UUID
    outcome: Literal["accepted"]
    form: Literal["LVZ1", "LVZ2", "LVZ3"]
    verified_at: Moment
    lawyer: VerifiedLawyer
    has_photo: bool
    status_as_of: Moment
    server_time_ms: int

    @classmethod
    def of(cls, answer: Answer) -> VerifyOut:
        """Build from the domain's value."""
        holder = answer.holder
        return cls.model_construct(
            verification_id=answer.verification_id,
            outcome="accepted",
            form=answer.form,
            verified_at=answer.at,
            lawyer=VerifiedLawyer.model_construct(
                name=holder.name,
                licence_no=holder.licence_no,
                firm_name=holder.firm_name,
                category=holder.category.value,
                category_label=holder.category.label,
                status_label=answer.status.label,
            ),
            has_photo=holder.has_photo,
            status_as_of=answer.status_as_of,
            server_time_ms=milliseconds(answer.at),
        )


class OfflineScan(Strict):
    """A scan that a kiosk decided without the network."""

    id: Annotated[uuid.UUID, Field(strict=False)]
    text: Code
    at: MomentIn
    outcome: Literal["accepted", "refused", "amber"]
    code: Annotated[str, StringConstraints(pattern=r"^[a-z_.]{1,64}$")] | None = None


class OfflineIn(Strict):
    """Scans to reconcile."""

    items: Annotated[list[OfflineScan], Field(min_length=1, max_length=rules.OFFLINE_BATCH)]


class Flag(BaseModel):
    """A scan that does not stand up to a second look."""

    id: uuid.UUID
    code: str


class OfflineOut(BaseModel):
    """Which scans are stored now, and which were flagged."""

    accepted: list[uuid.UUID]
    flagged: list[Flag]


class HistoryQuery(Strict):
    """Where the page starts."""

    before: Annotated[uuid.UUID, Field(strict=False)] | None = None


class HistoryItem(BaseModel):
    """One line of 谁在何时核验了我."""

    id: uuid.UUID
    at: Moment
    kiosk_name: str
    court_name: str
    place: str
    form: str | None
    offline: bool
    outcome: Literal["accepted", "refused"]
    code: str | None
    reason: str

    @classmethod
    def of(cls, item: PastVerification) -> HistoryItem:
        """Build from the domain's value, with the reason in words."""
        return cls(
            id=item.id,
            at=item.at,
            kiosk_name=item.kiosk_name,
            court_name=item.court_name,
            place=item.place,
            form=item.form,
            offline=item.offline,
            outcome="accepted" if item.accepted else "refused",
            code=item.code,
            reason=CATALOGUE[item.code][1] if item.code in CATALOGUE else "",
        )


class History(BaseModel):
    """A page, newest first."""

    items: list[HistoryItem]
    next: uuid.UUID | None
