"""事件推送: events for relying parties, written with what they tell of, posted by a worker."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.authorization.errors import EventUnknown, NoWebhook
from app.authorization.models.webhooks import WebhookEvent
from app.authorization.queries import webhooks as reads
from app.authorization.rules import webhook as rules
from app.kernel import outbox
from app.kernel.outbox import Message
from app.kernel.principal import Partner
from app.kernel.signed_message import content_digest, signature_headers
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.errors import PortError
from app.ports.outside_web import Delivery, OutsideUnavailable, OutsideWeb
from credential.keys import Signer

TOPIC = "webhook"


@dataclass(frozen=True, kw_only=True)
class DeadLetter:
    """An event that could not be delivered 死信."""

    id: uuid.UUID
    type: str
    at: datetime
    attempts: int
    failure: str
    dead_at: datetime


class Webhooks:
    """Use cases around events. At least once, in no order; the event's id tells copies apart."""

    def __init__(self, *, web: OutsideWeb, signer: Signer, clock: Clock, entropy: Entropy) -> None:
        self._web = web
        self._signer = signer
        self._clock = clock
        self._entropy = entropy
        self._silent_until: dict[str, datetime] = {}

    def enqueue(
        self,
        tx: Tx,
        *,
        client_id: str,
        type: str,  # noqa: A002 - the word on the wire
        data: Mapping[str, Any],
        at: datetime,
    ) -> uuid.UUID | None:
        """Write an event in the caller's transaction; return its id.

        None, and nothing written, for a party without an address or whose switch is off.
        """
        party = reads.party(tx, client_id=client_id)
        if party.webhook_url is None or party.suspended_at is not None:
            return None
        event = WebhookEvent(
            id=self._entropy.uuid(), client_id=client_id, type=type, data=dict(data), at=at
        )
        tx.add(event)
        tx.flush()
        self._wake(tx, event.id, at=at)
        return event.id

    def send_test(self, *, partner: Partner) -> uuid.UUID:
        """Send a `webhook.test` event; raises `NoWebhook`."""
        at = self._clock.now()
        with unit_of_work() as tx:
            data = {"client_id": partner.client_id}
            sent = self.enqueue(tx, client_id=partner.client_id, type=rules.TEST, data=data, at=at)
        if sent is None:
            raise NoWebhook
        return sent

    def dead_letters(
        self, *, partner: Partner, before: uuid.UUID | None
    ) -> tuple[list[DeadLetter], uuid.UUID | None]:
        """Return a page of what could not be delivered, newest first, and where the next starts."""
        with unit_of_work() as tx:
            rows = reads.dead_letters(
                tx, client_id=partner.client_id, before=before, limit=rules.PAGE + 1
            )
            letters = [_letter(row, row.dead_at) for row in rows if row.dead_at is not None]
        page = letters[: rules.PAGE]
        return page, page[-1].id if len(letters) > rules.PAGE else None

    def redeliver(self, *, partner: Partner, event_id: uuid.UUID) -> None:
        """Try a dead letter again from the beginning; raises `EventUnknown`."""
        at = self._clock.now()
        with unit_of_work() as tx:
            row = reads.event(tx, event_id, lock=True)
            if row is None or row.client_id != partner.client_id or row.dead_at is None:
                raise EventUnknown
            row.dead_at = None
            row.attempts = 0
            self._wake(tx, event_id, at=at)

    def deliver(self, message: Message) -> None:
        """Post one event (worker); a failure is written down and tried again later.

        While an address is known not to answer, its other events wait: nobody else's should
        stand behind a silent one.
        """
        event_id = uuid.UUID(message.payload["event_id"])
        at = self._clock.now()
        with unit_of_work() as tx:
            delivery = self._delivery(tx, event_id)
            if delivery is not None and at < self._silent_until.get(delivery.url, at):
                self._wake(tx, event_id, at=self._silent_until[delivery.url])
                return
        if delivery is None:
            return
        failure = self._post(delivery)
        if failure == OutsideUnavailable.code:
            self._silent_until[delivery.url] = self._clock.now() + rules.SILENCE
        else:
            self._silent_until.pop(delivery.url, None)
        with unit_of_work() as tx:
            self._note(tx, event_id, failure=failure, at=self._clock.now())

    def sweep(self) -> int:
        """Forget events that were delivered or given up long ago; return how many."""
        at = self._clock.now()
        with unit_of_work() as tx:
            return reads.forget_events(
                tx, delivered_before=at - rules.KEEP_DELIVERED, dead_before=at - rules.KEEP_DEAD
            )

    def _wake(self, tx: Tx, event_id: uuid.UUID, *, at: datetime) -> None:
        outbox.enqueue(tx, topic=TOPIC, payload={"event_id": str(event_id)}, at=at)

    def _delivery(self, tx: Tx, event_id: uuid.UUID) -> Delivery | None:
        """Write the signed request; None when there is nothing (more) to deliver."""
        event = reads.event(tx, event_id)
        if event is None or event.delivered_at is not None or event.dead_at is not None:
            return None
        party = reads.party(tx, client_id=event.client_id)
        if party.webhook_url is None or party.suspended_at is not None:
            event.dead_at = self._clock.now()
            event.failure = "no_address"
            return None
        return self._signed(event, url=party.webhook_url)

    def _signed(self, event: WebhookEvent, *, url: str) -> Delivery:
        body = rules.body(event_id=str(event.id), kind=event.type, at=event.at, data=event.data)
        digest = content_digest(body)
        covered = {
            '"@method"': "POST",
            '"@target-uri"': rules.target_uri(url),
            '"content-digest"': digest,
        }
        parameters = rules.parameters(at=self._clock.now(), nonce=self._entropy.token_bytes(16))
        return Delivery(
            url=url,
            body=body,
            headers={
                "Content-Type": "application/json",
                "Content-Digest": digest,
                "Idempotency-Key": str(event.id),
                **signature_headers(covered, parameters, signer=self._signer),
            },
        )

    def _post(self, delivery: Delivery) -> str | None:
        """Return why the event was not taken; None when it was."""
        try:
            answer = self._web.post(delivery)
        except PortError as error:
            return error.code
        return None if rules.is_taken(answer.status) else f"http_{answer.status}"

    def _note(self, tx: Tx, event_id: uuid.UUID, *, failure: str | None, at: datetime) -> None:
        event = reads.event(tx, event_id, lock=True)
        if event is None or event.delivered_at is not None:
            return
        event.attempts += 1
        event.failure = failure
        if failure is None:
            event.delivered_at = at
            return
        wait = rules.next_try(event.attempts)
        if wait is None:
            event.dead_at = at
        else:
            self._wake(tx, event_id, at=at + wait)


def _letter(row: WebhookEvent, dead_at: datetime) -> DeadLetter:
    return DeadLetter(
        id=row.id,
        type=row.type,
        at=row.at,
        attempts=row.attempts,
        failure=row.failure or "",
        dead_at=dead_at,
    )
