"""A letter as RFC 5322 wants it: UTF-8 text, and headers that machines understand."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from app.ports.mail import Letter


def written(letter: Letter, *, sender: str, at: datetime) -> EmailMessage:
    """Write a letter. A line break in an address is refused by the standard library."""
    name, address = parseaddr(sender)
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(display_name=name, addr_spec=address)
    message["To"] = Address(addr_spec=letter.to)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{letter.reference}@{address.partition('@')[2]}>"
    message["Content-Language"] = "zh-CN"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: holiday answers keep still
    if letter.unsubscribe is not None:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text, charset="utf-8", cte="base64")
    return message
