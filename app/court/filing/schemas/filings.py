"""What filings look like on the wire."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints

from app.court.casefile.schemas.materials import MaterialOut
from app.court.filing.rules.drafts import Problem
from app.court.filing.rules.forms import FilingKind, Section
from app.court.filing.rules.states import State
from app.court.filing.schemas.forms import FormOut
from app.court.filing.service.drafts import Saved
from app.court.filing.service.payments import PAYABLE
from app.court.filing.service.values import (
    CorrectionView,
    FeeView,
    FilingCard,
    FilingView,
    SectionView,
    SubmissionView,
)
from app.http.body import Digest, Moment, Strict

Words = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=300, pattern=r"^[^\x00]*$")
]


class FilingIn(Strict):
    """What is to be filed."""

    kind: Annotated[FilingKind, Field(strict=False)]


class SectionIn(Strict):
    """A section's content, and the version that the device had read (0: never saved)."""

    version: Annotated[int, Field(ge=0, le=10**9)]
    content: dict[str, Any]


class SubmitIn(Strict):
    """Why a filing goes on though the same matter is there already; else empty."""

    duplicate_reason: Words = ""


class ConsentIn(Strict):
    """Whether the lawyer agrees to mediation before filing 诉前调解."""

    given: bool


class ReliefIn(Strict):
    """Why the fee should be paid later, less or not at all 司法救助."""

    reason: Words


class FilingCardOut(BaseModel):
    """One line of the list of drafts and filings."""

    id: uuid.UUID
    kind: FilingKind
    kind_name: str
    state: State
    state_name: str
    title: str
    court_name: str
    touched_at: Moment
    submitted_at: Moment | None
    due_on: date | None
    case_id: uuid.UUID | None

    @classmethod
    def of(cls, card: FilingCard) -> FilingCardOut:
        """Show a filing."""
        known = {name: getattr(card, name) for name in cls.model_fields if hasattr(card, name)}
        return cls(
            **known, id=card.filing_id, kind_name=card.kind.label, state_name=card.state.label
        )


class FilingsOut(BaseModel):
    """The lawyer's drafts and filings, those touched last in front."""

    items: list[FilingCardOut]

    @classmethod
    def of(cls, cards: Sequence[FilingCard]) -> FilingsOut:
        """Show a list."""
        return cls(items=[FilingCardOut.of(card) for card in cards])


class ProblemOut(BaseModel):
    """What is wrong, where, and what to do."""

    section: Section
    field: str
    message: str

    @classmethod
    def all(cls, problems: Sequence[Problem]) -> list[ProblemOut]:
        """Show problems."""
        return [cls(section=p.section, field=p.field, message=p.message) for p in problems]


class SectionOut(BaseModel):
    """A section as it was last saved; `version` goes back with the next save."""

    section: Section
    version: int
    content: dict[str, Any]
    saved_at: Moment | None
    saved_by: str
    editable: bool

    @classmethod
    def of(cls, view: SectionView, *, editable: bool) -> SectionOut:
        """Show a section."""
        return cls(**{**vars(view), "content": dict(view.content)}, editable=editable)


class SavedOut(BaseModel):
    """A section is saved for good; `problems` are those of the whole draft."""

    version: int
    saved_at: Moment
    problems: list[ProblemOut]

    @classmethod
    def of(cls, saved: Saved) -> SavedOut:
        """Show what was saved."""
        return cls(
            version=saved.version,
            saved_at=saved.saved_at,
            problems=ProblemOut.all(saved.problems),
        )


class ReasonOut(BaseModel):
    """One thing to correct."""

    code: str
    name: str
    section: Section
    field: str


class CorrectionOut(BaseModel):
    """A notice of correction 补正通知."""

    reasons: list[ReasonOut]
    note: str
    at: Moment
    due_on: date
    by: str

    @classmethod
    def of(cls, view: CorrectionView) -> CorrectionOut:
        """Show a notice."""
        reasons = [
            ReasonOut(code=each.code, name=each.label, section=each.section, field=each.field)
            for each in view.reasons
        ]
        return cls(reasons=reasons, note=view.note, at=view.at, due_on=view.due_on, by=view.by)


class StepOut(BaseModel):
    """Something that happened to a filing."""

    at: Moment
    by: str
    text: str


class MaterialLineOut(BaseModel):
    """A material on a receipt; `sha256` in hexadecimal."""

    name: str
    kind: str
    sha256: str


class SubmissionOut(BaseModel):
    """A receipt 收件凭证: what the court received and when."""

    receipt_no: str
    at: Moment
    by: str
    content_sha256: Digest
    materials: list[MaterialLineOut]

    @classmethod
    def of(cls, view: SubmissionView) -> SubmissionOut:
        """Show a receipt."""
        materials = [MaterialLineOut(**each) for each in view.materials]
        return cls(
            receipt_no=view.receipt_no,
            at=view.at,
            by=view.by,
            content_sha256=view.content_sha256,
            materials=materials,
        )


class FilingReceiptOut(BaseModel):
    """A receipt with its filing, and the ledger's proof 存证回执 (docs/ledger.md)."""

    receipt: SubmissionOut
    title: str
    court_name: str
    due_on: date | None
    ledger: dict[str, Any]


class FeeNoticeOut(BaseModel):
    """A fee to be paid 交费通知; amounts in fen."""

    id: uuid.UUID
    case_id: uuid.UUID
    amount_fen: int
    article: str
    state: str
    state_name: str
    notified_at: Moment
    due_on: date
    paid_at: Moment | None
    receipt_no: str | None
    payable: bool

    @classmethod
    def of(cls, view: FeeView, *, cashier: bool) -> FeeNoticeOut:
        """Show a fee; without a cashier nothing is offered to be paid here."""
        return cls(
            **vars(view),
            id=view.fee_id,
            state_name=FEE_STATES[view.state],
            payable=cashier and view.state in PAYABLE,
        )


FEE_STATES = {
    "due": "待交费",
    "paid": "已交费",
    "relief": "已申请司法救助",
    "overdue": "逾期未交",
}


class FilingOut(BaseModel):
    """A filing with its form, everything typed, and what is still wrong with it."""

    filing: FilingCardOut
    form: FormOut
    sections: list[SectionOut]
    problems: list[ProblemOut]
    materials: list[MaterialOut]
    corrections: list[CorrectionOut]
    steps: list[StepOut]
    receipts: list[SubmissionOut]
    mediation_consent: bool
    ruling: str
    decided_at: Moment | None
    decided_by: str
    case_number: str | None
    fee: FeeNoticeOut | None

    @classmethod
    def of(cls, view: FilingView, *, cashier: bool) -> FilingOut:
        """Show a filing."""
        return cls(
            filing=FilingCardOut.of(view.card),
            form=FormOut.of(view.form),
            sections=[
                SectionOut.of(each, editable=each.section in view.open_sections)
                for each in view.sections
            ],
            problems=ProblemOut.all(view.problems),
            materials=[MaterialOut.of(each) for each in view.materials],
            corrections=[CorrectionOut.of(each) for each in view.corrections],
            steps=[StepOut(at=each.at, by=each.by, text=each.text) for each in view.steps],
            receipts=[SubmissionOut.of(each) for each in view.submissions],
            mediation_consent=view.mediation_consent,
            ruling=view.ruling,
            decided_at=view.decided_at,
            decided_by=view.decided_by,
            case_number=view.case_number,
            fee=None if view.fee is None else FeeNoticeOut.of(view.fee, cashier=cashier),
        )
