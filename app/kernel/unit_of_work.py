"""`with unit_of_work() as tx:` — all or nothing. The only place that commits.

The two requests that every lawyer and every kiosk make all day go past the ORM: `autocommit()`
runs statements that were compiled once, each its own transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Literal, cast
from weakref import WeakKeyDictionary

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import DiagnosticField, ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult
from sqlalchemy import Engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.compiler import SQLCompiler
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
        dialect = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
        compiled = cast(SQLCompiler, cast(CompilerElement, statement).compile(dialect=dialect))
        self.sql = str(compiled).encode()
        self._names = tuple(compiled.positiontup or ())
        self._constants = {k: v for k, v in (compiled.params or {}).items() if v is not None}

    def ordered(self, values: Mapping[str, object]) -> list[object]:
        """Return the values in the order in which the statement numbers them."""
        given = {**self._constants, **values}
        return [given[name] for name in self._names]


class Autocommit:
    """A connection on which each statement is a transaction of its own, durable when it returns.

    Each is prepared once for the types it is given, and run by libpq's own call: psycopg's cursor
    finds out anew every time what is known here, which costs as much again as the statement.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._prepared: dict[tuple[Statement, tuple[int, ...]], bytes] = {}
        self._values = Transformer(connection)

    def one(self, statement: Statement, **values: object) -> tuple[Any, ...] | None:
        """Run a statement; return its first row."""
        result = self._execute(statement, values)
        if not result.ntuples:
            return None
        self._values.set_pgresult(result)
        return self._values.load_row(0, tuple)

    def run(self, statement: Statement, **values: object) -> None:
        """Run a statement whose rows, if any, do not matter."""
        self._execute(statement, values)

    def _execute(self, statement: Statement, values: Mapping[str, object]) -> PGresult:
        given = statement.ordered(values)
        known = self._values
        sent = known.dump_sequence(given, [PyFormat.AUTO] * len(given))
        key = statement, known.types or ()
        name = self._prepared.get(key)
        if name is None:
            name = b"lvz_%d" % len(self._prepared)
            self._check(self._libpq.prepare(name, statement.sql, known.types))
            self._prepared[key] = name
        given_bytes = cast(Sequence[bytes], sent)  # None is NULL, which the driver's type forgets
        result = self._libpq.exec_prepared(name, given_bytes, known.formats, Format.BINARY)
        return self._check(result)

    @property
    def _libpq(self) -> PGconn:
        return self.connection.pgconn

    def _check(self, result: PGresult) -> PGresult:
        if result.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
            return result
        if result.error_field(DiagnosticField.SQLSTATE) is None:  # it is libpq that speaks
            self.connection.close()
            raise psycopg.OperationalError("the connection is gone")
        raise psycopg.errors.error_from_result(result)


class _Idle:
    """Connections in autocommit mode that wait for the next caller, of each engine.

    Beside SQLAlchemy's pool, whose careful hand-over costs as much as a statement. There are never
    more than threads; disposing of the engine closes them.
    """

    def __init__(self) -> None:
        self._of: WeakKeyDictionary[Engine, list[Autocommit]] = WeakKeyDictionary()

    def of(self, engine: Engine) -> list[Autocommit]:
        """Return those of an engine."""
        idle = self._of.get(engine)
        if idle is None:
            idle = self._of.setdefault(engine, [])
            event.listen(engine, "engine_disposed", self._close_all)
        return idle

    def _close_all(self, engine: Engine) -> None:
        idle = self._of.get(engine, [])
        while idle:
            idle.pop().connection.close()


_idle = _Idle()


class autocommit:  # noqa: N801 - reads as the function that it could be, at half its price
    """Lend a connection in autocommit mode; raises `DatabaseUnavailable`."""

    def __enter__(self) -> Autocommit:
        self._engine = engine = db.engine
        try:
            self._lent = _idle.of(engine).pop()
        except IndexError:  # also when another thread took the last one just now
            self._lent = _open(engine)
        return self._lent

    def __exit__(
        self, _kind: object, error: BaseException | None, _traceback: object
    ) -> Literal[False]:
        """Keep the connection for the next caller; a broken one empties everything."""
        if self._lent.connection.closed:
            self._engine.dispose()
        else:
            _idle.of(self._engine).append(self._lent)
        if isinstance(error, UNAVAILABLE):
            raise DatabaseUnavailable(type(error).__name__) from error
        return False


def _open(engine: Engine) -> Autocommit:
    try:
        pooled = engine.raw_connection()
        connection = cast(Connection, pooled.dbapi_connection)
        pooled.detach()
        connection.autocommit = True
    except UNAVAILABLE as error:
        raise DatabaseUnavailable(type(error).__name__) from error
    return Autocommit(connection)
