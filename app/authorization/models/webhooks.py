"""Tables of what relying parties are told: watched licences, subscriptions, events."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base


class WatchedLicence(Base):
    """A licence that somebody subscribed to, and its status as last seen; bound here or not."""

    __tablename__ = "watched_licence"
    __table_args__ = (Index("ix_watched_licence_checked_at", "checked_at"),)

    licence_no: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str]
    as_of: Mapped[datetime]
    checked_at: Mapped[datetime]


class StatusSubscription(Base):
    """A relying party's wish to be told when the status of a licence changes 执业状态订阅."""

    __tablename__ = "status_subscription"
    __table_args__ = (UniqueConstraint("client_id", "licence_no"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(ForeignKey("relying_party.client_id"))
    licence_no: Mapped[str] = mapped_column(ForeignKey("watched_licence.licence_no"), index=True)
    created_at: Mapped[datetime]


class WebhookEvent(Base):
    """An event for a relying party 事件推送. `dead_at` set: given up, until it asks again."""

    __tablename__ = "webhook_event"
    __table_args__ = (
        Index(
            "ix_webhook_event_client_id_dead",
            "client_id",
            "dead_at",
            "id",
            postgresql_where=text("dead_at IS NOT NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(ForeignKey("relying_party.client_id"))
    type: Mapped[str]
    data: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str | None]
    delivered_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
