"""Reads of suggestions."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from app.court.feedback.models import Suggestion
from app.court.feedback.rules.suggestion import SuggestionState
from app.kernel.unit_of_work import Tx


def suggestion(tx: Tx, *, suggestion_id: uuid.UUID, lock: bool = False) -> Suggestion | None:
    """Find a suggestion."""
    return tx.get(Suggestion, suggestion_id, with_for_update=lock or None)


def number_taken(tx: Tx, number: str) -> bool:
    """Whether a number is given out."""
    return tx.scalar(select(Suggestion.id).where(Suggestion.number == number)) is not None


def of_lawyer(tx: Tx, *, licence_no: str, limit: int) -> Sequence[Suggestion]:
    """Return a lawyer's suggestions, the newest first."""
    return tx.scalars(
        select(Suggestion)
        .where(Suggestion.licence_no == licence_no)
        .order_by(Suggestion.created_at.desc())
        .limit(limit)
    ).all()


def count_since(tx: Tx, *, licence_no: str, since: datetime) -> int:
    """Return how many a lawyer sent since then."""
    return tx.scalars(
        select(func.count())
        .select_from(Suggestion)
        .where(Suggestion.licence_no == licence_no, Suggestion.created_at > since)
    ).one()


def of_desk(tx: Tx, *, desk_code: str, limit: int) -> Sequence[Suggestion]:
    """Return a desk's suggestions: those without an answer first, the oldest of them in front."""
    return tx.scalars(
        select(Suggestion)
        .where(Suggestion.desk_code == desk_code)
        .order_by((Suggestion.state != SuggestionState.RECEIVED), Suggestion.created_at)
        .limit(limit)
    ).all()


def published(tx: Tx, *, limit: int) -> Sequence[Suggestion]:
    """Return what everybody may read 大家的建议与改进, the newest first."""
    return tx.scalars(
        select(Suggestion)
        .where(Suggestion.published_at.is_not(None))
        .order_by(Suggestion.published_at.desc())
        .limit(limit)
    ).all()
