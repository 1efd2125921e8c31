"""Tables of filings: what is drafted, section by section, and what the court did with it."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base


class Filing(Base):
    """A filing 立案申请 of a lawyer, from its draft to the court's decision.

    States: `rules/states.py`. `sameness` is a keyed digest of court, matter and parties. What was
    typed lies sealed in the sections; `title` is what lists show. `decided_by` is the officer, or
    the law where the time ran out.
    """

    __tablename__ = "filing"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'submitted', 'correction', 'mediation', 'accepted', 'refused',"
            " 'returned', 'withdrawn')",
            name="state",
        ),
        CheckConstraint("state = 'draft' OR court_code IS NOT NULL", name="court_code"),
        Index("ix_filing_licence_no_touched_at", "licence_no", "touched_at", "id"),
        Index(
            "ix_filing_court_code_submitted_at",
            "court_code",
            "submitted_at",
            postgresql_where=text("state IN ('submitted', 'correction', 'mediation')"),
        ),
        Index("ix_filing_sameness", "sameness"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    licence_no: Mapped[str]
    lawyer_id: Mapped[uuid.UUID]
    account_id: Mapped[uuid.UUID]
    lawyer_name: Mapped[str]
    firm_name: Mapped[str]
    kind: Mapped[str]
    court_code: Mapped[str | None] = mapped_column(ForeignKey("court.code"))
    title: Mapped[str]
    state: Mapped[str]
    sameness: Mapped[bytes | None]
    duplicate_reason: Mapped[str]
    mediation_consent_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    due_on: Mapped[date | None] = mapped_column(Date())
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str]
    ruling: Mapped[str]
    case_id: Mapped[uuid.UUID | None]


class FilingSection(Base):
    """One section of the form as it was last saved; two devices never overwrite each other."""

    __tablename__ = "filing_section"

    filing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("filing.id"), primary_key=True)
    section: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    content_sealed: Mapped[bytes]
    saved_at: Mapped[datetime]
    saved_by: Mapped[str]


class FilingCorrection(Base):
    """A notice of correction 补正通知: all reasons at once, and until when."""

    __tablename__ = "filing_correction"
    __table_args__ = (Index("ix_filing_correction_filing_id_at", "filing_id", "at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    filing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("filing.id"))
    reasons: Mapped[list[Any]]
    note: Mapped[str]
    at: Mapped[datetime]
    due_on: Mapped[date] = mapped_column(Date())
    by: Mapped[str]


class FilingStep(Base):
    """Something that happened to a filing, in the words that its lawyer and the court read."""

    __tablename__ = "filing_step"
    __table_args__ = (Index("ix_filing_step_filing_id_at", "filing_id", "at", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    filing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("filing.id"))
    at: Mapped[datetime]
    by: Mapped[str]
    text: Mapped[str]
