"""The services of feedback, wired by bootstrap and found by routes and pages."""

from __future__ import annotations

from dataclasses import dataclass

from app.court.feedback.service.complaints import Complaints
from app.court.feedback.service.desk import Desk
from app.court.feedback.service.ratings import Ratings
from app.court.feedback.service.reports import Reports
from app.court.feedback.service.statistics import Statistics
from app.court.feedback.service.suggestions import Suggestions


@dataclass(frozen=True, kw_only=True)
class FeedbackServices:
    """Everything that routes and pages call."""

    complaints: Complaints
    desk: Desk
    ratings: Ratings
    reports: Reports
    statistics: Statistics
    suggestions: Suggestions
