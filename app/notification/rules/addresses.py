"""E-mail addresses and the codes that confirm them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

CODE_LIFE: Final = timedelta(minutes=15)
CODE_TRIES: Final = 5
CODES_PER_HOUR: Final = 5

# What mail servers of this country take; quoted and internationalised local parts are left out.
_ADDRESS: Final = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9._%+-]{0,62}[A-Za-z0-9])?"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
LONGEST: Final = 254


def tidy(address: str) -> str | None:
    """Return the address as it is kept, or None if it is none; the domain in small letters."""
    typed = address.strip().replace("＠", "@")
    if len(typed) > LONGEST or ".." in typed or not _ADDRESS.fullmatch(typed):
        return None
    local, _, domain = typed.partition("@")
    return f"{local}@{domain.lower()}"


def masked(address: str) -> str:
    """Return what a screen shows: lin.zh@example.cn is l***@example.cn."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}***@{domain}"


def code(number: int) -> str:
    """Write a number below a million as six digits."""
    return f"{number:06d}"
