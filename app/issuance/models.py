"""Tables of issuance: what was issued to which phone, and its short-code seed."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base


class IssuedCredential(Base):
    """A credential 律证码凭证 by its `cti`, with the holder's facts as attested that day."""

    __tablename__ = "issued_credential"

    cti: Mapped[bytes] = mapped_column(primary_key=True)
    device_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("device.id"), index=True)
    lawyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lawyer.id"))
    raw: Mapped[bytes]
    licence_no: Mapped[str]
    name: Mapped[str]
    firm_name: Mapped[str]
    category: Mapped[str]
    has_photo: Mapped[bool]
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]


class ShortCodeSeed(Base):
    """The seed of a device's short code LVZ3 and the last TOTP step that was accepted."""

    __tablename__ = "short_code_seed"

    handle: Mapped[str] = mapped_column(primary_key=True)
    device_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("device.id"), unique=True)
    seed_sealed: Mapped[bytes]
    last_step: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
