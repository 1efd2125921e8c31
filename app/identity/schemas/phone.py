"""Wire shapes of signing in, standing, binding and the inbox."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from app.http.body import Moment, PublicKey, Signature, Strict, milliseconds
from app.identity.rules import consent
from app.identity.service.devices import Devices
from app.identity.service.values import BoundDevice, LawyerCard, PendingBinding, Profile

Text = Annotated[str, StringConstraints(min_length=1, max_length=100)]
UnixSeconds = Annotated[int, Field(ge=0, le=4_102_444_800)]


class Time(BaseModel):
    """The server's clock."""

    server_time_ms: int


class SignInIn(Strict):
    """WeChat's one-time code."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=256)]


class Lawyer(BaseModel):
    """A lawyer's card."""

    name: str
    licence_no: str
    firm_name: str
    category: str
    category_label: str
    practice_status: str
    status_label: str
    status_since: date

    @classmethod
    def of(cls, card: LawyerCard) -> Lawyer:
        """Build from the domain's value."""
        return cls(
            name=card.name,
            licence_no=card.licence_no,
            firm_name=card.firm_name,
            category=card.category,
            category_label=card.category.label,
            practice_status=card.status,
            status_label=card.status.label,
            status_since=card.status_since,
        )


class Device(BaseModel):
    """The bound phone."""

    id: uuid.UUID
    public_key: PublicKey
    assurance: int
    bound_at: Moment
    face_verified_at: Moment
    face_due_at: Moment

    @classmethod
    def of(cls, device: BoundDevice) -> Device:
        """Build from the domain's value."""
        return cls(
            id=device.device_id,
            public_key=device.public_key,
            assurance=device.assurance,
            bound_at=device.bound_at,
            face_verified_at=device.person_verified_at,
            face_due_at=Devices.face_due_at(device),
        )


class Pending(BaseModel):
    """An application that is still open."""

    binding_id: uuid.UUID
    way: Literal["face", "officer"]
    state: str
    hall_code: str | None
    attempts_left: int
    expires_at: Moment

    @classmethod
    def of(cls, pending: PendingBinding) -> Pending:
        """Build from the domain's value."""
        return cls.model_validate(vars(pending))


class Me(BaseModel):
    """The account's standing."""

    state: Literal["unbound", "pending", "bound", "other_device"]
    lawyer: Lawyer | None
    device: Device | None
    pending: Pending | None
    unread_notices: int
    server_time_ms: int

    @classmethod
    def of(cls, profile: Profile, *, unread: int, at: datetime) -> Me:
        """Build from the domain's value."""
        return cls.model_validate(
            {
                "state": profile.state,
                "lawyer": None if profile.lawyer is None else Lawyer.of(profile.lawyer),
                "device": None if profile.device is None else Device.of(profile.device),
                "pending": None if profile.pending is None else Pending.of(profile.pending),
                "unread_notices": unread,
                "server_time_ms": milliseconds(at),
            }
        )


class SignedIn(BaseModel):
    """A fresh session."""

    token: str
    expires_at: Moment
    server_time_ms: int
    me: Me


class ConsentText(BaseModel):
    """The text to consent to, and its digest that the phone sends back."""

    version: str = consent.VERSION
    title: str = consent.TITLE
    paragraphs: tuple[str, ...] = consent.PARAGRAPHS
    sha256: str = consent.SHA256


class ConsentIn(Strict):
    """The separate consent: which text was shown."""

    version: Text
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class DeviceIn(Strict):
    """The phone's new key with its proof of possession."""

    public_key: PublicKey
    assurance: Literal[0, 1]
    iat: UnixSeconds
    signature: Signature


class BindingIn(Strict):
    """What the lawyer typed."""

    licence_no: Text
    name: Text
    identity_no: Text
    way: Literal["face", "officer"]
    consent: ConsentIn | None = None
    device: DeviceIn


class BindingOut(BaseModel):
    """An application and what comes next."""

    binding_id: uuid.UUID
    way: Literal["face", "officer"]
    state: Literal["face_required", "officer_pending"]
    hall_code: str | None
    expires_at: Moment
    attempts_left: int

    @classmethod
    def of(cls, pending: PendingBinding) -> BindingOut:
        """Build from the domain's value."""
        return cls.model_validate(vars(pending))
