"""The sealed path 违纪违法举报.

None of these is idempotent by a key: the store of keys would remember which lawyer sent a report.
The code that the phone makes takes its place.
"""

from __future__ import annotations

from apiflask import APIBlueprint

from app.court.feedback.routes import services
from app.court.feedback.schemas.reports import BoxOut, CodeIn, ReportIn, ReportOut
from app.court.feedback.service.reports import NewReport
from app.http.auth import principal
from app.kernel.principal import Counsel

reports = APIBlueprint("misconduct_reports", __name__, tag="违纪违法举报")


@reports.get("/misconduct-reports/box")
@reports.output(BoxOut)
def box() -> BoxOut:
    """Say whether reports are taken here."""
    return BoxOut(open=services().reports.open)


@reports.post("/misconduct-reports")
@reports.input(ReportIn)
@reports.output(ReportOut, status_code=201)
def report(json_data: ReportIn) -> ReportOut:
    """Seal a report and keep it for the discipline desk."""
    new = NewReport(**json_data.model_dump())
    return ReportOut.of(services().reports.send(counsel=principal(Counsel), new=new))


@reports.post("/misconduct-reports/progress")
@reports.input(CodeIn)
@reports.output(ReportOut)
def progress(json_data: CodeIn) -> ReportOut:
    """Say what became of the report with this code."""
    return ReportOut.of(services().reports.progress(code=json_data.code))
