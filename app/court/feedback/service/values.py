"""Frozen values that the services of feedback give to routes and pages."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime

from app.court.feedback.rules.complaint import Channel, Kind, Level, Opinion, State, StepKind
from app.court.feedback.rules.desk import Deed
from app.court.feedback.rules.report import ReportState
from app.court.feedback.rules.suggestion import Area, SuggestionState


@dataclass(frozen=True, kw_only=True)
class NewComplaint:
    """What somebody complains about; `court_code` None and no case: the platform.

    `against_name` is whom it is about, where the complainant names somebody.
    """

    kind: Kind
    text: str = field(repr=False)
    court_code: str | None = None
    case_id: uuid.UUID | None = None
    case_number: str = ""
    against_name: str = ""
    contact: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Caller:
    """A lawyer for whom somebody of the court enters a complaint, as he said on the phone."""

    licence_no: str
    name: str


@dataclass(frozen=True, kw_only=True)
class StepView:
    """One step of the trace."""

    kind: StepKind
    at: datetime
    by: str
    note: str


@dataclass(frozen=True, kw_only=True)
class TicketCard:
    """One line of a list of tickets. `desk_name` is the court that answers."""

    ticket_id: uuid.UUID
    number: str
    kind: Kind
    channel: Channel
    state: State
    level: Level
    opinion: Opinion | None
    object_name: str
    desk_name: str
    case_number: str | None
    major: bool
    filed_at: datetime
    due_on: date
    overdue: bool
    owner_name: str
    lawyer_name: str
    licence_no: str


@dataclass(frozen=True, kw_only=True)
class TicketView:
    """A ticket with its text and trace, and what its reader may do with it."""

    card: TicketCard
    text: str
    contact: str
    against_name: str
    basis: tuple[str, ...]
    to_confirm: bool
    steps: tuple[StepView, ...]
    may_judge: bool = False
    may_reopen: bool = False
    deeds: frozenset[Deed] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Handler:
    """A person of the court to whom a complaint can be given."""

    staff_id: uuid.UUID
    name: str
    role: str


@dataclass(frozen=True, kw_only=True)
class SuggestionView:
    """A suggestion as its author and its desk see it; the public gets `PublicSuggestion`."""

    suggestion_id: uuid.UUID
    number: str
    area: Area
    state: SuggestionState
    court_name: str
    text: str
    reply: str
    replied_by: str
    replied_at: datetime | None
    title: str
    changed: str
    published: bool
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class PublicSuggestion:
    """What everybody reads 大家的建议与改进: never the author's own words or name."""

    area: Area
    state: SuggestionState
    court_name: str
    title: str
    reply: str
    changed: str
    published_at: datetime


@dataclass(frozen=True, kw_only=True)
class ReportLine:
    """A sealed report as the discipline desk's list has it."""

    report_id: uuid.UUID
    court_name: str
    state: ReportState
    received_on: date


@dataclass(frozen=True, kw_only=True)
class ActLine:
    """What an inspector did with a report."""

    at: datetime
    act: str
    by: uuid.UUID
