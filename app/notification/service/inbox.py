"""The inbox 消息: a person's own record of what they were told."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.kernel.unit_of_work import unit_of_work
from app.notification.errors import NoticeUnknown
from app.notification.models.inbox import NoticeRow
from app.notification.queries import inbox as queries
from app.notification.rules import kinds
from app.notification.rules.kinds import Category
from app.notification.rules.places import Pages, pages_of
from app.ports.clock import Clock

PAGE = 30
KEEP = timedelta(days=2 * 365)


@dataclass(frozen=True, kw_only=True)
class Item:
    """One notice of the inbox, with the pages that it opens."""

    id: uuid.UUID
    at: datetime
    kind: str
    category: Category
    title: str
    body: str
    urgent: bool
    read: bool
    case_id: uuid.UUID | None
    pages: Pages


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of the inbox, newest first; `following` is the next page's `before`."""

    items: list[Item]
    following: uuid.UUID | None
    unread: int


class Inbox:
    """Use cases of the inbox."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock

    def page(
        self,
        *,
        account_id: uuid.UUID,
        category: Category | None = None,
        before: uuid.UUID | None = None,
    ) -> Page:
        """Return a page; raises `NoticeUnknown` when it starts at no notice of this inbox."""
        wanted = None if category is None else kinds.codes_of(category)
        with unit_of_work() as tx:
            start = None
            if before is not None:
                start = queries.notice_of(tx, account_id=account_id, notice_id=before)
                if start is None:
                    raise NoticeUnknown
            rows = queries.page(
                tx, account_id=account_id, kinds=wanted, before=start, limit=PAGE + 1
            )
            items = [_item(row) for row in rows[:PAGE]]
            return Page(
                items=items,
                following=items[-1].id if len(rows) > PAGE else None,
                unread=queries.unread(tx, account_id=account_id),
            )

    def unread(self, *, account_id: uuid.UUID) -> int:
        """Count what is not read yet."""
        with unit_of_work() as tx:
            return queries.unread(tx, account_id=account_id)

    def read(self, *, account_id: uuid.UUID, notice_id: uuid.UUID) -> None:
        """Mark one notice as read; raises `NoticeUnknown`."""
        at = self._clock.now()
        with unit_of_work() as tx:
            row = queries.notice_of(tx, account_id=account_id, notice_id=notice_id)
            if row is None:
                raise NoticeUnknown
            row.read_at = row.read_at or at

    def read_all(self, *, account_id: uuid.UUID) -> None:
        """Mark everything as read."""
        at = self._clock.now()
        with unit_of_work() as tx:
            queries.mark_all_read(tx, account_id=account_id, at=at)

    def sweep(self) -> int:
        """Forget what is older than two years; return how many."""
        at = self._clock.now()
        with unit_of_work() as tx:
            return queries.forget(tx, before=at - KEEP)


def _item(row: NoticeRow) -> Item:
    kind = kinds.find(row.kind)
    return Item(
        id=row.id,
        at=row.at,
        kind=row.kind,
        category=kind.category,
        title=row.title,
        body=row.body,
        urgent=kind.urgent,
        read=row.read_at is not None,
        case_id=row.case_id,
        pages=pages_of(kind.opens, case_id=row.case_id, subject_id=row.subject_id),
    )
