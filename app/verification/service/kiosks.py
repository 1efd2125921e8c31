"""Kiosks 鉴证终端: enrolment with a one-time code, recognition by signature, suspension."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.identity.rules import device_proof
from app.kernel.principal import Kiosk
from app.kernel.unit_of_work import autocommit, unit_of_work
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.verification.errors import EnrolmentCodeInvalid, UnknownKiosk
from app.verification.models import EnrolledKiosk, KioskEnrolment
from app.verification.queries import verifications as queries
from app.verification.rules import acceptance as rules

REMEMBERED_FOR = 1.0  # seconds a kiosk is known without asking the database again


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a kiosk will stand. `gate`: an officer lets people in there 安检口."""

    name: str
    court_code: str
    court_name: str
    place: str
    gate: bool = False


@dataclass(frozen=True, kw_only=True)
class EnrolmentRequest:
    """A kiosk's own key, its proof of possession, and the code it was given."""

    code: str = field(repr=False)
    public_key: bytes
    iat: int
    signature: bytes


@dataclass(frozen=True, kw_only=True)
class KioskListing:
    """A kiosk as the console lists it."""

    kiosk: Kiosk
    enrolled_at: datetime
    suspended_at: datetime | None


class Kiosks:
    """Use cases around kiosks."""

    def __init__(self, *, clock: Clock, entropy: Entropy) -> None:
        self._clock = clock
        self._entropy = entropy
        self._known: dict[str, tuple[float, Kiosk]] = {}

    def invite(self, *, place: Place) -> str:
        """Make a one-time enrolment code; told once, kept as a digest."""
        at = self._clock.now()
        code = base64.b32encode(self._entropy.token_bytes(10)).decode()
        with unit_of_work() as tx:
            tx.add(
                KioskEnrolment(
                    code_sha256=_digest(code),
                    name=place.name,
                    court_code=place.court_code,
                    court_name=place.court_name,
                    place=place.place,
                    gate=place.gate,
                    created_at=at,
                    expires_at=at + rules.ENROLMENT_LIFE,
                )
            )
        return code

    def enrol(self, *, request: EnrolmentRequest) -> Kiosk:
        """Enrol a kiosk; raises `EnrolmentCodeInvalid` or `DeviceProofInvalid`."""
        at = self._clock.now()
        device_proof.check(
            key=request.public_key,
            message=device_proof.kiosk_message(request.public_key, request.iat),
            signature=request.signature,
            iat=request.iat,
            at=at,
        )
        kiosk_id = "k" + base64.b32encode(self._entropy.token_bytes(5)).decode().lower()
        with unit_of_work() as tx:
            code = queries.enrolment_for_update(tx, code_sha256=_digest(request.code.strip()))
            if code is None or code.used_at is not None or code.expires_at <= at:
                raise EnrolmentCodeInvalid
            code.used_at = at
            row = EnrolledKiosk(
                id=kiosk_id,
                name=code.name,
                court_code=code.court_code,
                court_name=code.court_name,
                place=code.place,
                gate=code.gate,
                public_key=request.public_key,
                enrolled_at=at,
            )
            tx.add(row)
            return _kiosk(row)

    def listing(self) -> Sequence[KioskListing]:
        """Return all kiosks for the console."""
        with unit_of_work() as tx:
            return [
                KioskListing(
                    kiosk=_kiosk(row), enrolled_at=row.enrolled_at, suspended_at=row.suspended_at
                )
                for row in queries.kiosks(tx)
            ]

    def set_suspended(self, *, kiosk_id: str, suspended: bool) -> None:
        """Suspend a kiosk or let it work again; raises `UnknownKiosk`."""
        at = self._clock.now()
        with unit_of_work() as tx:
            row = queries.kiosk(tx, kiosk_id=kiosk_id)
            if row is None:
                raise UnknownKiosk
            row.suspended_at = at if suspended else None
        self._known.pop(kiosk_id, None)

    def recognise(self, kiosk_id: str) -> Kiosk:
        """Return an enrolled kiosk that is not suspended; raises `UnknownKiosk`.

        A suspension made by another process is noticed within `REMEMBERED_FOR`.
        """
        now = self._clock.now().timestamp()
        known = self._known.get(kiosk_id)
        if known is not None and 0 <= now - known[0] < REMEMBERED_FOR:
            return known[1]
        with autocommit() as database:
            row = queries.kiosk_row(database, kiosk_id=kiosk_id)
        if row is None or row.suspended_at is not None:
            raise UnknownKiosk
        kiosk = _kiosk(row)
        self._known[kiosk_id] = (now, kiosk)
        return kiosk


def _kiosk(row: EnrolledKiosk | queries.KioskRow) -> Kiosk:
    return Kiosk(
        kiosk_id=row.id,
        name=row.name,
        court_code=row.court_code,
        court_name=row.court_name,
        place=row.place,
        public_key=row.public_key,
        gate=bool(row.gate),
    )


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
