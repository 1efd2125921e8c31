"""What applications look like on the wire."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints

from app.court.applications.rules.fields import FieldType
from app.court.applications.rules.kinds import KINDS, Kind
from app.court.applications.rules.states import State
from app.court.applications.service.values import ApplicationView
from app.court.casefile.rules.policy import ACTS
from app.http.body import Strict

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=2000)]


class FieldOut(BaseModel):
    """A field of a form; `choices` are code → label."""

    name: str
    label: str
    hint: str
    type: FieldType
    required: bool
    choices: dict[str, str] | None


class ApplicationKindOut(BaseModel):
    """A kind of application, its form, its articles, and the special power that it needs."""

    kind: Kind
    label: str
    basis: list[str]
    power: str | None
    power_name: str | None
    reconsideration: bool
    fields: list[FieldOut]

    @classmethod
    def of(cls, kind: Kind) -> ApplicationKindOut:
        """Show a kind."""
        rule = KINDS[kind]
        power = ACTS[rule.act].power
        return cls(
            kind=kind,
            label=rule.label,
            basis=list(rule.basis),
            power=power,
            power_name=None if power is None else power.label,
            reconsideration=rule.reconsideration is not None,
            fields=[
                FieldOut(
                    name=field.name,
                    label=field.label,
                    hint=field.hint,
                    type=field.type,
                    required=field.required,
                    choices=None if field.choices is None else dict(field.choices),
                )
                for field in rule.fields
            ],
        )


class ApplicationKindsOut(BaseModel):
    """All kinds, in the order in which screens list them."""

    items: list[ApplicationKindOut]


class ApplicationIn(Strict):
    """An application; `fields` as its kind asks for."""

    kind: Annotated[Kind, Field(strict=False)]
    fields: Annotated[dict[str, str | int | bool | None], Field(max_length=20)]
    material_ids: Annotated[
        list[Annotated[uuid.UUID, Field(strict=False)]],
        Field(max_length=20, default_factory=list),
    ]


class WordsIn(Strict):
    """What the applicant says."""

    words: Words


class StepOut(BaseModel):
    """A step of an application; `words` are the answer 答复."""

    at: datetime
    by: str
    state: State
    state_name: str
    words: str


class PaperOut(BaseModel):
    """A paper 材料 of an application."""

    id: uuid.UUID
    name: str


class ApplicationOut(BaseModel):
    """An application with its steps."""

    id: uuid.UUID
    case_id: uuid.UUID
    kind: Kind
    label: str
    fields: dict[str, Any]
    papers: list[PaperOut]
    state: State
    state_name: str
    submitted_at: datetime
    steps: list[StepOut]

    @classmethod
    def of(cls, view: ApplicationView) -> ApplicationOut:
        """Show an application."""
        return cls(
            id=view.application_id,
            case_id=view.case_id,
            kind=view.kind,
            label=KINDS[view.kind].label,
            fields=dict(view.fields),
            papers=[PaperOut(id=p.material_id, name=p.name) for p in view.papers],
            state=view.state,
            state_name=view.state.label,
            submitted_at=view.submitted_at,
            steps=[StepOut(**vars(step), state_name=step.state.label) for step in view.steps],
        )


class ApplicationsOut(BaseModel):
    """The lawyer's applications in a case, the newest first."""

    items: list[ApplicationOut]
