"""The table of submissions, each with what its receipt says."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base


class FilingSubmission(Base):
    """A submission 提交: what the court received, when, and under which receipt number.

    `content_sha256` is of everything that was typed; `materials` are name, kind and digest of each.
    """

    __tablename__ = "filing_submission"
    __table_args__ = (Index("ix_filing_submission_filing_id_at", "filing_id", "at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    filing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("filing.id"))
    receipt_no: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime]
    by: Mapped[str]
    content_sha256: Mapped[bytes]
    materials: Mapped[list[Any]]
