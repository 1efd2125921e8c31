"""The service of applications, wired by bootstrap and found by the routes."""

from __future__ import annotations

from dataclasses import dataclass

from app.court.applications.service.applications import Applications


@dataclass(frozen=True, kw_only=True)
class ApplicationsServices:
    """Everything the routes of applications call."""

    applications: Applications
