"""扫码事务: the changing code on the screen, and the states between page and phone.

    waiting → claimed → approved → completed
       ↘         ↘ declined, cancelled, expired, failed

A code lives for one step and the next (two times 3.5 s), so that a picture sent to somebody else
is old when it arrives. Whoever scans first has the transaction.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.authorization.errors import NotFromCamera, ScanClosed, ScanStale, ScanUnknown

STEP: Final = timedelta(milliseconds=3500)
WAITING_LIFE: Final = timedelta(seconds=120)
DECIDING_LIFE: Final = timedelta(seconds=120)
FACE_LIFE: Final = timedelta(seconds=300)  # a face check takes half a minute, old hands longer
NUMBER_TRIES: Final = 3
FACE_FRESH_FOR: Final = timedelta(minutes=5)
# WeChat launch scenes: 1012 long press, 1013 album, 1048 and 1049 mini-program codes of the same.
REFUSED_SCENES: Final = frozenset((1012, 1013, 1048, 1049))
_TEXT = re.compile(r"https?://[^/\s]{1,255}/s/([A-Za-z0-9_-]{22})\.(\d{1,6})\.([A-Za-z0-9_-]{22})")


class State(StrEnum):
    """States of a transaction."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    APPROVED = "approved"
    COMPLETED = "completed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    FAILED = "failed"


OPEN: Final = (State.WAITING, State.CLAIMED)


@dataclass(frozen=True, kw_only=True)
class Scanned:
    """What a scanned text says."""

    ticket: str
    step: int
    mac: str


def parse(text: str, *, source: str, scene: int | None) -> Scanned:
    """Read a scanned text; raises `ScanUnknown` or, for an album or a chat, `NotFromCamera`."""
    if source != "camera" or scene in REFUSED_SCENES:
        raise NotFromCamera
    found = _TEXT.fullmatch(text)
    if found is None:
        raise ScanUnknown
    return Scanned(ticket=found[1], step=int(found[2]), mac=found[3])


def step_at(*, created_at: datetime, at: datetime) -> int:
    """Return the number of the step on the screen."""
    return max(0, int((at - created_at) / STEP))


def mac(seed: bytes, *, ticket: str, step: int) -> bytes:
    """Return the 16 bytes that only we can make for a step."""
    message = f"lvz-scan:v1:{ticket}:{step}".encode()
    return hmac.digest(seed, message, hashlib.sha256)[:16]


def check_fresh(*, step: int, created_at: datetime, at: datetime) -> None:
    """Accept the present step and the one before; raises `ScanStale`."""
    if not 0 <= step_at(created_at=created_at, at=at) - step <= 1:
        raise ScanStale


def next_look(*, created_at: datetime, at: datetime) -> timedelta:
    """Return when the page should look again: at the next half step, so it sees every change."""
    half = STEP / 2
    return half - (at - created_at) % half


def state_at(state: str, *, expires_at: datetime, at: datetime) -> State:
    """Return the state now: what was left open expires by itself."""
    if state in (State.WAITING, State.CLAIMED, State.APPROVED) and at >= expires_at:
        return State.EXPIRED
    return State(state)


def check_claimed(state: State) -> None:
    """Only a claimed transaction can be decided; raises `ScanClosed`."""
    if state is not State.CLAIMED:
        raise ScanClosed


def deciding_until(*, at: datetime, face_needed: bool) -> datetime:
    """Return how long the phone may take after scanning."""
    return at + (FACE_LIFE if face_needed else DECIDING_LIFE)
