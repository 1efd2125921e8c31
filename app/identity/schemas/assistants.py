"""Wire shapes of assistants 律师助理."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from app.http.body import Moment, Strict
from app.http.catalogue import CATALOGUE
from app.identity.rules.assistants import MAY_NOT
from app.identity.service.assistant_values import AssistantCard, Deeds, Scope
from app.identity.service.assistant_values import Assistants as Overview
from app.kernel.identifiers import normalise_identifier
from app.kernel.principal import Counsel

Code = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Typed = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Number = Annotated[Typed, AfterValidator(normalise_identifier)]
ActCode = Annotated[str, StringConstraints(pattern=r"^[a-z_.]{1,60}$")]


class FromValue(BaseModel):
    """Built from the domain's frozen values."""

    model_config = ConfigDict(from_attributes=True)


class Act(FromValue):
    """An auxiliary act."""

    code: str
    label: str


class Case(FromValue):
    """A case that was given."""

    id: uuid.UUID
    title: str


class Candidate(FromValue):
    """A trainee who waits for the lawyer."""

    name: str
    trainee_no: str
    tries_left: int


class Invitation(FromValue):
    """An open invitation."""

    id: uuid.UUID
    code: str
    acts: list[Act]
    cases: list[Case] | None
    until: date
    expires_at: Moment
    candidate: Candidate | None


class Assistantship(FromValue):
    """An assistantship; `refusal` is the code of why nothing can be done now, with its words."""

    id: uuid.UUID
    name: str
    kind: Literal["lawyer", "trainee"]
    kind_label: str
    number: str
    lawyer_name: str
    firm_name: str
    acts: list[Act]
    cases: list[Case] | None
    began_at: Moment
    expires_at: Moment
    ended_at: Moment | None
    end_label: str
    refusal: str
    refusal_label: str = ""

    @classmethod
    def of(cls, card: AssistantCard) -> Assistantship:
        """Build from the domain's value."""
        shape = cls.model_validate(card)
        shape.refusal_label = CATALOGUE[card.refusal][1] if card.refusal else ""
        return shape


class Assistants(BaseModel):
    """A lawyer's assistants."""

    limit: int
    acts: list[Act]
    may_not: list[str]
    active: list[Assistantship]
    ended: list[Assistantship]
    invitations: list[Invitation]

    @classmethod
    def of(cls, view: Overview) -> Assistants:
        """Build from the domain's value."""
        return cls(
            limit=view.limit,
            acts=[Act.model_validate(act) for act in view.acts],
            may_not=list(MAY_NOT),
            active=[Assistantship.of(card) for card in view.active],
            ended=[Assistantship.of(card) for card in view.ended],
            invitations=[Invitation.model_validate(each) for each in view.invitations],
        )


class ScopeIn(Strict):
    """What the lawyer gives; `cases` null is every case, `until` the last day."""

    acts: Annotated[list[ActCode], Field(max_length=50)]
    cases: Annotated[list[uuid.UUID], Field(min_length=1, max_length=500)] | None = None
    until: date

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)

    def scope(self) -> Scope:
        """Return the domain's value."""
        cases = None if self.cases is None else frozenset(self.cases)
        return Scope(acts=frozenset(self.acts), cases=cases, until=self.until)


class DigitsIn(Strict):
    """The digits that stand on the trainee's phone."""

    digits: Annotated[str, StringConstraints(pattern=r"^[0-9 ]{1,20}$")]


class CodeIn(Strict):
    """An invitation's code as it was typed or scanned."""

    code: Code


class TraineeIn(Strict):
    """A code, and what a trainee typed."""

    code: Code
    trainee_no: Number
    name: Typed
    identity_no: Number


class Offer(FromValue):
    """What a code offers, and what no assistant may do."""

    lawyer_name: str
    firm_name: str
    acts: list[Act]
    case_count: int | None
    until: date
    expires_at: Moment
    as_lawyer: bool
    may_not: list[str] = list(MAY_NOT)


class Waiting(FromValue):
    """What a trainee's phone shows until the lawyer has typed the digits."""

    invitation_id: uuid.UUID
    lawyer_name: str
    firm_name: str
    digits: str
    expires_at: Moment


class Assisting(BaseModel):
    """Whom this phone's person assists, and whose confirmation is awaited."""

    items: list[Assistantship]
    waiting: list[Waiting]


class Deed(FromValue):
    """One thing that an assistant did."""

    id: uuid.UUID
    at: Moment
    name: str
    act_label: str
    summary: str
    assistantship_id: uuid.UUID
    case_id: uuid.UUID | None


class DeedPage(BaseModel):
    """What assistants did, newest first; `next` asks for what is older."""

    items: list[Deed]
    next: uuid.UUID | None

    @classmethod
    def of(cls, deeds: Deeds) -> DeedPage:
        """Build from the domain's value."""
        items = [Deed.model_validate(deed) for deed in deeds.items]
        return cls(items=items, next=items[-1].id if deeds.more else None)


class DeedsQuery(BaseModel):
    """Where the page begins."""

    before: uuid.UUID | None = None


class ActingOut(BaseModel):
    """In whose name this caller acts before courts: their own, or a lawyer's they assist."""

    name: str
    licence_no: str
    firm_name: str
    assistant: str | None
    acts: list[str] | None
    cases: list[uuid.UUID] | None

    @classmethod
    def of(cls, counsel: Counsel) -> ActingOut:
        """Build from the principal."""
        helper = counsel.assistant
        cases = None if helper is None or helper.cases is None else sorted(helper.cases)
        return cls(
            name=counsel.name,
            licence_no=counsel.licence_no,
            firm_name=counsel.firm_name,
            assistant=None if helper is None else helper.name,
            acts=None if helper is None else sorted(helper.acts),
            cases=cases,
        )
