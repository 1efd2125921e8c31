"""Use cases of applications 申请: made by lawyers, answered by courts, reconsidered once."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from app.court.applications import queries
from app.court.applications.errors import (
    ApplicationInvalid,
    ApplicationLate,
    ApplicationOpen,
    ApplicationUnknown,
    NoReconsideration,
)
from app.court.applications.models import Application, ApplicationStep
from app.court.applications.rules import fields as forms
from app.court.applications.rules.kinds import KINDS, ClockRef, Decider, Kind, clock, decider
from app.court.applications.rules.states import UNDECIDED, State, step
from app.court.applications.service.values import Answer, ApplicationView, Fields, StepView
from app.court.casefile.errors import ActRefused, MaterialUnknown, StageRefused
from app.court.casefile.rules import due as counting
from app.court.casefile.rules.deadlines import RULES
from app.court.casefile.rules.events import EventKind, News
from app.court.casefile.rules.policy import Act
from app.court.casefile.rules.stages import Stage
from app.court.casefile.service import CasefileServices
from app.court.casefile.service.clocks import NewClock, Ringing
from app.court.casefile.service.materials import MaterialContent
from app.court.casefile.service.progress import EVIDENCE
from app.court.casefile.service.values import CaseCard, Paper, Waiting
from app.kernel import calendar
from app.kernel.field_crypto import FieldCrypto
from app.kernel.principal import Counsel, Staff, StaffRole
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ledger.service.entries import Event, Ledger
from app.ports.clock import Clock
from app.ports.entropy import Entropy

PURPOSE: Final = "application"
SHOWN: Final = 100
DECIDERS: Final = {
    Decider.BENCH: (StaffRole.JUDGE, StaffRole.CLERK),
    Decider.PRESIDENT: (StaffRole.PRESIDENT,),
}


class Applications:
    """Applications in cases; every step is written down, told, and in the ledger."""

    def __init__(
        self,
        *,
        casefile: CasefileServices,
        ledger: Ledger,
        crypto: FieldCrypto,
        clock: Clock,
        entropy: Entropy,
    ) -> None:
        self._casefile = casefile
        self._ledger = ledger
        self._crypto = crypto
        self._clock = clock
        self._entropy = entropy
        casefile.clocks.on_ring[PURPOSE] = self.ring

    def submit(
        self,
        *,
        counsel: Counsel,
        case_id: uuid.UUID,
        kind: Kind,
        fields: Fields,
        material_ids: Sequence[uuid.UUID] = (),
    ) -> ApplicationView:
        """Make an application in a case.

        Raises `CaseUnknown`, `ActRefused` (withdrawal needs its special power), `StageRefused`,
        `FunctionNotOffered`, `ApplicationInvalid`, `ApplicationLate`, `ApplicationOpen`,
        `MaterialUnknown`, `MaterialNotStored`.
        """
        rule, at = KINDS[kind], self._clock.now()
        with unit_of_work() as tx:
            case = self._casefile.policy.demand(tx, who=counsel, act=rule.act, case_id=case_id)
            if Stage(case.stage) not in rule.stages:
                raise StageRefused(stage=Stage(case.stage).label)
            self._casefile.courts.demand(tx, court_code=case.court_code, function=rule.function)
            _check(forms.check(rule.fields, fields))
            if rule.before_evidence_deadline:
                self._check_evidence_period(tx, case_id)
            if queries.undecided(tx, case_id=case_id, kind=kind, licence_no=counsel.licence_no):
                raise ApplicationOpen
            row = Application(
                id=self._entropy.uuid(),
                case_id=case_id,
                court_code=case.court_code,
                kind=kind.value,
                licence_no=counsel.licence_no,
                lawyer_name=counsel.name,
                fields_sealed=b"",
                state=State.SUBMITTED.value,
                submitted_at=at,
            )
            row.fields_sealed = self._seal(row.id, fields)
            tx.add(row)
            tx.flush()
            for each in material_ids:
                self._casefile.materials.attach(
                    tx, counsel=counsel, material_id=each, holder=PURPOSE, holder_id=row.id
                )
            self._start(tx, row, clock(kind, fields), at=at)
            self._note(tx, row, by=counsel.name, words=rule.label, at=at)
            return self._views(tx, [row])[0]

    def withdraw(self, *, counsel: Counsel, application_id: uuid.UUID) -> None:
        """Take an undecided application back; raises `ApplicationUnknown`, `ApplicationClosed`."""
        at = self._clock.now()
        with unit_of_work() as tx:
            row = self._own(tx, counsel, application_id)
            self._go(tx, row, State.WITHDRAWN, by=counsel.name, words="申请人撤回申请", at=at)

    def give_security(self, *, counsel: Counsel, application_id: uuid.UUID, words: str) -> None:
        """Say which security 担保 was given; the court's time begins again (财产保全规定 art. 4).

        Raises `ApplicationUnknown`, `ApplicationClosed`.
        """
        at = self._clock.now()
        with unit_of_work() as tx:
            row = self._own(tx, counsel, application_id)
            self._go(tx, row, State.SUBMITTED, by=counsel.name, words=words, at=at)
            self._start(tx, row, ClockRef("D38", "ruling_after_security"), at=at)

    def reconsider(self, *, counsel: Counsel, application_id: uuid.UUID, words: str) -> None:
        """Ask for reconsideration 申请复议, once and in time.

        Raises `ApplicationUnknown`, `ApplicationClosed`, `NoReconsideration`.
        """
        at = self._clock.now()
        with unit_of_work() as tx:
            row = self._own(tx, counsel, application_id)
            allowed = KINDS[Kind(row.kind)].reconsideration
            if allowed is None or row.decided_at is None:
                raise NoReconsideration
            if allowed.within is not None:
                limit = counting.due(RULES[_key(allowed.within)], row.decided_at)
                if limit.is_over(at):
                    raise NoReconsideration(sentence=limit.explanation)
            self._go(tx, row, State.RECONSIDERING, by=counsel.name, words=words, at=at)
            self._start(tx, row, allowed.answer, at=at)

    def decide(self, *, staff: Staff, application_id: uuid.UUID, answer: Answer) -> None:
        """Answer an application, with reasons; what it brings about happens with it.

        Raises `ApplicationUnknown`, `CaseUnknown`, `ActRefused`, `ApplicationClosed`,
        `ApplicationInvalid`.
        """
        at = self._clock.now()
        with unit_of_work() as tx:
            row = queries.application(tx, application_id=application_id)
            if row is None:
                raise ApplicationUnknown
            act = Act.APPLICATION_DECIDE
            self._casefile.policy.demand(tx, who=staff, act=act, case_id=row.case_id)
            fields = self._open(row)
            self._check_answer(staff, row, fields, answer)
            self._go(tx, row, answer.to, by=staff.court_name, words=answer.words, at=at)
            if answer.to in (State.GRANTED, State.PARTLY_GRANTED):
                self._bring_about(tx, staff, row, days=answer.days, at=at)

    def of_case(self, *, counsel: Counsel, case_id: uuid.UUID) -> Sequence[ApplicationView]:
        """Return the lawyer's own applications in a case, the newest first.

        Raises `CaseUnknown`, `ActRefused`.
        """
        with unit_of_work() as tx:
            self._casefile.policy.demand(tx, who=counsel, act=Act.CASE_VIEW, case_id=case_id)
            rows = queries.of_case(tx, case_id=case_id)
            return self._views(tx, [row for row in rows if row.licence_no == counsel.licence_no])

    def waiting(self, *, staff: Staff) -> Sequence[tuple[ApplicationView, CaseCard]]:
        """Return what this person has still to answer, the oldest first."""
        with unit_of_work() as tx:
            rows = queries.waiting(tx, court_code=staff.court_code, limit=SHOWN)
            cases = self._casefile.cases.at_bench(
                tx,
                staff=staff,
                act=Act.APPLICATION_DECIDE,
                case_ids=[row.case_id for row in rows],
            )
            mine = [row for row in rows if row.case_id in cases and self._is_for(staff, row)]
            return [(view, cases[view.case_id]) for view in self._views(tx, mine)]

    def waiting_for(self, staff: Staff) -> Sequence[Waiting]:
        """Return what waits for a person of a court."""
        count = len(self.waiting(staff=staff))
        return [Waiting(label="申请待答复", count=count, href="/workbench/applications")]

    def ring(self, tx: Tx, ringing: Ringing, at: datetime) -> None:
        """Remind the court before its time ends; when it has ended, say so to both sides."""
        row = queries.application(tx, application_id=ringing.subject_id)
        if row is None:
            return
        label, left = KINDS[Kind(row.kind)].label, ringing.days_left
        words = f"{label}的答复期限已过" if left is None else f"{label}的答复期限还剩{left}天"
        news = News(
            kind=EventKind.APPLICATION, summary=words, by="期限提醒", disclosed=left is None
        )
        self._casefile.cases.tell(tx, case_id=row.case_id, news=news, at=at)

    def paper(
        self, *, staff: Staff, application_id: uuid.UUID, material_id: uuid.UUID
    ) -> MaterialContent:
        """Open a paper of an application; raises as `decide`, and `MaterialUnknown`."""
        with unit_of_work() as tx:
            row = queries.application(tx, application_id=application_id)
            if row is None:
                raise ApplicationUnknown
            act = Act.APPLICATION_DECIDE
            self._casefile.policy.demand(tx, who=staff, act=act, case_id=row.case_id)
            held = self._casefile.materials.held_by(tx, holder=PURPOSE, holder_id=row.id)
            if material_id not in {each.id for each in held}:
                raise MaterialUnknown
            return self._casefile.materials.open(tx, material_id=material_id)

    # --- the steps ---------------------------------------------------------------------------

    def _go(
        self, tx: Tx, row: Application, to: State, *, by: str, words: str, at: datetime
    ) -> None:
        row.state = step(State(row.state), to).value
        self._casefile.clocks.meet(tx, subject_id=row.id, purpose=PURPOSE, at=at)
        if to not in UNDECIDED:
            row.decided_at = at
        self._note(tx, row, by=by, words=words, at=at)

    def _note(self, tx: Tx, row: Application, *, by: str, words: str, at: datetime) -> None:
        state = State(row.state)
        tx.add(
            ApplicationStep(
                id=self._entropy.uuid(),
                application_id=row.id,
                at=at,
                by=by,
                state=state.value,
                words=words,
            )
        )
        new = state is State.SUBMITTED
        news = News(
            kind=EventKind.APPLICATION if new else EventKind.APPLICATION_DECIDED,
            summary=f"{KINDS[Kind(row.kind)].label}：{state.label}",
            by=by,
        )
        self._casefile.cases.tell(tx, case_id=row.case_id, news=news, at=at)
        details = {"case_id": str(row.case_id), "kind": row.kind, "state": row.state}
        event = Event(
            kind="application", at=at, subject=None, place="", source_id=row.id, details=details
        )
        self._ledger.append(tx, event)

    def _start(self, tx: Tx, row: Application, ref: ClockRef, *, at: datetime) -> None:
        self._casefile.clocks.start(
            tx,
            NewClock(
                rule_id=ref.rule_id,
                variant=ref.variant,
                began_at=at,
                purpose=PURPOSE,
                subject_id=row.id,
                case_id=row.case_id,
            ),
        )

    def _bring_about(
        self, tx: Tx, staff: Staff, row: Application, *, days: int, at: datetime
    ) -> None:
        """Do what a grant means: the case ends, or the time for evidence becomes longer for all."""
        kind = Kind(row.kind)
        if kind is Kind.WITHDRAWAL:
            self._casefile.progress.move(
                tx, staff=staff, case_id=row.case_id, to=Stage.CLOSED, closing="准予撤诉", at=at
            )
        elif kind is Kind.EVIDENCE_EXTENSION:
            last = self._casefile.clocks.prolong(
                tx, subject_id=row.case_id, purpose=EVIDENCE, days=days, at=at
            )
            news = News(
                kind=EventKind.STAGE,
                summary=f"举证期限延长至{last:%Y年%m月%d日}，适用于其他当事人（证据规定第五十四条）",
                by=staff.court_name,
            )
            self._casefile.cases.tell(tx, case_id=row.case_id, news=news, at=at)

    # --- what is checked ---------------------------------------------------------------------

    def _check_evidence_period(self, tx: Tx, case_id: uuid.UUID) -> None:
        """Raise `ApplicationLate` when the time for evidence was set and is over."""
        period = self._casefile.clocks.newest(tx, subject_id=case_id, purpose=EVIDENCE)
        if period is not None and period.due_on < calendar.local_day(self._clock.now()):
            last = f"{period.due_on:%Y年%m月%d日}"
            raise ApplicationLate(sentence=f"须在举证期限届满前提出，本案举证期限已于{last}届满。")

    @staticmethod
    def _check_answer(staff: Staff, row: Application, fields: Fields, answer: Answer) -> None:
        kind = Kind(row.kind)
        if staff.role not in DECIDERS[decider(kind, fields)]:
            raise ActRefused(rule="decider", sentence="审判人员的回避由院长决定。")
        errors = []
        if not answer.words:
            errors.append(forms.FieldError(field="words", message="请写明答复的理由。"))
        grants = answer.to in (State.GRANTED, State.PARTLY_GRANTED)
        if kind is Kind.EVIDENCE_EXTENSION and grants and not 1 <= answer.days <= 90:
            errors.append(forms.FieldError(field="days", message="请写明延长几天（1至90天）。"))
        if answer.to is State.SECURITY_DEMANDED and not KINDS[kind].security:
            errors.append(forms.FieldError(field="to", message="此项申请不需要担保。"))
        _check(errors)

    def _own(self, tx: Tx, counsel: Counsel, application_id: uuid.UUID) -> Application:
        row = queries.application(tx, application_id=application_id)
        if row is None or row.licence_no != counsel.licence_no:
            raise ApplicationUnknown
        act = KINDS[Kind(row.kind)].act
        self._casefile.policy.demand(tx, who=counsel, act=act, case_id=row.case_id)
        return row

    def _is_for(self, staff: Staff, row: Application) -> bool:
        return staff.role in DECIDERS[decider(Kind(row.kind), self._open(row))]

    # --- what is read ------------------------------------------------------------------------

    def _views(self, tx: Tx, rows: Sequence[Application]) -> list[ApplicationView]:
        steps = queries.steps(tx, application_ids=[row.id for row in rows])
        return [
            self._view(tx, row, (s for s in steps if s.application_id == row.id)) for row in rows
        ]

    def _view(self, tx: Tx, row: Application, steps: Iterable[ApplicationStep]) -> ApplicationView:
        held = self._casefile.materials.held_by(tx, holder=PURPOSE, holder_id=row.id)
        return ApplicationView(
            application_id=row.id,
            case_id=row.case_id,
            kind=Kind(row.kind),
            lawyer_name=row.lawyer_name,
            licence_no=row.licence_no,
            fields=self._open(row),
            papers=tuple(Paper(material_id=each.id, name=each.name) for each in held),
            state=State(row.state),
            submitted_at=row.submitted_at,
            steps=tuple(
                StepView(at=s.at, by=s.by, state=State(s.state), words=s.words) for s in steps
            ),
        )

    def _seal(self, application_id: uuid.UUID, fields: Fields) -> bytes:
        text = json.dumps(dict(fields), ensure_ascii=False).encode()
        return self._crypto.seal_alone(text, aad=f"application.fields:{application_id}")

    def _open(self, row: Application) -> Fields:
        opened = self._crypto.open_alone(row.fields_sealed, aad=f"application.fields:{row.id}")
        fields: Fields = json.loads(opened)
        return fields


def _key(ref: ClockRef) -> tuple[str, str]:
    return ref.rule_id, ref.variant


def _check(errors: Sequence[forms.FieldError]) -> None:
    if errors:
        raise ApplicationInvalid(errors=[vars(error) for error in errors])
