"""The discipline desk 督察台: boxes that the inspector's own browser opens with his key file."""

from __future__ import annotations

import uuid

from apiflask import APIBlueprint
from flask import Response as FlaskResponse
from flask import flash, redirect, request
from werkzeug.wrappers import Response

from app.court.feedback.pages import services
from app.court.feedback.rules.report import ReportState
from app.http.auth import principal
from app.http.forms import check_form
from app.kernel.principal import Staff
from app.web.workbench import page

discipline = APIBlueprint("discipline_desk", __name__, enable_openapi=False)


@discipline.before_request
def check() -> None:
    """Every form carries its session's token."""
    if request.method == "POST":
        check_form()


@discipline.get("/")
def home() -> str:
    """List the sealed reports of this desk."""
    found = services().reports.of_desk(staff=principal(Staff))
    return page("workbench/discipline.html", found=found)


@discipline.get("/<uuid:report_id>")
def report(report_id: uuid.UUID) -> str:
    """Show one report, still sealed."""
    line, acts = services().reports.report(staff=principal(Staff), report_id=report_id)
    return page(
        "workbench/report.html",
        line=line,
        acts=acts,
        states={state.value: state.label for state in ReportState},
        choices=[state for state in ReportState if state is not ReportState.RECEIVED],
    )


@discipline.post("/<uuid:report_id>/box")
def box(report_id: uuid.UUID) -> FlaskResponse:
    """Hand the box to the browser; who fetched it is written down."""
    sealed = services().reports.fetch_box(staff=principal(Staff), report_id=report_id)
    answer = FlaskResponse(sealed, mimetype="application/octet-stream")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@discipline.post("/<uuid:report_id>/state")
def set_state(report_id: uuid.UUID) -> Response:
    """Let the reporter know how far it is."""
    state = request.form.get("state", "")
    if state in tuple(ReportState):
        services().reports.set_state(
            staff=principal(Staff), report_id=report_id, state=ReportState(state)
        )
        flash("已更新，举报人凭查询码可以看到。")
    return redirect(f"/workbench/discipline/{report_id}", code=303)
