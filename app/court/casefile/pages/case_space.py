"""律师服务平台·我的案件: the cases that a lawyer represents, in every court."""

from __future__ import annotations

import uuid

from apiflask import APIBlueprint
from flask import request

from app.court.casefile.pages import services
from app.court.casefile.rules.stages import Stage
from app.court.casefile.service.cases import CaseQuery
from app.http.auth import principal
from app.kernel.principal import Counsel
from app.web.portal import page

case_space = APIBlueprint("case_space", __name__, enable_openapi=False)


@case_space.get("")
def cases() -> str:
    """List the lawyer's cases, those with the newest news in front."""
    words = request.args.get("q", "").replace("\x00", "").strip()[:60]
    stage = request.args.get("stage", "")
    stages = (Stage(stage),) if stage in tuple(Stage) else ()
    query = CaseQuery(text=words or None, stages=stages, after=request.args.get("after"))
    found = services().cases.space(counsel=principal(Counsel), query=query)
    return page("portal/cases.html", found=found, words=words, stage=stage, stages=list(Stage))


@case_space.get("/<uuid:case_id>")
def case(case_id: uuid.UUID) -> str:
    """Show a case with its parties, clocks and events."""
    detail = services().cases.detail(who=principal(Counsel), case_id=case_id)
    return page("portal/case.html", detail=detail)
