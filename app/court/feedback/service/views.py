"""How tickets are shown: to their complainant, and to the desk that has them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.court.casefile.rules.deadlines import rule
from app.court.feedback.models import ComplaintTicket
from app.court.feedback.queries import complaints as reads
from app.court.feedback.rules import complaint as rules
from app.court.feedback.rules import desk
from app.court.feedback.rules.complaint import Channel, Kind, State, StepKind
from app.court.feedback.rules.desk import Deed
from app.court.feedback.service import store as stored
from app.court.feedback.service.store import TicketStore
from app.court.feedback.service.values import StepView, TicketCard, TicketView
from app.kernel.principal import Staff
from app.kernel.unit_of_work import Tx

PLATFORM: str = "律师服务平台"


def cards(
    tx: Tx, store: TicketStore, tickets: Iterable[ComplaintTicket], *, at: datetime
) -> tuple[TicketCard, ...]:
    """Show lines of a list; each court is looked up once."""
    names: dict[str, str] = {}
    return tuple(_card(tx, store, ticket, at=at, names=names) for ticket in tickets)


def to_complainant(
    tx: Tx, store: TicketStore, ticket: ComplaintTicket, *, at: datetime
) -> TicketView:
    """Show a ticket to who complained, with what can be done now."""
    now = rules.at_moment(stored.standing(ticket), at)
    return _view(
        tx,
        store,
        ticket,
        at=at,
        may_judge=now.state is State.REPLIED,
        may_reopen=now.state is State.CLOSED and rules.may_reopen(now, at),
    )


def to_desk(
    tx: Tx, store: TicketStore, ticket: ComplaintTicket, *, staff: Staff, at: datetime
) -> TicketView:
    """Show a ticket at the desk, with the whole trace and what this person may do now."""
    matter = stored.matter(ticket)
    is_open = ticket.state in reads.OPEN_STATES
    deeds = frozenset(deed for deed in Deed if is_open and desk.may(staff, matter, deed))
    return _view(tx, store, ticket, at=at, whole_trace=True, deeds=deeds)


def _view(
    tx: Tx,
    store: TicketStore,
    ticket: ComplaintTicket,
    *,
    at: datetime,
    whole_trace: bool = False,
    may_judge: bool = False,
    may_reopen: bool = False,
    deeds: frozenset[Deed] = frozenset(),
) -> TicketView:
    promised = rule(Kind(ticket.kind).rule)
    steps = (
        StepView(kind=StepKind(step.kind), at=step.at, by=step.by, note=store.note(step))
        for step in reads.steps(tx, ticket_id=ticket.id)
    )
    return TicketView(
        card=_card(tx, store, ticket, at=at, names={}),
        text=store.text(ticket),
        contact=store.contact(ticket),
        against_name=ticket.against_name,
        basis=promised.basis,
        to_confirm=promised.to_confirm,
        steps=tuple(step for step in steps if whole_trace or step.kind.shown),
        may_judge=may_judge,
        may_reopen=may_reopen,
        deeds=deeds,
    )


def _card(
    tx: Tx, store: TicketStore, ticket: ComplaintTicket, *, at: datetime, names: dict[str, str]
) -> TicketCard:
    now = rules.at_moment(stored.standing(ticket), at)
    for code in (ticket.court_code, ticket.desk_code):
        if code is not None and code not in names:
            names[code] = store.courts.find(tx, code=code).name
    return TicketCard(
        ticket_id=ticket.id,
        number=ticket.number,
        kind=Kind(ticket.kind),
        channel=Channel(ticket.channel),
        state=now.state,
        level=now.level,
        opinion=now.opinion,
        object_name=PLATFORM if ticket.court_code is None else names[ticket.court_code],
        desk_name=names[ticket.desk_code],
        case_number=ticket.case_number,
        major=ticket.major,
        filed_at=ticket.filed_at,
        due_on=ticket.due_on,
        overdue=stored.is_late(ticket, at),
        owner_name=ticket.owner_name,
        lawyer_name=ticket.lawyer_name,
        licence_no=ticket.licence_no,
    )
