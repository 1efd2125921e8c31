"""The console 管理台: signing in, the hall officer's desk, kiosks."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import cast

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response

from app.authorization.service.relying_parties import RelyingParties
from app.errors import AppError
from app.http.auth import OPERATOR_ID, Forbidden, principal
from app.http.catalogue import CATALOGUE
from app.http.forms import check_form, form_token, typed
from app.identity.service.bindings import Bindings
from app.kernel.principal import Operator, OperatorRole, Staff
from app.ports.clock import Clock
from app.supervision.service import NewOperator, Operators
from app.verification.service.entries import EntryLog
from app.verification.service.kiosks import Kiosks, Place

console_public = Blueprint("console_public", __name__)
console = Blueprint("console", __name__)
WORKBENCH = "/workbench/"  # of the courts' own people

REASONS = {
    "not_same_person": "本人与照片不一致",
    "document_invalid": "证件无效或有疑点",
    "document_missing": "证件不齐",
    "other": "其他",
}


@dataclass(frozen=True, kw_only=True)
class SupervisionServices:
    """Everything the console calls. `accounts`: the demonstration's operators, else empty."""

    operators: Operators
    bindings: Bindings
    kiosks: Kiosks
    entry_log: EntryLog
    relying_parties: RelyingParties
    clock: Clock
    accounts: tuple[NewOperator, ...]


def services() -> SupervisionServices:
    """Return the services that bootstrap wired."""
    return cast(SupervisionServices, current_app.extensions["supervision"])


@console_public.get("/sign-in")
def sign_in_page() -> str:
    """Ask for name and password."""
    return _sign_in_page()


@console_public.post("/sign-in")
def sign_in() -> Response | str:
    """Let an operator in."""
    check_form()
    username = typed("username")
    try:
        person = services().operators.sign_in(
            username=username, password=request.form.get("password", "")
        )
    except AppError as error:
        return _sign_in_page(username=username, error=shown(error))
    session.clear()
    if isinstance(person, Staff):
        session[OPERATOR_ID] = str(person.staff_id)
        return redirect(WORKBENCH, code=303)
    session[OPERATOR_ID] = str(person.operator_id)
    return redirect(url_for("console.home"), code=303)


@console_public.post("/sign-out")
def sign_out() -> Response:
    """End the session."""
    check_form()
    session.clear()
    return redirect(url_for("console_public.sign_in_page"), code=303)


@console.get("/")
def home() -> Response:
    """Lead each role to its desk."""
    at_hall = principal(Operator).role is OperatorRole.HALL_OFFICER
    return redirect(url_for("console.hall" if at_hall else "console.kiosks"))


@console.get("/hall")
def hall() -> str:
    """Show who applied with a hall code 大厅核验码, to be checked against the documents."""
    code = request.args.get("code", "").strip()
    return _hall_page(code)


@console.post("/hall/confirm")
def confirm() -> Response | str:
    """Bind the phone: the officer checked the person and the documents."""
    check_form()
    code = typed("hall_code")
    if request.form.get("checked") != "1":
        return _hall_page(code)
    return _decide(code, act="hall.confirm", reason="", done="已确认，律师手机可以出示律证码了。")


@console.post("/hall/refuse")
def refuse() -> Response | str:
    """Refuse the application with a reason."""
    check_form()
    reason = REASONS.get(request.form.get("reason", ""), REASONS["other"])
    note = typed("note", longest=200)
    return _decide(
        typed("hall_code"),
        act="hall.refuse",
        reason=f"{reason} {note}".strip(),
        done="已记录不予通过，律师可以重新申请。",
    )


@console.get("/kiosks")
def kiosks() -> str:
    """List the kiosks."""
    bureau()
    return _kiosks_page()


@console.post("/kiosks")
def invite_kiosk() -> str:
    """Make a one-time enrolment code for a court and place."""
    check_form()
    operator = bureau()
    fields = ("name", "court_code", "court_name", "place")
    given = {field: typed(field) for field in fields}
    if not all(given.values()):
        error = {"code": "request.invalid", "title": "请填写名称、法院代码、法院名称和位置。"}
        return _kiosks_page(form={**given, "gate": typed("gate")}, error=error)
    services().operators.write_down(
        operator=operator, act="kiosk.invite", subject=given["court_code"]
    )
    place = Place(**given, gate=request.form.get("gate") == "1")
    code = services().kiosks.invite(place=place)
    link = f"{request.host_url.rstrip('/')}/kiosk/?enrol={code}"
    return _kiosks_page(created={"code": code, "name": given["name"], "link": link})


@console.post("/kiosks/<kiosk_id>/suspend")
def suspend_kiosk(kiosk_id: str) -> Response:
    """Suspend a kiosk: its requests are refused from now on."""
    return _set_suspended(kiosk_id, suspended=True)


@console.post("/kiosks/<kiosk_id>/resume")
def resume_kiosk(kiosk_id: str) -> Response:
    """Let a suspended kiosk work again."""
    return _set_suspended(kiosk_id, suspended=False)


def shown(error: AppError) -> dict[str, str]:
    """Return what the user reads for a failure."""
    return {"code": error.code, "title": CATALOGUE[error.code][1]}


def page(template: str, **context: object) -> str:
    """Render a console page with what all of them show."""
    return render_template(
        template,
        **context,
        operator=principal(Operator),
        form_token=form_token(),
        registry_demo=current_app.extensions["registry_desk"] is not None,
    )


def bureau() -> Operator:
    """Return the operator, who must be of a justice bureau 司法局."""
    operator = principal(Operator)
    if operator.role is not OperatorRole.BUREAU:
        raise Forbidden
    return operator


def _sign_in_page(*, username: str = "", error: dict[str, str] | None = None) -> str:
    return render_template(
        "console/sign_in.html",
        form_token=form_token(),
        username=username,
        error=error,
        accounts=services().accounts,
    )


def _hall_page(code: str, *, error: dict[str, str] | None = None) -> str:
    applicant = None
    if code and error is None:
        try:
            applicant = services().bindings.hall_applicant(hall_code=code)
        except AppError as failure:
            error = shown(failure)
    photo = "" if applicant is None else base64.b64encode(applicant.photo).decode()
    return page(
        "console/hall.html",
        hall_code=code,
        applicant=applicant,
        photo_src=f"data:image/jpeg;base64,{photo}" if photo else "",
        error=error,
    )


def _decide(code: str, *, act: str, reason: str, done: str) -> Response | str:
    operator = principal(Operator)
    services().operators.write_down(operator=operator, act=act, subject=code[-4:], reason=reason)
    try:
        services().bindings.decide_in_hall(hall_code=code, confirmed=act == "hall.confirm")
    except AppError as error:
        return _hall_page(code, error=shown(error))
    flash(done, "ok")
    return redirect(url_for("console.hall"), code=303)


def _set_suspended(kiosk_id: str, *, suspended: bool) -> Response:
    check_form()
    services().operators.write_down(
        operator=bureau(),
        act="kiosk.suspend" if suspended else "kiosk.resume",
        subject=kiosk_id,
    )
    services().kiosks.set_suspended(kiosk_id=kiosk_id, suspended=suspended)
    return redirect(url_for("console.kiosks"), code=303)


def _kiosks_page(
    *,
    created: dict[str, str] | None = None,
    form: dict[str, str] | None = None,
    error: dict[str, str] | None = None,
) -> str:
    return page(
        "console/kiosks.html",
        kiosks=services().kiosks.listing(),
        created=created,
        form=form or {},
        error=error,
    )
