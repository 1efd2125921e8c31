"""The demo world: what `make run` puts into an empty database."""

from __future__ import annotations

from flask import Flask


def seed(app: Flask) -> None:
    """Fill an empty database; do nothing when somebody lives there already."""
    with app.app_context():
        pass
