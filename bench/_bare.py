"""The yardstick of the HTTP figures: a Flask application with one route that does nothing."""

from __future__ import annotations

from flask import Flask

application = Flask(__name__)


@application.post("/")
def hello() -> dict[str, str]:
    """Answer with a small JSON object, as an API does."""
    return {"hello": "world"}
