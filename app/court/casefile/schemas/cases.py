"""What cases and representations look like on the wire."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from app.court.casefile.rules.events import EventKind
from app.court.casefile.rules.policy import ACTS, Act, Decision
from app.court.casefile.rules.representation import Authority, Power, State
from app.court.casefile.rules.stages import Procedure, Stage
from app.court.casefile.service.values import (
    CaseCard,
    CaseDetail,
    CasePage,
    PartyView,
    RepresentationView,
)
from app.http.body import Strict

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=60)]


class CasesQuery(Strict):
    """How a party's name begins, or a whole case number; one stage; where the page starts."""

    q: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] | None = None
    stage: Annotated[Stage, Field(strict=False)] | None = None
    after: Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{34,60}$")] | None = None


class CaseOut(BaseModel):
    """One line of a list of cases; `claim_fen` in fen."""

    id: uuid.UUID
    court_code: str
    court_name: str
    case_number: str | None
    title: str
    cause: str
    procedure: Procedure
    procedure_name: str
    stage: Stage
    stage_name: str
    claim_fen: int | None
    sealed: bool
    judge_name: str | None
    clerk_name: str | None
    accepted_on: date | None
    closed_on: date | None
    closing: str | None
    news_at: datetime

    @classmethod
    def of(cls, card: CaseCard) -> CaseOut:
        """Show a case."""
        known = {name: getattr(card, name) for name in cls.model_fields if hasattr(card, name)}
        return cls(
            **known,
            id=card.case_id,
            procedure_name=card.procedure.label,
            stage_name=card.stage.label,
        )


class CasesOut(BaseModel):
    """A page of cases; `next` is the next one's `after`."""

    items: list[CaseOut]
    next: str | None

    @classmethod
    def of(cls, page: CasePage) -> CasesOut:
        """Show a page."""
        return cls(items=[CaseOut.of(card) for card in page.cases], next=page.following)


class AgentOut(BaseModel):
    """Who represents a party 代理人."""

    lawyer_name: str
    firm_name: str
    authority: Authority
    authority_name: str
    state: State
    state_name: str


class PartyOut(BaseModel):
    """A party 当事人."""

    id: uuid.UUID
    role: str
    kind: str
    name: str
    agents: list[AgentOut]

    @classmethod
    def of(cls, party: PartyView) -> PartyOut:
        """Show a party and its agents."""
        return cls(
            id=party.party_id,
            role=party.role,
            kind=party.kind,
            name=party.name,
            agents=[
                AgentOut(
                    lawyer_name=agent.lawyer_name,
                    firm_name=agent.firm_name,
                    authority=agent.authority,
                    authority_name=agent.authority.label,
                    state=agent.state,
                    state_name=agent.state.label,
                )
                for agent in party.agents
            ],
        )


class EventOut(BaseModel):
    """Something that happened 案件动态."""

    kind: EventKind
    kind_name: str
    at: datetime
    by: str
    summary: str


class ClockOut(BaseModel):
    """A clock 期限 with its articles of law."""

    track: str
    actor: str
    basis: list[str]
    begins_on: date
    due_on: date
    state: str


class CaseDetailOut(BaseModel):
    """A case as its lawyers see it; `powers` are the special powers that the caller holds."""

    case: CaseOut
    parties: list[PartyOut]
    events: list[EventOut]
    clocks: list[ClockOut]
    powers: list[Power]

    @classmethod
    def of(cls, detail: CaseDetail) -> CaseDetailOut:
        """Show a case."""
        return cls(
            case=CaseOut.of(detail.card),
            parties=[PartyOut.of(party) for party in detail.parties],
            events=[EventOut(**vars(event), kind_name=event.kind.label) for event in detail.events],
            clocks=[
                ClockOut(**{**vars(clock), "basis": list(clock.basis)}) for clock in detail.clocks
            ],
            powers=sorted(Power(power) for power in detail.powers),
        )


class PermissionQuery(Strict):
    """Which act is asked about."""

    act: Annotated[Act, Field(strict=False)]


class PermissionOut(BaseModel):
    """Whether an act is allowed, and the rule that decides it."""

    act: Act
    act_name: str
    allowed: bool
    rule: str
    sentence: str

    @classmethod
    def of(cls, act: Act, decision: Decision) -> PermissionOut:
        """Show a decision."""
        return cls(act=act, act_name=ACTS[act].label, **vars(decision))


class RepresentationIn(Strict):
    """What a lawyer hands in to be verified 申请核实代理关系."""

    court_code: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{1,10}$")]
    case_number: Number
    party_name: Name
    authority: Annotated[Authority, Field(strict=False)]
    powers: Annotated[
        list[Annotated[Power, Field(strict=False)]], Field(max_length=6, default_factory=list)
    ]
    material_ids: Annotated[
        list[Annotated[uuid.UUID, Field(strict=False)]], Field(max_length=10, default_factory=list)
    ]


class EndIn(Strict):
    """Why a representation ends."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]


class RepresentationOut(BaseModel):
    """A representation 代理关系 with its case."""

    id: uuid.UUID
    case_id: uuid.UUID
    case_number: str | None
    case_title: str
    party_name: str
    party_role: str
    authority: Authority
    authority_name: str
    powers: list[Power]
    power_names: list[str]
    state: State
    state_name: str
    reason: str
    submitted_at: datetime
    conflict: bool

    @classmethod
    def of(cls, view: RepresentationView) -> RepresentationOut:
        """Show a representation; before it is verified nothing of the case but its number."""
        known = view.state in (State.EFFECTIVE, State.SUSPENDED, State.ENDED)
        return cls(
            id=view.representation_id,
            case_id=view.case_id,
            case_number=view.case_number,
            case_title=view.case_title if known else "",
            party_name=view.party_name,
            party_role=view.party_role,
            authority=view.authority,
            authority_name=view.authority.label,
            powers=list(view.powers),
            power_names=[power.label for power in view.powers],
            state=view.state,
            state_name=view.state.label,
            reason=view.reason,
            submitted_at=view.submitted_at,
            conflict=view.conflict,
        )


class RepresentationsOut(BaseModel):
    """A lawyer's representations, the newest first."""

    items: list[RepresentationOut]
