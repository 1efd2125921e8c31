"""`with unit_of_work() as tx:` — all or nothing. The only place that commits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from app.errors import AppError
from app.kernel.database import db

Tx = Session


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
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        session.rollback()
        raise DatabaseUnavailable(type(error).__name__) from error
    except BaseException:
        session.rollback()
        raise
    finally:
        db.session.remove()
