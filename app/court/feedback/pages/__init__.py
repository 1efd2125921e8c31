"""The pages of feedback."""

from __future__ import annotations

from typing import cast

from flask import current_app

from app.court.feedback.service import FeedbackServices


def services() -> FeedbackServices:
    """Return the services that bootstrap wired."""
    return cast(FeedbackServices, current_app.extensions["feedback"])
