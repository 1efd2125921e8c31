"""Tables of courts, what they can do online, and the numbers they gave to cases."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base


class Court(Base):
    """A court 法院; `to_confirm` while nobody compared it with the official table.

    The constraint on the word is looked at after a statement, not after each row: one load may
    let two courts exchange their words.
    """

    __tablename__ = "court"
    __table_args__ = (
        UniqueConstraint("code_word", deferrable=True, initially="IMMEDIATE"),
        CheckConstraint(
            "level IN ('supreme', 'high', 'intermediate', 'special', 'basic')", name="level"
        ),
        Index("ix_court_region_code", "region", "code"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    level: Mapped[str]
    region: Mapped[str]
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("court.code"))
    code_word: Mapped[str]
    source: Mapped[str]
    to_confirm: Mapped[bool]
    updated_at: Mapped[datetime]


class CourtFunction(Base):
    """What one court can do online 功能, and what is left where it cannot.

    A function without a row is unknown, and not offered.
    """

    __tablename__ = "court_function"
    __table_args__ = (
        CheckConstraint("status IN ('available', 'limited', 'unavailable')", name="status"),
    )

    court_code: Mapped[str] = mapped_column(ForeignKey("court.code"), primary_key=True)
    function: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str]
    fallback: Mapped[str]
    source: Mapped[str]
    updated_at: Mapped[datetime]


class CaseNumberSeries(Base):
    """How far a series of case numbers 案号 has been counted (法〔2015〕137号 arts. 9–10).

    Whoever takes a number holds the row until its transaction ends, so a number that was not used
    after all is the next one's.
    """

    __tablename__ = "case_number_series"
    __table_args__ = (CheckConstraint("last > 0", name="last"),)

    court_code: Mapped[str] = mapped_column(ForeignKey("court.code"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    special: Mapped[str] = mapped_column(primary_key=True)
    type_word: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


class DrawnCaseNumber(Base):
    """A number of criminal review 刑核: eight digits, drawn at random (art. 10 para. 2).

    The primary key is the truth about repetition.
    """

    __tablename__ = "drawn_case_number"

    court_code: Mapped[str] = mapped_column(ForeignKey("court.code"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    special: Mapped[str] = mapped_column(primary_key=True)
    type_word: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
