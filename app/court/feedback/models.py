"""Tables of ratings, suggestions, complaints, and of the sealed reports beside them."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base


class ServiceRating(Base):
    """A rating 满意度评价. It names neither lawyer nor case, and no moment nearer than its month.

    The three indexes are keyed digests: `author_index` of lawyer, case and phase finds one's own
    rating to change it; `case_index` lets the closing of a case be noted; `rater_index` of lawyer
    and court tells how many lawyers a group has. `batch` is the month in which its text was laid
    before the court with others.
    """

    __tablename__ = "service_rating"
    __table_args__ = (
        CheckConstraint("subject IN ('system', 'service')", name="subject"),
        CheckConstraint("(subject = 'system') = (court_code IS NULL)", name="court"),
        Index("ix_service_rating_court_code_month", "court_code", "month"),
        Index("ix_service_rating_case_index", "case_index"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    subject: Mapped[str]
    court_code: Mapped[str | None] = mapped_column(ForeignKey("court.code"))
    month: Mapped[str]
    author_index: Mapped[bytes] = mapped_column(unique=True)
    case_index: Mapped[bytes | None]
    rater_index: Mapped[bytes]
    scores: Mapped[dict[str, Any]]
    text_sealed: Mapped[bytes | None]
    closed_on: Mapped[date | None] = mapped_column(Date())
    batch: Mapped[str | None]


class RatingMonth(Base):
    """A month's figures of one court, or of the system where `court_code` is empty.

    Written once, when the month is over; `ratings` is None where the group was too small.
    """

    __tablename__ = "rating_month"

    subject: Mapped[str] = mapped_column(primary_key=True)
    court_code: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)
    ratings: Mapped[int | None]
    tenths: Mapped[dict[str, Any]]


class Suggestion(Base):
    """A suggestion 意见建议 with its answer, and what of it the public reads.

    `desk_code` is the court that answers; `court_code` None: it is about the platform.
    """

    __tablename__ = "suggestion"
    __table_args__ = (
        CheckConstraint(
            "state IN ('received', 'considered', 'adopted', 'changed', 'declined')", name="state"
        ),
        Index("ix_suggestion_licence_no", "licence_no", "created_at"),
        Index("ix_suggestion_desk_code", "desk_code", "created_at"),
        Index("ix_suggestion_published_at", "published_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    licence_no: Mapped[str]
    court_code: Mapped[str | None] = mapped_column(ForeignKey("court.code"))
    desk_code: Mapped[str] = mapped_column(ForeignKey("court.code"))
    area: Mapped[str]
    text_sealed: Mapped[bytes]
    state: Mapped[str]
    reply: Mapped[str]
    replied_by: Mapped[str]
    replied_at: Mapped[datetime | None]
    title: Mapped[str]
    changed: Mapped[str]
    published_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class ComplaintTicket(Base):
    """A complaint 投诉, whichever channel it came by. Steps: `rules/complaint.py`.

    `court_code` is the court complained about, None for the platform; `desk_code` the court whose
    desk has it. `due_on` is the last day of the clock that runs now.
    """

    __tablename__ = "complaint_ticket"
    __table_args__ = (
        CheckConstraint("state IN ('received', 'handling', 'replied', 'closed')", name="state"),
        CheckConstraint("level IN ('officer', 'division', 'president')", name="level"),
        Index("ix_complaint_ticket_licence_no", "licence_no", "filed_at"),
        Index("ix_complaint_ticket_desk_code", "desk_code", "state", "due_on"),
        Index("ix_complaint_ticket_owner_id", "owner_id"),
        Index("ix_complaint_ticket_court_code", "court_code", "filed_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    court_code: Mapped[str | None] = mapped_column(ForeignKey("court.code"))
    desk_code: Mapped[str] = mapped_column(ForeignKey("court.code"))
    case_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("court_case.id"))
    case_number: Mapped[str | None]
    kind: Mapped[str]
    channel: Mapped[str]
    licence_no: Mapped[str]
    lawyer_name: Mapped[str]
    contact_sealed: Mapped[bytes | None]
    text_sealed: Mapped[bytes]
    against_ids: Mapped[list[Any]]
    against_name: Mapped[str]
    state: Mapped[str]
    level: Mapped[str]
    opinion: Mapped[str | None]
    major: Mapped[bool]
    reopened: Mapped[bool]
    owner_id: Mapped[uuid.UUID | None]
    owner_name: Mapped[str]
    replier_id: Mapped[uuid.UUID | None]
    entered_by: Mapped[uuid.UUID | None]
    filed_at: Mapped[datetime]
    due_on: Mapped[date] = mapped_column(Date())
    first_due_on: Mapped[date] = mapped_column(Date())
    first_replied_at: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class ComplaintStep(Base):
    """One step of a complaint's trace 留痕; nothing is ever taken out of it."""

    __tablename__ = "complaint_step"
    __table_args__ = (Index("ix_complaint_step_ticket_id", "ticket_id", "at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("complaint_ticket.id"))
    at: Mapped[datetime]
    kind: Mapped[str]
    by: Mapped[str]
    staff_id: Mapped[uuid.UUID | None]
    note_sealed: Mapped[bytes | None]


class MisconductReport(Base):
    """A sealed report 违纪违法举报: a box that only the discipline desk's private key opens.

    Who wrote it stands nowhere but inside the box. `query_digest` is of the reporter's code;
    `desk_code` the court whose inspector has it. Only the day of receipt is kept.
    """

    __tablename__ = "misconduct_report"
    __table_args__ = (
        CheckConstraint(
            "state IN ('received', 'verifying', 'transferred', 'closed')", name="state"
        ),
        Index("ix_misconduct_report_desk_code", "desk_code", "received_on"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    query_digest: Mapped[bytes] = mapped_column(unique=True)
    court_code: Mapped[str] = mapped_column(ForeignKey("court.code"))
    desk_code: Mapped[str] = mapped_column(ForeignKey("court.code"))
    box: Mapped[bytes]
    state: Mapped[str]
    received_on: Mapped[date] = mapped_column(Date())


class MisconductAct(Base):
    """What an inspector did with a report: fetched the box, or set its state."""

    __tablename__ = "misconduct_act"
    __table_args__ = (Index("ix_misconduct_act_report_id", "report_id", "at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("misconduct_report.id"))
    staff_id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    act: Mapped[str]
