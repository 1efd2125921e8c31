"""Filings over HTTP, for lawyers and for the assistants who draft for them."""

from __future__ import annotations

import uuid

from apiflask import APIBlueprint

from app.court.filing.routes import services
from app.court.filing.rules.forms import FORMS, FilingKind, Section
from app.court.filing.schemas.filings import (
    ConsentIn,
    FeeNoticeOut,
    FilingIn,
    FilingOut,
    FilingReceiptOut,
    FilingsOut,
    ReliefIn,
    SavedOut,
    SectionIn,
    SubmissionOut,
    SubmitIn,
)
from app.court.filing.schemas.forms import FormOut, KindsOut
from app.court.filing.schemas.sections import content_of
from app.errors import AppError
from app.http.auth import principal
from app.http.idempotency import idempotent
from app.kernel.principal import Counsel

filings = APIBlueprint("filings", __name__, tag="立案")


class NoSuchForm(AppError):
    """There is no such kind of filing, or no such section."""

    code = "request.not_found"


@filings.get("/filing-forms")
@filings.output(KindsOut)
def kinds() -> KindsOut:
    """Return the kinds of filing 立案类型."""
    return KindsOut.all()


@filings.get("/filing-forms/<kind>")
@filings.output(FormOut)
def form(kind: str) -> FormOut:
    """Return the guided form of a kind of filing."""
    if kind not in tuple(FilingKind):
        raise NoSuchForm
    return FormOut.of(FORMS[FilingKind(kind)])


@filings.get("/filings")
@filings.output(FilingsOut)
def listing() -> FilingsOut:
    """Return the lawyer's drafts and filings, those touched last in front."""
    return FilingsOut.of(services().drafts.listing(counsel=principal(Counsel)))


@filings.post("/filings")
@idempotent
@filings.input(FilingIn)
@filings.output(FilingOut, status_code=201)
def begin(json_data: FilingIn) -> FilingOut:
    """Begin a draft 起草立案."""
    counsel = principal(Counsel)
    filing_id = services().drafts.begin(counsel=counsel, kind=json_data.kind)
    return _shown(counsel, filing_id)


@filings.get("/filings/<uuid:filing_id>")
@filings.output(FilingOut)
def detail(filing_id: uuid.UUID) -> FilingOut:
    """Return a filing with everything in it."""
    return _shown(principal(Counsel), filing_id)


@filings.put("/filings/<uuid:filing_id>/sections/<section>")
@filings.input(SectionIn)
@filings.output(SavedOut)
def save(filing_id: uuid.UUID, section: str, json_data: SectionIn) -> SavedOut:
    """Save one section, whole or not; an answer means that it is kept."""
    if section not in tuple(Section):
        raise NoSuchForm
    known = Section(section)
    saved = services().drafts.save(
        counsel=principal(Counsel),
        filing_id=filing_id,
        section=known,
        content=content_of(known, json_data.content),
        version=json_data.version,
    )
    return SavedOut.of(saved)


@filings.delete("/filings/<uuid:filing_id>")
@filings.output({}, status_code=204)
def discard(filing_id: uuid.UUID) -> tuple[str, int]:
    """Delete a draft."""
    services().drafts.discard(counsel=principal(Counsel), filing_id=filing_id)
    return "", 204


@filings.post("/filings/<uuid:filing_id>/submission")
@idempotent
@filings.input(SubmitIn)
@filings.output(SubmissionOut, status_code=201)
def submit(filing_id: uuid.UUID, json_data: SubmitIn) -> SubmissionOut:
    """Submit a draft, or what was corrected; the receipt 收件凭证 comes at once."""
    found = services().submissions.submit(
        counsel=principal(Counsel),
        filing_id=filing_id,
        duplicate_reason=json_data.duplicate_reason,
    )
    return SubmissionOut.of(found)


@filings.get("/filings/<uuid:filing_id>/receipt")
@filings.output(FilingReceiptOut)
def receipt(filing_id: uuid.UUID) -> FilingReceiptOut:
    """Return the newest receipt with the ledger's proof."""
    counsel = principal(Counsel)
    found, proof = services().submissions.receipt(counsel=counsel, filing_id=filing_id)
    card = services().drafts.detail(counsel=counsel, filing_id=filing_id).card
    return FilingReceiptOut(
        receipt=SubmissionOut.of(found),
        title=card.title,
        court_name=card.court_name,
        due_on=card.due_on,
        ledger={} if proof is None else dict(proof.to_json()),
    )


@filings.post("/filings/<uuid:filing_id>/withdrawal")
@idempotent
@filings.output({}, status_code=204)
def withdraw(filing_id: uuid.UUID) -> tuple[str, int]:
    """Take a filing back before the court has decided."""
    services().submissions.withdraw(counsel=principal(Counsel), filing_id=filing_id)
    return "", 204


@filings.post("/filings/<uuid:filing_id>/mediation-consent")
@idempotent
@filings.input(ConsentIn)
@filings.output({}, status_code=204)
def consent(filing_id: uuid.UUID, json_data: ConsentIn) -> tuple[str, int]:
    """Agree to mediation before filing, or take the agreement back."""
    services().submissions.consent(
        counsel=principal(Counsel), filing_id=filing_id, given=json_data.given
    )
    return "", 204


@filings.post("/fees/<uuid:fee_id>/relief")
@idempotent
@filings.input(ReliefIn)
@filings.output(FeeNoticeOut)
def relief(fee_id: uuid.UUID, json_data: ReliefIn) -> FeeNoticeOut:
    """Ask to pay later, less or nothing 司法救助."""
    found = services().fee_notices.relief(
        counsel=principal(Counsel), fee_id=fee_id, reason=json_data.reason
    )
    return FeeNoticeOut.of(found, cashier=services().payments.offered)


def _shown(counsel: Counsel, filing_id: uuid.UUID) -> FilingOut:
    view = services().drafts.detail(counsel=counsel, filing_id=filing_id)
    return FilingOut.of(view, cashier=services().payments.offered)
