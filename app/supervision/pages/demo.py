"""Doors of the demonstration: the embedded register's desk, and a kiosk link in one touch.

Registered only where ENV is not production.
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import cast

from flask import Blueprint, current_app, flash, jsonify, redirect, request, url_for
from PIL import Image, UnidentifiedImageError
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app.errors import AppError
from app.http.forms import check_form, typed
from app.kernel.principal import OperatorRole
from app.ports.registry import LawyerRecord, PracticeCategory, PracticeStatus, RegistryRefused
from app.ports.registry_desk import ImportOutcome, RegistryDesk
from app.supervision.pages.console import bureau, page, services
from app.supervision.pages.demo_staff import DEMO_STAFF
from app.supervision.service import NewOperator
from app.verification.service.kiosks import Place

demo = Blueprint("demo", __name__)
registry = Blueprint("demo_registry", __name__)

MAX_PHOTO_SIDE = 800  # pixels
MAX_UPLOAD = 12_000_000  # bytes; a phone's photo is larger than anything the API takes
TYPED = ("licence_no", "name", "identity_no", "firm_name", "firm_uscc", "category")
DEMO_PLACE = Place(
    name="1号鉴证终端",
    court_code="110105",
    court_name="北京市朝阳区人民法院",
    place="诉讼服务大厅东门",
)
DEMO_GATE = replace(DEMO_PLACE, name="南门安检口", place="南门安检大厅", gate=True)
DEMO_OPERATORS = (
    NewOperator(
        username="hall",
        password="hall-demo-2026",  # noqa: S106 - shown on the start page of the demonstration
        name="大厅工作人员（演示）",
        role=OperatorRole.HALL_OFFICER,
        court_name="北京市朝阳区人民法院",
    ),
    NewOperator(
        username="bureau",
        password="bureau-demo-2026",  # noqa: S106 - shown on the start page of the demonstration
        name="司法局操作员（演示）",
        role=OperatorRole.BUREAU,
        court_name="北京市司法局",
    ),
    *DEMO_STAFF,
)


class DeskClosed(AppError):
    """The register is not the embedded one: it is not changed from here."""

    code = "request.not_found"


class PhotoUnreadable(ValueError):
    """The uploaded photo is no picture."""


def desk() -> RegistryDesk:
    """Return the embedded register; raises `DeskClosed`."""
    found = current_app.extensions["registry_desk"]
    if found is None:
        raise DeskClosed
    return cast(RegistryDesk, found)


@demo.post("/kiosk-enrolment")
def kiosk_enrolment() -> Response:
    """Make a fresh enrolment code, of a gate where one is asked for, and go to the kiosk page."""
    gate = request.form.get("gate") == "1"
    code = services().kiosks.invite(place=DEMO_GATE if gate else DEMO_PLACE)
    return redirect(f"/kiosk/?enrol={code}", code=303)


@demo.get("/people")
def people() -> Response:
    """List the demo register as the start page shows it, for programs."""
    return jsonify(
        people=[
            {
                "name": person.name,
                "licence_no": person.licence_no,
                "identity_no": person.identity_no,
                "practice_status": person.status.value,
            }
            for person in desk().list()
        ]
    )


@registry.get("")
def listing() -> str:
    """Show the demo register."""
    bureau()
    return _page()


@registry.post("/lawyers")
def add() -> Response | str:
    """Add a lawyer, a tester for example, with an own photo."""
    request.max_content_length = MAX_UPLOAD
    check_form()
    operator = bureau()
    given = {name: typed(name) for name in TYPED}
    try:
        record = _record(given)
    except PhotoUnreadable:
        return _page(form=given, errors=["照片无法识别，请上传JPEG或PNG图片。"])
    except ValueError:
        return _page(form=given, errors=["请选择执业类别。"])
    services().operators.write_down(
        operator=operator, act="registry.add", subject=record.licence_no
    )
    try:
        desk().add(record)
    except RegistryRefused as refused:
        reasons = cast(tuple[str, ...], refused.extra.get("reasons", ()))
        return _page(form=given, errors=list(reasons))
    flash(f"已登记{record.name}律师，现在可以用这些信息在小程序绑定。", "ok")
    return redirect(url_for("demo_registry.listing"), code=303)


@registry.post("/<licence_no>/status")
def set_status(licence_no: str) -> Response:
    """Change a practice status; the next online verification sees it."""
    check_form()
    services().operators.write_down(operator=bureau(), act="registry.status", subject=licence_no)
    try:
        status = PracticeStatus(request.form.get("status", ""))
    except ValueError:
        return redirect(url_for("demo_registry.listing"), code=303)
    since = services().clock.now().date()
    desk().set_status(licence_no=licence_no, status=status, since=since)
    return redirect(url_for("demo_registry.listing"), code=303)


@registry.post("/import")
def import_csv() -> str:
    """Import a CSV file; bad rows are listed and change nothing."""
    request.max_content_length = MAX_UPLOAD
    check_form()
    services().operators.write_down(operator=bureau(), act="registry.import", subject="csv")
    try:
        text = _upload("file").decode("utf-8-sig")
    except UnicodeDecodeError:
        return _page(errors=["文件不是UTF-8编码，请另存为UTF-8的CSV后再导入。"])
    return _page(imported=desk().import_csv(text))


def _record(given: dict[str, str]) -> LawyerRecord:
    return LawyerRecord(
        licence_no=given["licence_no"],
        name=given["name"],
        identity_no=given["identity_no"].upper(),
        firm_name=given["firm_name"],
        firm_uscc=given["firm_uscc"].upper(),
        category=PracticeCategory(given["category"]),
        status=PracticeStatus.PRACTISING,
        status_since=services().clock.now().date(),
        photo=_photo(_upload("photo")),
    )


def _photo(data: bytes) -> bytes:
    """Re-encode an uploaded picture as a JPEG of modest size, without its metadata."""
    if not data:
        return b""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as image:
            image.draft("RGB", (MAX_PHOTO_SIDE, MAX_PHOTO_SIDE))
            picture = image.convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise PhotoUnreadable from error
    picture.thumbnail((MAX_PHOTO_SIDE, MAX_PHOTO_SIDE))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def _upload(name: str) -> bytes:
    given: FileStorage | None = request.files.get(name)
    return b"" if given is None else given.read()


def _page(
    *,
    form: dict[str, str] | None = None,
    errors: list[str] | None = None,
    imported: ImportOutcome | None = None,
) -> str:
    return page(
        "console/registry.html",
        people=desk().list(),
        statuses=list(PracticeStatus),
        categories=list(PracticeCategory),
        form=form or {},
        errors=errors or [],
        imported=imported,
    )
