"""`with unit_of_work() as tx:` — all or nothing. The only place that commits.

The two requests that every lawyer and every kiosk make all day go past the ORM: `autocommit()`
runs statements that were compiled once, each its own transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, cast
from weakref import WeakKeyDictionary

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.elements import CompilerElement

from app.errors import AppError
from app.kernel.database import db

Tx = Session
Connection = psycopg.Connection[tuple[Any, ...]]
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

    def __init__(self, connection: Connection) -> None:
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


class _Idle:
    """Connections in autocommit mode that wait for the next caller, of each engine.

    Beside SQLAlchemy's pool, whose careful hand-over costs as much as a statement. There are never
    more than threads; disposing of the engine closes them.
    """

    def __init__(self) -> None:
        self._of: WeakKeyDictionary[Engine, list[Connection]] = WeakKeyDictionary()

    def take(self) -> Connection:
        """Return an idle connection, or open one."""
        engine = db.engine
        idle = self._of.get(engine)
        if idle is None:
            idle = self._of.setdefault(engine, [])
            event.listen(engine, "engine_disposed", self._close_all)
        try:
            return idle.pop()
        except IndexError:
            return self._open(engine)

    def give_back(self, connection: Connection) -> None:
        """Keep a connection for the next caller; a broken one empties everything."""
        engine = db.engine
        if connection.closed:
            engine.dispose()
        else:
            self._of.setdefault(engine, []).append(connection)

    @staticmethod
    def _open(engine: Engine) -> Connection:
        pooled = engine.raw_connection()
        connection = cast(Connection, pooled.dbapi_connection)
        pooled.detach()
        connection.autocommit = True
        return connection

    def _close_all(self, engine: Engine) -> None:
        idle = self._of.get(engine, [])
        while idle:
            idle.pop().close()


_idle = _Idle()


@contextmanager
def autocommit() -> Iterator[Autocommit]:
    """Lend a connection in autocommit mode; raises `DatabaseUnavailable`."""
    try:
        connection = _idle.take()
        try:
            yield Autocommit(connection)
        finally:
            _idle.give_back(connection)
    except UNAVAILABLE as error:
        raise DatabaseUnavailable(type(error).__name__) from error
