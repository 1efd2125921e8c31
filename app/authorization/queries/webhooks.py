"""Reads of watched licences, subscriptions and events, and the writes that settle a race."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from app.authorization.models.relying_parties import RelyingParty
from app.authorization.models.webhooks import StatusSubscription, WatchedLicence, WebhookEvent
from app.kernel.unit_of_work import Tx
from app.ports.registry import StatusRecord


def party(tx: Tx, *, client_id: str, lock: bool = False) -> RelyingParty:
    """Return a registered relying party; locked, its subscriptions are counted one at a time."""
    locked = {"key_share": True} if lock else None
    return tx.get_one(RelyingParty, client_id, with_for_update=locked)


def watch(tx: Tx, *, status: StatusRecord, at: datetime) -> None:
    """Begin to watch a licence unless it is watched; holds its row until the end."""
    tx.execute(
        insert(WatchedLicence)
        .values(
            licence_no=status.licence_no, status=status.status, as_of=status.as_of, checked_at=at
        )
        .on_conflict_do_nothing()
    )
    watched(tx, licence_no=status.licence_no)


def watched(tx: Tx, *, licence_no: str) -> WatchedLicence | None:
    """Find a watched licence and lock it: two readers of the register come one after the other."""
    return tx.get(WatchedLicence, licence_no, with_for_update=True, populate_existing=True)


def unwatched(tx: Tx, *, licence_no: str) -> None:
    """Stop watching a licence, which the caller has locked, if nobody subscribes to it."""
    others = select(StatusSubscription.id).where(StatusSubscription.licence_no == licence_no)
    if tx.scalar(others.limit(1)) is None:
        tx.execute(delete(WatchedLicence).where(WatchedLicence.licence_no == licence_no))


def licences_to_ask(tx: Tx, *, before: datetime, limit: int) -> Sequence[str]:
    """Return watched licences not asked about lately, the oldest first."""
    return tx.scalars(
        select(WatchedLicence.licence_no)
        .where(WatchedLicence.checked_at < before)
        .order_by(WatchedLicence.checked_at)
        .limit(limit)
    ).all()


def subscribers(tx: Tx, *, licence_no: str) -> Sequence[str]:
    """Return who subscribed to a licence."""
    return tx.scalars(
        select(StatusSubscription.client_id).where(StatusSubscription.licence_no == licence_no)
    ).all()


def subscription(tx: Tx, *, client_id: str, licence_no: str) -> StatusSubscription | None:
    """Find a party's subscription to a licence."""
    return tx.scalar(
        select(StatusSubscription).where(
            StatusSubscription.client_id == client_id,
            StatusSubscription.licence_no == licence_no,
        )
    )


def subscription_by_id(
    tx: Tx, *, client_id: str, subscription_id: uuid.UUID
) -> StatusSubscription | None:
    """Find a party's subscription by its number."""
    row = tx.get(StatusSubscription, subscription_id)
    return row if row is not None and row.client_id == client_id else None


def subscription_count(tx: Tx, *, client_id: str) -> int:
    """Count a party's subscriptions."""
    mine = StatusSubscription.client_id == client_id
    return tx.scalar(select(func.count()).select_from(StatusSubscription).where(mine)) or 0


def subscriptions(
    tx: Tx, *, client_id: str, before: uuid.UUID | None, limit: int
) -> Sequence[tuple[StatusSubscription, WatchedLicence]]:
    """Return a party's subscriptions, newest first, from after the one named `before`."""
    key = tuple_(StatusSubscription.created_at, StatusSubscription.id)
    query = (
        select(StatusSubscription, WatchedLicence)
        .join(WatchedLicence, WatchedLicence.licence_no == StatusSubscription.licence_no)
        .where(StatusSubscription.client_id == client_id)
        .order_by(StatusSubscription.created_at.desc(), StatusSubscription.id.desc())
        .limit(limit)
    )
    anchor = None
    if before is not None:
        anchor = subscription_by_id(tx, client_id=client_id, subscription_id=before)
    if anchor is not None:
        query = query.where(key < (anchor.created_at, anchor.id))
    return [(row[0], row[1]) for row in tx.execute(query).all()]


def event(tx: Tx, event_id: uuid.UUID, *, lock: bool = False) -> WebhookEvent | None:
    """Find an event."""
    return tx.get(WebhookEvent, event_id, with_for_update=lock or None)


def dead_letters(
    tx: Tx, *, client_id: str, before: uuid.UUID | None, limit: int
) -> Sequence[WebhookEvent]:
    """Return a party's dead letters, newest first, from after the one named `before`."""
    query = (
        select(WebhookEvent)
        .where(WebhookEvent.client_id == client_id, WebhookEvent.dead_at.is_not(None))
        .order_by(WebhookEvent.dead_at.desc(), WebhookEvent.id.desc())
        .limit(limit)
    )
    anchor = None if before is None else event(tx, before)
    if anchor is not None and anchor.client_id == client_id and anchor.dead_at is not None:
        query = query.where(
            tuple_(WebhookEvent.dead_at, WebhookEvent.id) < (anchor.dead_at, anchor.id)
        )
    return tx.scalars(query).all()


def dead_letter_count(tx: Tx, *, client_id: str) -> int:
    """Count a party's dead letters."""
    mine = (WebhookEvent.client_id == client_id) & WebhookEvent.dead_at.is_not(None)
    return tx.scalar(select(func.count()).select_from(WebhookEvent).where(mine)) or 0


def forget_events(tx: Tx, *, delivered_before: datetime, dead_before: datetime) -> int:
    """Delete events that were delivered or given up long ago."""
    old = (WebhookEvent.delivered_at < delivered_before) | (WebhookEvent.dead_at < dead_before)
    done = tx.execute(delete(WebhookEvent).where(WebhookEvent.at < delivered_before, old))
    return int(cast(Any, done).rowcount)
