"""What can go wrong with applications, each with its public code."""

from __future__ import annotations

from app.errors import AppError


class ApplicationUnknown(AppError):
    """There is no such application, or it is not the caller's to see."""

    code = "applications.unknown"


class ApplicationInvalid(AppError):
    """Fields are missing or wrong; `errors` names each with what to do."""

    code = "applications.invalid"


class ApplicationLate(AppError):
    """The law's time for this application is over; `sentence` says since when, and by what."""

    code = "applications.late"


class ApplicationClosed(AppError):
    """The application's state allows no such step; `state` is its Chinese name."""

    code = "applications.closed"


class ApplicationOpen(AppError):
    """The lawyer has an undecided application of this kind in the case already."""

    code = "applications.open"


class NoReconsideration(AppError):
    """The law gives no reconsideration 复议 of this decision, or none any more."""

    code = "applications.no_reconsideration"
