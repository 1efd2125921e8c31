"""Passes 通行用途: what a lawyer comes to a court for, told to the kiosk there.

The ordinary code is the pass; a row here only adds words to it. That is kept out of the code on
purpose. The presentation's bytes carry an audience and a nonce and nothing else, so a purpose in
them would be another protocol; and a purpose is no credential: who is let in is decided by the
code, online or off. So a kiosk asks for the purpose after it accepted a code, and one that is
offline treats every valid code as a general pass 一般通行. When the officer's entry is uploaded,
the pass that stood at that moment is written beside it, so the record is whole all the same.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from app.identity.errors import NotBound
from app.identity.service.devices import Devices
from app.kernel.principal import Kiosk, Phone
from app.kernel.unit_of_work import unit_of_work
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.verification.errors import PassCourtUnknown, PassNotFound, VerificationNotFound
from app.verification.models import Pass
from app.verification.queries import passage as queries
from app.verification.queries import verifications
from app.verification.rules import passage as rules
from app.verification.rules.passage import Purpose


@dataclass(frozen=True, kw_only=True)
class Errand:
    """What a lawyer says of a visit; `at_time` is the hearing's, in China."""

    court_code: str
    purpose: Purpose
    day: date
    at_time: time | None
    case_reference: str | None


@dataclass(frozen=True, kw_only=True)
class PassView:
    """A pass as the lawyer and the kiosk see it."""

    id: uuid.UUID
    court_code: str
    court_name: str
    purpose: Purpose
    case_reference: str | None
    day: date
    hearing_at: datetime | None
    valid_from: datetime
    valid_until: datetime

    @classmethod
    def of(cls, row: Pass) -> PassView:
        """Read a pass off its row."""
        return cls(
            id=row.id,
            court_code=row.court_code,
            court_name=row.court_name,
            purpose=Purpose(row.purpose),
            case_reference=row.case_reference,
            day=row.day,
            hearing_at=row.hearing_at,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
        )


@dataclass(frozen=True, kw_only=True)
class GateCourt:
    """A court with a kiosk that works."""

    code: str
    name: str


class Passes:
    """Use cases of the lawyer who says what for, and of the kiosk that is told."""

    def __init__(self, *, devices: Devices, clock: Clock, entropy: Entropy) -> None:
        self._devices = devices
        self._clock = clock
        self._entropy = entropy

    def courts(self, *, words: str) -> Sequence[GateCourt]:
        """Return courts where a pass can be read, by part of the name."""
        with unit_of_work() as tx:
            return [
                GateCourt(code=code, name=name) for code, name in queries.courts(tx, words=words)
            ]

    def choose(self, *, phone: Phone, errand: Errand) -> PassView:
        """Say what for; an earlier choice for the same court and day is replaced.

        Raises `NotBound`, `PassCourtUnknown`, `PassDayRefused`, `PassTimeRefused`.
        """
        at = self._clock.now()
        lawyer_id = self._lawyer(phone)
        rules.check_pass(
            purpose=errand.purpose,
            day=errand.day,
            at_time=errand.at_time,
            today=rules.day_of(at),
        )
        with unit_of_work() as tx:
            name = queries.court_name(tx, court_code=errand.court_code)
            if name is None:
                raise PassCourtUnknown(field="court_code")
            queries.end_pass_of_day(
                tx, lawyer_id=lawyer_id, court_code=errand.court_code, day=errand.day, at=at
            )
            row = self._row(errand, lawyer_id=lawyer_id, court_name=name, at=at)
            tx.add(row)
            return PassView.of(row)

    def open_passes(self, *, phone: Phone) -> Sequence[PassView]:
        """Return the lawyer's passes of today and later, soonest first; raises `NotBound`."""
        at = self._clock.now()
        lawyer_id = self._lawyer(phone)
        with unit_of_work() as tx:
            return [PassView.of(row) for row in queries.passes(tx, lawyer_id=lawyer_id, at=at)]

    def end(self, *, phone: Phone, pass_id: uuid.UUID) -> None:
        """Take a purpose back; raises `NotBound`, `PassNotFound`."""
        at = self._clock.now()
        lawyer_id = self._lawyer(phone)
        with unit_of_work() as tx:
            row = queries.pass_by_id(tx, pass_id=pass_id, lawyer_id=lawyer_id)
            if row is None or row.ended_at is not None:
                raise PassNotFound
            row.ended_at = at

    def of_verification(self, *, kiosk: Kiosk, verification_id: uuid.UUID) -> PassView | None:
        """Tell a kiosk what the lawyer whom it just accepted comes for, at its own court.

        Raises `VerificationNotFound`.
        """
        at = self._clock.now()
        with unit_of_work() as tx:
            seen = verifications.verification(tx, verification_id)
            if (
                seen is None
                or seen.kiosk_id != kiosk.kiosk_id
                or not seen.accepted
                or seen.lawyer_id is None
                or at - seen.at > rules.PASS_SHOWN_FOR
            ):
                raise VerificationNotFound
            row = queries.pass_at(tx, lawyer_id=seen.lawyer_id, court_code=kiosk.court_code, at=at)
            return None if row is None else PassView.of(row)

    def _row(self, errand: Errand, *, lawyer_id: uuid.UUID, court_name: str, at: datetime) -> Pass:
        start, end = rules.bounds(errand.day)
        hearing_at = None
        if errand.at_time is not None:
            hearing_at = rules.moment(errand.day, errand.at_time)
        return Pass(
            id=self._entropy.uuid(),
            lawyer_id=lawyer_id,
            court_code=errand.court_code,
            court_name=court_name,
            purpose=errand.purpose,
            case_reference=errand.case_reference,
            day=errand.day,
            hearing_at=hearing_at,
            valid_from=start,
            valid_until=end,
            created_at=at,
        )

    def _lawyer(self, phone: Phone) -> uuid.UUID:
        profile = self._devices.profile(phone=phone)
        if profile.lawyer is None or profile.device is None:
            raise NotBound
        return profile.lawyer.lawyer_id
