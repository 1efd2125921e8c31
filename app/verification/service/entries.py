"""Entries 通行记录: an officer let somebody in, or did not and says why."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from app.identity.service.counsels import Counsels
from app.identity.service.devices import Devices
from app.identity.service.values import LawyerCard
from app.kernel.principal import Kiosk, Phone
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ledger.service.entries import Event, Ledger
from app.notification.service.telling import Notice, tell
from app.ports.clock import Clock
from app.verification.models import EnrolledKiosk, EntryRecord, Pass
from app.verification.queries import passage as queries
from app.verification.rules import passage as rules
from app.verification.rules.passage import Check, Doubt, Purpose, Reason, Way


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What an officer decided, as the kiosk wrote it down.

    By code it names the scan (`scan_id`), and the lawyer is whose code that was; by document it
    names what is printed there. A document shown after a refused code names both.
    """

    id: uuid.UUID
    at: datetime
    way: Way
    admitted: bool
    offline: bool
    reason: Reason | None = None
    note: str | None = field(default=None, repr=False)
    scan_id: uuid.UUID | None = None
    name: str | None = field(default=None, repr=False)
    licence_no: str | None = field(default=None, repr=False)
    checked: tuple[Check, ...] = ()
    purpose: Purpose = Purpose.GENERAL


@dataclass(frozen=True, kw_only=True)
class Taken:
    """Which decisions are stored, and what does not fit in some of them (id → code)."""

    stored: list[uuid.UUID]
    flagged: dict[uuid.UUID, str]


@dataclass(kw_only=True)
class _Subject:
    """Whom a decision is about, as far as that is known, and what does not fit."""

    name: str | None = None
    licence_no: str | None = None
    lawyer_id: uuid.UUID | None = None
    verification_id: uuid.UUID | None = None
    doubt: Doubt | None = None


class Entries:
    """Takes in decisions, online or uploaded later. A decision sent twice is stored once.

    Nothing that happened at a gate is turned away: what contradicts the rest is stored with a
    flag, for whoever looks after the gate.
    """

    def __init__(
        self, *, devices: Devices, counsels: Counsels, clock: Clock, ledger: Ledger
    ) -> None:
        self._devices = devices
        self._counsels = counsels
        self._clock = clock
        self._ledger = ledger

    def take_in(self, *, kiosk: Kiosk, decisions: Sequence[Decision]) -> Taken:
        """Store decisions; a refused lawyer who is known gets a notice."""
        at = self._clock.now()
        flagged: dict[uuid.UUID, str] = {}
        with unit_of_work() as tx:
            for decision in decisions:
                flag = self._store(tx, kiosk=kiosk, decision=decision, at=at)
                if flag is not None:
                    flagged[decision.id] = flag
        return Taken(stored=[decision.id for decision in decisions], flagged=flagged)

    def _store(self, tx: Tx, *, kiosk: Kiosk, decision: Decision, at: datetime) -> str | None:
        earlier = queries.entry(tx, decision.id)
        if earlier is not None:
            return earlier.flagged if earlier.kiosk_id == kiosk.kiosk_id else Doubt.ID_TAKEN
        subject = self._subject(tx, kiosk=kiosk, decision=decision)
        errand = None
        if subject.lawyer_id is not None:
            errand = queries.pass_at(
                tx, lawyer_id=subject.lawyer_id, court_code=kiosk.court_code, at=decision.at
            )
        values = _values(decision, kiosk=kiosk, subject=subject, errand=errand)
        if queries.record(tx, {**values, "received_at": at}):
            purpose = str(values["purpose"])
            event = _ledger_event(decision, kiosk=kiosk, subject=subject, purpose=purpose)
            self._ledger.append(tx, event)
            self._tell(tx, kiosk=kiosk, subject=subject, decision=decision, at=at)
        return subject.doubt

    def _subject(self, tx: Tx, *, kiosk: Kiosk, decision: Decision) -> _Subject:
        subject = _Subject(name=decision.name, licence_no=decision.licence_no)
        if decision.scan_id is not None:
            self._by_scan(tx, subject, kiosk=kiosk, decision=decision)
        if decision.way is not Way.CODE and decision.licence_no is not None:
            self._by_document(tx, subject, decision=decision, licence_no=decision.licence_no)
        return subject

    def _by_scan(self, tx: Tx, subject: _Subject, *, kiosk: Kiosk, decision: Decision) -> None:
        seen = queries.scan_of(
            tx,
            kiosk_id=kiosk.kiosk_id,
            scan_id=decision.scan_id or decision.id,
            since=decision.at - rules.SCAN_FOUND_WITHIN,
        )
        if seen is not None:
            subject.verification_id = seen.id
        if decision.way is not Way.CODE:
            return
        subject.doubt = rules.doubt_of_code(
            admitted=decision.admitted,
            offline=decision.offline,
            found=seen is not None,
            accepted=seen is not None and seen.accepted,
            flagged=seen is not None and seen.flagged is not None,
            decided_before=seen is not None and queries.decided(tx, verification_id=seen.id),
        )
        if seen is not None and seen.lawyer_id is not None:
            self._name(subject, self._devices.card(tx, lawyer_id=seen.lawyer_id))

    def _by_document(
        self, tx: Tx, subject: _Subject, *, decision: Decision, licence_no: str
    ) -> None:
        """A number with another name is nobody's: a slip of the pen enters no stranger's record."""
        card = self._devices.card_of_licence(tx, licence_no=licence_no)
        same_name = card is not None and card.name == decision.name
        subject.doubt = rules.doubt_of_document(
            admitted=decision.admitted,
            same_name=same_name,
            status=None if card is None else card.status,
        )
        if card is not None and same_name:
            self._name(subject, card)

    @staticmethod
    def _name(subject: _Subject, card: LawyerCard) -> None:
        subject.lawyer_id = card.lawyer_id
        subject.name, subject.licence_no = card.name, card.licence_no

    def _tell(
        self, tx: Tx, *, kiosk: Kiosk, subject: _Subject, decision: Decision, at: datetime
    ) -> None:
        """Tell a lawyer who was not let in, on the phone that is theirs now."""
        if decision.reason is None or subject.lawyer_id is None or subject.licence_no is None:
            return
        accounts = self._counsels.accounts(tx, licence_nos=[subject.licence_no])
        said = {"place": kiosk.court_name + kiosk.place, "reason": decision.reason.label}
        readers = tuple(accounts.values())
        tell(tx, Notice(account_ids=readers, kind="pass.refused", at=at, values=said))


def _values(
    decision: Decision, *, kiosk: Kiosk, subject: _Subject, errand: Pass | None
) -> dict[str, object]:
    return {
        "id": decision.id,
        "at": decision.at,
        "kiosk_id": kiosk.kiosk_id,
        "court_code": kiosk.court_code,
        "verification_id": subject.verification_id,
        "pass_id": None if errand is None else errand.id,
        "lawyer_id": subject.lawyer_id,
        "name": subject.name,
        "licence_no": subject.licence_no,
        "way": decision.way,
        "checked": [str(check) for check in decision.checked],
        "purpose": decision.purpose if errand is None else errand.purpose,
        "admitted": decision.admitted,
        "reason": decision.reason,
        "note": decision.note,
        "offline": decision.offline,
        "flagged": subject.doubt,
    }


def _ledger_event(decision: Decision, *, kiosk: Kiosk, subject: _Subject, purpose: str) -> Event:
    """Return what the ledger keeps: no name, no number, nothing that was written freely."""
    scan = subject.verification_id
    return Event(
        kind="entry",
        at=decision.at,
        subject=subject.lawyer_id,
        place=kiosk.kiosk_id,
        source_id=decision.id,
        details={
            "admitted": decision.admitted,
            "flagged": subject.doubt,
            "offline": decision.offline,
            "purpose": purpose,
            "reason": decision.reason,
            "verification": None if scan is None else str(scan),
            "way": decision.way,
        },
    )


@dataclass(frozen=True, kw_only=True)
class PastEntry:
    """One line of the log. `purpose` is what the lawyer had said, or the officer wrote."""

    id: uuid.UUID
    at: datetime
    kiosk_name: str
    court_name: str
    place: str
    way: Way
    purpose: Purpose
    case_reference: str | None
    admitted: bool
    reason: Reason | None
    note: str | None
    offline: bool
    name: str | None
    licence_masked: str | None
    doubt: Doubt | None


@dataclass(frozen=True, kw_only=True)
class CourtCount:
    """A court's day in figures."""

    court_name: str
    entries: int
    refused: int
    by_document: int
    offline: int
    doubted: int


class EntryLog:
    """What the lawyer sees of their own entries, and a court of its day."""

    PAGE = 20
    DAY_SHOWN = 200

    def __init__(self, *, devices: Devices, clock: Clock) -> None:
        self._devices = devices
        self._clock = clock

    def page(
        self, *, phone: Phone, before: uuid.UUID | None
    ) -> tuple[list[PastEntry], uuid.UUID | None]:
        """Return a page, newest first, and where the next one starts."""
        profile = self._devices.profile(phone=phone)
        card = profile.lawyer
        if card is None or profile.device is None:
            return [], None
        with unit_of_work() as tx:
            rows = queries.of_lawyer(
                tx, lawyer_id=card.lawyer_id, before=before, limit=self.PAGE + 1
            )
            items = [_past(*row) for row in rows]
        more = len(items) > self.PAGE
        return items[: self.PAGE], items[self.PAGE - 1].id if more else None

    def today(self) -> date:
        """Return the day it is in China."""
        return rules.day_of(self._clock.now())

    def day(self, *, day: date, court_name: str) -> tuple[list[CourtCount], list[PastEntry]]:
        """Return a day's figures by court and its entries, refusals first.

        `court_name` "" is every court; no more than `DAY_SHOWN` entries.
        """
        since, until = rules.bounds(day)
        asked = queries.Day(since=since, until=until, court_name=court_name)
        with unit_of_work() as tx:
            counts = [CourtCount(**row._asdict()) for row in queries.counts(tx, asked)]
            rows = queries.of_day(tx, asked, limit=self.DAY_SHOWN)
            return counts, [_past(*row) for row in rows]


def _past(row: EntryRecord, kiosk: EnrolledKiosk, errand: Pass | None) -> PastEntry:
    return PastEntry(
        id=row.id,
        at=row.at,
        kiosk_name=kiosk.name,
        court_name=kiosk.court_name,
        place=kiosk.place,
        way=Way(row.way),
        purpose=Purpose(row.purpose),
        case_reference=None if errand is None else errand.case_reference,
        admitted=row.admitted,
        reason=None if row.reason is None else Reason(row.reason),
        note=row.note,
        offline=row.offline,
        name=row.name,
        licence_masked=None if row.licence_no is None else rules.masked(row.licence_no),
        doubt=None if row.flagged is None else Doubt(row.flagged),
    )
