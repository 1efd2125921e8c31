"""Reads of the inbox, and the writes that settle a race."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import CursorResult

from app.kernel.unit_of_work import Tx
from app.notification.models.inbox import NoticeRow

FORGOTTEN_AT_ONCE = 5_000


def add_notice(tx: Tx, **values: object) -> bool:
    """Write a notice unless this message reached this account before; whether it was written."""
    written = tx.execute(
        insert(NoticeRow).values(**values).on_conflict_do_nothing().returning(NoticeRow.id)
    )
    return written.first() is not None


def page(
    tx: Tx,
    *,
    account_id: uuid.UUID,
    kinds: Collection[str] | None,
    before: NoticeRow | None,
    limit: int,
) -> Sequence[NoticeRow]:
    """Return notices of an account, newest first, older than one of them."""
    wanted = select(NoticeRow).where(NoticeRow.account_id == account_id)
    if kinds is not None:
        wanted = wanted.where(NoticeRow.kind.in_(kinds))
    if before is not None:
        place = tuple_(NoticeRow.at, NoticeRow.id)
        wanted = wanted.where(place < tuple_(before.at, before.id))
    return tx.scalars(wanted.order_by(NoticeRow.at.desc(), NoticeRow.id.desc()).limit(limit)).all()


def notice_of(tx: Tx, *, account_id: uuid.UUID, notice_id: uuid.UUID) -> NoticeRow | None:
    """Find a notice of this account."""
    row = tx.get(NoticeRow, notice_id)
    return row if row is not None and row.account_id == account_id else None


def unread(tx: Tx, *, account_id: uuid.UUID) -> int:
    """Count the notices not read yet."""
    mine = select(func.count()).where(
        NoticeRow.account_id == account_id, NoticeRow.read_at.is_(None)
    )
    return tx.scalar(mine) or 0


def mark_all_read(tx: Tx, *, account_id: uuid.UUID, at: datetime) -> None:
    """Mark every notice of the account as read."""
    tx.execute(
        update(NoticeRow)
        .where(NoticeRow.account_id == account_id, NoticeRow.read_at.is_(None))
        .values(read_at=at)
    )


def forget(tx: Tx, *, before: datetime) -> int:
    """Delete some of the notices older than this; return how many."""
    old = select(NoticeRow.id).where(NoticeRow.at < before).limit(FORGOTTEN_AT_ONCE)
    gone = tx.execute(delete(NoticeRow).where(NoticeRow.id.in_(old)))
    return cast(CursorResult[Any], gone).rowcount
