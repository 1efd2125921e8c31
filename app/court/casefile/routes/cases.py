"""Cases and representations over HTTP, for lawyers."""

from __future__ import annotations

import uuid

from apiflask import APIBlueprint

from app.court.casefile.routes import services
from app.court.casefile.schemas.cases import (
    CaseDetailOut,
    CasesOut,
    CasesQuery,
    EndIn,
    PermissionOut,
    PermissionQuery,
    RepresentationIn,
    RepresentationOut,
    RepresentationsOut,
)
from app.court.casefile.service.cases import CaseQuery
from app.court.casefile.service.representations import Mandate
from app.http.auth import principal
from app.http.idempotency import idempotent
from app.kernel.principal import Counsel

cases = APIBlueprint("cases", __name__, tag="案件")


@cases.get("/cases")
@cases.input(CasesQuery, location="query")
@cases.output(CasesOut)
def space(query_data: CasesQuery) -> CasesOut:
    """Return a page of the lawyer's cases in every court 个人案件空间."""
    stages = () if query_data.stage is None else (query_data.stage,)
    query = CaseQuery(text=query_data.q or None, stages=stages, after=query_data.after)
    return CasesOut.of(services().cases.space(counsel=principal(Counsel), query=query))


@cases.get("/cases/<uuid:case_id>")
@cases.output(CaseDetailOut)
def detail(case_id: uuid.UUID) -> CaseDetailOut:
    """Return a case with its parties, events and clocks."""
    found = services().cases.detail(who=principal(Counsel), case_id=case_id)
    return CaseDetailOut.of(found)


@cases.get("/cases/<uuid:case_id>/permission")
@cases.input(PermissionQuery, location="query")
@cases.output(PermissionOut)
def permission(case_id: uuid.UUID, query_data: PermissionQuery) -> PermissionOut:
    """Say whether the caller may do something in a case, and by which rule."""
    decision = services().cases.explain(who=principal(Counsel), act=query_data.act, case_id=case_id)
    return PermissionOut.of(query_data.act, decision)


@cases.get("/representations")
@cases.output(RepresentationsOut)
def representations() -> RepresentationsOut:
    """Return the lawyer's representations."""
    found = services().representations.of_lawyer(counsel=principal(Counsel))
    return RepresentationsOut(items=[RepresentationOut.of(view) for view in found])


@cases.post("/representations")
@idempotent
@cases.input(RepresentationIn)
@cases.output(RepresentationOut, status_code=201)
def submit(json_data: RepresentationIn) -> RepresentationOut:
    """Ask a court to verify a representation 申请核实代理关系."""
    mandate = Mandate(
        authority=json_data.authority,
        powers=tuple(dict.fromkeys(json_data.powers)),
        material_ids=tuple(json_data.material_ids),
    )
    found = services().representations.submit(
        counsel=principal(Counsel),
        court_code=json_data.court_code,
        number=json_data.case_number,
        party_name=json_data.party_name,
        mandate=mandate,
    )
    return RepresentationOut.of(found)


@cases.post("/representations/<uuid:representation_id>/end")
@idempotent
@cases.input(EndIn)
@cases.output({}, status_code=204)
def end(representation_id: uuid.UUID, json_data: EndIn) -> tuple[str, int]:
    """End a representation 解除代理."""
    services().representations.end(
        counsel=principal(Counsel), representation_id=representation_id, reason=json_data.reason
    )
    return "", 204
