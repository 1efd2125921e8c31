"""The one queue: messages written with the domain's own transaction, done at least once.

A row is claimed by moving `due_at` into the future (the lease). A worker that dies simply lets
the lease run out, so a killed worker loses nothing and no sweeper is needed (docs/adr/0003).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, delete, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base
from app.kernel.unit_of_work import Tx

LEASE = timedelta(seconds=30)
MAX_ATTEMPTS = 8
CHANNEL = "outbox"


class OutboxMessage(Base):
    """A message that waits for a worker. `dead_at` set: it failed too often, a person looks."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        Index("ix_outbox_message_due", "due_at", postgresql_where=text("dead_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str]
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    dead_at: Mapped[datetime | None]


@dataclass(frozen=True, kw_only=True)
class Message:
    """A claimed message."""

    id: int
    topic: str
    payload: dict[str, Any]
    attempts: int


def enqueue(
    tx: Tx, *, topic: str, payload: dict[str, Any], at: datetime, due_at: datetime | None = None
) -> None:
    """Write a message in the caller's transaction and ring the workers' bell on commit.

    With `due_at` it waits until then.
    """
    due = due_at or at
    tx.add(OutboxMessage(topic=topic, payload=payload, created_at=at, due_at=due, attempts=0))
    tx.execute(text("SELECT pg_notify(:channel, :topic)"), {"channel": CHANNEL, "topic": topic})


def claim(tx: Tx, *, topics: Sequence[str], at: datetime) -> Message | None:
    """Take the oldest due message and lease it; None when there is none."""
    row = tx.execute(
        select(OutboxMessage)
        .where(
            OutboxMessage.topic.in_(topics),
            OutboxMessage.due_at <= at,
            OutboxMessage.dead_at.is_(None),
        )
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).scalar_one_or_none()
    if row is None:
        return None
    row.due_at = at + LEASE
    row.attempts += 1
    return Message(id=row.id, topic=row.topic, payload=row.payload, attempts=row.attempts)


def complete(tx: Tx, *, message: Message) -> None:
    """Forget a message whose work is done."""
    tx.execute(delete(OutboxMessage).where(OutboxMessage.id == message.id))


def retry_later(tx: Tx, *, message: Message, at: datetime) -> None:
    """Put a failed message back with a growing delay, or set it aside after the last try."""
    if message.attempts >= MAX_ATTEMPTS:
        values: dict[str, Any] = {"dead_at": at}
    else:
        values = {"due_at": at + timedelta(seconds=2**message.attempts)}
    tx.execute(update(OutboxMessage).where(OutboxMessage.id == message.id).values(**values))
