"""Tables of fees: what is to be paid for a case, and the orders at the cashier."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base


class FilingFee(Base):
    """A notice of payment 缴费通知 for a case that was accepted; amounts in fen 分."""

    __tablename__ = "filing_fee"
    __table_args__ = (
        CheckConstraint("state IN ('due', 'paid', 'relief', 'overdue')", name="state"),
        CheckConstraint("amount_fen > 0", name="amount_fen"),
        Index("ix_filing_fee_licence_no_state", "licence_no", "state"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    filing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("filing.id"), unique=True)
    case_id: Mapped[uuid.UUID] = mapped_column(index=True)
    court_code: Mapped[str]
    licence_no: Mapped[str]
    amount_fen: Mapped[int]
    article: Mapped[str]
    state: Mapped[str]
    notified_at: Mapped[datetime]
    due_on: Mapped[date] = mapped_column(Date())
    paid_at: Mapped[datetime | None]
    receipt_no: Mapped[str | None] = mapped_column(unique=True)
    relief_reason: Mapped[str]


class FeeOrder(Base):
    """The order 缴费订单 of a fee at the cashier: one, however often the lawyer goes there."""

    __tablename__ = "fee_order"
    __table_args__ = (CheckConstraint("state IN ('waiting', 'paid')", name="state"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    fee_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("filing_fee.id"), unique=True)
    amount_fen: Mapped[int]
    state: Mapped[str]
    created_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    transaction_no: Mapped[str | None] = mapped_column(unique=True)
