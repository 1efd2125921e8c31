"""The table of representations."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base


class Representation(Base):
    """A lawyer's representation of a party 代理关系 (民诉法 arts. 61–63). States: `rules/`.

    The lawyer is known by the licence number of the register, bound to a phone or not. `powers`
    are the special powers 特别授权 that the power of attorney names. `news_at` is the case's, so
    that a lawyer's list is read in its order, however long it is.
    """

    __tablename__ = "representation"
    __table_args__ = (
        CheckConstraint("authority IN ('general', 'special')", name="authority"),
        CheckConstraint(
            "state IN ('submitted', 'effective', 'refused', 'suspended', 'ended')", name="state"
        ),
        Index(
            "uq_representation_party_id_licence_no_open",
            "party_id",
            "licence_no",
            unique=True,
            postgresql_where=text("state IN ('submitted', 'effective', 'suspended')"),
        ),
        Index("ix_representation_licence_no_state", "licence_no", "state", "case_id"),
        Index(
            "ix_representation_licence_no_news_at_seen",
            "licence_no",
            "news_at",
            "case_id",
            postgresql_where=text("state IN ('effective', 'suspended')"),
        ),
        Index("ix_representation_case_id", "case_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("court_case.id"))
    party_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case_party.id"))
    licence_no: Mapped[str]
    lawyer_name: Mapped[str]
    firm_name: Mapped[str]
    authority: Mapped[str]
    powers: Mapped[list[Any]]
    state: Mapped[str]
    submitted_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    reason: Mapped[str]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]
    news_at: Mapped[datetime]
