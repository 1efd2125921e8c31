"""What a worker does with a push: ask again whether it is wanted, send it, write down the end."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.kernel.outbox import Message
from app.kernel.unit_of_work import Tx, unit_of_work
from app.notification.models.channels import NoticeConsent, NoticeDelivery
from app.notification.models.inbox import NoticeRow
from app.notification.queries import channels as reads
from app.notification.rules import channels, kinds, quiet_hours, retries
from app.notification.rules.channels import Channel
from app.notification.service.carriers import Carrier, Outgoing
from app.notification.service.fan_out import quiet_hours_of, wake
from app.ports.clock import Clock
from app.ports.errors import PortError

FAILED_SHOWN = 100


@dataclass(frozen=True, kw_only=True)
class FailedPush:
    """A push that was given up 死信."""

    id: uuid.UUID
    channel: str
    kind: str
    attempts: int
    reason: str
    at: datetime


class Pushing:
    """Carries pushes. At least once; a push whose end is written down is never sent again."""

    def __init__(self, *, carriers: dict[Channel, Carrier], clock: Clock) -> None:
        self._carriers = carriers
        self._clock = clock

    def push(self, message: Message) -> None:
        """Do one push; a failure is written down and tried again later."""
        delivery_id = uuid.UUID(message.payload["delivery_id"])
        at = self._clock.now()
        with unit_of_work() as tx:
            send = self._prepared(tx, delivery_id, at=at)
        if send is None:
            return
        try:
            send()
        except PortError as error:
            self._note_failure(delivery_id, error)
            return
        with unit_of_work() as tx:
            found = reads.delivery(tx, delivery_id=delivery_id, lock=True)
            if found is not None:
                _end(found[0], "sent", at=self._clock.now())

    def failed(self) -> Sequence[FailedPush]:
        """Return what was given up, newest first."""
        with unit_of_work() as tx:
            return [
                FailedPush(
                    id=push.id,
                    channel=push.channel,
                    kind=notice.kind,
                    attempts=push.attempts,
                    reason=push.reason or "",
                    at=push.done_at or notice.at,
                )
                for push, notice in reads.failed(tx, limit=FAILED_SHOWN)
            ]

    def again(self, *, push_id: uuid.UUID) -> bool:
        """Try a push that was given up from the beginning; False when there is none such."""
        at = self._clock.now()
        with unit_of_work() as tx:
            found = reads.delivery(tx, delivery_id=push_id, lock=True)
            if found is None or found[0].state != "failed":
                return False
            push = found[0]
            push.state, push.attempts, push.done_at = "waiting", 0, None
            wake(tx, delivery_id=push.id, due=at)
            return True

    def _prepared(
        self, tx: Tx, delivery_id: uuid.UUID, *, at: datetime
    ) -> Callable[[], None] | None:
        """Return how to send it; None when it is done, not wanted any more, or not yet due."""
        found = reads.delivery(tx, delivery_id=delivery_id, lock=True)
        if found is None or found[0].state != "waiting":
            return None
        push, notice = found
        kind, channel = kinds.find(notice.kind), Channel(push.channel)
        consent = reads.consent(tx, account_id=notice.account_id, channel=channel)
        if consent is None or not channels.is_wanted(kind, categories=consent.categories):
            _end(push, "dropped", at=at, reason="no_consent")
            return None
        quiet = quiet_hours_of(tx, account_id=notice.account_id)
        due = quiet_hours.due(quiet, at=at, urgent=kind.urgent)
        if due > at:
            wake(tx, delivery_id=push.id, due=due)
            return None
        return self._sending(tx, push, notice, consent, at=at)

    def _sending(
        self,
        tx: Tx,
        push: NoticeDelivery,
        notice: NoticeRow,
        consent: NoticeConsent,
        *,
        at: datetime,
    ) -> Callable[[], None] | None:
        outgoing = Outgoing(
            delivery_id=push.id,
            account_id=notice.account_id,
            consent_id=consent.id,
            kind=kinds.find(notice.kind),
            told=dict(notice.told or {}),
            at=notice.at,
        )
        send = self._carriers[Channel(push.channel)].prepare(tx, outgoing)
        if isinstance(send, str):
            _end(push, "dropped", at=at, reason=send)
            return None
        return send

    def _note_failure(self, delivery_id: uuid.UUID, error: PortError) -> None:
        at = self._clock.now()
        with unit_of_work() as tx:
            found = reads.delivery(tx, delivery_id=delivery_id, lock=True)
            if found is None or found[0].state != "waiting":
                return
            push, notice = found
            kind = kinds.find(notice.kind)
            verdict = self._carriers[Channel(push.channel)].judge(
                tx, error, account_id=notice.account_id, kind=kind
            )
            push.attempts += 1
            push.reason = error.code
            wait = retries.next_try(push.attempts) if verdict == "again" else None
            if wait is not None:
                wake(tx, delivery_id=push.id, due=at + wait)
            else:
                state = "dropped" if verdict == "dropped" else "failed"
                _end(push, state, at=at, reason=error.code)


def _end(push: NoticeDelivery, state: str, *, at: datetime, reason: str | None = None) -> None:
    push.state, push.reason, push.done_at = state, reason, at
