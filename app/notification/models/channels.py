"""What somebody chose beside the inbox, what they allowed, and what was pushed."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base


class NoticeConsent(Base):
    """A channel that was opened 推送同意 (PIPL art. 14): which text, when, for what, until when.

    A push goes out only under a row that is not withdrawn and names the notice's category.
    """

    __tablename__ = "notice_consent"
    __table_args__ = (
        Index(
            "uq_notice_consent_open",
            "account_id",
            "channel",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID]
    channel: Mapped[str]
    version: Mapped[str]
    text_sha256: Mapped[str]
    categories: Mapped[list[Any]]
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class NoticeQuietHours(Base):
    """The quiet hours 免打扰 of somebody who changed them."""

    __tablename__ = "notice_quiet_hours"

    account_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    from_hour: Mapped[int]
    until_hour: Mapped[int]


class NoticeEmail(Base):
    """An e-mail address 接收邮箱, sealed; another one waits beside it until its code is typed."""

    __tablename__ = "notice_email"

    account_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    address_sealed: Mapped[bytes | None]
    confirmed_at: Mapped[datetime | None]
    waiting_sealed: Mapped[bytes | None]
    code_sealed: Mapped[bytes | None]
    code_expires_at: Mapped[datetime | None]
    tries_left: Mapped[int]


class NoticeEmailCode(Base):
    """A code that was asked for; counted to limit what strangers' mailboxes are sent."""

    __tablename__ = "notice_email_code"
    __table_args__ = (
        Index("ix_notice_email_code_account_id_at", "account_id", "at"),
        Index("ix_notice_email_code_address_index_at", "address_index", "at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID]
    address_index: Mapped[bytes]
    at: Mapped[datetime]


class NoticeWechatAllowance(Base):
    """How many messages of a template somebody allowed 订阅次数; each is used up once."""

    __tablename__ = "notice_wechat_allowance"

    account_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    template_id: Mapped[str] = mapped_column(primary_key=True)
    left: Mapped[int]


class NoticeDelivery(Base):
    """A notice on its way by one channel 推送; one for each notice and channel.

    States: waiting, sent, dropped (nobody wants or allows it any more), failed (given up).
    """

    __tablename__ = "notice_delivery"
    __table_args__ = (
        UniqueConstraint("notice_id", "channel"),
        Index("ix_notice_delivery_failed", "done_at", postgresql_where=text("state = 'failed'")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    notice_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"))
    channel: Mapped[str]
    state: Mapped[str]
    attempts: Mapped[int]
    reason: Mapped[str | None]
    done_at: Mapped[datetime | None]
