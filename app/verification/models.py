"""Tables of verification: kiosks, every verification, passes, and who was let in."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

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
    gate: Mapped[bool | None]


class EnrolledKiosk(Base):
    """A kiosk 鉴证终端 with the key it made itself.

    `gate`: an officer stands there and writes down who was let in; None, on rows of before
    passes, is no.
    """

    __tablename__ = "kiosk"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    court_code: Mapped[str]
    court_name: Mapped[str]
    place: Mapped[str]
    public_key: Mapped[bytes]
    enrolled_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]
    gate: Mapped[bool | None]


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


class Pass(Base):
    """What a lawyer comes to a court for on a day 通行用途; at most one a court and day stands.

    It adds words to the code and is no condition for entering: without a pass, or where the
    kiosk cannot ask for it, the code alone is a general pass 一般通行.
    """

    __tablename__ = "pass"
    __table_args__ = (
        Index(
            "uq_pass_lawyer_court_day",
            "lawyer_id",
            "court_code",
            "day",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    lawyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lawyer.id"))
    court_code: Mapped[str]
    court_name: Mapped[str]
    purpose: Mapped[str]
    case_reference: Mapped[str | None]
    day: Mapped[date]
    hearing_at: Mapped[datetime | None]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class EntryRecord(Base):
    """An officer let somebody in or did not 通行记录; the id is the kiosk's, so twice is once.

    Name and licence number are kept as they were known then; the ledger's entry about this row
    is found by its id.
    """

    __tablename__ = "entry_record"
    __table_args__ = (
        CheckConstraint("admitted = (reason IS NULL)", name="refused_with_reason"),
        Index("ix_entry_record_lawyer_id_at", "lawyer_id", "at"),
        Index("ix_entry_record_court_code_at", "court_code", "at"),
        Index("ix_entry_record_at", "at"),
        Index("ix_entry_record_verification_id", "verification_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    kiosk_id: Mapped[str] = mapped_column(ForeignKey("kiosk.id"))
    court_code: Mapped[str]
    verification_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("verification.id"))
    pass_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("pass.id"))
    lawyer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lawyer.id"))
    name: Mapped[str | None]
    licence_no: Mapped[str | None]
    way: Mapped[str]
    checked: Mapped[list[Any]]
    purpose: Mapped[str]
    admitted: Mapped[bool]
    reason: Mapped[str | None]
    note: Mapped[str | None]
    offline: Mapped[bool]
    flagged: Mapped[str | None]
