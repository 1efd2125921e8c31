"""The WSGI entry: the product, and in demonstration the mini-program beside it under /mp."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from werkzeug.middleware.dispatcher import DispatcherMiddleware

from app import create_app
from config import Config

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def build() -> WSGIApplication:
    """Return the product; outside production, the mini-program's page too."""
    config = Config.from_env(os.environ)
    product: WSGIApplication = create_app(config).wsgi_app
    if config.production:
        return product
    from miniprogram_mock.wsgi import application as mini_program  # noqa: PLC0415 - demo only

    return DispatcherMiddleware(product, {"/mp": mini_program})


application = build()
