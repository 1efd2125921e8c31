"""How a push leaves by each channel. Everything is read in the transaction, sent after it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal, Protocol

from app.kernel.unit_of_work import Tx
from app.notification.queries import channels as reads
from app.notification.rules import kinds, letters
from app.notification.rules.kinds import Kind
from app.notification.rules.letters import Templates
from app.notification.service.emails import Emails
from app.ports.errors import PortError
from app.ports.mail import Letter, Mail, MailRefused
from app.ports.wechat import (
    Wechat,
    WechatMessageRefused,
    WechatRequestRejected,
    WechatUserBlocked,
)

Verdict = Literal["again", "failed", "dropped"]


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """What is to be pushed, to whom, under which consent."""

    delivery_id: uuid.UUID
    account_id: uuid.UUID
    consent_id: uuid.UUID
    kind: Kind
    told: Mapping[str, str]
    at: datetime


class Carrier(Protocol):
    """A way out of the house."""

    def prepare(self, tx: Tx, outgoing: Outgoing) -> Callable[[], None] | str:
        """Return the act of sending, or the reason why there is nothing to send."""
        ...

    def judge(self, tx: Tx, error: PortError, *, account_id: uuid.UUID, kind: Kind) -> Verdict:
        """Say what becomes of a push that met this error."""
        ...


class EmailCarrier:
    """Sends e-mails to the confirmed address. `link` makes a consent's address to unsubscribe."""

    def __init__(self, *, mail: Mail, emails: Emails, link: Callable[[uuid.UUID], str]) -> None:
        self._mail = mail
        self._emails = emails
        self._link = link

    def prepare(self, tx: Tx, outgoing: Outgoing) -> Callable[[], None] | str:
        """Write the letter."""
        address = self._emails.address(tx, account_id=outgoing.account_id)
        if address is None:
            return "no_address"
        link = self._link(outgoing.consent_id)
        text = letters.notice(outgoing.kind, outgoing.told, unsubscribe=link)
        letter = Letter(
            to=address,
            subject=text.subject,
            text=text.text,
            reference=str(outgoing.delivery_id),
            unsubscribe=link,
        )
        return partial(self._mail.send, letter)

    def judge(
        self,
        tx: Tx,  # noqa: ARG002 - the protocol's
        error: PortError,
        *,
        account_id: uuid.UUID,  # noqa: ARG002
        kind: Kind,  # noqa: ARG002
    ) -> Verdict:
        """Give up on what the server refuses; everything else may pass."""
        return "failed" if isinstance(error, MailRefused) else "again"


class WechatCarrier:
    """Sends 订阅消息. One allowance is one message; without one, the inbox has to do."""

    def __init__(
        self,
        *,
        wechat: Wechat,
        templates: Templates,
        openid_of: Callable[[Tx, uuid.UUID], str | None],
    ) -> None:
        self._wechat = wechat
        self._templates = templates
        self._openid_of = openid_of

    def prepare(self, tx: Tx, outgoing: Outgoing) -> Callable[[], None] | str:
        """Fill the template and use one allowance up."""
        template = self._templates.of(outgoing.kind.category)
        openid = self._openid_of(tx, outgoing.account_id)
        if template is None or openid is None:
            return "not_offered"
        if not reads.use_one(tx, account_id=outgoing.account_id, template_id=template.id):
            return "no_allowance"
        said = kinds.words_outside(outgoing.kind.code, outgoing.told)
        return partial(
            self._wechat.send_subscribe_message,
            openid=openid,
            template_id=template.id,
            page=letters.INBOX,
            data=letters.wechat(template, said, outgoing.told, at=outgoing.at),
        )

    def judge(self, tx: Tx, error: PortError, *, account_id: uuid.UUID, kind: Kind) -> Verdict:
        """Believe WeChat about what is allowed; give back what was not used."""
        template = self._templates.of(kind.category)
        if template is None:
            return "dropped"
        if isinstance(error, WechatMessageRefused):
            reads.allow_none(tx, account_id=account_id, template_id=template.id)
            return "dropped"
        reads.allow_one(tx, account_id=account_id, template_id=template.id)
        if isinstance(error, WechatRequestRejected | WechatUserBlocked):
            return "failed"
        return "again"
