"""Representation 代理关系: handed in by lawyers, verified by courts, ended by either."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.court.casefile.errors import (
    CaseUnknown,
    MaterialUnknown,
    PartyUnknown,
    RepresentationExists,
    RepresentationIncomplete,
    RepresentationUnknown,
)
from app.court.casefile.models import CaseParty, CourtCase, Representation
from app.court.casefile.queries import cases as case_reads
from app.court.casefile.queries import representations as reads
from app.court.casefile.queries.representations import RepresentationRow
from app.court.casefile.rules import case_number
from app.court.casefile.rules import representation as rules
from app.court.casefile.rules.events import EventKind, News
from app.court.casefile.rules.policy import Act
from app.court.casefile.rules.representation import Authority, Power, State
from app.court.casefile.service.cases import Cases
from app.court.casefile.service.materials import MaterialContent, Materials
from app.court.casefile.service.policy import Policy
from app.court.casefile.service.values import Paper, RepresentationView, Waiting
from app.kernel.principal import Counsel, Staff, StaffRole
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ledger.service.entries import Event, Ledger
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.registry import PracticeStatus

SHOWN: Final = 100
HOLDER: Final = "representation"  # of materials


@dataclass(frozen=True, kw_only=True)
class Mandate:
    """What a power of attorney 授权委托书 gives; `material_ids` are the uploaded papers."""

    authority: Authority
    powers: tuple[Power, ...] = ()
    material_ids: tuple[uuid.UUID, ...] = ()


class Representations:
    """Use cases of representation (民诉法 arts. 61–63, 民诉法解释 art. 88)."""

    def __init__(
        self,
        *,
        cases: Cases,
        materials: Materials,
        policy: Policy,
        ledger: Ledger,
        clock: Clock,
        entropy: Entropy,
    ) -> None:
        self._cases = cases
        self._materials = materials
        self._policy = policy
        self._ledger = ledger
        self._clock = clock
        self._entropy = entropy

    def submit(
        self, *, counsel: Counsel, court_code: str, number: str, party_name: str, mandate: Mandate
    ) -> RepresentationView:
        """Ask a court to verify 申请核实代理关系 that the lawyer represents a party of a case.

        Raises `CaseNumberInvalid`, `CaseUnknown`, `PartyUnknown` (one answer whether the case or
        the party does not exist would help nobody who has both), `RepresentationIncomplete`,
        `TooManyAgents`, `RepresentationExists`, `MaterialUnknown`, `MaterialNotStored`.
        """
        self._policy.demand_free(who=counsel, act=Act.REPRESENTATION_SUBMIT)
        normalised = str(case_number.parse(number))
        at = self._clock.now()
        with unit_of_work() as tx:
            case = case_reads.case_by_number(tx, court_code=court_code, case_number=normalised)
            if case is None:
                raise CaseUnknown
            party = _party(tx, case, name=party_name)
            row = self._add(tx, case, party, counsel=counsel, mandate=mandate, at=at)
            for each in mandate.material_ids:
                self._materials.attach(
                    tx, counsel=counsel, material_id=each, holder=HOLDER, holder_id=row.id
                )
            return self._view(tx, RepresentationRow(row, party, case))

    def enter(
        self, tx: Tx, *, party_id: uuid.UUID, counsel: Counsel, mandate: Mandate, at: datetime
    ) -> None:
        """Make a lawyer who filed a case its agent, verified with the filing, in its transaction.

        Raises what `submit` raises of the mandate.
        """
        party = tx.get_one(CaseParty, party_id)
        case = tx.get_one(CourtCase, party.case_id)
        row = self._add(tx, case, party, counsel=counsel, mandate=mandate, at=at)
        row.state, row.decided_at, row.decided_by = State.EFFECTIVE.value, at, "立案审查"
        self._record(tx, row, at=at)

    def decide(
        self, *, staff: Staff, representation_id: uuid.UUID, accepted: bool, reason: str
    ) -> None:
        """Verify or refuse 核实代理关系; a refusal needs its reason.

        Raises `RepresentationUnknown`, `ActRefused`, `RepresentationClosed`,
        `RepresentationIncomplete`.
        """
        if not accepted and not reason:
            raise RepresentationIncomplete(field="reason", message="请写明不予通过的理由。")
        at = self._clock.now()
        with unit_of_work() as tx:
            row, party, case = _found(tx, representation_id)
            self._policy.demand(tx, who=staff, act=Act.REPRESENTATION_DECIDE, case_id=case.id)
            to = State.EFFECTIVE if accepted else State.REFUSED
            row.state = rules.step(State(row.state), to).value
            row.decided_at, row.decided_by, row.reason = at, staff.name, reason
            self._record(tx, row, at=at)
            self._tell(tx, row, party, by=staff.court_name, at=at)

    def end(self, *, counsel: Counsel, representation_id: uuid.UUID, reason: str) -> None:
        """End a representation 解除 (民诉法 art. 63); the court and the other side are told.

        Raises `RepresentationUnknown`, `RepresentationClosed`, `ActRefused`.
        """
        self._policy.demand_free(who=counsel, act=Act.REPRESENTATION_SUBMIT)
        at = self._clock.now()
        with unit_of_work() as tx:
            row, party, _case = _found(tx, representation_id)
            if row.licence_no != counsel.licence_no:
                raise RepresentationUnknown
            row.state = rules.step(State(row.state), State.ENDED).value
            row.ended_at, row.end_reason = at, reason
            self._record(tx, row, at=at)
            self._tell(tx, row, party, by=counsel.name, at=at)

    def of_lawyer(self, *, counsel: Counsel) -> Sequence[RepresentationView]:
        """Return the lawyer's representations, the newest first."""
        with unit_of_work() as tx:
            rows = reads.of_lawyer(tx, licence_no=counsel.licence_no, limit=SHOWN)
            return [RepresentationView.of(row) for row in rows]

    def waiting(self, *, staff: Staff) -> Sequence[RepresentationView]:
        """Return what the court has still to verify, the oldest first; raises `ActRefused`."""
        self._policy.demand_free(who=staff, act=Act.CASE_LIST)
        with unit_of_work() as tx:
            rows = reads.waiting(tx, court_code=staff.court_code, limit=SHOWN)
            return [self._view(tx, row) for row in rows]

    def waiting_for(self, staff: Staff) -> Sequence[Waiting]:
        """Return what waits for a person of a court."""
        with unit_of_work() as tx:
            count = reads.count_waiting(tx, court_code=staff.court_code)
        may = staff.role in (StaffRole.FILING_OFFICER, StaffRole.CLERK, StaffRole.JUDGE)
        waiting = Waiting(label="代理关系待核实", count=count, href="/workbench/representations")
        return [waiting] if may else []

    def paper(
        self, *, staff: Staff, representation_id: uuid.UUID, material_id: uuid.UUID
    ) -> MaterialContent:
        """Open a paper that was handed in with a representation.

        Raises `RepresentationUnknown`, `CaseUnknown`, `ActRefused`, `MaterialUnknown`.
        """
        with unit_of_work() as tx:
            found = _found(tx, representation_id)
            self._policy.demand(tx, who=staff, act=Act.MATERIAL_READ, case_id=found.case.id)
            if material_id not in {paper.material_id for paper in self._papers(tx, found[0])}:
                raise MaterialUnknown
            return self._materials.open(tx, material_id=material_id)

    def follow_status(self, tx: Tx, licence_no: str, status: PracticeStatus, at: datetime) -> None:
        """Suspend or restore what a lawyer represents (律师法 arts. 48–53)."""
        practising = status is PracticeStatus.PRACTISING
        state, to = (
            (State.SUSPENDED, State.EFFECTIVE) if practising else (State.EFFECTIVE, State.SUSPENDED)
        )
        for row in reads.open_of_lawyer(tx, licence_no=licence_no, state=state):
            row.state = to.value
            self._record(tx, row, at=at)
            self._tell(tx, row, tx.get_one(CaseParty, row.party_id), by="律师登记系统", at=at)

    def _add(
        self, tx: Tx, case: CourtCase, party: CaseParty, *, counsel: Counsel, mandate: Mandate,
        at: datetime,
    ) -> Representation:  # fmt: skip
        others = reads.open_agents(tx, party_id=party.id)
        if any(other.licence_no == counsel.licence_no for other in others):
            raise RepresentationExists
        rules.check_submission(
            authority=mandate.authority,
            powers=mandate.powers,
            materials=len(mandate.material_ids),
            agents=len(others),
        )
        row = Representation(
            id=self._entropy.uuid(),
            case_id=case.id,
            party_id=party.id,
            licence_no=counsel.licence_no,
            lawyer_name=counsel.name,
            firm_name=counsel.firm_name,
            authority=mandate.authority.value,
            powers=[power.value for power in mandate.powers],
            state=State.SUBMITTED.value,
            submitted_at=at,
            reason="",
            news_at=case.news_at,
        )
        tx.add(row)
        tx.flush()
        return row

    def _view(self, tx: Tx, row: RepresentationRow) -> RepresentationView:
        """Show a representation, and whether its firm is on the other side too."""
        found = row.representation
        others = reads.of_cases(tx, case_ids=[row.case.id])
        against = (each.firm_name for each in others if each.party_id != found.party_id)
        conflict = rules.same_firm(found.firm_name, against)
        return RepresentationView.of(row, papers=self._papers(tx, found), conflict=conflict)

    def _papers(self, tx: Tx, row: Representation) -> tuple[Paper, ...]:
        held = self._materials.held_by(tx, holder=HOLDER, holder_id=row.id)
        return tuple(Paper(material_id=each.id, name=each.name) for each in held)

    def _record(self, tx: Tx, row: Representation, *, at: datetime) -> None:
        self._ledger.append(
            tx,
            Event(
                kind="representation",
                at=at,
                subject=None,
                place="",
                source_id=row.id,
                details={"case_id": str(row.case_id), "state": row.state},
            ),
        )

    def _tell(
        self, tx: Tx, row: Representation, party: CaseParty, *, by: str, at: datetime
    ) -> None:
        state = State(row.state)
        summary = f"{party.role}{party.name}的代理律师{row.lawyer_name}：{state.label}"
        news = News(kind=EventKind.REPRESENTATION, summary=summary, by=by)
        self._cases.tell(tx, case_id=row.case_id, news=news, at=at)


def _party(tx: Tx, case: CourtCase, *, name: str) -> CaseParty:
    for party in case_reads.parties(tx, case_ids=[case.id]):
        if party.name == name:
            return party
    raise PartyUnknown


def _found(tx: Tx, representation_id: uuid.UUID) -> RepresentationRow:
    row = reads.representation(tx, representation_id=representation_id)
    if row is None:
        raise RepresentationUnknown
    return row
