"""Doors of the demonstration: the embedded register's desk, and a kiosk link in one touch.

Registered only where ENV is not production.
"""

from __future__ import annotations

from typing import cast

from flask import Blueprint, current_app, redirect, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app.errors import AppError
from app.ports.registry import LawyerRecord, PracticeCategory, PracticeStatus
from app.ports.registry_desk import ImportOutcome, RegistryDesk
from app.supervision.forms import check_form
from app.supervision.routes import page, services
from app.verification.service.kiosks import Place

demo = Blueprint("demo", __name__)
registry = Blueprint("demo_registry", __name__)

DEMO_PLACE = Place(
    name="1号鉴证终端",
    court_code="110105",
    court_name="北京市朝阳区人民法院",
    place="诉讼服务大厅东门",
)


class DeskClosed(AppError):
    """The register is not the embedded one: it is not changed from here."""

    code = "request.not_found"


def desk() -> RegistryDesk:
    """Return the embedded register; raises `DeskClosed`."""
    found = current_app.extensions["registry_desk"]
    if found is None:
        raise DeskClosed
    return cast(RegistryDesk, found)


@demo.post("/kiosk-enrolment")
def kiosk_enrolment() -> Response:
    """Make a fresh enrolment code and go to the kiosk page with it."""
    code = services().kiosks.invite(place=DEMO_PLACE)
    return redirect(f"/kiosk/?enrol={code}", code=303)


@registry.get("")
def listing() -> str:
    """Show the demo register."""
    return _page()


@registry.post("/lawyers")
def add() -> str:
    """Add a lawyer, a tester for example, with an own photo."""
    check_form()
    form = request.form
    try:
        record = LawyerRecord(
            licence_no=form.get("licence_no", "").strip(),
            name=form.get("name", "").strip(),
            identity_no=form.get("identity_no", "").strip().upper(),
            firm_name=form.get("firm_name", "").strip(),
            firm_uscc=form.get("firm_uscc", "").strip().upper(),
            category=PracticeCategory(form.get("category", "")),
            status=PracticeStatus.PRACTISING,
            status_since=services().clock.now().date(),
            photo=_upload("photo"),
        )
    except ValueError:
        return _page(errors=("请选择执业类别。",))
    try:
        desk().add(record)
    except AppError as refused:
        return _page(
            errors=tuple(map(str, cast(tuple[str, ...], refused.extra.get("reasons", ()))))
        )
    return _page(message=f"已登记{record.name}律师，现在可以用这些信息在小程序绑定。")


@registry.post("/lawyers/<licence_no>/status")
def set_status(licence_no: str) -> Response:
    """Change a practice status; the next online verification sees it."""
    check_form()
    status = PracticeStatus(request.form.get("status", ""))
    desk().set_status(licence_no=licence_no, status=status, since=services().clock.now().date())
    return redirect(url_for("demo_registry.listing"), code=303)


@registry.post("/import")
def import_csv() -> str:
    """Import a CSV file; bad rows are listed and change nothing."""
    check_form()
    try:
        text = _upload("file").decode("utf-8-sig")
    except UnicodeDecodeError:
        return _page(errors=("文件不是UTF-8编码，请另存为UTF-8的CSV后再导入。",))
    return _page(report=desk().import_csv(text))


def _upload(name: str) -> bytes:
    given: FileStorage | None = request.files.get(name)
    return b"" if given is None else given.read()


def _page(
    *,
    errors: tuple[str, ...] = (),
    message: str | None = None,
    report: ImportOutcome | None = None,
) -> str:
    return page(
        "console/registry.html",
        lawyers=desk().list(),
        statuses=list(PracticeStatus),
        categories=list(PracticeCategory),
        errors=errors,
        message=message,
        report=report,
    )
