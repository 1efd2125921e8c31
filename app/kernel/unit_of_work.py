"""`with unit_of_work() as tx:` — all or nothing. The only place that commits.

The two requests that every lawyer and every kiosk make all day go past the ORM: `autocommit()`
runs statements that were compiled once, each its own transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, cast

import psycopg
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.elements import CompilerElement

from app.errors import AppError
from app.kernel.database import db

Tx = Session
UNAVAILABLE = (
    OperationalError, InterfaceError, PoolTimeout, psycopg.OperationalError, psycopg.InterfaceError
)  # fmt: skip


class DatabaseUnavailable(AppError):
    """The database cannot be reached; nothing was written and nothing may be accepted."""

    code = "database.unavailable"


@contextmanager
def unit_of_work() -> Iterator[Tx]:
    """Open a transaction; commit on leaving, roll back on any exception.

    Raises `DatabaseUnavailable` when the server is gone. A pooled connection that died while
    idle fails once; SQLAlchemy then empties the pool, so the next request gets a live one.
    """
    session = db.session()
    try:
        yield session
        session.commit()
    except UNAVAILABLE as error:
        _roll_back(session)
        raise DatabaseUnavailable(type(error).__name__) from error
    except BaseException:
        _roll_back(session)
        raise
    finally:
        db.session.remove()


def _roll_back(session: Session) -> None:
    """Roll back; a server that is gone has done so itself, and the first failure counts."""
    with suppress(SQLAlchemyError):
        session.rollback()


class Statement:
    """A Core statement, compiled once; its values are given by name at every run.

    Rows come back as the driver reads them: what a column's Python type would do to a value is
    not done, so columns must be types that psycopg knows (text, bytea, uuid, timestamptz, …).
    """

    def __init__(self, statement: Executable) -> None:
        compiled = cast(CompilerElement, statement).compile(dialect=PGDialect_psycopg())  # type: ignore[no-untyped-call]
        self.sql = str(compiled).encode()
        self.constants = {k: v for k, v in (compiled.params or {}).items() if v is not None}


class Autocommit:
    """A connection on which each statement is a transaction of its own, durable when it returns."""

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        self._connection = connection

    def one(self, statement: Statement, **values: object) -> tuple[Any, ...] | None:
        """Run a statement; return its first row."""
        return self._execute(statement, values).fetchone()

    def run(self, statement: Statement, **values: object) -> None:
        """Run a statement that returns no rows."""
        self._execute(statement, values)

    def _execute(
        self, statement: Statement, values: dict[str, object]
    ) -> psycopg.Cursor[tuple[Any, ...]]:
        given = {**statement.constants, **values}
        return self._connection.execute(statement.sql, given, prepare=True)


@contextmanager
def autocommit() -> Iterator[Autocommit]:
    """Lend a pooled connection in autocommit mode; raises `DatabaseUnavailable`.

    A connection that broke is thrown away with all idle ones, as SQLAlchemy itself does.
    """
    try:
        pooled = db.engine.raw_connection()
    except UNAVAILABLE as error:
        raise DatabaseUnavailable(type(error).__name__) from error
    connection = cast("psycopg.Connection[tuple[Any, ...]]", pooled.dbapi_connection)
    try:
        connection.autocommit = True
        yield Autocommit(connection)
    except UNAVAILABLE as error:
        raise DatabaseUnavailable(type(error).__name__) from error
    finally:
        if connection.closed:
            pooled.invalidate()
            db.engine.dispose()
        else:
            connection.autocommit = False
            pooled.close()
