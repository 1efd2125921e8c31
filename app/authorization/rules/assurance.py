"""Assurance levels 保证级别 (`acr`) and methods (`amr`, RFC 8176) of a sign-in by scanning."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from app.authorization.rules.ticket import FACE_FRESH_FOR

SCAN: Final = "urn:lvz:acr:scan"
DEVICE: Final = "urn:lvz:acr:device"
FACE: Final = "urn:lvz:acr:face"
LEVELS: Final = (SCAN, DEVICE, FACE)


def wanted(acr_values: str) -> str:
    """Return the first level asked for that we know; without one, the device's signature."""
    known = [value for value in acr_values.split() if value in LEVELS]
    return known[0] if known else DEVICE


def face_needed(acr: str, *, person_verified_at: datetime, since: datetime) -> bool:
    """Tell whether the person must be verified anew for a request begun at `since`."""
    return acr == FACE and person_verified_at < since - FACE_FRESH_FOR


def achieved(*, person_verified_at: datetime, since: datetime) -> str:
    """Return the level reached: every consent is signed by the device, some faces are fresh."""
    return FACE if person_verified_at >= since - FACE_FRESH_FOR else DEVICE


def suffices(reached: str, *, for_level: str) -> bool:
    """Tell whether a level covers another."""
    return LEVELS.index(reached) >= LEVELS.index(for_level)


def methods(acr: str, *, device_assurance: int) -> list[str]:
    """Return `amr`: a key in software or hardware, the person's own act, perhaps the face."""
    key = "hwk" if device_assurance >= 2 else "swk"
    return [key, "user", *(["face"] if acr == FACE else [])]
