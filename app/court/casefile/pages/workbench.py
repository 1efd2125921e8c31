"""The workbench 工作台 of a court's own people: what waits, cases, representations to verify."""

from __future__ import annotations

import uuid

from apiflask import APIBlueprint
from flask import flash, redirect, request
from werkzeug.wrappers import Response

from app.court.casefile.pages import services
from app.court.casefile.rules.policy import Act
from app.court.casefile.rules.stages import CLOSINGS, NEXT, Stage
from app.court.casefile.service.cases import CaseQuery
from app.court.casefile.service.progress import Bench
from app.errors import AppError
from app.http.auth import principal
from app.http.downloads import download
from app.http.forms import check_form, typed
from app.kernel.principal import Staff
from app.web.workbench import page, shown

workbench = APIBlueprint("workbench", __name__, enable_openapi=False)
ACTS = (Act.CASE_ASSIGN, Act.STAGE_CHANGE, Act.SEAL)


@workbench.before_request
def check() -> None:
    """Every form of the workbench carries its session's token."""
    if request.method == "POST":
        check_form()


@workbench.get("/")
def home() -> str:
    """Show what waits for this person."""
    staff = principal(Staff)
    waiting = [each for ask in services().waiting for each in ask(staff) if each.count]
    return page("workbench/home.html", waiting=waiting)


@workbench.get("/cases")
def cases() -> str:
    """List the cases of the court, or the person's own."""
    words = request.args.get("q", "").replace("\x00", "").strip()[:60]
    stage = request.args.get("stage", "")
    stages = (Stage(stage),) if stage in tuple(Stage) else ()
    query = CaseQuery(text=words or None, stages=stages, after=request.args.get("after"))
    found = services().cases.of_court(staff=principal(Staff), query=query)
    return page("workbench/cases.html", found=found, words=words, stage=stage, stages=list(Stage))


@workbench.get("/cases/<uuid:case_id>")
def case(case_id: uuid.UUID) -> str:
    """Show a case."""
    return _case(case_id)


@workbench.post("/cases/<uuid:case_id>/assign")
def assign(case_id: uuid.UUID) -> Response | str:
    """Give a case to a judge 分案."""
    staff = principal(Staff)
    people = services().people(staff.court_code)
    judge = people.judge(request.form.get("judge", ""))
    clerk = people.clerk(request.form.get("clerk", ""))
    if judge is None:
        return _case(case_id, error="请选择承办法官。")
    bench = Bench(
        judge_id=judge.staff_id,
        judge_name=judge.name,
        clerk_id=None if clerk is None else clerk.staff_id,
        clerk_name=None if clerk is None else clerk.name,
    )
    try:
        services().progress.assign(staff=staff, case_id=case_id, bench=bench)
    except AppError as error:
        return _case(case_id, error=shown(error))
    return _done(case_id, "已确定审判人员，并通知代理律师。")


@workbench.post("/cases/<uuid:case_id>/advance")
def advance(case_id: uuid.UUID) -> Response | str:
    """Move a case to its next stage, or close it."""
    to, closing = request.form.get("to", ""), typed("closing")
    if to not in tuple(Stage) or (to == Stage.CLOSED) != bool(closing):
        return _case(case_id, error="结案时须选择结案方式；不是结案时不要选择。")
    try:
        services().progress.advance(
            staff=principal(Staff), case_id=case_id, to=Stage(to), closing=closing
        )
    except AppError as error:
        return _case(case_id, error=shown(error))
    return _done(case_id, "程序已推进，并通知代理律师。")


@workbench.post("/cases/<uuid:case_id>/seal")
def seal(case_id: uuid.UUID) -> Response:
    """Put a case into its compartment, or take it out."""
    sealed = request.form.get("sealed") == "1"
    services().progress.seal(staff=principal(Staff), case_id=case_id, sealed=sealed)
    return _done(case_id, "已设为不公开。" if sealed else "已恢复公开。")


@workbench.get("/representations")
def representations() -> str:
    """List the representations that wait to be verified."""
    return _representations()


@workbench.post("/representations/<uuid:representation_id>")
def decide(representation_id: uuid.UUID) -> Response | str:
    """Verify a representation, or refuse it with a reason."""
    accepted = request.form.get("accepted") == "1"
    try:
        services().representations.decide(
            staff=principal(Staff),
            representation_id=representation_id,
            accepted=accepted,
            reason=typed("reason", longest=200),
        )
    except AppError as error:
        return _representations(error=shown(error))
    flash("已核实，律师可以办理本案。" if accepted else "已退回，律师会看到理由。")
    return redirect("/workbench/representations", code=303)


@workbench.get("/representations/<uuid:representation_id>/materials/<uuid:material_id>")
def paper(representation_id: uuid.UUID, material_id: uuid.UUID) -> Response:
    """Hand out a paper of a representation."""
    found = services().representations.paper(
        staff=principal(Staff), representation_id=representation_id, material_id=material_id
    )
    return download(
        found.pieces, name=found.name, media_type=found.media_type.value, size=found.size
    )


def _representations(*, error: str | None = None) -> str:
    waiting = services().representations.waiting(staff=principal(Staff))
    return page("workbench/representations.html", waiting=waiting, error=error)


def _case(case_id: uuid.UUID, *, error: str | None = None) -> str:
    staff = principal(Staff)
    detail = services().cases.detail(who=staff, case_id=case_id)
    explain = services().cases.explain
    return page(
        "workbench/case.html",
        detail=detail,
        may={a.value: explain(who=staff, act=a, case_id=case_id).allowed for a in ACTS},
        people=services().people(staff.court_code),
        next_stages=[stage for stage in Stage if stage in NEXT[detail.card.stage]],
        closings=CLOSINGS,
        error=error,
    )


def _done(case_id: uuid.UUID, words: str) -> Response:
    flash(words)
    return redirect(f"/workbench/cases/{case_id}", code=303)
