"""What notices look like on the wire."""

from __future__ import annotations

import uuid
from typing import Annotated

from pydantic import BaseModel, Field

from app.http.body import Moment, Strict
from app.notification.rules.kinds import Category
from app.notification.service.inbox import Item, Page


class NoticesQuery(Strict):
    """Which notices: of one category; older than one of them."""

    category: Annotated[Category, Field(strict=False)] | None = None
    before: Annotated[uuid.UUID, Field(strict=False)] | None = None


class NoticeOut(BaseModel):
    """A notice; `page` is the phone's page that it opens, if there is one."""

    id: uuid.UUID
    at: Moment
    kind: str
    category: Category
    category_name: str
    title: str
    body: str
    urgent: bool
    read: bool
    case_id: uuid.UUID | None
    page: str | None

    @classmethod
    def of(cls, item: Item) -> NoticeOut:
        """Show a notice."""
        return cls(
            **{name: value for name, value in vars(item).items() if name != "pages"},
            category_name=item.category.label,
            page=item.pages.phone,
        )


class CategoryOut(BaseModel):
    """A category of notices and its name."""

    code: Category
    name: str


class NoticesOut(BaseModel):
    """A page of the inbox, newest first; `next` is the next page's `before`."""

    items: list[NoticeOut]
    next: uuid.UUID | None
    unread: int
    categories: list[CategoryOut]

    @classmethod
    def of(cls, page: Page) -> NoticesOut:
        """Show a page."""
        return cls(
            items=[NoticeOut.of(item) for item in page.items],
            next=page.following,
            unread=page.unread,
            categories=[CategoryOut(code=each, name=each.label) for each in Category],
        )
