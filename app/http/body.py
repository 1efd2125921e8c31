"""Wire types shared by all schemas: base64url bytes, moments, and the strict base model."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from flask import Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, WithJsonSchema


class Strict(BaseModel):
    """Unknown fields are refused; nothing is coerced."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def from_b64u(value: object) -> bytes:
    """Decode base64url without padding (RFC 4648 §5); raises ValueError."""
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str) or "=" in value or not value.isascii():
        raise ValueError("base64url")
    try:
        decoded = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("base64url") from error
    if to_b64u(decoded) != value:
        raise ValueError("base64url is not canonical")
    return decoded


def to_b64u(value: bytes) -> str:
    """Encode base64url without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _exactly(length: int) -> BeforeValidator:
    def check(value: object) -> bytes:
        decoded = from_b64u(value)
        if len(decoded) != length:
            raise ValueError(f"must be {length} bytes")
        return decoded

    return BeforeValidator(check)


def _schema(length: int) -> WithJsonSchema:
    characters = (length * 4 + 2) // 3
    return WithJsonSchema({"type": "string", "pattern": f"^[A-Za-z0-9_-]{{{characters}}}$"})


_WRITTEN = PlainSerializer(to_b64u, return_type=str)

Bytes = Annotated[bytes, _WRITTEN]
Nonce = Annotated[bytes, _exactly(8), _schema(8), _WRITTEN]
Digest = Annotated[bytes, _exactly(32), _schema(32), _WRITTEN]
PublicKey = Annotated[bytes, _exactly(33), _schema(33), _WRITTEN]
Signature = Annotated[bytes, _exactly(64), _schema(64), _WRITTEN]

Moment = Annotated[
    datetime,
    PlainSerializer(
        lambda at: at.isoformat(timespec="milliseconds").replace("+00:00", "Z"), return_type=str
    ),
]


PHOTO_ANSWERS: Final[dict[int | str, dict[str, str | dict[str, dict[str, Any]]]]] = {
    200: {
        "description": "登记照片",
        "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}},
    }
}

# What a clock of this product can show; PostgreSQL and Python would disagree about the extremes.
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)


def _moment(value: object) -> datetime:
    at = datetime.fromisoformat(value) if isinstance(value, str) else None
    if at is None or at.tzinfo is None or not EARLIEST <= at < LATEST:
        raise ValueError("datetime")
    return at


MomentIn = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


def written(answer: BaseModel, *, status: int = 200) -> Response:
    """Return an answer as JSON in one step, for the two routes that are called most."""
    return Response(answer.model_dump_json(), status=status, mimetype="application/json")


def milliseconds(at: datetime) -> int:
    """Return Unix time in milliseconds."""
    return int(at.timestamp() * 1000)
