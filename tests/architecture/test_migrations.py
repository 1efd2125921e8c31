"""The schema goes up and down, empty and with rows, and its head is what the models say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from app import create_app
from app.cli import database
from app.cli.seed import seed_courts
from app.cli.services import Services
from app.kernel.database import db
from app.kernel.unit_of_work import unit_of_work
from tests.conftest import make_config, plain
from tests.partner import enter
from tests.world import World, seed_register, wechat_served
from tests.world import build as build_world

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


@pytest.fixture
def url(services: Services) -> Iterator[str]:
    """A database of its own."""
    made = services.postgres.create_database("migrations")
    yield made
    with psycopg.connect(plain(services.postgres.url()), autocommit=True) as connection:
        connection.execute("DROP DATABASE migrations WITH (FORCE)")


@pytest.fixture
def blank(url: str, redis_url: str, tmp_path: Path) -> Iterator[Flask]:
    application = create_app(make_config(url, redis_url, tmp_path))
    yield application
    with application.app_context():
        db.engine.dispose()


def tables(url: str) -> set[str]:
    with psycopg.connect(plain(url), autocommit=True) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {name for (name,) in rows} - {"alembic_version"}


def leftovers(url: str) -> int:
    """Sequences, types and functions that are nobody's."""
    with psycopg.connect(plain(url), autocommit=True) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE nspname = 'public' AND relname NOT LIKE 'alembic_version%'"
        ).fetchone()
    assert row is not None
    return int(row[0])


def test_up_down_up_on_an_empty_database(blank: Flask, url: str) -> None:
    database.upgrade(blank)
    full = tables(url)
    assert len(full) > 15
    with blank.app_context():
        assert full == set(db.metadata.tables)
        db.engine.dispose()
    database.downgrade(blank, revision="base")
    assert tables(url) == set()
    assert leftovers(url) == 0
    database.upgrade(blank)
    assert tables(url) == full


def test_each_step_goes_down_and_up_again(blank: Flask, url: str) -> None:
    steps = list(ScriptDirectory(str(MIGRATIONS)).walk_revisions())
    assert [step.revision for step in steps]
    assert all(step.nextrev is None or len(step.nextrev) <= 1 for step in steps), "one line"
    database.upgrade(blank)
    full = tables(url)
    for step in steps:
        before = step.down_revision
        assert before is None or isinstance(before, str)
        database.downgrade(blank, revision=before or "base")
        database.upgrade(blank)
        assert tables(url) == full


def test_the_head_is_what_the_models_say(blank: Flask) -> None:
    database.upgrade(blank)
    with blank.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, db.metadata) == []


def number_a_case(world: World) -> None:
    """Let there be courts, their functions, and a number of either kind."""
    with world.app.app_context():
        casefile = world.services.casefile
        seed_courts(casefile.courts)
        with unit_of_work() as tx:
            for word in ("刑终", "刑核"):
                casefile.numbers.give(
                    tx, court_code="最高法", accepted_on=date(2026, 3, 2), type_word=word
                )


def test_down_and_up_with_rows_present(url: str, redis_url: str, tmp_path: Path) -> None:
    seed_register(tmp_path / "register")
    with (
        wechat_served() as wechat,
        build_world(
            database_url=url,
            redis_url=redis_url,
            folder=tmp_path / "world",
            register=tmp_path / "register",
            wechat=wechat,
        ) as world,
    ):
        database.upgrade(world.app)
        phone = world.bound_phone()
        world.kiosk().verify(phone.show())
        party = enter(world, webhook_url="http://127.0.0.1:9/hook")
        assert party.call("POST", "/verifications", {"text": phone.show(form="LVZ3")}).json
        licence = {"licence_no": world.person().licence_no}
        assert party.call("POST", "/subscriptions", licence).status_code == 201
        assert party.call("POST", "/webhook-tests").status_code == 202
        world.console()
        number_a_case(world)
        with world.app.app_context():
            db.engine.dispose()
        database.downgrade(world.app, revision="base")
        assert tables(url) == set()
        database.upgrade(world.app)
        phone = world.bound_phone()
        assert world.kiosk().verify(phone.show())["outcome"] == "accepted"
