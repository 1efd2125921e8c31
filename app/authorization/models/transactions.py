"""Tables of requests under way: pushed requests, scan tickets, sessions of browsers."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base


class PushedRequest(Base):
    """A pushed authorization request (RFC 9126); used up when somebody consented to it."""

    __tablename__ = "pushed_request"

    uri_sha256: Mapped[bytes] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(ForeignKey("relying_party.client_id"))
    request: Mapped[dict[str, Any]]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ScanTransaction(Base):
    """A request that waits for a lawyer's phone 扫码事务. States: `rules/ticket.py`.

    `ticket` is what the QR code names, `seed` the key of its changing part; `browser_sha256` binds
    the page (or `device_code_sha256` the terminal) that began it. `number` is shown on the phone
    and typed where the request began.
    """

    __tablename__ = "scan_transaction"
    __table_args__ = (
        Index("ix_scan_transaction_client_id_open", "client_id",
              postgresql_where=text("state IN ('waiting', 'claimed')")),
    )  # fmt: skip

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    ticket: Mapped[bytes] = mapped_column(unique=True)
    seed: Mapped[bytes]
    client_id: Mapped[str] = mapped_column(ForeignKey("relying_party.client_id"))
    kind: Mapped[str]
    state: Mapped[str]
    request: Mapped[dict[str, Any]]
    pushed_sha256: Mapped[bytes | None]
    browser_sha256: Mapped[bytes | None]
    device_code_sha256: Mapped[bytes | None] = mapped_column(unique=True)
    polled_at: Mapped[datetime | None]
    place: Mapped[str]
    address: Mapped[str]
    number: Mapped[str | None]
    number_tries: Mapped[int]
    number_right: Mapped[bool]
    second_scan: Mapped[bool]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    account_id: Mapped[uuid.UUID | None]
    lawyer_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    device_id: Mapped[uuid.UUID | None]
    claimed_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    grant_id: Mapped[uuid.UUID | None]


class BrowserSession(Base):
    """A browser in which a lawyer signed in by scanning 单点登录会话; it ends with the device."""

    __tablename__ = "browser_session"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    cookie_sha256: Mapped[bytes] = mapped_column(unique=True)
    lawyer_id: Mapped[uuid.UUID] = mapped_column(index=True)
    device_id: Mapped[uuid.UUID] = mapped_column(index=True)
    acr: Mapped[str]
    amr: Mapped[list[Any]]
    authenticated_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
