"""The schema, brought up to date without Alembic's own command line."""

from __future__ import annotations

import flask_migrate
from flask import Flask

from app.cli.schema import MIGRATIONS, is_current
from app.kernel.database import db


def upgrade(app: Flask, *, revision: str = "head") -> None:
    """Migrate up to `revision`; costs one query when the schema is there already."""
    with app.app_context():
        if revision == "head" and is_current(_url()):
            return
        _attach(app)
        flask_migrate.upgrade(directory=str(MIGRATIONS), revision=revision)


def downgrade(app: Flask, *, revision: str) -> None:
    """Migrate down to `revision`; "base" empties the database."""
    with app.app_context():
        _attach(app)
        flask_migrate.downgrade(directory=str(MIGRATIONS), revision=revision)


def revise(app: Flask, *, message: str, number: str) -> None:
    """Write a migration from the difference between tables and models, to be edited by a person."""
    with app.app_context():
        _attach(app)
        flask_migrate.migrate(directory=str(MIGRATIONS), message=message, rev_id=number)


def _attach(app: Flask) -> None:
    """Only these commands need Flask-Migrate; a server starts half a second sooner without it."""
    if "migrate" not in app.extensions:
        flask_migrate.Migrate(app, db, directory=str(MIGRATIONS))


def _url() -> str:
    return db.engine.url.render_as_string(hide_password=False)
