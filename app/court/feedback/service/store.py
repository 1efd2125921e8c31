"""The one store of complaint tickets, whichever channel they came by: numbers, clocks, trace."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from app.court.casefile.service.clocks import CaseClocks, NewClock, Ringing
from app.court.casefile.service.courts import Courts
from app.court.feedback.errors import TicketUnknown
from app.court.feedback.models import ComplaintStep, ComplaintTicket
from app.court.feedback.queries import complaints as reads
from app.court.feedback.rules import complaint as rules
from app.court.feedback.rules.complaint import (
    FIRST_REPLY,
    Level,
    Opinion,
    Standing,
    State,
    StepKind,
)
from app.court.feedback.rules.desk import Matter
from app.court.feedback.rules.numbers import DRAWN, number
from app.court.feedback.service.values import NewComplaint
from app.kernel import calendar
from app.kernel.field_crypto import FieldCrypto
from app.kernel.principal import Staff
from app.kernel.unit_of_work import Tx
from app.ledger.service.entries import Event, Ledger
from app.ports.clock import Clock
from app.ports.entropy import Entropy

PURPOSE: Final = "complaint"
ENTRY: Final = "complaint"
SYSTEM: Final = "系统"


@dataclass(frozen=True, kw_only=True)
class Complainant:
    """Who complains; `subject` is the lawyer's id where he is known by more than his word."""

    licence_no: str
    name: str
    subject: uuid.UUID | None


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a complaint goes: the court it is about, the desk, and whom it must not reach."""

    court_code: str | None
    desk_code: str
    case_number: str | None
    against_ids: tuple[uuid.UUID, ...] = ()


@dataclass(frozen=True, kw_only=True)
class By:
    """Who did a step, as people read it; `staff_id` of the court's own people."""

    name: str
    staff_id: uuid.UUID | None = None

    @classmethod
    def staff(cls, staff: Staff) -> By:
        """Name somebody of a court."""
        return cls(name=f"{staff.role.label} {staff.name}", staff_id=staff.staff_id)


class TicketStore:
    """Writes tickets and their traces. `on_reply` are told that a complainant has an answer."""

    def __init__(
        self,
        *,
        courts: Courts,
        clocks: CaseClocks,
        ledger: Ledger,
        clock: Clock,
        entropy: Entropy,
        crypto: FieldCrypto,
    ) -> None:
        self.courts = courts
        self.clock = clock
        self._clocks = clocks
        self._ledger = ledger
        self._entropy = entropy
        self._crypto = crypto
        self.on_reply: list[Callable[[Tx, ComplaintTicket, datetime], None]] = []
        clocks.on_ring[PURPOSE] = self._ring

    def add(
        self,
        tx: Tx,
        new: NewComplaint,
        *,
        who: Complainant,
        place: Place,
        channel: rules.Channel,
        by: By,
    ) -> ComplaintTicket:
        """Receive a complaint: number, clock, first step, ledger entry."""
        at = self.clock.now()
        ticket_id = self._entropy.uuid()
        due = self._start(tx, ticket_id, rule=new.kind.rule, at=at)
        ticket = ComplaintTicket(
            id=ticket_id,
            number=self._number(tx),
            court_code=place.court_code,
            desk_code=place.desk_code,
            case_id=new.case_id,
            case_number=place.case_number,
            kind=new.kind.value,
            channel=channel.value,
            licence_no=who.licence_no,
            lawyer_name=who.name,
            contact_sealed=self._seal("contact", ticket_id, new.contact),
            text_sealed=self._seal("text", ticket_id, new.text),
            against_ids=[str(each) for each in place.against_ids],
            against_name=new.against_name,
            state=State.RECEIVED.value,
            level=Level.OFFICER.value,
            major=False,
            reopened=False,
            owner_name="",
            entered_by=by.staff_id,
            filed_at=at,
            due_on=due,
            first_due_on=due,
        )
        tx.add(ticket)
        tx.flush()
        self.step(tx, ticket, kind=StepKind.FILED, by=by)
        self._record(tx, ticket, state="filed", subject=who.subject, at=at)
        return ticket

    def find(self, tx: Tx, *, ticket_id: uuid.UUID, lock: bool = False) -> ComplaintTicket:
        """Return a ticket; raises `TicketUnknown`. Who may see it is the caller's to ask."""
        ticket = reads.ticket(tx, ticket_id=ticket_id, lock=lock)
        if ticket is None:
            raise TicketUnknown
        return ticket

    def step(
        self, tx: Tx, ticket: ComplaintTicket, *, kind: StepKind, by: By, note: str = ""
    ) -> None:
        """Write a step of the trace."""
        tx.add(
            ComplaintStep(
                ticket_id=ticket.id,
                at=self.clock.now(),
                kind=kind.value,
                by=by.name,
                staff_id=by.staff_id,
                note_sealed=self._seal("note", ticket.id, note),
            )
        )

    def restart(self, tx: Tx, ticket: ComplaintTicket) -> None:
        """Let a new clock run for an answer that is due again."""
        at = self.clock.now()
        self._clocks.stop(tx, subject_id=ticket.id, purpose=PURPOSE, at=at)
        ticket.due_on = self._start(tx, ticket.id, rule=FIRST_REPLY, at=at)

    def replied(self, tx: Tx, ticket: ComplaintTicket) -> None:
        """Note that an answer was given: its clock is met, the complainant is told."""
        at = self.clock.now()
        ticket.first_replied_at = ticket.first_replied_at or at
        self._clocks.meet(tx, subject_id=ticket.id, purpose=PURPOSE, at=at)
        self._record(tx, ticket, state="replied", subject=None, at=at)
        for hook in self.on_reply:
            hook(tx, ticket, at)

    def text(self, ticket: ComplaintTicket) -> str:
        """Open what the complainant wrote."""
        return self._open("text", ticket.id, ticket.text_sealed)

    def contact(self, ticket: ComplaintTicket) -> str:
        """Open how the complainant wants to be reached."""
        return self._open("contact", ticket.id, ticket.contact_sealed)

    def note(self, step: ComplaintStep) -> str:
        """Open what a step says."""
        return self._open("note", step.ticket_id, step.note_sealed)

    def _ring(self, tx: Tx, ringing: Ringing, at: datetime) -> None:
        """Take a ticket whose time is over one level up, and give it a new clock."""
        ticket = reads.ticket(tx, ticket_id=ringing.subject_id, lock=True)
        if ticket is None or ringing.days_left is not None:
            return
        before = standing(ticket)
        after = rules.overdue(before)
        if after is None:
            return
        put(ticket, after)
        up = f"由{after.level.label}督办" if after.level is not before.level else "院长再次督办"
        self.step(tx, ticket, kind=StepKind.OVERDUE, by=By(name=SYSTEM), note=up)
        ticket.due_on = self._start(tx, ticket.id, rule=FIRST_REPLY, at=at)

    def _start(self, tx: Tx, ticket_id: uuid.UUID, *, rule: str, at: datetime) -> date:
        new = NewClock(rule_id=rule, began_at=at, purpose=PURPOSE, subject_id=ticket_id)
        return self._clocks.start(tx, new).last_day

    def _number(self, tx: Tx) -> str:
        """Draw a number that nobody has; the unique row is the truth under a race."""
        drawn = number(self._entropy.below(DRAWN))
        while reads.number_taken(tx, drawn):
            drawn = number(self._entropy.below(DRAWN))
        return drawn

    def _record(
        self,
        tx: Tx,
        ticket: ComplaintTicket,
        *,
        state: str,
        subject: uuid.UUID | None,
        at: datetime,
    ) -> None:
        details = {"state": state, "kind": ticket.kind, "desk": ticket.desk_code}
        self._ledger.append(
            tx,
            Event(
                kind=ENTRY, at=at, subject=subject, place=ticket.desk_code,
                source_id=ticket.id, details=details,
            ),
        )  # fmt: skip

    def _seal(self, column: str, ticket_id: uuid.UUID, text: str) -> bytes:
        return self._crypto.seal_alone(text.encode(), aad=_aad(column, ticket_id))

    def _open(self, column: str, ticket_id: uuid.UUID, sealed: bytes | None) -> str:
        if sealed is None:
            return ""
        return self._crypto.open_alone(sealed, aad=_aad(column, ticket_id)).decode()


def standing(ticket: ComplaintTicket) -> Standing:
    """Read a ticket's standing."""
    return Standing(
        state=State(ticket.state),
        level=Level(ticket.level),
        opinion=None if ticket.opinion is None else Opinion(ticket.opinion),
        replied_at=ticket.replied_at,
        closed_at=ticket.closed_at,
        reopened=ticket.reopened,
    )


def put(ticket: ComplaintTicket, to: Standing) -> None:
    """Write a standing onto its ticket."""
    ticket.state, ticket.level = to.state.value, to.level.value
    ticket.opinion = None if to.opinion is None else to.opinion.value
    ticket.replied_at, ticket.closed_at = to.replied_at, to.closed_at
    ticket.reopened = to.reopened


def matter(ticket: ComplaintTicket) -> Matter:
    """Read what decides who deals with a ticket."""
    return Matter(
        desk_code=ticket.desk_code,
        against_ids=frozenset(uuid.UUID(each) for each in ticket.against_ids),
        against_name=ticket.against_name,
        level=Level(ticket.level),
        owner_id=ticket.owner_id,
        replier_id=ticket.replier_id,
    )


def is_late(ticket: ComplaintTicket, at: datetime) -> bool:
    """Whether an open ticket's last day has passed."""
    return ticket.state in reads.OPEN_STATES and calendar.local(at).date() > ticket.due_on


def _aad(column: str, ticket_id: uuid.UUID) -> str:
    return f"complaint.{column}:{ticket_id}"
