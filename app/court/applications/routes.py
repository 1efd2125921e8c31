"""Applications over HTTP, for lawyers."""

from __future__ import annotations

import uuid
from typing import cast

from apiflask import APIBlueprint
from flask import current_app

from app.court.applications.rules.kinds import Kind
from app.court.applications.schemas import (
    ApplicationIn,
    ApplicationKindOut,
    ApplicationKindsOut,
    ApplicationOut,
    ApplicationsOut,
    WordsIn,
)
from app.court.applications.service import ApplicationsServices
from app.court.applications.service.applications import Applications
from app.http.auth import principal
from app.http.idempotency import idempotent
from app.kernel.principal import Counsel

applications = APIBlueprint("applications", __name__, tag="申请")


def services() -> Applications:
    """Return the service that bootstrap wired."""
    found = cast(ApplicationsServices, current_app.extensions["applications"])
    return found.applications


@applications.get("/application-kinds")
@applications.output(ApplicationKindsOut)
def kinds() -> ApplicationKindsOut:
    """Return the applications that can be made, with their forms."""
    return ApplicationKindsOut(items=[ApplicationKindOut.of(kind) for kind in Kind])


@applications.get("/cases/<uuid:case_id>/applications")
@applications.output(ApplicationsOut)
def listing(case_id: uuid.UUID) -> ApplicationsOut:
    """Return the lawyer's applications in a case."""
    found = services().of_case(counsel=principal(Counsel), case_id=case_id)
    return ApplicationsOut(items=[ApplicationOut.of(view) for view in found])


@applications.post("/cases/<uuid:case_id>/applications")
@idempotent
@applications.input(ApplicationIn)
@applications.output(ApplicationOut, status_code=201)
def submit(case_id: uuid.UUID, json_data: ApplicationIn) -> ApplicationOut:
    """Make an application in a case 提交申请."""
    found = services().submit(
        counsel=principal(Counsel),
        case_id=case_id,
        kind=json_data.kind,
        fields=json_data.fields,
        material_ids=json_data.material_ids,
    )
    return ApplicationOut.of(found)


@applications.post("/applications/<uuid:application_id>/withdraw")
@idempotent
@applications.output({}, status_code=204)
def withdraw(application_id: uuid.UUID) -> tuple[str, int]:
    """Take an undecided application back 撤回申请."""
    services().withdraw(counsel=principal(Counsel), application_id=application_id)
    return "", 204


@applications.post("/applications/<uuid:application_id>/security")
@idempotent
@applications.input(WordsIn)
@applications.output({}, status_code=204)
def give_security(application_id: uuid.UUID, json_data: WordsIn) -> tuple[str, int]:
    """Say which security was given 提供担保."""
    services().give_security(
        counsel=principal(Counsel), application_id=application_id, words=json_data.words
    )
    return "", 204


@applications.post("/applications/<uuid:application_id>/reconsider")
@idempotent
@applications.input(WordsIn)
@applications.output({}, status_code=204)
def reconsider(application_id: uuid.UUID, json_data: WordsIn) -> tuple[str, int]:
    """Ask for reconsideration 申请复议."""
    services().reconsider(
        counsel=principal(Counsel), application_id=application_id, words=json_data.words
    )
    return "", 204
