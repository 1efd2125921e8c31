"""The lawyer identity platform 中国律师身份核验平台, as a WSGI application."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apiflask import APIFlask

    from app.ports import Ports
    from config import Config


def create_app(config: Config, *, ports: Ports | None = None) -> APIFlask:
    """Build the application; `ports` replaces adapters in tests."""
    from app import bootstrap  # noqa: PLC0415 - importing app.errors must not load everything

    return bootstrap.build(config, ports=ports)
