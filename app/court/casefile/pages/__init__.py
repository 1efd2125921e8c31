"""The casefile's pages."""

from __future__ import annotations

from typing import cast

from flask import current_app

from app.court.casefile.service import CasefileServices


def services() -> CasefileServices:
    """Return the services that bootstrap wired."""
    return cast(CasefileServices, current_app.extensions["casefile"])
