"""Tables of the ledger: entries, the tree's tiles, checkpoints, cosignatures and anchors."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.database import Base


class LedgerEntry(Base):
    """An entry 存证记录: the leaf, what it commits to, and its number in the log.

    Written with `seq` NULL in the transaction of the act itself; the sequencer numbers it. `salt`,
    `details` and `subject` may be erased (PIPL art. 47): the tree needs none of them.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        Index("ix_ledger_entry_waiting", "at", "id", postgresql_where=text("seq IS NULL")),
        Index("uq_ledger_entry_seq", "seq", unique=True, postgresql_where=text("seq IS NOT NULL")),
        Index("ix_ledger_entry_subject", "subject", postgresql_where=text("subject IS NOT NULL")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    source_id: Mapped[uuid.UUID] = mapped_column(index=True)
    subject: Mapped[uuid.UUID | None]
    leaf: Mapped[bytes]
    leaf_hash: Mapped[bytes]
    salt: Mapped[bytes | None]
    details: Mapped[bytes | None]
    seq: Mapped[int | None]


class LedgerTile(Base):
    """A tile of the tree: up to 256 hashes (`credential.tiles`); it only grows."""

    __tablename__ = "ledger_tile"

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hashes: Mapped[bytes]


class LedgerCheckpoint(Base):
    """A checkpoint 检查点 as it was signed."""

    __tablename__ = "ledger_checkpoint"

    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[bytes]
    note: Mapped[str]
    at: Mapped[datetime]


class LedgerCosignature(Base):
    """A witness's 见证人 signature line under a checkpoint."""

    __tablename__ = "ledger_cosignature"

    size: Mapped[int] = mapped_column(ForeignKey("ledger_checkpoint.size"), primary_key=True)
    witness: Mapped[str] = mapped_column(primary_key=True)
    line: Mapped[str]
    at: Mapped[datetime]


class LedgerAnchor(Base):
    """A proof from outside 锚定 that a checkpoint existed: a time-stamp or a transaction."""

    __tablename__ = "ledger_anchor"

    size: Mapped[int] = mapped_column(ForeignKey("ledger_checkpoint.size"), primary_key=True)
    anchor: Mapped[str] = mapped_column(primary_key=True)
    proof: Mapped[bytes]
    at: Mapped[datetime]
