"""The inbox."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base


class NoticeRow(Base):
    """A message to an account 通知. `source_id` keeps a message that arrives twice single."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_account_id_at", "account_id", "at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(unique=True)
    account_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
