"""E-mail 电子邮件: plain letters to one reader each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from app.ports.errors import Refused, Unavailable


class MailUnavailable(Unavailable):
    """The mail server did not answer, or asked to be tried again later (4yz)."""

    code: ClassVar[str] = "mail.unavailable"


class MailRefused(Refused):
    """The mail server does not take this letter or does not know its reader (5yz)."""

    code: ClassVar[str] = "mail.refused"


class MailMisconfigured(Refused):
    """The mail server does not accept us: name, password or encryption; an operator must act."""

    code: ClassVar[str] = "mail.misconfigured"


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One letter. `reference` names it: the same letter sent twice carries the same Message-ID.

    `unsubscribe` is an https address that ends such letters (RFC 8058), where there is one.
    """

    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    reference: str
    unsubscribe: str | None = field(default=None, repr=False)


class Mail(Protocol):
    """Sends letters; raises the errors above."""

    def send(self, letter: Letter) -> None:
        """Hand a letter over to be delivered; returns when it has been taken."""
        ...
