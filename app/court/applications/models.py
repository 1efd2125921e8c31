"""Tables of applications and their steps."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base


class Application(Base):
    """An application 申请 of a lawyer in a case; its fields are sealed."""

    __tablename__ = "application"
    __table_args__ = (
        Index("ix_application_case_id", "case_id"),
        Index(
            "uq_application_case_id_kind_licence_no_undecided",
            "case_id",
            "kind",
            "licence_no",
            unique=True,
            postgresql_where=text("state IN ('submitted', 'security_demanded', 'reconsidering')"),
        ),
        Index(
            "ix_application_court_code_submitted_at_undecided",
            "court_code",
            "submitted_at",
            postgresql_where=text("state IN ('submitted', 'security_demanded', 'reconsidering')"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("court_case.id"))
    court_code: Mapped[str]
    kind: Mapped[str]
    licence_no: Mapped[str]
    lawyer_name: Mapped[str]
    fields_sealed: Mapped[bytes]
    state: Mapped[str]
    submitted_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]


class ApplicationStep(Base):
    """A step of an application: who brought it where, and what was said 答复."""

    __tablename__ = "application_step"
    __table_args__ = (Index("ix_application_step_application_id_at", "application_id", "at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"))
    at: Mapped[datetime]
    by: Mapped[str]
    state: Mapped[str]
    words: Mapped[str]
