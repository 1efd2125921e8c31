"""Fixtures for everybody: a real PostgreSQL and Valkey, started once; an application per test.

No application context is kept pushed: it would lend the test's session to the request, and a
forgotten commit would pass. Look into the database with `with app.app_context():`.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient
from psycopg import sql

from app import create_app
from app.cli import database
from app.cli.services import Services
from app.kernel.database import db
from config import Config

REPO = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def services() -> Iterator[Services]:
    """Private stores of this test run, on a unix socket; a test may kill them and start them."""
    folder = Path(tempfile.mkdtemp(prefix="luzheng-tests-"))
    folder.chmod(0o755)
    stores = Services(folder, durable=False)
    try:
        stores.start()
        yield stores
    finally:
        stores.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """DATA_DIR of the whole test run: keys, made at the first use."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def database_url(services: Services, run_folder: Path) -> str:
    """A database of the current schema."""
    url = services.postgres.create_database("tests")
    application = create_app(make_config(url, services.valkey.url(), run_folder))
    database.upgrade(application)
    with application.app_context():
        db.engine.dispose()
    return url


@pytest.fixture
def clean_database(database_url: str) -> str:
    """The same, empty: what earlier tests wrote is deleted before the test, not after it."""
    with psycopg.connect(plain(database_url), autocommit=True) as connection:
        empty(connection)
    return database_url


@pytest.fixture
def redis_url(services: Services) -> str:
    """An empty Valkey."""
    with redis.Redis.from_url(services.valkey.url()) as client:
        client.flushall()
    return services.valkey.url()


@pytest.fixture
def config(clean_database: str, redis_url: str, run_folder: Path) -> Config:
    """Settings of a test: everything embedded, over the private stores."""
    return make_config(clean_database, redis_url, run_folder)


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    """The product as `make run` serves it; connections are given back afterwards."""
    application = create_app(config)
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A caller of the application, without a server between."""
    return app.test_client()


def make_config(database_url: str, redis_url: str, folder: Path, **settings: str) -> Config:
    """Settings for tests, any of which may be named."""
    return Config.from_env(
        {
            "ENV": "test",
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "DATA_DIR": str(folder),
            "LOG_LEVEL": "WARNING",
            **settings,
        }
    )


def plain(url: str) -> str:
    """The URL for psycopg itself, without SQLAlchemy's driver name."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def empty(connection: psycopg.Connection) -> None:
    """Delete the rows of every table that has some; the schema's own version stays."""
    connection.execute("SET lock_timeout = '5s'")
    connection.execute("SET session_replication_role = replica")  # no order, no triggers
    tables = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        " AND tablename <> 'alembic_version'"
    ).fetchall()
    for (name,) in tables:
        table = sql.Identifier(name)
        connection.execute(sql.SQL("DELETE FROM {}").format(table))
