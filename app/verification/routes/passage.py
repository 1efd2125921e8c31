"""Passes and entries over HTTP: the lawyer's phone and the officer's kiosk."""

from __future__ import annotations

import uuid

from apiflask import APIBlueprint

from app.http.auth import principal
from app.http.idempotency import idempotent
from app.kernel.principal import Kiosk, Phone
from app.verification.routes import services
from app.verification.rules.passage import BOUND_PURPOSES
from app.verification.schemas.passage import (
    EntriesIn,
    EntriesOut,
    EntryFlag,
    EntryHistory,
    EntryItem,
    GateCourtsOut,
    GateCourtsQuery,
    KioskPass,
    PassesOut,
    PassIn,
    PassOut,
    PurposeOut,
)
from app.verification.schemas.verification import HistoryQuery

kiosk = APIBlueprint("passage_kiosk", __name__, tag="鉴证终端")
phone = APIBlueprint("passage_phone", __name__, tag="通行")


@phone.get("/pass-courts")
@phone.input(GateCourtsQuery, location="query")
@phone.output(GateCourtsOut)
def courts(query_data: GateCourtsQuery) -> GateCourtsOut:
    """Find courts whose terminals can read a pass."""
    principal(Phone)
    return GateCourtsOut.of(list(services().passes.courts(words=query_data.q.strip())))


@phone.get("/me/passes")
@phone.output(PassesOut)
def passes() -> PassesOut:
    """Return my passes of today and later."""
    found = services().passes.open_passes(phone=principal(Phone))
    return PassesOut(
        today=services().entry_log.today(),
        items=[PassOut.of(view) for view in found],
        purposes=[PurposeOut(code=p.value, name=p.label) for p in BOUND_PURPOSES],
    )


@phone.post("/me/passes")
@idempotent
@phone.input(PassIn)
@phone.output(PassOut, status_code=201)
def choose(json_data: PassIn) -> PassOut:
    """Say what I come to a court for; replaces what I said for that court and day."""
    chosen = services().passes.choose(phone=principal(Phone), errand=json_data.errand())
    return PassOut.of(chosen)


@phone.post("/me/passes/<uuid:pass_id>/end")
@idempotent
@phone.output({}, status_code=204)
def end(pass_id: uuid.UUID) -> str:
    """Take a purpose back."""
    services().passes.end(phone=principal(Phone), pass_id=pass_id)
    return ""


@phone.get("/me/entries")
@phone.input(HistoryQuery, location="query")
@phone.output(EntryHistory)
def entries(query_data: HistoryQuery) -> EntryHistory:
    """Return where I was let in or not, with the reason 通行记录."""
    items, following = services().entry_log.page(phone=principal(Phone), before=query_data.before)
    return EntryHistory(items=[EntryItem.of(item) for item in items], next=following)


@kiosk.get("/verifications/<uuid:verification_id>/pass")
@kiosk.output(KioskPass)
def pass_of(verification_id: uuid.UUID) -> KioskPass:
    """Return what the lawyer just accepted here comes for."""
    found = services().passes.of_verification(
        kiosk=principal(Kiosk), verification_id=verification_id
    )
    return KioskPass(errand=None if found is None else PassOut.of(found))


@kiosk.post("/entries")
@kiosk.input(EntriesIn)
@kiosk.output(EntriesOut)
def take_in(json_data: EntriesIn) -> EntriesOut:
    """Take in whom an officer let in or not; repeating is harmless."""
    taken = services().entries.take_in(
        kiosk=principal(Kiosk), decisions=[item.decision() for item in json_data.items]
    )
    flags = [EntryFlag.of(entry_id, code) for entry_id, code in taken.flagged.items()]
    return EntriesOut(accepted=taken.stored, flagged=flags)
