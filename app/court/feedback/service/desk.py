"""The complaints desk 投诉台: the queue, tickets from the telephone and the hall, and answers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Final

from app.court.casefile.rules.policy import Act
from app.court.casefile.service.policy import Policy
from app.court.casefile.service.values import Waiting
from app.court.feedback.errors import (
    FeedbackIncomplete,
    HandlerComplainedAbout,
    HandlerUnknown,
    TicketUnknown,
)
from app.court.feedback.models import ComplaintTicket
from app.court.feedback.queries import complaints as reads
from app.court.feedback.rules import complaint as rules
from app.court.feedback.rules import desk as powers
from app.court.feedback.rules.complaint import Channel, StepKind
from app.court.feedback.rules.desk import ROLES, Deed
from app.court.feedback.rules.numbers import heard
from app.court.feedback.service import store as stored
from app.court.feedback.service import views
from app.court.feedback.service.routing import Routing
from app.court.feedback.service.store import By, Complainant, TicketStore
from app.court.feedback.service.values import Caller, Handler, NewComplaint, TicketCard, TicketView
from app.kernel.identifiers import is_licence_no, normalise_identifier
from app.kernel.principal import Staff, StaffRole
from app.kernel.unit_of_work import Tx, unit_of_work

SHOWN: Final = 200
HREF: Final = "/workbench/tickets"
LONGEST_REPLY: Final = 2000


class Desk:
    """Use cases of the court's own people; each asks the desk's rules, and leaves a step."""

    def __init__(self, *, store: TicketStore, policy: Policy, routing: Routing) -> None:
        self._store = store
        self._policy = policy
        self._routing = routing

    def enter(self, *, staff: Staff, caller: Caller, new: NewComplaint) -> TicketView:
        """Receive a complaint for a lawyer who telephones 12368 or stands in the hall.

        It goes to the court complained about, which need not be the one whose line it is.
        Raises `ActRefused`, `DeedRefused`, `FeedbackIncomplete`, `CourtUnknown`,
        `CaseNumberInvalid`.
        """
        self._policy.demand_free(who=staff, act=Act.COMPLAINT_HANDLE)
        powers.demand_role(staff, Deed.ENTER)
        licence_no = normalise_identifier(caller.licence_no)
        if not is_licence_no(licence_no):
            raise FeedbackIncomplete(field="licence_no", message="执业证号有误，请再核对一遍。")
        if len(caller.name) < 2 or len(new.text) < 2:
            raise FeedbackIncomplete(field="text", message="请填写律师姓名和投诉内容。")
        place = self._routing.place(new)
        channel = Channel.HOTLINE if staff.role is StaffRole.HOTLINE else Channel.HALL
        who = Complainant(licence_no=licence_no, name=caller.name, subject=None)
        with unit_of_work() as tx:
            ticket = self._store.add(
                tx, new, who=who, place=place, channel=channel, by=By.staff(staff)
            )
            return views.to_desk(tx, self._store, ticket, staff=staff, at=self._store.clock.now())

    def queue(self, *, staff: Staff, open_only: bool = True) -> Sequence[TicketCard]:
        """Return the desk's tickets, or for everybody else those given to them."""
        whole = staff.role in ROLES[Deed.SEARCH]
        with unit_of_work() as tx:
            found = reads.queue(tx, staff=staff, whole_desk=whole, open_only=open_only, limit=SHOWN)
            return self._seen(tx, staff, found)

    def search(self, *, staff: Staff, text: str) -> Sequence[TicketCard]:
        """Return the desk's tickets with this number or of this licence; raises `DeedRefused`."""
        self._policy.demand_free(who=staff, act=Act.COMPLAINT_HANDLE)
        powers.demand_role(staff, Deed.SEARCH)
        wanted = heard(text) or normalise_identifier(text)
        with unit_of_work() as tx:
            found = reads.search(tx, staff=staff, text=wanted, limit=SHOWN)
            return self._seen(tx, staff, found)

    def ticket(self, *, staff: Staff, ticket_id: uuid.UUID) -> TicketView:
        """Return a ticket, and write down who read it; raises `TicketUnknown`."""
        with unit_of_work() as tx:
            ticket = self._store.find(tx, ticket_id=ticket_id)
            if not self._sees(staff, ticket):
                raise TicketUnknown
            self._store.step(tx, ticket, kind=StepKind.OPENED, by=By.staff(staff))
            tx.flush()
            return views.to_desk(tx, self._store, ticket, staff=staff, at=self._store.clock.now())

    def handlers(self, *, staff: Staff, ticket_id: uuid.UUID) -> Sequence[Handler]:
        """Return to whom a ticket can be given: never whom it is about. Raises `TicketUnknown`."""
        people = self._routing.staff_of(staff.court_code)
        with unit_of_work() as tx:
            matter = stored.matter(self._store.find(tx, ticket_id=ticket_id))
        if not powers.sees(staff, matter):
            raise TicketUnknown
        return [
            Handler(staff_id=person.staff_id, name=person.name, role=person.role.label)
            for person in people
            if person.role not in (StaffRole.HOTLINE, StaffRole.DISCIPLINE, StaffRole.AUDITOR)
            and not powers.is_about(person, matter)
        ]

    def hand(self, *, staff: Staff, ticket_id: uuid.UUID, to: uuid.UUID) -> None:
        """Give a ticket to somebody of the court 交办.

        Raises `TicketUnknown`, `DeedRefused`, `TicketStepRefused`, `HandlerUnknown`,
        `HandlerComplainedAbout`.
        """
        people = {person.staff_id: person for person in self._routing.staff_of(staff.court_code)}
        with unit_of_work() as tx:
            ticket = self._demand(tx, staff, ticket_id, Deed.HAND)
            person = people.get(to)
            if person is None:
                raise HandlerUnknown
            if powers.is_about(person, stored.matter(ticket)):
                raise HandlerComplainedAbout
            stored.put(ticket, rules.hand(stored.standing(ticket)))
            ticket.owner_id, ticket.owner_name = person.staff_id, person.name
            note = f"由{person.role.label} {person.name}办理"
            self._store.step(tx, ticket, kind=StepKind.HANDED, by=By.staff(staff), note=note)

    def escalate(self, *, staff: Staff, ticket_id: uuid.UUID, note: str) -> None:
        """Take a ticket one level up.

        Raises `TicketUnknown`, `DeedRefused`, `TicketStepRefused`.
        """
        with unit_of_work() as tx:
            ticket = self._demand(tx, staff, ticket_id, Deed.ESCALATE)
            to = rules.escalate(stored.standing(ticket))
            stored.put(ticket, to)
            note = f"由{to.level.label}督办。{note}"
            self._store.step(tx, ticket, kind=StepKind.ESCALATED, by=By.staff(staff), note=note)

    def mark_major(self, *, staff: Staff, ticket_id: uuid.UUID, note: str) -> None:
        """Mark a matter as major 重大问题: the president sees it before everything else.

        Raises `TicketUnknown`, `DeedRefused`.
        """
        with unit_of_work() as tx:
            ticket = self._demand(tx, staff, ticket_id, Deed.MARK_MAJOR)
            if not ticket.major:
                ticket.major = True
                self._store.step(tx, ticket, kind=StepKind.MAJOR, by=By.staff(staff), note=note)

    def reply(self, *, staff: Staff, ticket_id: uuid.UUID, text: str) -> None:
        """Answer a complaint; the complainant is told.

        Raises `TicketUnknown`, `DeedRefused`, `TicketStepRefused`, `FeedbackIncomplete`.
        """
        if len(text) < 5:
            raise FeedbackIncomplete(field="reply", message="请写明查明的情况和处理结果。")
        with unit_of_work() as tx:
            ticket = self._demand(tx, staff, ticket_id, Deed.REPLY)
            to = rules.reply(stored.standing(ticket), self._store.clock.now())
            stored.put(ticket, to)
            ticket.replier_id = staff.staff_id
            self._store.step(tx, ticket, kind=StepKind.REPLIED, by=By.staff(staff), note=text)
            self._store.replied(tx, ticket)

    def waiting_for(self, staff: Staff) -> Sequence[Waiting]:
        """Return what waits for a person of a court."""
        open_ones = self.queue(staff=staff) if staff.role is not StaffRole.HOTLINE else ()
        urgent = any(card.overdue or card.major for card in open_ones)
        return [Waiting(label="投诉待答复", count=len(open_ones), href=HREF, urgent=urgent)]

    def _demand(self, tx: Tx, staff: Staff, ticket_id: uuid.UUID, deed: Deed) -> ComplaintTicket:
        ticket = self._store.find(tx, ticket_id=ticket_id, lock=True)
        powers.demand(staff, stored.matter(ticket), deed)
        return ticket

    def _sees(self, staff: Staff, ticket: ComplaintTicket) -> bool:
        """The desk sees its tickets; who entered one for a caller can read it back to him."""
        mine = ticket.entered_by == staff.staff_id and staff.role in ROLES[Deed.ENTER]
        matter = stored.matter(ticket)
        return powers.sees(staff, matter) or (mine and not powers.is_about(staff, matter))

    def _seen(self, tx: Tx, staff: Staff, found: Sequence[ComplaintTicket]) -> Sequence[TicketCard]:
        """Leave out what is about the person who looks."""
        shown = [ticket for ticket in found if self._sees(staff, ticket)]
        return views.cards(tx, self._store, shown, at=self._store.clock.now())
