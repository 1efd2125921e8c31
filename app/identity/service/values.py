"""Frozen values that identity gives to its routes and to the domains above it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime

from app.identity.models import Device, Lawyer
from app.identity.queries import StandingRow
from app.ports.registry import PracticeCategory, PracticeStatus


@dataclass(frozen=True, kw_only=True)
class LawyerCard:
    """What a lawyer's card shows."""

    lawyer_id: uuid.UUID
    name: str
    licence_no: str
    firm_name: str
    category: PracticeCategory
    status: PracticeStatus
    status_since: date
    status_index: int
    has_photo: bool

    @classmethod
    def of(cls, row: Lawyer) -> LawyerCard:
        """Read the card off a row."""
        return cls(
            lawyer_id=row.id,
            name=row.name,
            licence_no=row.licence_no,
            firm_name=row.firm_name,
            category=PracticeCategory(row.category),
            status=PracticeStatus(row.practice_status),
            status_since=row.status_since,
            status_index=row.status_index,
            has_photo=row.photo_sealed is not None,
        )

    @classmethod
    def of_standing(cls, row: StandingRow) -> LawyerCard:
        """Read the card off a row of both."""
        return cls(
            lawyer_id=row.lawyer_id,
            name=row.name,
            licence_no=row.licence_no,
            firm_name=row.firm_name,
            category=PracticeCategory(row.category),
            status=PracticeStatus(row.practice_status),
            status_since=row.status_since,
            status_index=row.status_index,
            has_photo=row.has_photo,
        )


@dataclass(frozen=True, kw_only=True)
class BoundDevice:
    """A phone bound to a lawyer."""

    device_id: uuid.UUID
    public_key: bytes
    assurance: int
    bound_at: datetime
    person_verified_at: datetime

    @classmethod
    def of(cls, row: Device) -> BoundDevice:
        """Read the device off a row."""
        return cls(
            device_id=row.id,
            public_key=row.public_key,
            assurance=row.assurance,
            bound_at=row.bound_at,
            person_verified_at=row.person_verified_at,
        )

    @classmethod
    def of_standing(cls, row: StandingRow) -> BoundDevice:
        """Read the device off a row of both."""
        return cls(
            device_id=row.device_id,
            public_key=row.public_key,
            assurance=row.assurance,
            bound_at=row.bound_at,
            person_verified_at=row.person_verified_at,
        )


@dataclass(frozen=True, kw_only=True)
class PendingBinding:
    """An application that is still open. `hall_code` only while an officer is awaited."""

    binding_id: uuid.UUID
    way: str
    state: str
    hall_code: str | None = field(repr=False)
    attempts_left: int
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class Profile:
    """The account's standing: unbound, pending, bound, or other_device."""

    state: str
    lawyer: LawyerCard | None
    device: BoundDevice | None
    pending: PendingBinding | None


@dataclass(frozen=True, kw_only=True)
class HallApplicant:
    """What the hall officer sees while checking a person's documents."""

    binding_id: uuid.UUID
    name: str
    licence_no: str
    firm_name: str
    category: PracticeCategory
    status: PracticeStatus
    identity_no_masked: str
    photo: bytes = field(repr=False)
