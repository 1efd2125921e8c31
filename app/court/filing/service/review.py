"""The filing officer's desk 立案审查: look, accept, have corrected, refuse, send to mediation."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from app.court.casefile.rules.policy import Act
from app.court.casefile.rules.stages import Procedure
from app.court.casefile.service.clocks import CaseClocks, NewClock, Ringing
from app.court.casefile.service.materials import MaterialContent
from app.court.casefile.service.values import Waiting
from app.court.filing import queries
from app.court.filing.errors import ConsentMissing, DecisionIncomplete, FilingUnknown
from app.court.filing.models import Filing, FilingCorrection
from app.court.filing.rules import corrections as rules
from app.court.filing.rules.forms import FilingKind
from app.court.filing.rules.states import OPEN, State, step
from app.court.filing.service.records import DECISION, HOLDER, MEDIATION, Records
from app.court.filing.service.registration import Acceptance, Registration
from app.court.filing.service.submissions import start_clock
from app.court.filing.service.values import FilingCard, FilingView
from app.kernel import calendar
from app.kernel.calendar import Unit
from app.kernel.principal import Staff, StaffRole
from app.kernel.unit_of_work import Tx, unit_of_work

MEDIATION_RULE: Final = "D43"
BY_LAW: Final = "期限届满先行立案"
DESK: Final = "/workbench/filings"
LEAST_RULING: Final = 20
SHOWN: Final = 200


@dataclass(frozen=True, kw_only=True)
class Queue:
    """What a court has before it; `by_law` was registered because the time ran out."""

    waiting: tuple[FilingCard, ...]
    correction: tuple[FilingCard, ...]
    mediation: tuple[FilingCard, ...]
    by_law: tuple[FilingCard, ...]

    @property
    def urgent(self) -> bool:
        """Whether something must be decided within one working day."""
        return any(card.urgent for card in self.waiting)


class Review:
    """Use cases of the filing officer. Each locks the filing: of two decisions one wins."""

    def __init__(self, *, records: Records, registration: Registration, clocks: CaseClocks) -> None:
        self._records = records
        self._registration = registration
        self._clocks = clocks

    def queue(self, *, staff: Staff) -> Queue:
        """Return what waits, those that must be decided first in front; raises `ActRefused`."""
        records = self._records
        records.policy.demand_free(who=staff, act=Act.FILING_REVIEW)
        today = calendar.local_day(records.clock.now())
        with unit_of_work() as tx:
            found = queries.of_court(tx, court_code=staff.court_code, states=OPEN, limit=SHOWN)
            cards = [records.card(tx, row, urgent=_is_urgent(row, today)) for row in found]
            by_law = queries.registered_by_law(tx, court_code=staff.court_code, by=BY_LAW, limit=10)
            law = tuple(records.card(tx, row) for row in by_law)
        parts = (State.SUBMITTED, State.CORRECTION, State.MEDIATION)
        waiting, correction, mediation = (
            tuple(card for card in cards if card.state is state) for state in parts
        )
        return Queue(waiting=waiting, correction=correction, mediation=mediation, by_law=law)

    def waiting_for(self, staff: Staff) -> Sequence[Waiting]:
        """Return what waits for a person of a court; a filing officer alone has something."""
        if staff.role is not StaffRole.FILING_OFFICER:
            return []
        queue = self.queue(staff=staff)
        label = "立案申请待审查"
        return [Waiting(label=label, count=len(queue.waiting), href=DESK, urgent=queue.urgent)]

    def detail(self, *, staff: Staff, filing_id: uuid.UUID) -> FilingView:
        """Return a filing of the officer's court; raises `ActRefused`, `FilingUnknown`."""
        records = self._records
        with unit_of_work() as tx:
            filing = records.of_staff(tx, staff=staff, filing_id=filing_id)
            return records.view(tx, filing, who=staff, at=records.clock.now())

    def material(
        self, *, staff: Staff, filing_id: uuid.UUID, material_id: uuid.UUID
    ) -> MaterialContent:
        """Open a material of a filing; raises `ActRefused`, `FilingUnknown`, as `open` does."""
        records = self._records
        with unit_of_work() as tx:
            filing = records.of_staff(tx, staff=staff, filing_id=filing_id)
            held = records.materials.held_by(tx, holder=HOLDER, holder_id=filing.id)
            if material_id not in {each.id for each in held}:
                raise FilingUnknown
            return records.materials.open(tx, material_id=material_id)

    def accept(
        self, *, staff: Staff, filing_id: uuid.UUID, procedure: Procedure, fee_fen: int | None
    ) -> str:
        """Register a filing 登记立案; return the case number.

        Raises `ActRefused`, `FilingUnknown`, `FilingClosed`.
        """
        at = self._records.clock.now()
        how = Acceptance(
            by=staff.name,
            court_name=staff.court_name,
            step="法院登记立案",
            procedure=procedure,
            fee_fen=fee_fen,
        )
        with unit_of_work() as tx:
            filing = self._records.of_staff(tx, staff=staff, filing_id=filing_id, lock=True)
            return self._registration.register(tx, filing, how=how, at=at)

    def correct(
        self, *, staff: Staff, filing_id: uuid.UUID, reasons: Collection[str], days: int, note: str
    ) -> date:
        """Tell all defects at once 补正通知; return the last day to put them right.

        The clock of the decision stops; it begins again when what was corrected is received.
        Raises `ActRefused`, `FilingUnknown`, `FilingClosed`, `CorrectionRefused`.
        """
        records = self._records
        at = records.clock.now()
        with unit_of_work() as tx:
            filing = records.of_staff(tx, staff=staff, filing_id=filing_id, lock=True)
            state = step(State(filing.state), State.CORRECTION)
            earlier = queries.corrections(tx, filing_id=filing.id)
            first = list(earlier[0].reasons) if earlier else None
            found = rules.check(FilingKind(filing.kind), reasons, days=days, earlier=first)
            due_on = calendar.last_day(calendar.local_day(at), days, Unit.DAY)
            tx.add(
                FilingCorrection(
                    id=records.entropy.uuid(),
                    filing_id=filing.id,
                    reasons=[each.code for each in found],
                    note=note,
                    at=at,
                    due_on=due_on,
                    by=staff.name,
                )
            )
            filing.state, filing.due_on = state.value, due_on
            self._clocks.stop(tx, subject_id=filing.id, purpose=DECISION, at=at)
            labels = "；".join(each.label for each in found)
            text = f"法院要求在{due_on.month}月{due_on.day}日前补正：{labels}"
            records.note(tx, filing, text=text, by=staff.court_name, at=at)
            day = f"{due_on.month}月{due_on.day}日"
            court = staff.court_name
            records.tell(
                tx, filing, kind="case.correction", at=at, court=court, items=labels, due=day
            )
            return due_on

    def refuse(self, *, staff: Staff, filing_id: uuid.UUID, ruling: str) -> None:
        """Rule that a filing is not accepted 不予受理, with reasons (登记立案规定 art. 9).

        Raises `ActRefused`, `FilingUnknown`, `FilingClosed`, `DecisionIncomplete`.
        """
        if len(ruling) < LEAST_RULING:
            raise DecisionIncomplete(
                field="ruling", message=f"裁定须载明理由，至少{LEAST_RULING}个字。"
            )
        text = "法院裁定不予受理，可以依法上诉"
        with unit_of_work() as tx:
            filing = self._decide(tx, staff, filing_id, to=State.REFUSED, text=text)
            filing.ruling = ruling

    def give_back(self, *, staff: Staff, filing_id: uuid.UUID) -> None:
        """Return a filing that was not corrected in time 退回 (登记立案规定 art. 7).

        Raises `ActRefused`, `FilingUnknown`, `FilingClosed`, `DecisionIncomplete` before the time
        has run out.
        """
        today = calendar.local_day(self._records.clock.now())
        with unit_of_work() as tx:
            filing = self._decide(
                tx, staff, filing_id, to=State.RETURNED, text="逾期未补正，法院退回诉状并记录在册"
            )
            latest = queries.corrections(tx, filing_id=filing.id)[-1]
            if today <= latest.due_on:
                raise DecisionIncomplete(field="due_on", message="补正期限尚未届满，不能退回。")

    def mediate(self, *, staff: Staff, filing_id: uuid.UUID) -> None:
        """Send a filing to mediation 诉前调解, where its lawyer consented (在线调解规则 art. 24).

        Raises `ActRefused`, `FilingUnknown`, `FilingClosed`, `ConsentMissing`.
        """
        records = self._records
        at = records.clock.now()
        with unit_of_work() as tx:
            filing = records.of_staff(tx, staff=staff, filing_id=filing_id, lock=True)
            filing.state = step(State(filing.state), State.MEDIATION).value
            if filing.mediation_consent_at is None:
                raise ConsentMissing
            self._clocks.stop(tx, subject_id=filing.id, purpose=DECISION, at=at)
            clock = NewClock(
                rule_id=MEDIATION_RULE, began_at=at, purpose=MEDIATION, subject_id=filing.id
            )
            filing.due_on = self._clocks.start(tx, clock).last_day
            text = f"转入诉前调解，至{filing.due_on.month}月{filing.due_on.day}日"
            records.note(tx, filing, text=text, by=staff.court_name, at=at)
            records.tell(tx, filing, kind="case.mediation", at=at, court=staff.court_name)

    def end_mediation(self, *, staff: Staff, filing_id: uuid.UUID) -> None:
        """Note that a mediation failed: the filing comes back (在线调解规则 art. 21).

        Raises `ActRefused`, `FilingUnknown`, `FilingClosed`.
        """
        at = self._records.clock.now()
        with unit_of_work() as tx:
            filing = self._records.of_staff(tx, staff=staff, filing_id=filing_id, lock=True)
            self._back(tx, filing, by=staff.court_name, text="调解未成，转回立案审查", at=at)

    def ring_decision(self, tx: Tx, ringing: Ringing, at: datetime) -> None:
        """Register what was not decided in time 先行立案 (登记立案规定 art. 8 para. 2)."""
        filing = queries.filing(tx, filing_id=ringing.subject_id, lock=True)
        if filing is None or ringing.days_left is not None or filing.state != State.SUBMITTED:
            return
        court = self._records.courts.find(tx, code=filing.court_code or "")
        how = Acceptance(
            by=BY_LAW,
            court_name=court.name,
            step="法定期限内未作出决定，依登记立案规定第八条先行立案",
        )
        self._registration.register(tx, filing, how=how, at=at)

    def ring_mediation(self, tx: Tx, ringing: Ringing, at: datetime) -> None:
        """Bring back what was not mediated in time."""
        filing = queries.filing(tx, filing_id=ringing.subject_id, lock=True)
        if filing is None or ringing.days_left is not None or filing.state != State.MEDIATION:
            return
        self._back(tx, filing, by=BY_LAW, text="调解期限届满，自动转回立案审查", at=at)

    def _back(self, tx: Tx, filing: Filing, *, by: str, text: str, at: datetime) -> None:
        filing.state = step(State(filing.state), State.SUBMITTED).value
        self._clocks.stop(tx, subject_id=filing.id, purpose=MEDIATION, at=at)
        start_clock(tx, self._clocks, filing, at=at)
        self._records.note(tx, filing, text=text, by=by, at=at)
        self._records.tell(tx, filing, kind="case.event", at=at, event=text)

    def _decide(
        self, tx: Tx, staff: Staff, filing_id: uuid.UUID, *, to: State, text: str
    ) -> Filing:
        """Decide against a filing; it is locked, and its clock ends."""
        at = self._records.clock.now()
        filing = self._records.of_staff(tx, staff=staff, filing_id=filing_id, lock=True)
        filing.state = step(State(filing.state), to).value
        filing.decided_at, filing.decided_by, filing.due_on = at, staff.name, None
        self._clocks.meet(tx, subject_id=filing.id, purpose=DECISION, at=at)
        self._records.note(tx, filing, text=text, by=staff.court_name, at=at)
        told = {"court": staff.court_name} if to is State.REFUSED else {"event": text}
        kind = "case.refused" if to is State.REFUSED else "case.event"
        self._records.tell(tx, filing, kind=kind, at=at, **told)
        return filing


def _is_urgent(row: Filing, today: date) -> bool:
    """Whether no more than one working day is left."""
    if row.due_on is None or row.state != State.SUBMITTED:
        return False
    return row.due_on <= calendar.next_working_day(today)
