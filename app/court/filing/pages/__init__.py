"""Filing's pages."""

from __future__ import annotations

from typing import cast

from flask import current_app

from app.court.filing.service import FilingServices


def services() -> FilingServices:
    """Return the services that bootstrap wired."""
    return cast(FilingServices, current_app.extensions["filing"])
