"""Frozen values that filing gives to its routes and pages."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.court.casefile.service.materials import MaterialView
from app.court.filing.models import Filing, FilingFee, FilingSection
from app.court.filing.rules.corrections import Reason
from app.court.filing.rules.drafts import Draft, Problem
from app.court.filing.rules.forms import FORMS, FilingKind, Form, Section
from app.court.filing.rules.states import State


@dataclass(frozen=True, kw_only=True)
class FilingCard:
    """One line of a list of filings; `due_on` is the court's last day, or the correction's."""

    filing_id: uuid.UUID
    kind: FilingKind
    state: State
    title: str
    court_name: str
    lawyer_name: str
    firm_name: str
    touched_at: datetime
    submitted_at: datetime | None
    due_on: date | None
    case_id: uuid.UUID | None
    urgent: bool = False

    @classmethod
    def of(cls, row: Filing, *, court_name: str = "", urgent: bool = False) -> FilingCard:
        """Read it off a row."""
        return cls(
            filing_id=row.id,
            kind=FilingKind(row.kind),
            state=State(row.state),
            title=row.title,
            court_name=court_name,
            lawyer_name=row.lawyer_name,
            firm_name=row.firm_name,
            touched_at=row.touched_at,
            submitted_at=row.submitted_at,
            due_on=row.due_on,
            case_id=row.case_id,
            urgent=urgent,
        )


@dataclass(frozen=True, kw_only=True)
class SectionView:
    """A section as it was last saved; version 0 was never saved."""

    section: Section
    version: int
    content: Mapping[str, Any]
    saved_at: datetime | None
    saved_by: str

    @classmethod
    def of(cls, row: FilingSection, content: Mapping[str, Any]) -> SectionView:
        """Read it off a row that was opened."""
        return cls(
            section=Section(row.section),
            version=row.version,
            content=content,
            saved_at=row.saved_at,
            saved_by=row.saved_by,
        )


@dataclass(frozen=True, kw_only=True)
class CorrectionView:
    """A notice of correction 补正通知."""

    reasons: tuple[Reason, ...]
    note: str
    at: datetime
    due_on: date
    by: str


@dataclass(frozen=True, kw_only=True)
class StepView:
    """Something that happened to a filing."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True, kw_only=True)
class SubmissionView:
    """A submission and its receipt 收件凭证; `materials` are name, kind and SHA-256."""

    submission_id: uuid.UUID
    receipt_no: str
    at: datetime
    by: str
    content_sha256: bytes
    materials: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class FeeView:
    """A fee to be paid; `due_on` is the last day (诉讼费用交纳办法 art. 22)."""

    fee_id: uuid.UUID
    case_id: uuid.UUID
    amount_fen: int
    article: str
    state: str
    notified_at: datetime
    due_on: date
    paid_at: datetime | None
    receipt_no: str | None

    @classmethod
    def of(cls, row: FilingFee) -> FeeView:
        """Read it off a row."""
        return cls(
            fee_id=row.id,
            case_id=row.case_id,
            amount_fen=row.amount_fen,
            article=row.article,
            state=row.state,
            notified_at=row.notified_at,
            due_on=row.due_on,
            paid_at=row.paid_at,
            receipt_no=row.receipt_no,
        )


@dataclass(frozen=True, kw_only=True)
class FilingView:
    """A filing with everything that its lawyer, or the court's filing officer, sees of it."""

    card: FilingCard
    court_code: str | None
    sections: tuple[SectionView, ...]
    draft: Draft
    problems: tuple[Problem, ...]
    open_sections: frozenset[Section]
    materials: tuple[MaterialView, ...]
    corrections: tuple[CorrectionView, ...]
    steps: tuple[StepView, ...]
    submissions: tuple[SubmissionView, ...]
    duplicate_reason: str
    mediation_consent: bool
    ruling: str
    decided_at: datetime | None
    decided_by: str
    case_number: str | None
    fee: FeeView | None

    @property
    def form(self) -> Form:
        """The form that it fills in."""
        return FORMS[self.card.kind]
