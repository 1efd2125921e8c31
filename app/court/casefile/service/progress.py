"""How a case goes on: assigned to a judge, moved through its stages, closed, sealed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

from app.court.casefile.errors import StageRefused
from app.court.casefile.rules import stages
from app.court.casefile.rules.events import EventKind, News
from app.court.casefile.rules.policy import Act
from app.court.casefile.rules.stages import CLOSINGS, Stage
from app.court.casefile.service.cases import Cases
from app.court.casefile.service.policy import Policy
from app.kernel import calendar
from app.kernel.principal import Staff
from app.kernel.unit_of_work import unit_of_work
from app.ledger.service.entries import Event, Ledger
from app.ports.clock import Clock

CASE_ENTRY: Final = "case"


@dataclass(frozen=True, kw_only=True)
class Bench:
    """Who handles a case 承办法官、书记员; ids are those of the court's own people."""

    judge_id: uuid.UUID
    judge_name: str
    clerk_id: uuid.UUID | None = None
    clerk_name: str | None = None


class Progress:
    """Use cases of the court's own people on a case; each leaves an event and a ledger entry."""

    def __init__(self, *, cases: Cases, policy: Policy, ledger: Ledger, clock: Clock) -> None:
        self._cases = cases
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
        if (to is Stage.CLOSED) != (closing in CLOSINGS):
            raise StageRefused(to=to.label, closing=closing)
        at = self._clock.now()
        with unit_of_work() as tx:
            case = self._policy.demand(tx, who=staff, act=Act.STAGE_CHANGE, case_id=case_id)
            case.stage = stages.advance(Stage(case.stage), to).value
            if to is Stage.CLOSED:
                case.closed_on, case.closing = calendar.local(at).date(), closing
            closed = to is Stage.CLOSED
            news = News(
                kind=EventKind.CLOSED if closed else EventKind.STAGE,
                summary=f"结案：{closing}" if closed else f"案件进入{to.label}",
                by=staff.court_name,
            )
            self._cases.tell(tx, case_id=case_id, news=news, at=at)
            details = {"stage": to.value, "closing": closing}
            self._ledger.append(
                tx,
                Event(
                    kind=CASE_ENTRY, at=at, subject=None, place=case.court_code,
                    source_id=case_id, details=details,
                ),
            )  # fmt: skip

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
