"""The short code (短码) LVZ3: a handle and eight digits of TOTP (RFC 6238), 30 characters.

For a phone without a working camera path: it can be shown as a tiny QR or read aloud. Only the
server can check it, because the seed is a shared secret; it is never an offline proof.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Final

import pyotp

from credential.errors import Malformed, Replayed, ShortCodeWrong

PREFIX: Final = "LVZ3:"
DIGITS: Final = 8
#: Length of one step, in seconds.
INTERVAL: Final = 15
#: Steps accepted before and after the present one.
WINDOW: Final = 1

_BODY: Final = re.compile(r"([A-Z2-7]{16})-([0-9]{8})", re.ASCII)
_SEED: Final = re.compile(r"[A-Z2-7]{32,52}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ShortCode:
    """A short code: `handle` is 16 characters of base32 (80 bits), `totp` eight digits."""

    handle: str
    totp: str


def make_text(*, handle: str, totp: str) -> str:
    """The text of a short code, 30 characters. Raises `Malformed`."""
    text = f"{PREFIX}{handle}-{totp}"
    parse(text)
    return text


def parse(text: str) -> ShortCode:
    """Read the text of a short code, strictly. Raises `Malformed`."""
    match = _BODY.fullmatch(text, len(PREFIX)) if text.startswith(PREFIX) else None
    if match is None:
        raise Malformed("short code: LVZ3:<16 base32>-<8 digits>")
    return ShortCode(match[1], match[2])


def totp_at(*, seed_b32: str, at: int) -> str:
    """The eight digits for `at` (Unix seconds): what the phone shows."""
    return _totp(seed_b32).generate_otp(at // INTERVAL)


def match_step(*, seed_b32: str, code: str, at: int, after_step: int = -1) -> int:
    """Check the eight digits at `at` (Unix seconds); return the time step they belong to.

    The caller stores the returned step with the handle, in the same transaction, and passes it
    as `after_step` the next time: pyotp itself remembers nothing and would accept a code twice.
    The caller also limits the tries. Raises `ShortCodeWrong`, or `Replayed` if the digits are
    right but belong to a step that was used already.
    """
    totp, now = _totp(seed_b32), at // INTERVAL
    steps = range(max(now - WINDOW, 0), now + WINDOW + 1)
    given = code.encode(errors="replace")
    # Every step is computed and compared in constant time, whichever matches.
    matching = [s for s in steps if hmac.compare_digest(totp.generate_otp(s).encode(), given)]
    if not matching:
        raise ShortCodeWrong
    fresh = [step for step in matching if step > after_step]
    if not fresh:
        raise Replayed("short code: this step was used")
    return fresh[0]


def _totp(seed_b32: str) -> pyotp.TOTP:
    # Base32 without padding has no text of 1, 3 or 6 characters beyond a multiple of 8.
    if not _SEED.fullmatch(seed_b32) or len(seed_b32) % 8 in (1, 3, 6):
        raise Malformed("short code seed: 160 to 256 bits of base32, no padding")
    return pyotp.TOTP(seed_b32, digits=DIGITS, digest=hashlib.sha256, interval=INTERVAL)
