"""The mail port, both ways: over SMTP to a server, and into a folder."""

from __future__ import annotations

import email
import email.policy
import smtplib
import ssl
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import pytest

from app.adapters.embedded.mail import FolderMail
from app.adapters.smtp.mail import SmtpAccount, SmtpMail
from app.adapters.system.clock import SystemClock
from app.ports.mail import Letter, MailMisconfigured, MailRefused, MailUnavailable
from tests.contract.mail_server import PASSWORD, USER, Mailbox, certificate, mail_served

SENDER = "律证 <notice@lvz.example>"
LETTER = Letter(
    to="lin@example.cn",
    subject="【律证】期限将至 （2026）京0105民初12号",
    text="上诉的期限到12月1日为止。\n.\n行首的点不丢。\n",
    reference="abc",
    unsubscribe="https://lvz.example/notices/unsubscribe/x",
)


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    return certificate(tmp_path_factory.mktemp("mail"))


@pytest.fixture
def box(contexts: tuple[ssl.SSLContext, ssl.SSLContext]) -> Mailbox:
    return Mailbox(tls=contexts[0])


def sender(port: int, trust: ssl.SSLContext, *, scheme: str = "smtp+starttls") -> SmtpMail:
    url = f"{scheme}://{USER}:{quote(PASSWORD, safe='')}@localhost:{port}"
    account = SmtpAccount.at(url, sender=SENDER)
    return SmtpMail(account=account, clock=SystemClock(), trust=trust, timeout=2)


def read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def check(message: EmailMessage) -> None:
    assert message["From"] == SENDER
    assert message["To"] == LETTER.to
    assert message["Subject"] == LETTER.subject
    assert message["Message-ID"] == "<abc@lvz.example>"
    assert message["List-Unsubscribe"] == f"<{LETTER.unsubscribe}>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_charset() == "utf-8"
    assert message.get_content().replace("\r\n", "\n") == LETTER.text
    assert message["Date"].datetime.tzinfo is not None


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
def test_a_letter_arrives_encrypted(
    box: Mailbox, contexts: tuple[ssl.SSLContext, ssl.SSLContext], scheme: str
) -> None:
    box.implicit = scheme == "smtps"
    with mail_served(box) as port:
        sender(port, contexts[1], scheme=scheme).send(LETTER)
    (raw,) = box.taken
    raw.decode("ascii")
    assert max(len(line) for line in raw.splitlines()) < 998
    check(read(raw))
    assert box.readers == [LETTER.to]
    assert not {"AUTH", "MAIL", "RCPT", "DATA"}.intersection(box.in_clear)


def test_how_a_server_says_goodbye_does_not_matter(
    box: Mailbox, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    """A letter that was taken must not be sent again."""
    box.replies = {"QUIT": "421 4.4.2 too late"}
    with mail_served(box) as port:
        sender(port, contexts[1]).send(LETTER)
    assert len(box.taken) == 1


def test_a_letter_without_a_link_has_no_header_for_it(tmp_path: Path) -> None:
    FolderMail(folder=tmp_path, sender=SENDER, clock=SystemClock()).send(
        replace(LETTER, unsubscribe=None)
    )
    (path,) = tmp_path.glob("*.eml")
    assert read(path.read_bytes())["List-Unsubscribe"] is None


def test_a_server_that_cannot_encrypt_is_told_nothing(
    box: Mailbox, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    box.offers_starttls = False
    with mail_served(box) as port, pytest.raises(MailMisconfigured):
        sender(port, contexts[1]).send(LETTER)
    assert not {"AUTH", "MAIL"}.intersection(box.in_clear)


def test_a_certificate_that_nobody_vouches_for_is_refused(box: Mailbox) -> None:
    stranger = ssl.create_default_context()
    with mail_served(box) as port, pytest.raises(MailMisconfigured):
        sender(port, stranger).send(LETTER)
    assert box.taken == []


@pytest.mark.parametrize(
    ("word", "reply", "raised"),
    [
        ("AUTH", "535 5.7.8 wrong", MailMisconfigured),
        ("RCPT", "550 5.1.1 nobody here", MailRefused),
        ("RCPT", "451 4.2.0 greylisted", MailUnavailable),
        ("MAIL", "452 4.3.1 full", MailUnavailable),
        ("DATA", "554 5.7.1 spam", MailRefused),
        ("EHLO", "421 4.3.2 closing", MailUnavailable),
    ],
)
def test_what_a_servers_answer_means(
    box: Mailbox,
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
    word: str,
    reply: str,
    raised: type[Exception],
) -> None:
    box.replies = {word: reply, "HELO": reply} if word == "EHLO" else {word: reply}
    with mail_served(box) as port, pytest.raises(raised):
        sender(port, contexts[1]).send(LETTER)
    assert box.taken == []


def test_a_server_that_is_silent_or_not_there(
    box: Mailbox, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    box.silent = True
    with mail_served(box) as port, pytest.raises(MailUnavailable):
        sender(port, contexts[1]).send(LETTER)
    with pytest.raises(MailUnavailable):
        sender(port, contexts[1]).send(LETTER)


def test_the_same_letter_twice_has_one_name(tmp_path: Path) -> None:
    mail = FolderMail(folder=tmp_path, sender=SENDER, clock=SystemClock())
    mail.send(LETTER)
    mail.send(LETTER)
    (path,) = tmp_path.glob("*.eml")
    check(read(path.read_bytes()))
    assert path.stat().st_mode & 0o077 == 0


def test_secrets_stay_out_of_sight() -> None:
    account = SmtpAccount.at("smtps://a:secret@h", sender=SENDER)
    assert "secret" not in repr(account)
    assert account.port == smtplib.SMTP_SSL_PORT
    assert LETTER.to not in repr(LETTER)
