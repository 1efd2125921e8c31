"""What notices look like on the wire."""

from __future__ import annotations

import uuid
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from app.http.body import Moment, Strict
from app.notification.rules.channels import Channel
from app.notification.rules.kinds import Category
from app.notification.service.inbox import Item, Page
from app.notification.service.settings import ChannelStanding, Standing


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


CategoryIn = Annotated[Category, Field(strict=False)]
Hour = Annotated[int, Field(ge=0, le=23)]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class OpenIn(Strict):
    """The text that was agreed to, and what to be told of."""

    version: Annotated[str, StringConstraints(max_length=20)]
    sha256: Annotated[str, StringConstraints(max_length=64)]
    categories: list[CategoryIn]


class ChooseIn(Strict):
    """What to be told of."""

    categories: list[CategoryIn]


class QuietHoursIn(Strict):
    """Full hours, Beijing time; equal: no quiet hours."""

    from_hour: Hour
    until_hour: Hour


class EmailIn(Strict):
    """An address as it is typed."""

    address: Annotated[str, StringConstraints(min_length=1, max_length=300)]


class CodeIn(Strict):
    """The six digits of the e-mail."""

    code: Code


class AllowedIn(Strict):
    """The templates that `wx.requestSubscribeMessage` answered accept for."""

    template_ids: Annotated[
        list[Annotated[str, StringConstraints(max_length=128)]], Field(max_length=3)
    ]


class ConsentTextOut(BaseModel):
    """What is agreed to when a channel is opened."""

    version: str
    title: str
    paragraphs: list[str]
    sha256: str


class ChannelOut(BaseModel):
    """A channel as it stands; `last_failure` is the code of why the last push failed."""

    code: Channel
    name: str
    open: bool
    categories: list[Category]
    consent: ConsentTextOut
    last_failure: str | None

    @classmethod
    def of(cls, standing: ChannelStanding) -> ChannelOut:
        """Show a channel."""
        text = standing.consent
        return cls(
            code=standing.channel,
            name=standing.channel.label,
            open=standing.open,
            categories=list(standing.categories),
            consent=ConsentTextOut(
                version=text.version,
                title=text.title,
                paragraphs=list(text.paragraphs),
                sha256=text.sha256,
            ),
            last_failure=standing.last_failure,
        )


class EmailOut(BaseModel):
    """The address in use and the one that waits for its code, both masked."""

    address: str | None
    waiting: str | None


class TemplateOut(BaseModel):
    """A WeChat template, and how many messages of it are allowed."""

    template_id: str
    left: int


class QuietHoursOut(BaseModel):
    """Full hours, Beijing time; equal: no quiet hours."""

    from_hour: int
    until_hour: int


class SettingsOut(BaseModel):
    """Everything on the page 消息设置."""

    channels: list[ChannelOut]
    categories: list[CategoryOut]
    email: EmailOut
    wechat_templates: list[TemplateOut]
    quiet_hours: QuietHoursOut

    @classmethod
    def of(cls, standing: Standing) -> SettingsOut:
        """Show the settings."""
        return cls(
            channels=[ChannelOut.of(each) for each in standing.channels],
            categories=[CategoryOut(code=each, name=each.label) for each in Category],
            email=EmailOut(**vars(standing.email)),
            wechat_templates=[TemplateOut(**vars(each)) for each in standing.templates],
            quiet_hours=QuietHoursOut(**vars(standing.quiet)),
        )
