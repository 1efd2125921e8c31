"""What complaints and suggestions look like on the wire."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from app.court.feedback.rules.complaint import Channel, Kind, Level, Opinion, State, StepKind
from app.court.feedback.rules.suggestion import Area, SuggestionState
from app.court.feedback.service.values import (
    NewComplaint,
    PublicSuggestion,
    StepView,
    SuggestionView,
    TicketCard,
    TicketView,
)
from app.http.body import Strict

NO_NUL = r"^[^\x00]*$"
Long = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=5, max_length=2000, pattern=NO_NUL),
]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500, pattern=NO_NUL)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=50, pattern=NO_NUL)]
CourtCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z㐀-鿿]{1,10}$")]


class ComplaintIn(Strict):
    """A complaint 投诉 about a case, a court, or, with neither, the platform."""

    kind: Annotated[Kind, Field(strict=False)]
    text: Long
    court_code: CourtCode | None = None
    case_id: Annotated[uuid.UUID, Field(strict=False)] | None = None
    case_number: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=60, pattern=NO_NUL)
    ] = ""
    against_name: Short = ""
    contact: Short = ""

    def value(self) -> NewComplaint:
        """Return it as the service takes it."""
        return NewComplaint(**self.model_dump())


class OpinionIn(Strict):
    """What the complainant says to the reply."""

    satisfied: bool
    note: Note = ""


class ReopenIn(Strict):
    """Why the complaint is opened again."""

    note: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=2, max_length=500, pattern=NO_NUL),
    ]


class TicketOut(BaseModel):
    """One line of a list of complaints; `due_on` is the last day for the answer."""

    id: uuid.UUID
    number: str
    kind: Kind
    kind_name: str
    channel: Channel
    channel_name: str
    state: State
    state_name: str
    level: Level
    level_name: str
    opinion: Opinion | None
    opinion_name: str
    object_name: str
    desk_name: str
    case_number: str | None
    major: bool
    filed_at: datetime
    due_on: date
    overdue: bool

    @classmethod
    def of(cls, card: TicketCard) -> TicketOut:
        """Show a ticket."""
        known = {name: getattr(card, name) for name in cls.model_fields if hasattr(card, name)}
        return cls(
            **known,
            id=card.ticket_id,
            kind_name=card.kind.label,
            channel_name=card.channel.label,
            state_name=card.state.label,
            level_name=card.level.label,
            opinion_name="" if card.opinion is None else card.opinion.label,
        )


class TicketsOut(BaseModel):
    """A lawyer's complaints, the newest first."""

    items: list[TicketOut]


class StepOut(BaseModel):
    """One step of the trace."""

    kind: StepKind
    kind_name: str
    at: datetime
    by: str
    note: str

    @classmethod
    def of(cls, step: StepView) -> StepOut:
        """Show a step."""
        return cls(**vars(step), kind_name=step.kind.label)


class TicketDetailOut(BaseModel):
    """A complaint with its text and trace; `basis` is why it is answered by `due_on`."""

    ticket: TicketOut
    text: str
    contact: str
    against_name: str
    basis: list[str]
    to_confirm: bool
    steps: list[StepOut]
    may_judge: bool
    may_reopen: bool

    @classmethod
    def of(cls, view: TicketView) -> TicketDetailOut:
        """Show a ticket."""
        return cls(
            ticket=TicketOut.of(view.card),
            text=view.text,
            contact=view.contact,
            against_name=view.against_name,
            basis=list(view.basis),
            to_confirm=view.to_confirm,
            steps=[StepOut.of(step) for step in view.steps],
            may_judge=view.may_judge,
            may_reopen=view.may_reopen,
        )


class SuggestionIn(Strict):
    """A suggestion 意见建议 to a court or, without one, about the platform."""

    area: Annotated[Area, Field(strict=False)]
    text: Long
    court_code: CourtCode | None = None


class SuggestionOut(BaseModel):
    """A suggestion as its author sees it."""

    id: uuid.UUID
    number: str
    area: Area
    area_name: str
    state: SuggestionState
    state_name: str
    court_name: str
    text: str
    reply: str
    replied_by: str
    replied_at: datetime | None
    changed: str
    published: bool
    created_at: datetime

    @classmethod
    def of(cls, view: SuggestionView) -> SuggestionOut:
        """Show a suggestion."""
        known = {name: getattr(view, name) for name in cls.model_fields if hasattr(view, name)}
        return cls(
            **known,
            id=view.suggestion_id,
            area_name=view.area.label,
            state_name=view.state.label,
        )


class SuggestionsOut(BaseModel):
    """A lawyer's suggestions, the newest first."""

    items: list[SuggestionOut]


class PublicSuggestionOut(BaseModel):
    """What everybody reads of a suggestion; its author is not named."""

    area: Area
    area_name: str
    state: SuggestionState
    state_name: str
    court_name: str
    title: str
    reply: str
    changed: str
    published_at: datetime

    @classmethod
    def of(cls, found: PublicSuggestion) -> PublicSuggestionOut:
        """Show a suggestion."""
        return cls(**vars(found), area_name=found.area.label, state_name=found.state.label)


class PublicSuggestionsOut(BaseModel):
    """大家的建议与改进, the newest first."""

    items: list[PublicSuggestionOut]
