"""Tables of verification: kiosks, their enrolment codes, and every verification."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base


class KioskEnrolment(Base):
    """A one-time code with which a kiosk is enrolled at a court and place."""

    __tablename__ = "kiosk_enrolment"

    code_sha256: Mapped[bytes] = mapped_column(primary_key=True)
    name: Mapped[str]
    court_code: Mapped[str]
    court_name: Mapped[str]
    place: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class EnrolledKiosk(Base):
    """A kiosk 鉴证终端 with the key it made itself."""

    __tablename__ = "kiosk"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    court_code: Mapped[str]
    court_name: Mapped[str]
    place: Mapped[str]
    public_key: Mapped[bytes]
    enrolled_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]


class Verification(Base):
    """One look at a code: who looked, whose it was, what was answered.

    Who looked is a kiosk or a relying party, which is kept as it was called at that moment.

    The unique index is the truth about replays: a presentation (`cti`, `presented_at` in Unix
    seconds) is accepted once, whatever its text or signature looked like.
    """

    __tablename__ = "verification"
    __table_args__ = (
        Index(
            "uq_verification_presentation",
            "cti",
            "presented_at",
            unique=True,
            postgresql_where=text("accepted AND NOT offline AND form <> 'LVZ3'"),
        ),
        CheckConstraint("num_nonnulls(kiosk_id, client_id) = 1", name="one_verifier"),
        Index("ix_verification_lawyer_id_at", "lawyer_id", "at"),
        Index("ix_verification_kiosk_id_at", "kiosk_id", "at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kiosk_id: Mapped[str | None] = mapped_column(ForeignKey("kiosk.id"))
    client_id: Mapped[str | None]
    client_name: Mapped[str | None]
    client_place: Mapped[str | None]
    form: Mapped[str | None]
    accepted: Mapped[bool]
    code: Mapped[str | None]
    offline: Mapped[bool] = mapped_column(default=False)
    flagged: Mapped[str | None]
    cti: Mapped[bytes | None]
    presented_at: Mapped[int | None]
    lawyer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lawyer.id"))
    request_key: Mapped[str | None]
