"""Complaints 投诉 as the lawyer has them: filing, following, judging the reply, reopening."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from app.court.casefile.rules.policy import Act
from app.court.casefile.service.policy import Policy
from app.court.feedback.errors import TicketUnknown, TooMuchFeedback
from app.court.feedback.models import ComplaintTicket
from app.court.feedback.queries import complaints as reads
from app.court.feedback.rules import complaint as rules
from app.court.feedback.rules.complaint import Channel, State, StepKind
from app.court.feedback.service import store as stored
from app.court.feedback.service import views
from app.court.feedback.service.routing import Routing
from app.court.feedback.service.store import By, Complainant, TicketStore
from app.court.feedback.service.values import NewComplaint, TicketCard, TicketView
from app.kernel.principal import Counsel
from app.kernel.unit_of_work import Tx, unit_of_work

SHOWN: Final = 100
LAWYER: Final = "投诉人"


class Complaints:
    """Use cases of a lawyer who complains."""

    def __init__(self, *, store: TicketStore, policy: Policy, routing: Routing) -> None:
        self._store = store
        self._policy = policy
        self._routing = routing

    def file(self, *, counsel: Counsel, new: NewComplaint) -> TicketView:
        """Receive a complaint, at once and with its number.

        Raises `ActRefused`, `CaseUnknown`, `CourtUnknown`, `CaseNumberInvalid`,
        `FeedbackIncomplete`, `TooMuchFeedback`.
        """
        self._policy.demand_free(who=counsel, act=Act.COMPLAINT_FILE)
        at = self._store.clock.now()
        place = self._routing.place(new, counsel=counsel)
        who = Complainant(
            licence_no=counsel.licence_no, name=counsel.name, subject=counsel.lawyer_id
        )
        with unit_of_work() as tx:
            since = at - timedelta(days=1)
            if reads.count_since(tx, licence_no=counsel.licence_no, since=since) >= rules.DAILY:
                raise TooMuchFeedback
            ticket = self._store.add(
                tx, new, who=who, place=place, channel=Channel.PLATFORM, by=By(name=LAWYER)
            )
            return views.to_complainant(tx, self._store, ticket, at=at)

    def mine(self, *, counsel: Counsel) -> Sequence[TicketCard]:
        """Return the lawyer's complaints through every channel, the newest first."""
        self._policy.demand_free(who=counsel, act=Act.COMPLAINT_FILE)
        with unit_of_work() as tx:
            found = reads.of_lawyer(tx, licence_no=counsel.licence_no, limit=SHOWN)
            return views.cards(tx, self._store, found, at=self._store.clock.now())

    def ticket(self, *, counsel: Counsel, ticket_id: uuid.UUID) -> TicketView:
        """Return one's own ticket; raises `ActRefused`, `TicketUnknown`."""
        with unit_of_work() as tx:
            ticket = self._own(tx, counsel, ticket_id)
            return views.to_complainant(tx, self._store, ticket, at=self._store.clock.now())

    def judge(
        self, *, counsel: Counsel, ticket_id: uuid.UUID, satisfied: bool, note: str
    ) -> TicketView:
        """Say whether the reply will do; if not, it goes one level up and a new clock runs.

        Raises `ActRefused`, `TicketUnknown`, `TicketStepRefused`.
        """
        at = self._store.clock.now()
        with unit_of_work() as tx:
            ticket = self._own(tx, counsel, ticket_id, lock=True)
            to = rules.judge(stored.standing(ticket), satisfied=satisfied, at=at)
            stored.put(ticket, to)
            kind = StepKind.SATISFIED if satisfied else StepKind.DISSATISFIED
            self._store.step(tx, ticket, kind=kind, by=By(name=LAWYER), note=note)
            if to.state is not State.CLOSED:
                self._again(tx, ticket)
            return views.to_complainant(tx, self._store, ticket, at=at)

    def reopen(self, *, counsel: Counsel, ticket_id: uuid.UUID, note: str) -> TicketView:
        """Open a closed complaint again, once and within 30 days.

        Raises `ActRefused`, `TicketUnknown`, `TicketStepRefused`, `ReopeningOver`.
        """
        at = self._store.clock.now()
        with unit_of_work() as tx:
            ticket = self._own(tx, counsel, ticket_id, lock=True)
            stored.put(ticket, rules.reopen(stored.standing(ticket), at))
            self._store.step(tx, ticket, kind=StepKind.REOPENED, by=By(name=LAWYER), note=note)
            self._again(tx, ticket)
            return views.to_complainant(tx, self._store, ticket, at=at)

    def _own(
        self, tx: Tx, counsel: Counsel, ticket_id: uuid.UUID, *, lock: bool = False
    ) -> ComplaintTicket:
        self._policy.demand_free(who=counsel, act=Act.COMPLAINT_FILE)
        ticket = self._store.find(tx, ticket_id=ticket_id, lock=lock)
        if ticket.licence_no != counsel.licence_no:
            raise TicketUnknown
        return ticket

    def _again(self, tx: Tx, ticket: ComplaintTicket) -> None:
        """Take it from who has it: whoever did not satisfy does not answer again."""
        ticket.owner_id, ticket.owner_name = None, ""
        self._store.restart(tx, ticket)
