"""What a worker does with a message of the outbox: one notice for each of its readers."""

from __future__ import annotations

import uuid

from app.kernel.outbox import Message
from app.kernel.unit_of_work import Tx, unit_of_work
from app.notification import queries
from app.notification.rules import kinds
from app.notification.service.telling import Notice, told
from app.ports.clock import Clock
from app.ports.entropy import Entropy


class FanOut:
    """Takes a notice to its readers; the inbox is never left out."""

    def __init__(self, *, clock: Clock, entropy: Entropy) -> None:
        self._clock = clock
        self._entropy = entropy

    def deliver(self, message: Message) -> None:
        """Write the notices of a message; the same message twice makes each of them once."""
        notice = told(message.payload, at=self._clock.now())
        with unit_of_work() as tx:
            for account_id in notice.account_ids:
                self._write(tx, notice, account_id=account_id, source_id=message.id)

    def _write(self, tx: Tx, notice: Notice, *, account_id: uuid.UUID, source_id: int) -> None:
        words = kinds.words(notice.kind, notice.values)
        queries.add_notice(
            tx,
            id=self._entropy.uuid(),
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
