"""What can go wrong in the casefile, each with its public code."""

from __future__ import annotations

from app.errors import AppError


class ClockPaused(AppError):
    """The clock stands still: until it is resumed, it has no last day."""

    code = "court.clock_paused"


class ClockGroundRefused(AppError):
    """The law does not let this clock stop, begin again or be extended on that ground."""

    code = "court.clock_ground_refused"


class ClockDaysDisordered(AppError):
    """A day lies before the one it must follow, as a resumption before its pause."""

    code = "court.clock_days_disordered"


class PeriodRefused(AppError):
    """The court's period 指定期间 is outside what the law allows."""

    code = "court.period_refused"
