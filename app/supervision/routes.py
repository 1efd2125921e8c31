"""The console 管理台: signing in, hall officers, kiosks."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.errors import AppError
from app.http.auth import OPERATOR_ID, Forbidden, principal
from app.http.catalogue import CATALOGUE
from app.identity.service.bindings import Bindings
from app.kernel.principal import Operator, OperatorRole
from app.ports.clock import Clock
from app.supervision.forms import check_form, form_token
from app.supervision.service import Operators
from app.verification.service.kiosks import Kiosks, Place

console_public = Blueprint("console_public", __name__)
console = Blueprint("console", __name__)


@dataclass(frozen=True, kw_only=True)
class SupervisionServices:
    """Everything the console calls."""

    operators: Operators
    bindings: Bindings
    kiosks: Kiosks
    clock: Clock


def services() -> SupervisionServices:
    """Return the services that bootstrap wired."""
    return cast(SupervisionServices, current_app.extensions["supervision"])


@console_public.get("/sign-in")
def sign_in_page() -> str:
    """Ask for name and password."""
    return render_template("console/sign_in.html", form_token=form_token(), error=None)


@console_public.post("/sign-in")
def sign_in() -> Response | str:
    """Let an operator in."""
    check_form()
    try:
        operator = services().operators.sign_in(
            username=request.form.get("username", "").strip(),
            password=request.form.get("password", ""),
        )
    except AppError as error:
        return render_template(
            "console/sign_in.html", form_token=form_token(), error=sentence(error)
        )
    session.clear()
    session[OPERATOR_ID] = str(operator.operator_id)
    return redirect(url_for("console.home"))


@console.post("/sign-out")
def sign_out() -> Response:
    """End the session."""
    check_form()
    session.clear()
    return redirect(url_for("console_public.sign_in_page"))


@console.get("/")
def home() -> Response:
    """Lead each role to its desk."""
    role = principal(Operator).role
    return redirect(
        url_for("console.hall" if role is OperatorRole.HALL_OFFICER else "console.kiosks")
    )


@console.get("/hall")
def hall() -> str:
    """Show who applied with a hall code 大厅核验码, to be checked against the documents."""
    code = request.args.get("hall_code", "").strip()
    return _hall_page(code)


@console.post("/hall")
def decide() -> str:
    """Confirm or refuse the person at the desk."""
    check_form()
    operator = principal(Operator)
    code = request.form.get("hall_code", "")
    confirmed = request.form.get("decision") == "confirm"
    reason = request.form.get("reason", "").strip()
    if not confirmed and not reason:
        return _hall_page(code, error="请写明不予确认的理由。")
    services().operators.write_down(
        operator=operator,
        act="hall.confirm" if confirmed else "hall.refuse",
        subject=code[-4:],
        reason=reason,
    )
    try:
        services().bindings.decide_in_hall(hall_code=code, confirmed=confirmed)
    except AppError as error:
        return _hall_page(code, error=sentence(error))
    done = "已确认，律师手机可立即出示律证码。" if confirmed else "已记录不予确认，律师可重新办理。"
    return _hall_page("", message=done)


@console.get("/kiosks")
def kiosks() -> str:
    """List the kiosks."""
    return _kiosks_page()


@console.post("/kiosks/enrolments")
def invite_kiosk() -> str:
    """Make a one-time enrolment code for a court and place."""
    check_form()
    operator = _bureau()
    fields = ("name", "court_code", "court_name", "place")
    given = {field: request.form.get(field, "").strip() for field in fields}
    if not all(given.values()):
        return _kiosks_page(error="请填写终端名称、法院代码、法院名称和位置。")
    services().operators.write_down(
        operator=operator, act="kiosk.invite", subject=given["court_code"]
    )
    code = services().kiosks.invite(place=Place(**given))
    return _kiosks_page(code=code)


@console.post("/kiosks/<kiosk_id>/state")
def set_kiosk_state(kiosk_id: str) -> Response:
    """Suspend a kiosk, or let it work again."""
    check_form()
    operator = _bureau()
    suspended = request.form.get("state") == "suspended"
    services().operators.write_down(
        operator=operator,
        act="kiosk.suspend" if suspended else "kiosk.resume",
        subject=kiosk_id,
    )
    services().kiosks.set_suspended(kiosk_id=kiosk_id, suspended=suspended)
    return redirect(url_for("console.kiosks"))


def sentence(error: AppError) -> str:
    """Return what the user reads for a failure."""
    return CATALOGUE[error.code][1]


def page(template: str, **context: object) -> str:
    """Render a console page with what all of them show."""
    return render_template(
        template,
        **context,
        operator=principal(Operator),
        form_token=form_token(),
        registry_desk=current_app.extensions["registry_desk"] is not None,
    )


def _bureau() -> Operator:
    operator = principal(Operator)
    if operator.role is not OperatorRole.BUREAU:
        raise Forbidden
    return operator


def _hall_page(code: str, *, error: str | None = None, message: str | None = None) -> str:
    applicant = None
    if code and error is None:
        try:
            applicant = services().bindings.hall_applicant(hall_code=code)
        except AppError as failure:
            error = sentence(failure)
    photo = "" if applicant is None else base64.b64encode(applicant.photo).decode()
    return page(
        "console/hall.html",
        hall_code=code,
        applicant=applicant,
        photo_url=f"data:image/jpeg;base64,{photo}" if photo else "",
        error=error,
        message=message,
    )


def _kiosks_page(*, code: str | None = None, error: str | None = None) -> str:
    return page(
        "console/kiosks.html",
        kiosks=services().kiosks.listing(),
        enrolment_code=code,
        enrolment_url=None if code is None else f"/kiosk/?enrol={code}",
        error=error,
    )
