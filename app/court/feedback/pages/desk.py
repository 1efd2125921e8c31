"""The complaints desk 投诉台 at the workbench: tickets, suggestions, the overview."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from apiflask import APIBlueprint
from flask import flash, redirect, request
from werkzeug.wrappers import Response

from app.court.feedback.pages import services
from app.court.feedback.rules.complaint import Kind
from app.court.feedback.rules.desk import ROLES, Deed, demand_role
from app.court.feedback.rules.numbers import spoken
from app.court.feedback.rules.rating import Dimension
from app.court.feedback.rules.suggestion import ANSWERS
from app.court.feedback.service.suggestions import Answer
from app.court.feedback.service.values import Caller, NewComplaint
from app.errors import AppError
from app.http.auth import principal
from app.http.forms import check_form, typed
from app.kernel.principal import Staff
from app.web.workbench import page, shown

desk = APIBlueprint("feedback_desk", __name__, enable_openapi=False)
FIELDS = ("licence_no", "name", "kind", "court_code", "case_number", "against_name", "contact")


@desk.before_request
def check() -> None:
    """Every form carries its session's token."""
    if request.method == "POST":
        check_form()


@desk.get("/tickets")
def tickets() -> str:
    """List what waits at the desk, or what was looked for."""
    staff = principal(Staff)
    words = request.args.get("q", "").replace("\x00", "").strip()[:40]
    everything = request.args.get("all") == "1"
    found = (
        services().desk.search(staff=staff, text=words)
        if words
        else services().desk.queue(staff=staff, open_only=not everything)
    )
    return page(
        "workbench/tickets.html",
        found=found,
        words=words,
        everything=everything,
        spoken=spoken,
        may_search=staff.role in ROLES[Deed.SEARCH],
        may_enter=staff.role in ROLES[Deed.ENTER],
    )


@desk.get("/tickets/new")
def new_ticket() -> str:
    """Ask what the lawyer on the telephone, or in the hall, complains about."""
    return _form({"court_code": principal(Staff).court_code})


@desk.post("/tickets/new")
def enter_ticket() -> Response | str:
    """Receive the complaint; its page is what is read back to the caller."""
    given = {field: typed(field) for field in FIELDS}
    given["text"] = typed("text", longest=2000)
    if given["kind"] not in tuple(Kind):
        return _form(given, error="请选择投诉类别。")
    new = NewComplaint(
        kind=Kind(given["kind"]),
        text=given["text"],
        court_code=given["court_code"] or None,
        case_number=given["case_number"],
        against_name=given["against_name"],
        contact=given["contact"],
    )
    caller = Caller(licence_no=given["licence_no"], name=given["name"])
    try:
        view = services().desk.enter(staff=principal(Staff), caller=caller, new=new)
    except AppError as error:
        return _form(given, error=shown(error))
    flash("已受理。请把下面的内容读给来电人核对。")
    return redirect(f"/workbench/tickets/{view.card.ticket_id}", code=303)


@desk.get("/tickets/<uuid:ticket_id>")
def ticket(ticket_id: uuid.UUID) -> str:
    """Show a ticket with its trace; that it was read is written down."""
    return _ticket(ticket_id)


@desk.post("/tickets/<uuid:ticket_id>/hand")
def hand(ticket_id: uuid.UUID) -> Response | str:
    """Give a ticket to somebody 交办."""
    to = _uuid(request.form.get("to", ""))
    if to is None:
        return _ticket(ticket_id, error="请选择承办人。")
    staff = principal(Staff)
    return _do(
        ticket_id,
        lambda: services().desk.hand(staff=staff, ticket_id=ticket_id, to=to),
        done="已交办。",
    )


@desk.post("/tickets/<uuid:ticket_id>/escalate")
def escalate(ticket_id: uuid.UUID) -> Response | str:
    """Take a ticket one level up."""
    staff, note = principal(Staff), typed("note", longest=200)
    return _do(
        ticket_id,
        lambda: services().desk.escalate(staff=staff, ticket_id=ticket_id, note=note),
        done="已升级督办。",
    )


@desk.post("/tickets/<uuid:ticket_id>/major")
def major(ticket_id: uuid.UUID) -> Response | str:
    """Mark a matter as major 重大问题."""
    staff, note = principal(Staff), typed("note", longest=200)
    return _do(
        ticket_id,
        lambda: services().desk.mark_major(staff=staff, ticket_id=ticket_id, note=note),
        done="已列为重大问题，院长会先看到。",
    )


@desk.post("/tickets/<uuid:ticket_id>/reply")
def reply(ticket_id: uuid.UUID) -> Response | str:
    """Answer a complaint."""
    staff, text = principal(Staff), typed("reply", longest=2000)
    return _do(
        ticket_id,
        lambda: services().desk.reply(staff=staff, ticket_id=ticket_id, text=text),
        done="已答复，投诉人会看到并评价。",
        typed_reply=text,
    )


@desk.get("/feedback")
def overview() -> str:
    """Show the president what waits, how the court is rated, and texts in batches."""
    staff = principal(Staff)
    batches = services().ratings.batches(staff=staff)
    return page(
        "workbench/feedback.html",
        open_ones=services().desk.queue(staff=staff),
        statistics=services().statistics.of_court(code=staff.court_code),
        dimensions=list(Dimension),
        batches=batches,
        spoken=spoken,
    )


@desk.get("/suggestions")
def suggestions() -> str:
    """List the suggestions to this court's desk."""
    return _suggestions()


@desk.post("/suggestions/<uuid:suggestion_id>")
def answer(suggestion_id: uuid.UUID) -> Response | str:
    """Answer a suggestion, and publish it if it is so decided."""
    states = {state.value: state for state in ANSWERS}
    state = states.get(request.form.get("state", ""))
    if state is None:
        return _suggestions(error="请选择处理结果。")
    given = Answer(
        state=state,
        reply=typed("reply", longest=1000),
        title=typed("title", longest=60),
        changed=typed("changed", longest=500),
        published=request.form.get("published") == "1",
    )
    try:
        services().suggestions.answer(
            staff=principal(Staff), suggestion_id=suggestion_id, answer=given
        )
    except AppError as error:
        return _suggestions(error=shown(error))
    flash("已答复，提出人会看到。")
    return redirect("/workbench/suggestions", code=303)


def _do(
    ticket_id: uuid.UUID, work: Callable[[], None], *, done: str, typed_reply: str = ""
) -> Response | str:
    try:
        work()
    except AppError as error:
        return _ticket(ticket_id, error=shown(error), typed_reply=typed_reply)
    flash(done)
    return redirect("/workbench/tickets", code=303)


def _ticket(ticket_id: uuid.UUID, *, error: str | None = None, typed_reply: str = "") -> str:
    staff = principal(Staff)
    view = services().desk.ticket(staff=staff, ticket_id=ticket_id)
    handlers = (
        services().desk.handlers(staff=staff, ticket_id=ticket_id)
        if Deed.HAND in view.deeds
        else ()
    )
    return page(
        "workbench/ticket.html",
        view=view,
        handlers=handlers,
        deeds=Deed,
        spoken=spoken,
        typed_reply=typed_reply,
        error=error,
    )


def _form(given: dict[str, str], *, error: str | None = None) -> str:
    demand_role(principal(Staff), Deed.ENTER)
    return page("workbench/ticket_new.html", given=given, kinds=list(Kind), error=error)


def _suggestions(*, error: str | None = None) -> str:
    found = services().suggestions.of_desk(staff=principal(Staff))
    return page(
        "workbench/suggestions.html", found=found, answers=ANSWERS, spoken=spoken, error=error
    )


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
