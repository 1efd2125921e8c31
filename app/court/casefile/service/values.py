"""Frozen values that the casefile gives to its routes and to the parts that stand on it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from app.court.casefile.models import CaseClock, CaseEvent, CaseParty, CourtCase, Representation
from app.court.casefile.queries.representations import RepresentationRow
from app.court.casefile.rules.deadlines import RULES
from app.court.casefile.rules.events import EventKind
from app.court.casefile.rules.representation import Authority, Power, State
from app.court.casefile.rules.stages import Procedure, Stage


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Something that waits for a person 待办: how many, and on which page."""

    label: str
    count: int
    href: str
    urgent: bool = False


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person of a court 法院工作人员."""

    staff_id: uuid.UUID
    name: str


@dataclass(frozen=True, kw_only=True)
class People:
    """The judges and clerks of a court."""

    judges: tuple[Person, ...]
    clerks: tuple[Person, ...]

    def judge(self, staff_id: str) -> Person | None:
        """Find a judge by the text of an id."""
        return next((each for each in self.judges if str(each.staff_id) == staff_id), None)

    def clerk(self, staff_id: str) -> Person | None:
        """Find a clerk likewise."""
        return next((each for each in self.clerks if str(each.staff_id) == staff_id), None)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A paper 材料 that was handed in with something."""

    material_id: uuid.UUID
    name: str


@dataclass(frozen=True, kw_only=True)
class AgentView:
    """Who represents a party 代理人, as everybody in the case sees it."""

    lawyer_name: str
    firm_name: str
    licence_no: str
    authority: Authority
    state: State

    @classmethod
    def of(cls, row: Representation) -> AgentView:
        """Read it off a row."""
        return cls(
            lawyer_name=row.lawyer_name,
            firm_name=row.firm_name,
            licence_no=row.licence_no,
            authority=Authority(row.authority),
            state=State(row.state),
        )


@dataclass(frozen=True, kw_only=True)
class PartyView:
    """A party 当事人 without what is sealed."""

    party_id: uuid.UUID
    role: str
    kind: str
    name: str
    agents: tuple[AgentView, ...] = ()

    @classmethod
    def of(cls, row: CaseParty, *, agents: tuple[AgentView, ...] = ()) -> PartyView:
        """Read it off a row."""
        return cls(party_id=row.id, role=row.role, kind=row.kind, name=row.name, agents=agents)


@dataclass(frozen=True, kw_only=True)
class CaseCard:
    """One line of a list of cases; `claim_fen` is the amount in dispute, in fen."""

    case_id: uuid.UUID
    court_code: str
    court_name: str
    case_number: str | None
    type_word: str
    title: str
    cause: str
    procedure: Procedure
    stage: Stage
    claim_fen: int | None
    sealed: bool
    judge_name: str | None
    clerk_name: str | None
    accepted_on: date | None
    closed_on: date | None
    closing: str | None
    news_at: datetime

    @classmethod
    def of(cls, row: CourtCase, *, court_name: str) -> CaseCard:
        """Read it off a row."""
        return cls(
            case_id=row.id,
            court_code=row.court_code,
            court_name=court_name,
            case_number=row.case_number,
            type_word=row.type_word,
            title=row.title,
            cause=row.cause,
            procedure=Procedure(row.procedure),
            stage=Stage(row.stage),
            claim_fen=row.claim_fen,
            sealed=row.sealed,
            judge_name=row.judge_name,
            clerk_name=row.clerk_name,
            accepted_on=row.accepted_on,
            closed_on=row.closed_on,
            closing=row.closing,
            news_at=row.news_at,
        )


@dataclass(frozen=True, kw_only=True)
class EventView:
    """Something that happened 案件动态."""

    kind: EventKind
    at: datetime
    by: str
    summary: str

    @classmethod
    def of(cls, row: CaseEvent) -> EventView:
        """Read it off a row."""
        return cls(
            kind=EventKind(row.kind), at=row.at, by=row.by, summary=str(row.values["summary"])
        )


@dataclass(frozen=True, kw_only=True)
class ClockView:
    """A clock 期限 that runs or ran, with its article of law."""

    track: str
    actor: str
    basis: tuple[str, ...]
    begins_on: date
    due_on: date
    state: str

    @classmethod
    def of(cls, row: CaseClock) -> ClockView:
        """Read it off a row and the table of deadlines."""
        rule = RULES[row.rule_id, row.variant]
        return cls(
            track=rule.track,
            actor=rule.actor,
            basis=rule.basis,
            begins_on=row.begins_on,
            due_on=row.due_on,
            state=row.state,
        )


@dataclass(frozen=True, kw_only=True)
class CaseDetail:
    """A case with everything its lawyers, or its court, may see of it."""

    card: CaseCard
    parties: tuple[PartyView, ...]
    events: tuple[EventView, ...]
    clocks: tuple[ClockView, ...]
    powers: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class CasePage:
    """A page of cases; `following` is where the next one starts."""

    cases: tuple[CaseCard, ...]
    following: str | None


@dataclass(frozen=True, kw_only=True)
class RepresentationView:
    """A representation 代理关系 with its case. `conflict`: the same firm is on the other side."""

    representation_id: uuid.UUID
    case_id: uuid.UUID
    case_number: str | None
    case_title: str
    party_name: str
    party_role: str
    lawyer_name: str
    licence_no: str
    firm_name: str
    authority: Authority
    powers: tuple[Power, ...]
    state: State
    reason: str
    submitted_at: datetime
    papers: tuple[Paper, ...] = ()
    conflict: bool = False

    @classmethod
    def of(
        cls, row: RepresentationRow, *, papers: tuple[Paper, ...] = (), conflict: bool = False
    ) -> RepresentationView:
        """Read it off rows."""
        found, party, case = row
        return cls(
            representation_id=found.id,
            case_id=case.id,
            case_number=case.case_number,
            case_title=case.title,
            party_name=party.name,
            party_role=party.role,
            lawyer_name=found.lawyer_name,
            licence_no=found.licence_no,
            firm_name=found.firm_name,
            authority=Authority(found.authority),
            powers=tuple(Power(power) for power in found.powers),
            papers=papers,
            state=State(found.state),
            reason=found.reason,
            submitted_at=found.submitted_at,
            conflict=conflict,
        )
