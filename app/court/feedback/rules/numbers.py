"""Numbers of tickets 编号 that people say on the phone: eight digits, the last of them a check."""

from __future__ import annotations

from typing import Final

DRAWN: Final = 10_000_000  # seven digits; the eighth finds slips of the tongue
_DIGITS: Final = 8


def number(drawn: int) -> str:
    """Make a number of `0 ≤ drawn < DRAWN`: seven digits and Luhn's check digit."""
    body = f"{drawn:07}"
    return body + str(-_luhn(body + "0") % 10)


def spoken(text: str) -> str:
    """Write a number as it is read aloud: in two groups of four."""
    return f"{text[:4]} {text[4:]}"


def heard(text: str) -> str | None:
    """Read a number as people type it, with spaces or full-width digits; None where it is none."""
    digits = "".join(str(int(c)) for c in text if c.isdecimal())
    others = [c for c in text if not c.isdecimal() and not c.isspace() and c not in "-－"]
    if others or len(digits) != _DIGITS or _luhn(digits) % 10:
        return None
    return digits


def _luhn(digits: str) -> int:
    """Add the digits, every second one from the right doubled (ISO/IEC 7812-1 annex B)."""
    doubled = (int(c) * (2 if place % 2 else 1) for place, c in enumerate(reversed(digits)))
    return sum(each // 10 + each % 10 for each in doubled)
