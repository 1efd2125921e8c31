"""Mail over SMTP (RFC 5321) with STARTTLS or TLS from the first byte (RFC 8314)."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import unquote, urlsplit

from app.adapters.smtp.message import written
from app.ports.clock import Clock
from app.ports.mail import Letter, MailMisconfigured, MailRefused, MailUnavailable

Security = Literal["starttls", "tls", "none"]
SECURITY: Final[dict[str, Security]] = {"smtp": "none", "smtp+starttls": "starttls", "smtps": "tls"}
PORTS: Final[dict[Security, int]] = {"none": 25, "starttls": 587, "tls": 465}
TIMEOUT = 8.0  # seconds for each answer of the server


@dataclass(frozen=True, kw_only=True)
class SmtpAccount:
    """The server that takes our letters, and who we are to it; `user` empty: no sign-in."""

    host: str
    port: int
    security: Security
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def at(cls, url: str, *, sender: str) -> SmtpAccount:
        """Read `smtp+starttls://name:password@host:port`; `smtps` is TLS from the first byte."""
        parts = urlsplit(url)
        security = SECURITY[parts.scheme]
        return cls(
            host=parts.hostname or "",
            port=parts.port or PORTS[security],
            security=security,
            sender=sender,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )


class SmtpMail:
    """The mail port. `trust` decides which certificates are good; None: the system's roots."""

    def __init__(
        self,
        *,
        account: SmtpAccount,
        clock: Clock,
        trust: ssl.SSLContext | None = None,
        timeout: float = TIMEOUT,
    ) -> None:
        self._account = account
        self._clock = clock
        self._trust = trust or ssl.create_default_context()
        self._timeout = timeout

    def send(self, letter: Letter) -> None:
        """Hand a letter over; raises `MailUnavailable`, `MailRefused`, `MailMisconfigured`."""
        message = written(letter, sender=self._account.sender, at=self._clock.now())
        try:
            with closing(self._connected()) as server:
                self._enter(server)
                server.send_message(message)
                with suppress(smtplib.SMTPException, OSError):
                    server.quit()  # the letter has been taken, however the server says goodbye
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as error:
            raise MailMisconfigured(type(error).__name__) from error
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise _meaning(min(codes, default=0)) from error
        except smtplib.SMTPResponseException as error:
            raise _meaning(error.smtp_code) from error
        except ssl.SSLError as error:
            raise MailMisconfigured(type(error).__name__) from error
        except (smtplib.SMTPException, OSError) as error:
            raise MailUnavailable(type(error).__name__) from error

    def _connected(self) -> smtplib.SMTP:
        account = self._account
        if account.security == "tls":
            return smtplib.SMTP_SSL(
                account.host, account.port, timeout=self._timeout, context=self._trust
            )
        return smtplib.SMTP(account.host, account.port, timeout=self._timeout)

    def _enter(self, server: smtplib.SMTP) -> None:
        """Encrypt before anything is said; a server that cannot is not used."""
        if self._account.security == "starttls":
            server.starttls(context=self._trust)
        if self._account.user:
            server.login(self._account.user, self._account.password)


def _meaning(code: int) -> MailRefused | MailUnavailable:
    """5yz will stay so (RFC 5321 §4.2.1); everything else may pass."""
    if 500 <= code < 600:
        return MailRefused(f"status {code}")
    return MailUnavailable(f"status {code}")
