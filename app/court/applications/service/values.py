"""Frozen values of applications."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.court.applications.rules.kinds import Kind
from app.court.applications.rules.states import State
from app.court.casefile.service.values import Paper

Fields = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class StepView:
    """A step: when, who, to which state, and the words 答复."""

    at: datetime
    by: str
    state: State
    words: str


@dataclass(frozen=True, kw_only=True)
class ApplicationView:
    """An application with its steps."""

    application_id: uuid.UUID
    case_id: uuid.UUID
    kind: Kind
    lawyer_name: str
    licence_no: str
    fields: Fields
    papers: tuple[Paper, ...]
    state: State
    submitted_at: datetime
    steps: tuple[StepView, ...]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A court's answer: the state it leads to, its words, and days where it gives some."""

    to: State
    words: str
    days: int = 0
