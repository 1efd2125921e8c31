"""Tables of what lawyers granted and confirmed, and of the tokens that stand on it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base


class Grant(Base):
    """What a lawyer granted to a relying party 授权, with the device's signature over the words."""

    __tablename__ = "lawyer_grant"
    __table_args__ = (Index("ix_lawyer_grant_lawyer_id_created_at", "lawyer_id", "created_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    lawyer_id: Mapped[uuid.UUID]
    device_id: Mapped[uuid.UUID] = mapped_column(index=True)
    client_id: Mapped[str] = mapped_column(ForeignKey("relying_party.client_id"), index=True)
    session_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("browser_session.id"))
    issuer: Mapped[str]  # our name when this was granted: in its receipt and logout tokens
    kind: Mapped[str]
    attributes: Mapped[list[Any]]
    scope: Mapped[str]
    purpose: Mapped[dict[str, Any]]
    retention: Mapped[str]
    act: Mapped[dict[str, Any] | None]
    requester: Mapped[dict[str, Any]]
    acr: Mapped[str]
    amr: Mapped[list[Any]]
    authenticated_at: Mapped[datetime]
    consent_text: Mapped[str]
    device_key: Mapped[bytes]
    device_signature: Mapped[bytes]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]


class AuthorizationCode(Base):
    """An authorization code (RFC 6749 §4.1.2), by digest; redeemed once within a minute."""

    __tablename__ = "authorization_code"

    code_sha256: Mapped[bytes] = mapped_column(primary_key=True)
    grant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lawyer_grant.id"), index=True)
    client_id: Mapped[str]
    request: Mapped[dict[str, Any]]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class IssuedToken(Base):
    """A token of a grant, by digest. A used refresh token stays, so that its reuse is caught."""

    __tablename__ = "issued_token"

    token_sha256: Mapped[bytes] = mapped_column(primary_key=True)
    kind: Mapped[str]
    grant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lawyer_grant.id"), index=True)
    client_id: Mapped[str]
    scope: Mapped[str]
    jkt: Mapped[str | None]
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Confirmation(Base):
    """A practising-act confirmation 执业行为确认; `public_id` is what the printed QR code names."""

    __tablename__ = "confirmation"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    grant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lawyer_grant.id"), unique=True)
    client_id: Mapped[str] = mapped_column(index=True)
    act: Mapped[str]
    text: Mapped[str]
    lawyer: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    jws: Mapped[str | None]
