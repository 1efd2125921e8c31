"""Where a page of a list starts: a moment and an id, as one opaque word in a URL."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Final

from app.court.casefile.errors import PlaceMalformed

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def place_text(at: datetime, row_id: uuid.UUID) -> str:
    """Write a place: microseconds since 1970 and the id's hexadecimal digits."""
    return f"{(at - _EPOCH) // _MICROSECOND:x}-{row_id.hex}"


def place_from(text: str) -> tuple[datetime, uuid.UUID]:
    """Read a place; raises `PlaceMalformed`."""
    moment, _, row_id = text.partition("-")
    try:
        return _EPOCH + int(moment, 16) * _MICROSECOND, uuid.UUID(hex=row_id)
    except (ValueError, OverflowError) as error:
        raise PlaceMalformed from error
