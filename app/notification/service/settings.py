"""消息设置: which channels somebody opened, for what, and when they want quiet."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.kernel.field_crypto import FieldCrypto
from app.kernel.unit_of_work import Tx, unit_of_work
from app.notification.errors import (
    ChannelClosed,
    ChannelNotOffered,
    ConsentMissing,
    EmailUnconfirmed,
    LinkInvalid,
)
from app.notification.models.channels import NoticeConsent, NoticeQuietHours
from app.notification.queries import channels as reads
from app.notification.rules import channels, unsubscribing
from app.notification.rules.channels import Channel, ConsentText
from app.notification.rules.kinds import Category
from app.notification.rules.letters import Templates
from app.notification.rules.quiet_hours import QuietHours
from app.notification.service.emails import Emails, EmailStanding
from app.notification.service.fan_out import quiet_hours_of
from app.ports.clock import Clock
from app.ports.entropy import Entropy


@dataclass(frozen=True, kw_only=True)
class ChannelStanding:
    """A channel as it stands for somebody; `last_failure` is told while the last push failed."""

    channel: Channel
    consent: ConsentText
    open: bool
    categories: tuple[Category, ...]
    last_failure: str | None


@dataclass(frozen=True, kw_only=True)
class WechatTemplate:
    """A template that the phone may ask to be allowed, and how often it is allowed still."""

    template_id: str
    left: int


@dataclass(frozen=True, kw_only=True)
class Standing:
    """All settings of somebody."""

    channels: Sequence[ChannelStanding]
    email: EmailStanding
    templates: Sequence[WechatTemplate]
    quiet: QuietHours


class Settings:
    """Use cases around channels."""

    def __init__(
        self,
        *,
        emails: Emails,
        templates: Templates,
        crypto: FieldCrypto,
        clock: Clock,
        entropy: Entropy,
    ) -> None:
        self._emails = emails
        self._templates = templates
        self._crypto = crypto
        self._clock = clock
        self._entropy = entropy

    def standing(self, *, account_id: uuid.UUID) -> Standing:
        """Return everything that the page shows."""
        at = self._clock.now()
        with unit_of_work() as tx:
            allowed = reads.allowances(tx, account_id=account_id)
            return Standing(
                channels=[
                    self._channel(tx, channel, account_id=account_id) for channel in self._offered()
                ],
                email=self._emails.standing(tx, account_id=account_id, at=at),
                templates=[
                    WechatTemplate(template_id=each.id, left=allowed.get(each.id, 0))
                    for each in self._templates.offered
                ],
                quiet=quiet_hours_of(tx, account_id=account_id),
            )

    def open(
        self,
        *,
        account_id: uuid.UUID,
        channel: Channel,
        version: str,
        sha256: str,
        categories: Collection[Category],
    ) -> None:
        """Open a channel with the consent to its text.

        Raises `ChannelNotOffered`, `ConsentMissing`, `EmailUnconfirmed`.
        """
        if channel not in self._offered():
            raise ChannelNotOffered
        if not channels.is_shown_text(channel, version=version, sha256=sha256):
            raise ConsentMissing
        at = self._clock.now()
        with unit_of_work() as tx:
            if channel is Channel.EMAIL and not self._emails.address(tx, account_id=account_id):
                raise EmailUnconfirmed
            before = reads.consent(tx, account_id=account_id, channel=channel)
            if before is not None:
                before.withdrawn_at = at
                tx.flush()
            tx.add(
                NoticeConsent(
                    id=self._entropy.uuid(),
                    account_id=account_id,
                    channel=channel.value,
                    version=version,
                    text_sha256=sha256,
                    categories=_words(categories),
                    given_at=at,
                )
            )

    def choose(
        self, *, account_id: uuid.UUID, channel: Channel, categories: Collection[Category]
    ) -> None:
        """Choose what an open channel tells of; raises `ChannelClosed`."""
        with unit_of_work() as tx:
            consent = reads.consent(tx, account_id=account_id, channel=channel)
            if consent is None:
                raise ChannelClosed
            consent.categories = _words(categories)

    def close(self, *, account_id: uuid.UUID, channel: Channel) -> None:
        """Withdraw the consent at once (PIPL art. 15); what still waits is not sent."""
        at = self._clock.now()
        with unit_of_work() as tx:
            consent = reads.consent(tx, account_id=account_id, channel=channel)
            if consent is not None:
                consent.withdrawn_at = at

    def keep_quiet(self, *, account_id: uuid.UUID, quiet: QuietHours) -> None:
        """Change the quiet hours."""
        with unit_of_work() as tx:
            tx.merge(
                NoticeQuietHours(
                    account_id=account_id, from_hour=quiet.from_hour, until_hour=quiet.until_hour
                )
            )

    def allow(self, *, account_id: uuid.UUID, template_ids: Collection[str]) -> None:
        """Count what the phone's owner has just allowed WeChat to send, once each."""
        known = {template.id for template in self._templates.offered}
        with unit_of_work() as tx:
            for template_id in sorted(known.intersection(template_ids)):
                reads.allow_one(tx, account_id=account_id, template_id=template_id)

    def unsubscribe(self, *, token: str, done: bool) -> None:
        """Withdraw a consent by the link of a letter, or only look at it; raises `LinkInvalid`.

        A link of a consent that was withdrawn already is as good: nothing is left to end.
        """
        consent_id = unsubscribing.consent_of(token, mac=self._mac)
        if consent_id is None:
            raise LinkInvalid
        at = self._clock.now()
        with unit_of_work() as tx:
            consent = tx.get(NoticeConsent, consent_id, with_for_update=True)
            if consent is None:
                raise LinkInvalid
            if done and consent.withdrawn_at is None:
                consent.withdrawn_at = at

    def link_token(self, consent_id: uuid.UUID) -> str:
        """Return what the link of a letter carries."""
        return unsubscribing.token(consent_id, mac=self._mac)

    def _mac(self, value: str) -> bytes:
        return self._crypto.blind_index(column="notice_consent.unsubscribe", value=value)

    def _offered(self) -> tuple[Channel, ...]:
        return tuple(Channel) if self._templates.offered else (Channel.EMAIL,)

    def _channel(self, tx: Tx, channel: Channel, *, account_id: uuid.UUID) -> ChannelStanding:
        consent = reads.consent(tx, account_id=account_id, channel=channel)
        last = reads.last_done(tx, account_id=account_id, channel=channel)
        failed = last is not None and consent is not None and _since(last.done_at, consent)
        return ChannelStanding(
            channel=channel,
            consent=channels.CONSENTS[channel],
            open=consent is not None,
            categories=tuple(Category(each) for each in consent.categories) if consent else (),
            last_failure=last.reason if failed and last and last.state == "failed" else None,
        )


def _since(done_at: datetime | None, consent: NoticeConsent) -> bool:
    return done_at is not None and done_at >= consent.given_at


def _words(categories: Collection[Category]) -> list[str]:
    return sorted({category.value for category in categories})
