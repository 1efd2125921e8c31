"""The filing officer's pages of the workbench 工作台·立案审查."""

from __future__ import annotations

import uuid
from decimal import Decimal, InvalidOperation

from apiflask import APIBlueprint
from flask import Response, current_app, flash, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from app.court.casefile.rules.stages import Procedure
from app.court.filing.pages import services
from app.court.filing.rules import corrections
from app.court.filing.rules.fees import LARGEST_AMOUNT
from app.court.filing.service.fees import of_draft
from app.court.filing.service.values import FilingView
from app.errors import AppError
from app.http.auth import principal
from app.http.downloads import download
from app.http.forms import check_form, typed
from app.kernel import calendar
from app.kernel.principal import Staff
from app.ports.clock import Clock
from app.web.workbench import page, shown

filing_review = APIBlueprint("filing_review", __name__, enable_openapi=False)
LONGEST_RULING = 5000


@filing_review.before_request
def check() -> None:
    """Every form of the workbench carries its session's token."""
    if request.method == "POST":
        check_form()


@filing_review.get("")
def queue() -> str:
    """List what waits, those that must be decided first in front."""
    found = services().review.queue(staff=principal(Staff))
    return page("workbench/filings.html", queue=found)


@filing_review.get("/<uuid:filing_id>")
def detail(filing_id: uuid.UUID) -> str:
    """Show a filing beside its materials, and what can be decided."""
    return _page(filing_id)


@filing_review.get("/<uuid:filing_id>/materials/<uuid:material_id>")
def material(filing_id: uuid.UUID, material_id: uuid.UUID) -> Response:
    """Return a material of a filing."""
    found = services().review.material(
        staff=principal(Staff), filing_id=filing_id, material_id=material_id
    )
    return download(
        found.pieces, name=found.name, media_type=found.media_type.value, size=found.size
    )


@filing_review.post("/<uuid:filing_id>/accept")
def accept(filing_id: uuid.UUID) -> BaseResponse | str:
    """Register a filing 登记立案."""
    try:
        procedure = Procedure(request.form.get("procedure", ""))
        fee_fen = _fen(typed("fee"))
    except (ValueError, InvalidOperation):
        return _page(filing_id, error="请核对审理程序和诉讼费数额，数额最多两位小数。")
    try:
        number = services().review.accept(
            staff=principal(Staff), filing_id=filing_id, procedure=procedure, fee_fen=fee_fen
        )
    except AppError as error:
        return _page(filing_id, error=shown(error))
    return _done(filing_id, f"已登记立案，案号{number}。已通知律师。")


@filing_review.post("/<uuid:filing_id>/correct")
def correct(filing_id: uuid.UUID) -> BaseResponse | str:
    """Tell all defects at once 补正通知."""
    days = typed("days", longest=3)
    try:
        due = services().review.correct(
            staff=principal(Staff),
            filing_id=filing_id,
            reasons=request.form.getlist("reason"),
            days=int(days) if days.isdecimal() else 0,
            note=typed("note", longest=500),
        )
    except AppError as error:
        return _page(filing_id, error=shown(error))
    return _done(filing_id, f"已发出补正通知，期限至{due.month}月{due.day}日。")


@filing_review.post("/<uuid:filing_id>/refuse")
def refuse(filing_id: uuid.UUID) -> BaseResponse | str:
    """Rule that a filing is not accepted 不予受理."""
    ruling = typed("ruling", longest=LONGEST_RULING)
    try:
        services().review.refuse(staff=principal(Staff), filing_id=filing_id, ruling=ruling)
    except AppError as error:
        return _page(filing_id, error=shown(error), ruling=ruling)
    return _done(filing_id, "已裁定不予受理，并通知律师。")


@filing_review.post("/<uuid:filing_id>/return")
def give_back(filing_id: uuid.UUID) -> BaseResponse | str:
    """Return what was not corrected in time 退回."""
    try:
        services().review.give_back(staff=principal(Staff), filing_id=filing_id)
    except AppError as error:
        return _page(filing_id, error=shown(error))
    return _done(filing_id, "已退回诉状并记录在册。")


@filing_review.post("/<uuid:filing_id>/mediate")
def mediate(filing_id: uuid.UUID) -> BaseResponse | str:
    """Send a filing to mediation 诉前调解."""
    try:
        services().review.mediate(staff=principal(Staff), filing_id=filing_id)
    except AppError as error:
        return _page(filing_id, error=shown(error))
    return _done(filing_id, "已转入诉前调解，并通知律师。")


@filing_review.post("/<uuid:filing_id>/end-mediation")
def end_mediation(filing_id: uuid.UUID) -> BaseResponse | str:
    """Note that a mediation failed 调解未成."""
    try:
        services().review.end_mediation(staff=principal(Staff), filing_id=filing_id)
    except AppError as error:
        return _page(filing_id, error=shown(error))
    return _done(filing_id, "已转回立案审查，决定期限重新计算。")


def _page(filing_id: uuid.UUID, *, error: str | None = None, ruling: str = "") -> str:
    view = services().review.detail(staff=principal(Staff), filing_id=filing_id)
    clock: Clock = current_app.extensions["clock"]
    return page(
        "workbench/filing.html",
        view=view,
        today=calendar.local_day(clock.now()),
        estimate=of_draft(view.draft),
        procedures=list(Procedure),
        reasons=_reasons(view),
        usual_days=corrections.USUAL_DAYS,
        error=error,
        ruling=ruling,
    )


def _reasons(view: FilingView) -> list[corrections.Reason]:
    """The closed list; after a first notice only what that one named (登记立案规定 art. 7)."""
    known = list(corrections.reasons_of(view.card.kind).values())
    if not view.corrections:
        return known
    first = {reason.code for reason in view.corrections[0].reasons}
    return [reason for reason in known if reason.code in first]


def _fen(text: str) -> int | None:
    """Return an amount of yuan in fen; None for nothing typed."""
    if not text:
        return None
    exact = Decimal(text.replace(",", "")) * 100
    if exact != exact.to_integral_value() or not 0 <= exact <= LARGEST_AMOUNT:
        raise ValueError(text)
    return int(exact)


def _done(filing_id: uuid.UUID, words: str) -> BaseResponse:
    flash(words)
    return redirect(f"/workbench/filings/{filing_id}", code=303)
