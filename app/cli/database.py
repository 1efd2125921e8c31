"""The schema, brought up to date without Alembic's own command line."""

from __future__ import annotations

from pathlib import Path

import flask_migrate
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from app.kernel.database import db

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def upgrade(app: Flask, *, revision: str = "head") -> None:
    """Migrate up to `revision`; costs one query when the schema is there already."""
    with app.app_context():
        if revision == "head" and _current() == set(_script().get_heads()):
            return
        flask_migrate.upgrade(directory=str(MIGRATIONS), revision=revision)


def downgrade(app: Flask, *, revision: str) -> None:
    """Migrate down to `revision`; "base" empties the database."""
    with app.app_context():
        flask_migrate.downgrade(directory=str(MIGRATIONS), revision=revision)


def revise(app: Flask, *, message: str, number: str) -> None:
    """Write a migration from the difference between tables and models, to be edited by a person."""
    with app.app_context():
        flask_migrate.migrate(directory=str(MIGRATIONS), message=message, rev_id=number)


def _script() -> ScriptDirectory:
    return ScriptDirectory(str(MIGRATIONS))


def _current() -> set[str]:
    with db.engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads())
