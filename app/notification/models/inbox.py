"""The inbox."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base


class NoticeRow(Base):
    """A message to an account 通知. `source_id` keeps a message that arrives twice single."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("source_id", "account_id"),
        Index("ix_notice_account_id_at", "account_id", "at", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    source_id: Mapped[int]
    account_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    # What the sentences were made of; a row of the release before has none.
    told: Mapped[dict[str, Any] | None]
    case_id: Mapped[uuid.UUID | None]
    subject_id: Mapped[uuid.UUID | None]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
