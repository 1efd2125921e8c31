"""执业状态查询与订阅: the status of a licence now, and events when it changes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.authorization.errors import (
    AttributeNotRegistered,
    NoWebhook,
    SubscriptionUnknown,
    TooManySubscriptions,
)
from app.authorization.models.webhooks import StatusSubscription, WatchedLicence
from app.authorization.queries import webhooks as reads
from app.authorization.rules import webhook as rules
from app.authorization.service.webhooks import Webhooks
from app.identity.service.devices import Devices
from app.kernel.identifiers import is_licence_no
from app.kernel.principal import Partner
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.registry import LicenceNotFound, PracticeStatus, Registry, StatusRecord

ASK_AFTER: Final = timedelta(seconds=30)
ASK_BATCH: Final = 200
ATTRIBUTE: Final = "practice_status"


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """A party's subscription and the status as last seen."""

    id: uuid.UUID
    licence_no: str
    status: PracticeStatus
    as_of: datetime
    created_at: datetime


class StatusWatch:
    """Use cases around the status of a licence, by its number and never by a person's name.

    `note` is called for every status that the register told anybody here, in the transaction of
    whoever asked; a change makes the subscribers' events in that transaction.
    """

    def __init__(
        self,
        *,
        registry: Registry,
        devices: Devices,
        webhooks: Webhooks,
        clock: Clock,
        entropy: Entropy,
    ) -> None:
        self._registry = registry
        self._devices = devices
        self._webhooks = webhooks
        self._clock = clock
        self._entropy = entropy

    def query(self, *, partner: Partner, licence_no: str) -> StatusRecord:
        """Ask the register now; raises `LicenceNotFound`, `RegistryUnavailable` and by right."""
        _check_right(partner)
        return self._ask(licence_no)

    def subscribe(self, *, partner: Partner, licence_no: str) -> Subscription:
        """Subscribe to a licence; a second time gives the same subscription.

        Raises `NoWebhook`, `TooManySubscriptions` and what `query` raises.
        """
        _check_right(partner)
        status = self._ask(licence_no)
        at = self._clock.now()
        with unit_of_work() as tx:
            party = reads.party(tx, client_id=partner.client_id, lock=True)
            if party.webhook_url is None:
                raise NoWebhook
            reads.watch(tx, status=status, at=at)
            row = reads.subscription(tx, client_id=partner.client_id, licence_no=licence_no)
            if row is None:
                row = self._new(tx, partner=partner, licence_no=licence_no, at=at)
            watched = tx.get_one(WatchedLicence, licence_no)
            return _subscription(row, watched)

    def unsubscribe(self, *, partner: Partner, subscription_id: uuid.UUID) -> None:
        """End a subscription; raises `SubscriptionUnknown`."""
        with unit_of_work() as tx:
            row = reads.subscription_by_id(
                tx, client_id=partner.client_id, subscription_id=subscription_id
            )
            if row is None:
                raise SubscriptionUnknown
            reads.watched(tx, licence_no=row.licence_no)
            tx.delete(row)
            tx.flush()
            reads.unwatched(tx, licence_no=row.licence_no)

    def subscriptions(
        self, *, partner: Partner, before: uuid.UUID | None
    ) -> tuple[list[Subscription], uuid.UUID | None]:
        """Return a page of subscriptions, newest first, and where the next one starts."""
        with unit_of_work() as tx:
            rows = reads.subscriptions(
                tx, client_id=partner.client_id, before=before, limit=rules.PAGE + 1
            )
            found = [_subscription(row, watched) for row, watched in rows]
        page = found[: rules.PAGE]
        return page, page[-1].id if len(found) > rules.PAGE else None

    def note(self, tx: Tx, status: StatusRecord, at: datetime) -> None:
        """Compare a status with the one last seen; a change makes an event for each subscriber."""
        watched = reads.watched(tx, licence_no=status.licence_no)
        if watched is None or status.as_of < watched.as_of:
            return
        previous = PracticeStatus(watched.status)
        watched.status = status.status
        watched.as_of = status.as_of
        watched.checked_at = at
        if previous is not status.status:
            data = _change(status, previous=previous)
            for client_id in reads.subscribers(tx, licence_no=status.licence_no):
                self._webhooks.enqueue(
                    tx, client_id=client_id, type=rules.STATUS_CHANGED, data=data, at=at
                )

    def ask_again(self) -> int:
        """Ask about watched licences not asked about lately (worker); return how many."""
        at = self._clock.now()
        with unit_of_work() as tx:
            numbers = reads.licences_to_ask(tx, before=at - ASK_AFTER, limit=ASK_BATCH)
        for number in numbers:
            status = self._devices.live_status(licence_no=number)
            with unit_of_work() as tx:
                self._devices.note_status(tx, status=status, at=at)
        return len(numbers)

    def _ask(self, licence_no: str) -> StatusRecord:
        """Ask the register; whoever watches this licence hears of a change."""
        if not is_licence_no(licence_no):
            raise LicenceNotFound
        status = self._registry.status(licence_no=licence_no)
        at = self._clock.now()
        with unit_of_work() as tx:
            self._devices.note_status(tx, status=status, at=at)
        return status

    def _new(
        self, tx: Tx, *, partner: Partner, licence_no: str, at: datetime
    ) -> StatusSubscription:
        if reads.subscription_count(tx, client_id=partner.client_id) >= rules.MAX_SUBSCRIPTIONS:
            raise TooManySubscriptions
        row = StatusSubscription(
            id=self._entropy.uuid(),
            client_id=partner.client_id,
            licence_no=licence_no,
            created_at=at,
        )
        tx.add(row)
        tx.flush()
        return row


def _check_right(partner: Partner) -> None:
    if ATTRIBUTE not in partner.attributes:
        raise AttributeNotRegistered(ATTRIBUTE)


def _change(status: StatusRecord, *, previous: PracticeStatus) -> dict[str, str]:
    return {
        "licence_no": status.licence_no,
        "status": status.status.value,
        "status_label": status.status.label,
        "previous": previous.value,
        "as_of": rules.moment(status.as_of),
    }


def _subscription(row: StatusSubscription, watched: WatchedLicence) -> Subscription:
    return Subscription(
        id=row.id,
        licence_no=row.licence_no,
        status=PracticeStatus(watched.status),
        as_of=watched.as_of,
        created_at=row.created_at,
    )
