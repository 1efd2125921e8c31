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


class CourtUnknown(AppError):
    """No court has this code."""

    code = "court.unknown"


class FunctionNotOffered(AppError):
    """The court cannot do this online; `notice` says what to do instead."""

    code = "court.function_not_offered"


class CaseNumberInvalid(AppError):
    """The text is no case number 案号, neither of 法〔2015〕137号 nor of the time before."""

    code = "court.case_number_invalid"


class CaseTypeUnknown(AppError):
    """No case type 案件类型 has this type word 类型代字."""

    code = "court.case_type_unknown"


class NoFreeNumber(AppError):
    """No free random number was found; the series is close to full, or randomness is broken."""

    code = "court.no_free_number"


class DeadlineUnknown(AppError):
    """No deadline 期限 that can be counted from a day has this number and variant."""

    code = "court.deadline_unknown"
