"""How a case goes on: assigned to a judge, moved through its stages, closed, sealed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from app.court.casefile.errors import StageRefused
from app.court.casefile.models import CourtCase
from app.court.casefile.rules import stages
from app.court.casefile.rules.deadlines import Length
from app.court.casefile.rules.events import EventKind, News
from app.court.casefile.rules.policy import Act
from app.court.casefile.rules.stages import CLOSINGS, Procedure, Stage
from app.court.casefile.service.cases import Cases
from app.court.casefile.service.clocks import CaseClocks, NewClock, Ringing
from app.court.casefile.service.policy import Policy
from app.kernel import calendar
from app.kernel.calendar import Unit
from app.kernel.principal import Staff
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ledger.service.entries import Event, Ledger
from app.ports.clock import Clock

CASE_ENTRY: Final = "case"
EVIDENCE: Final = "evidence"  # the clock's purpose; its subject is the case
EVIDENCE_RULES: Final = {
    Procedure.ORDINARY: "D15",
    Procedure.SUMMARY: "D17",
    Procedure.SMALL_CLAIMS: "D18",
}


@dataclass(frozen=True, kw_only=True)
class Bench:
    """Who handles a case 承办法官、书记员; ids are those of the court's own people."""

    judge_id: uuid.UUID
    judge_name: str
    clerk_id: uuid.UUID | None = None
    clerk_name: str | None = None


class Progress:
    """Use cases of the court's own people on a case; each leaves an event and a ledger entry."""

    def __init__(
        self, *, cases: Cases, clocks: CaseClocks, policy: Policy, ledger: Ledger, clock: Clock
    ) -> None:
        self._cases = cases
        self._clocks = clocks
        clocks.on_ring[EVIDENCE] = self.ring_evidence
        self._policy = policy
        self._ledger = ledger
        self._clock = clock

    def assign(self, *, staff: Staff, case_id: uuid.UUID, bench: Bench) -> None:
        """Give a case to a judge 分案; the parties are told in three days (民诉法 art. 131).

        Raises `CaseUnknown`, `ActRefused`.
        """
        at = self._clock.now()
        with unit_of_work() as tx:
            case = self._policy.demand(tx, who=staff, act=Act.CASE_ASSIGN, case_id=case_id)
            case.judge_id, case.judge_name = bench.judge_id, bench.judge_name
            case.clerk_id, case.clerk_name = bench.clerk_id, bench.clerk_name
            clerk = f"，书记员{bench.clerk_name}" if bench.clerk_name else ""
            news = News(
                kind=EventKind.ASSIGNED,
                summary=f"承办法官{bench.judge_name}{clerk}",
                by=staff.court_name,
            )
            self._cases.tell(tx, case_id=case_id, news=news, at=at)

    def advance(self, *, staff: Staff, case_id: uuid.UUID, to: Stage, closing: str = "") -> None:
        """Move a case to its next stage; to close it 结案, say how.

        Raises `CaseUnknown`, `ActRefused`, `StageRefused`.
        """
        at = self._clock.now()
        with unit_of_work() as tx:
            self._policy.demand(tx, who=staff, act=Act.STAGE_CHANGE, case_id=case_id)
            self.move(tx, staff=staff, case_id=case_id, to=to, closing=closing, at=at)

    def move(
        self,
        tx: Tx,
        *,
        staff: Staff,
        case_id: uuid.UUID,
        to: Stage,
        closing: str = "",
        at: datetime,
    ) -> None:
        """Move a case inside a use case that has asked the policy; raises `StageRefused`."""
        if (to is Stage.CLOSED) != (closing in CLOSINGS):
            raise StageRefused(to=to.label, closing=closing)
        case = tx.get_one(CourtCase, case_id)
        case.stage = stages.advance(Stage(case.stage), to).value
        closed = to is Stage.CLOSED
        if closed:
            case.closed_on, case.closing = calendar.local_day(at), closing
        news = News(
            kind=EventKind.CLOSED if closed else EventKind.STAGE,
            summary=f"结案：{closing}" if closed else f"案件进入{to.label}",
            by=staff.court_name,
        )
        self._cases.tell(tx, case_id=case_id, news=news, at=at)
        self._ledger.append(
            tx,
            Event(
                kind=CASE_ENTRY,
                at=at,
                subject=None,
                place=case.court_code,
                source_id=case_id,
                details={"stage": to.value, "closing": closing},
            ),
        )

    def set_evidence_period(self, *, staff: Staff, case_id: uuid.UUID, days: int) -> date:
        """Set the time for evidence 指定举证期限; return its last day (民诉法解释 art. 99).

        Raises `CaseUnknown`, `ActRefused`, `PeriodRefused`.
        """
        at = self._clock.now()
        with unit_of_work() as tx:
            case = self._policy.demand(tx, who=staff, act=Act.STAGE_CHANGE, case_id=case_id)
            self._clocks.stop(tx, subject_id=case_id, purpose=EVIDENCE, at=at)
            new = NewClock(
                rule_id=EVIDENCE_RULES[Procedure(case.procedure)],
                began_at=at,
                purpose=EVIDENCE,
                subject_id=case_id,
                case_id=case_id,
                designated=Length(days, Unit.DAY),
            )
            last = self._clocks.start(tx, new).last_day
            news = News(
                kind=EventKind.STAGE, summary=f"举证期限至{last:%Y年%m月%d日}", by=staff.court_name
            )
            self._cases.tell(tx, case_id=case_id, news=news, at=at)
            return last

    def ring_evidence(self, tx: Tx, ringing: Ringing, at: datetime) -> None:
        """Tell the lawyers of a case that the time for evidence is about to end, or has ended."""
        left = ringing.days_left
        words = "举证期限已届满" if left is None else f"举证期限还剩{left}天"
        news = News(kind=EventKind.STAGE, summary=words, by="期限提醒")
        self._cases.tell(tx, case_id=ringing.subject_id, news=news, at=at)

    def seal(self, *, staff: Staff, case_id: uuid.UUID, sealed: bool) -> None:
        """Put a case into its compartment 不公开, or take it out.

        Raises `CaseUnknown`, `ActRefused`.
        """
        at = self._clock.now()
        with unit_of_work() as tx:
            case = self._policy.demand(tx, who=staff, act=Act.SEAL, case_id=case_id)
            case.sealed = sealed
            news = News(
                kind=EventKind.OTHER,
                summary="案件设为不公开" if sealed else "案件恢复公开",
                by=staff.court_name,
                disclosed=False,
            )
            self._cases.tell(tx, case_id=case_id, news=news, at=at)
