"""Operators of the console and what they did."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base


class OperatorAccount(Base):
    """An operator 操作员 of a justice bureau or a court's service hall."""

    __tablename__ = "operator_account"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    name: Mapped[str]
    role: Mapped[str]
    court_name: Mapped[str]
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
