"""依赖方: the operator's desk for relying parties. Registering, changing, secrets, the switch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from apiflask import APIBlueprint
from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.authorization.errors import RelyingPartyInvalid, RelyingPartyUnknown
from app.authorization.rules.relying_party import AuthMethod
from app.authorization.service.relying_parties import PartyFile, Registered
from app.http.forms import check_form, form_number, spend, spent, typed
from app.supervision.pages.console import bureau, page, services
from app.supervision.pages.relying_party_form import (
    BLANK,
    WORDS,
    Form,
    changed,
    form_of,
    form_sent,
    registration,
)

# APIFlask asks every blueprint that has a `before_request` whether it is part of the interface.
desk = APIBlueprint("console_relying_parties", __name__, enable_openapi=False)

CONFIRMED: Final = ("suspend", "resume", "secret")  # acts that are asked about first
ACT_NAMES: Final = {
    "relying_party.register": "登记",
    "relying_party.change": "修改登记",
    "relying_party.secret": "更换密钥",
    "relying_party.suspend": "停用",
    "relying_party.resume": "恢复",
}
Page = tuple[str, int]


@desk.before_request
def for_the_bureau() -> None:
    """Only a justice bureau's operator comes here."""
    bureau()


@desk.after_request
def keep_nowhere(response: Response) -> Response:
    """A secret that was shown once must not come back with the browser's back button."""
    response.headers["Cache-Control"] = "no-store"
    return response


@desk.get("")
def listing() -> str:
    """List the relying parties."""
    words = request.args.get("q", "").replace("\x00", "").strip()[:80]
    number = request.args.get("page", 1, type=int)
    found = services().relying_parties.listing(words=words, number=number)
    return page("console/relying_parties.html", found=found, words=words, names=WORDS)


@desk.get("/new")
def blank() -> str:
    """Show an empty form."""
    return _form(dict(BLANK))


@desk.post("")
def register() -> Response | Page | str:
    """Register a relying party; its secret is shown once."""
    check_form()
    form, number = form_sent(), typed("number")
    known = spent(number)
    if known is not None:
        return _sent_before(known)
    given = registration(form)
    try:
        services().relying_parties.check(registration=given)
    except RelyingPartyInvalid as error:
        return _wrong(form, error)
    client_id = services().relying_parties.draw_client_id()
    _write_down("register", subject=client_id, reason=given.legal_name)
    made = services().relying_parties.register(registration=given, client_id=client_id)
    spend(number, subject=client_id)
    return _made(made, rotated=False)


@desk.get("/<client_id>")
def detail(client_id: str) -> str:
    """Show everything about one."""
    return page(
        "console/relying_party.html",
        file=_file(client_id),
        acts=services().operators.acts_on(subject=client_id),
        act_names=ACT_NAMES,
        names=WORDS,
    )


@desk.get("/<client_id>/edit")
def edit(client_id: str) -> str:
    """Show the form as it is registered."""
    file = _others(client_id)
    return _form(form_of(file), file=file)


@desk.post("/<client_id>/edit")
def change(client_id: str) -> Response | Page:
    """Replace what is registered."""
    check_form()
    file, form = _others(client_id), form_sent()
    given = registration(form)
    try:
        services().relying_parties.check(registration=given)
    except RelyingPartyInvalid as error:
        return _wrong(form, error, file=file)
    changes = changed(file, given)
    if not changes:
        flash("没有改动。", "ok")
        return _to(client_id)
    _write_down("change", subject=client_id, reason="、".join(changes))
    services().relying_parties.change(client_id=client_id, registration=given)
    flash("登记信息已保存，立即生效。", "ok")
    return _to(client_id)


@desk.get("/<client_id>/<act>")
def ask(client_id: str, act: str) -> str:
    """Say what an act will do before it is done."""
    if act not in CONFIRMED:
        abort(404)
    return _ask(_file(client_id), act=act)


@desk.post("/<client_id>/secret")
def rotate_secret(client_id: str) -> Response | str:
    """Replace the secret; the new one is shown once."""
    check_form()
    number = typed("number")
    known = spent(number)
    if known is not None:
        return _sent_before(known)
    if not _uses_secret(_file(client_id)):
        abort(404)
    _write_down("secret", subject=client_id)
    made = services().relying_parties.rotate_secret(client_id=client_id)
    spend(number, subject=client_id)
    return _made(made, rotated=True)


@desk.post("/<client_id>/suspend")
def suspend(client_id: str) -> Response | Page:
    """Turn the switch off 停用: requests and tokens are refused from now on."""
    return _switch(client_id, act="suspend", done="已停用。")


@desk.post("/<client_id>/resume")
def resume(client_id: str) -> Response | Page:
    """Turn the switch on again 恢复."""
    return _switch(client_id, act="resume", done="已恢复，它可以重新发起请求。")


def _switch(client_id: str, *, act: str, done: str) -> Response | Page:
    check_form()
    file, reason = _file(client_id), typed("reason", longest=200)
    if not reason:
        return _ask(file, act=act, error="请写明原因"), 422
    _write_down(act, subject=client_id, reason=reason)
    services().relying_parties.set_suspended(client_id=client_id, suspended=act == "suspend")
    flash(f"“{file.listing.party.legal_name}”{done}", "ok")
    return _to(client_id)


def _file(client_id: str) -> PartyFile:
    try:
        return services().relying_parties.find(client_id=client_id)
    except RelyingPartyUnknown:
        abort(404)


def _others(client_id: str) -> PartyFile:
    """Our own registration is kept by the product, and changed by nobody."""
    file = _file(client_id)
    if file.listing.party.ours:
        abort(404)
    return file


def _uses_secret(file: PartyFile) -> bool:
    return file.listing.party.auth_method != AuthMethod.KEY


def _write_down(act: str, *, subject: str, reason: str = "") -> None:
    services().operators.write_down(
        operator=bureau(), act=f"relying_party.{act}", subject=subject, reason=reason
    )


def _to(client_id: str) -> Response:
    return redirect(url_for("console_relying_parties.detail", client_id=client_id), code=303)


def _sent_before(client_id: str) -> Response:
    flash("这张表单已经办理过，没有重复办理；密钥只显示一次，遗失请更换。", "ok")
    return _to(client_id)


def _wrong(form: Form, error: RelyingPartyInvalid, *, file: PartyFile | None = None) -> Page:
    """Show what was typed again, with what is wrong beside it; a wrong logo is not sent back."""
    errors = cast(Mapping[str, str], error.extra["fields"])
    kept = {} if "logo" not in errors else {"logo_kept": ""}
    return _form({**form, **kept}, file=file, errors=errors), 422


def _form(
    form: Form, *, file: PartyFile | None = None, errors: Mapping[str, str] | None = None
) -> str:
    return page(
        "console/relying_party_form.html",
        form=form,
        errors=errors or {},
        file=file,
        number=form_number(),
        names=WORDS,
    )


def _ask(file: PartyFile, *, act: str, error: str = "") -> str:
    if act == "secret" and not _uses_secret(file):
        abort(404)
    return page(
        "console/relying_party_confirm.html",
        file=file,
        act=act,
        error=error,
        number=form_number(),
    )


def _made(made: Registered, *, rotated: bool) -> str:
    return page(
        "console/relying_party_secret.html",
        file=_file(made.client_id),
        made=made,
        rotated=rotated,
        origin=request.host_url.rstrip("/"),
    )
