"""What a worker does with a message of the outbox: one notice for each of its readers.

The inbox always; another channel only where its reader opened it for this category. A push is a
message of its own, so that a channel that is down keeps nothing from the inbox.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from app.kernel import outbox
from app.kernel.outbox import Message
from app.kernel.unit_of_work import Tx, unit_of_work
from app.notification.models.channels import NoticeDelivery
from app.notification.queries import channels as reads
from app.notification.queries import inbox as queries
from app.notification.rules import channels, kinds, quiet_hours
from app.notification.rules.channels import Channel
from app.notification.rules.kinds import Kind
from app.notification.rules.quiet_hours import QuietHours
from app.notification.service.telling import Notice, told
from app.ports.clock import Clock
from app.ports.entropy import Entropy

PUSH = "notice.push"


def wake(tx: Tx, *, delivery_id: uuid.UUID, due: datetime) -> None:
    """Have a push done when it is due."""
    outbox.enqueue(tx, topic=PUSH, payload={"delivery_id": str(delivery_id)}, at=due)


def quiet_hours_of(tx: Tx, *, account_id: uuid.UUID) -> QuietHours:
    """Return somebody's quiet hours."""
    row = reads.quiet_hours(tx, account_id=account_id)
    if row is None:
        return QuietHours()
    return QuietHours(from_hour=row.from_hour, until_hour=row.until_hour)


class FanOut:
    """Takes a notice to its readers; the inbox is never left out."""

    def __init__(self, *, clock: Clock, entropy: Entropy) -> None:
        self._clock = clock
        self._entropy = entropy

    def deliver(self, message: Message) -> None:
        """Write the notices of a message; the same message twice makes each of them once."""
        at = self._clock.now()
        notice = told(message.payload, at=at)
        with unit_of_work() as tx:
            for account_id in notice.account_ids:
                written = self._write(tx, notice, account_id=account_id, source_id=message.id)
                if written is not None:
                    self._push(
                        tx, kinds.find(notice.kind), account_id=account_id, notice_id=written, at=at
                    )

    def _write(
        self, tx: Tx, notice: Notice, *, account_id: uuid.UUID, source_id: int
    ) -> uuid.UUID | None:
        words = kinds.words(notice.kind, notice.values)
        notice_id = self._entropy.uuid()
        written = queries.add_notice(
            tx,
            id=notice_id,
            source_id=source_id,
            account_id=account_id,
            kind=notice.kind,
            title=words.title,
            body=words.body,
            told=dict(notice.values),
            case_id=notice.case_id,
            subject_id=notice.subject_id,
            at=notice.at,
        )
        return notice_id if written else None

    def _push(
        self, tx: Tx, kind: Kind, *, account_id: uuid.UUID, notice_id: uuid.UUID, at: datetime
    ) -> None:
        due = quiet_hours.due(quiet_hours_of(tx, account_id=account_id), at=at, urgent=kind.urgent)
        for consent in reads.consents(tx, account_id=account_id):
            if channels.is_wanted(kind, categories=consent.categories):
                push = NoticeDelivery(
                    id=self._entropy.uuid(),
                    notice_id=notice_id,
                    channel=Channel(consent.channel).value,
                    state="waiting",
                    attempts=0,
                )
                tx.add(push)
                tx.flush()
                wake(tx, delivery_id=push.id, due=due)
