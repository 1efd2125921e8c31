"""The workbench's desk for applications: read, answered with reasons."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Final, cast

from apiflask import APIBlueprint
from flask import current_app, flash, redirect, request
from werkzeug.wrappers import Response

from app.court.applications.rules.fields import Field, FieldType
from app.court.applications.rules.kinds import KINDS, Kind
from app.court.applications.rules.states import State
from app.court.applications.service import ApplicationsServices
from app.court.applications.service.applications import Applications
from app.court.applications.service.values import Answer
from app.errors import AppError
from app.http.auth import principal
from app.http.downloads import download
from app.http.forms import check_form, typed
from app.kernel.principal import Staff
from app.web.workbench import page, shown

desk = APIBlueprint("workbench_applications", __name__, enable_openapi=False)
ANSWERS: Final = (
    State.GRANTED,
    State.PARTLY_GRANTED,
    State.REFUSED,
    State.SECURITY_DEMANDED,
    State.UPHELD,
    State.CHANGED,
)


def services() -> Applications:
    """Return the service that bootstrap wired."""
    found = cast(ApplicationsServices, current_app.extensions["applications"])
    return found.applications


@desk.get("")
def listing() -> str:
    """List what this person has still to answer."""
    return _page()


@desk.post("/<uuid:application_id>")
def decide(application_id: uuid.UUID) -> Response | str:
    """Answer an application."""
    check_form()
    to = request.form.get("to", "")
    if to not in ANSWERS:
        return _page(error="请选择答复。")
    days = request.form.get("days", 0, type=int)
    answer = Answer(to=State(to), words=typed("words", longest=2000), days=days)
    try:
        services().decide(staff=principal(Staff), application_id=application_id, answer=answer)
    except AppError as error:
        return _page(error=shown(error))
    flash("已答复，律师会收到通知。")
    return redirect("/workbench/applications", code=303)


@desk.get("/<uuid:application_id>/materials/<uuid:material_id>")
def paper(application_id: uuid.UUID, material_id: uuid.UUID) -> Response:
    """Hand out a paper of an application."""
    found = services().paper(
        staff=principal(Staff), application_id=application_id, material_id=material_id
    )
    return download(
        found.pieces, name=found.name, media_type=found.media_type.value, size=found.size
    )


def _page(*, error: str | None = None) -> str:
    waiting = services().waiting(staff=principal(Staff))
    return page(
        "workbench/applications.html",
        waiting=[
            (view, card, KINDS[view.kind], _lines(view.kind, view.fields)) for view, card in waiting
        ],
        answers={kind: _answers(kind) for kind in Kind},
        states=State,
        error=error,
    )


def _answers(kind: Kind) -> tuple[State, ...]:
    """Return the answers to a first application of a kind."""
    more = (State.SECURITY_DEMANDED,) if KINDS[kind].security else ()
    return (State.GRANTED, State.PARTLY_GRANTED, State.REFUSED, *more)


def _lines(kind: Kind, fields: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return label and words of each field that was filled in."""
    return [
        (field.label, _words(field, fields[field.name]))
        for field in KINDS[kind].fields
        if fields.get(field.name) not in (None, "")
    ]


def _words(field: Field, value: object) -> str:
    if field.type is FieldType.FLAG:
        return "是" if value else "否"
    if field.type is FieldType.MONEY and isinstance(value, int):
        return f"{value / 100:,.2f} 元"
    return (field.choices or {}).get(str(value), str(value))
