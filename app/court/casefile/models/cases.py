"""Tables of cases, who takes part in them, what happened, and the clocks that run."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base


class CourtCase(Base):
    """A case 案件 of one court. Stages: `rules/stages.py`.

    `case_number` is None until the case is accepted 立案; `claim_fen` is the amount in dispute
    标的额 in fen. `news_at` is when something last happened: what lists are ordered by.
    """

    __tablename__ = "court_case"
    __table_args__ = (
        CheckConstraint("procedure IN ('ordinary', 'summary', 'small_claims')", name="procedure"),
        CheckConstraint(
            "stage IN ('mediation', 'accepted', 'pre_trial', 'trial', 'closed')", name="stage"
        ),
        Index("ix_court_case_court_code_news_at", "court_code", "news_at", "id"),
        Index("ix_court_case_judge_id_news_at", "judge_id", "news_at", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    court_code: Mapped[str] = mapped_column(ForeignKey("court.code"))
    case_number: Mapped[str | None] = mapped_column(unique=True)
    type_word: Mapped[str]
    cause: Mapped[str]
    title: Mapped[str]
    procedure: Mapped[str]
    stage: Mapped[str]
    claim_fen: Mapped[int | None]
    sealed: Mapped[bool] = mapped_column(default=False)
    judge_id: Mapped[uuid.UUID | None]
    judge_name: Mapped[str | None]
    clerk_id: Mapped[uuid.UUID | None]
    clerk_name: Mapped[str | None]
    panel: Mapped[list[Any]] = mapped_column(default=list)
    accepted_on: Mapped[date | None] = mapped_column(Date())
    closed_on: Mapped[date | None] = mapped_column(Date())
    closing: Mapped[str | None]
    created_at: Mapped[datetime]
    news_at: Mapped[datetime]


class CaseParty(Base):
    """A party 当事人 of a case, in the order of the complaint; numbers and addresses are sealed."""

    __tablename__ = "case_party"
    __table_args__ = (
        UniqueConstraint("case_id", "position"),
        Index("ix_case_party_name", "name", postgresql_ops={"name": "text_pattern_ops"}),
        CheckConstraint("kind IN ('natural', 'legal', 'other')", name="kind"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("court_case.id"))
    position: Mapped[int]
    role: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    details_sealed: Mapped[bytes | None]


class CaseEvent(Base):
    """Something that happened in a case 案件动态; kinds and their words: `rules/events.py`.

    `disclosed` events are told to the lawyers of the case; the others are the court's own.
    """

    __tablename__ = "case_event"
    __table_args__ = (Index("ix_case_event_case_id_at", "case_id", "at", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("court_case.id"))
    kind: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    values: Mapped[dict[str, Any]]
    disclosed: Mapped[bool]


class CaseClock(Base):
    """A legal clock 期限 that runs in a case (民诉法 art. 85), or in something of a case.

    `purpose` says who is asked when the last day has passed, `subject_id` about what.
    """

    __tablename__ = "case_clock"
    __table_args__ = (
        CheckConstraint("state IN ('running', 'met', 'passed', 'stopped')", name="state"),
        Index("ix_case_clock_case_id", "case_id"),
        Index("ix_case_clock_subject_id_purpose", "subject_id", "purpose"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("court_case.id"))
    subject_id: Mapped[uuid.UUID]
    purpose: Mapped[str]
    rule_id: Mapped[str]
    variant: Mapped[str]
    begins_on: Mapped[date] = mapped_column(Date())
    due_on: Mapped[date] = mapped_column(Date())
    state: Mapped[str]
    ended_at: Mapped[datetime | None]
