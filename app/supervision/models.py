"""Operators of the console and what they did."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base


class OperatorAccount(Base):
    """An operator 操作员 of a justice bureau, or a person of a court 法院工作人员.

    `court_code` is set for those of a court.
    """

    __tablename__ = "operator_account"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    name: Mapped[str]
    role: Mapped[str]
    court_name: Mapped[str]
    court_code: Mapped[str | None]
    created_at: Mapped[datetime]


class OperatorAct(Base):
    """What an operator did, to what; written in the act's own use case."""

    __tablename__ = "operator_act"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    operator_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("operator_account.id"), index=True)
    at: Mapped[datetime]
    act: Mapped[str]
    subject: Mapped[str]
    reason: Mapped[str]
