"""Idempotency keys: the same key with the same body gets the same answer, once done.

The key is claimed before the work and answered after it. A claim whose process died is free
again after a minute. Answers are sealed, because some hold secrets.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from app.errors import AppError
from app.kernel.database import Base
from app.kernel.field_crypto import FieldCrypto
from app.kernel.unit_of_work import Tx

STALE_CLAIM = timedelta(minutes=1)
KEPT = timedelta(hours=24)


class IdempotencyKeyReused(AppError):
    """The key was used before with another body."""

    code = "idempotency.key_reused"


class IdempotencyInProgress(AppError):
    """The first request with this key has not finished yet."""

    code = "idempotency.in_progress"


class IdempotencyRecord(Base):
    """One key of one caller: what was asked (digest) and what was answered (sealed)."""

    __tablename__ = "idempotency_record"

    scope: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_sha256: Mapped[bytes]
    claimed_at: Mapped[datetime]
    status: Mapped[int | None]
    answer: Mapped[bytes | None]


def claim(
    tx: Tx, *, scope: str, key: str, request_sha256: bytes, at: datetime, crypto: FieldCrypto
) -> tuple[int, bytes] | None:
    """Claim a key; None when the work is now the caller's, else the stored (status, body).

    Raises `IdempotencyKeyReused` or `IdempotencyInProgress`.
    """
    tx.execute(
        delete(IdempotencyRecord).where(
            IdempotencyRecord.scope == scope,
            IdempotencyRecord.key == key,
            (IdempotencyRecord.claimed_at < at - KEPT)
            | (
                IdempotencyRecord.status.is_(None)
                & (IdempotencyRecord.claimed_at < at - STALE_CLAIM)
            ),
        )
    )
    won = tx.execute(
        insert(IdempotencyRecord)
        .values(scope=scope, key=key, request_sha256=request_sha256, claimed_at=at)
        .on_conflict_do_nothing()
        .returning(IdempotencyRecord.key)
    ).scalar_one_or_none()
    if won is not None:
        return None
    row = tx.execute(
        select(IdempotencyRecord).where(
            IdempotencyRecord.scope == scope, IdempotencyRecord.key == key
        )
    ).scalar_one_or_none()
    if row is None:
        raise IdempotencyInProgress  # given back between the two looks
    if row.request_sha256 != request_sha256:
        raise IdempotencyKeyReused
    if row.status is None or row.answer is None:
        raise IdempotencyInProgress
    return row.status, crypto.open_alone(row.answer, aad=f"idempotency:{scope}:{key}")


def answer(tx: Tx, *, scope: str, key: str, status: int, body: bytes, crypto: FieldCrypto) -> None:
    """Keep the answer of a claimed key."""
    sealed = crypto.seal_alone(body, aad=f"idempotency:{scope}:{key}")
    tx.execute(
        update(IdempotencyRecord)
        .where(IdempotencyRecord.scope == scope, IdempotencyRecord.key == key)
        .values(status=status, answer=sealed)
    )


def release(tx: Tx, *, scope: str, key: str) -> None:
    """Give a claimed key back after a failure, so that the caller may try again."""
    tx.execute(
        delete(IdempotencyRecord).where(
            IdempotencyRecord.scope == scope, IdempotencyRecord.key == key
        )
    )
