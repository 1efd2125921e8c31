"""Tables of relying parties and of what is used once by them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base


class RelyingParty(Base):
    """A relying party 依赖方, registered by an operator; `kind` device: an enrolled terminal.

    `suspended_at` is the kill switch. A secret is kept as its SHA-256: it is drawn by us with 256
    bits, so a slow hash would protect nothing and cost every token request.
    """

    __tablename__ = "relying_party"

    client_id: Mapped[str] = mapped_column(primary_key=True)
    legal_name: Mapped[str]
    uscc: Mapped[str]
    domain: Mapped[str]
    logo: Mapped[bytes | None]
    tier: Mapped[str]
    kind: Mapped[str]
    redirect_uris: Mapped[list[Any]]
    post_logout_redirect_uris: Mapped[list[Any]]
    backchannel_logout_uri: Mapped[str | None]
    webhook_url: Mapped[str | None]
    auth_method: Mapped[str]
    secret_sha256: Mapped[bytes | None]
    jwks: Mapped[dict[str, Any] | None]
    jwks_uri: Mapped[str | None]
    attributes: Mapped[list[Any]]
    purposes: Mapped[list[Any]]
    acts: Mapped[list[Any]]
    quota_per_minute: Mapped[int]
    place: Mapped[str]
    sandbox: Mapped[bool]
    registered_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]


class UsedOnce(Base):
    """What may be used once: `jti` of assertions and proofs, nonces. The truth of replays."""

    __tablename__ = "used_once"
    __table_args__ = (Index("ix_used_once_expires_at", "expires_at"),)

    scope: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime]


class AbuseReport(Base):
    """A lawyer said “不是我发起的”: which relying party asked, when, from where."""

    __tablename__ = "abuse_report"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(ForeignKey("relying_party.client_id"), index=True)
    transaction_id: Mapped[uuid.UUID]
    lawyer_id: Mapped[uuid.UUID]
    place: Mapped[str]
    at: Mapped[datetime]
