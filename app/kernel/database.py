"""The only import of Flask-SQLAlchemy: the base of all tables and the types they share."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any, ClassVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Dialect, LargeBinary, MetaData, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """A moment in UTC. Naive values are refused: they are somebody's local time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Refuse naive values before they reach the database."""
        if value is not None and value.tzinfo is None:
            raise ValueError("naive datetime")
        return value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Give back UTC whatever the server's time zone is."""
        return None if value is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every table; all text is unlimited, all moments are `Instant`."""

    registry: ClassVar[registry] = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            str: Text(),
            int: BigInteger(),
            bytes: LargeBinary(),
            datetime: Instant(),
            uuid.UUID: Uuid(),
            dict[str, Any]: JSONB(),
            list[Any]: JSONB(),
        },
    )


db = SQLAlchemy(
    model_class=Base,
    engine_options={
        "hide_parameters": True,  # statements may be logged, their values are personal data
        "pool_size": 8,
        "pool_timeout": 1,
        "connect_args": {
            "connect_timeout": 1,
            "application_name": "luzheng",
            "options": "-c statement_timeout=5000 -c lock_timeout=3000",
        },
    },
)
