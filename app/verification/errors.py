"""What can go wrong at a kiosk beyond the refusals of the code itself."""

from __future__ import annotations

from app.errors import AppError


class UnknownKiosk(AppError):
    """The kiosk is not enrolled, or it is suspended."""

    code = "verification.unknown_kiosk"


class EnrolmentCodeInvalid(AppError):
    """The enrolment code is unknown, used, or past its time."""

    code = "verification.enrolment_code_invalid"


class VerificationNotFound(AppError):
    """No such verification of this kiosk, or too long ago."""

    code = "verification.not_found"


class PassCourtUnknown(AppError):
    """No terminal stands in this court: nobody there could read the pass."""

    code = "verification.pass_court_unknown"


class PassDayRefused(AppError):
    """The day of a pass is past, or too far ahead."""

    code = "verification.pass_day_refused"


class PassTimeRefused(AppError):
    """A hearing has a time; nothing else has one."""

    code = "verification.pass_time_refused"


class PassNotFound(AppError):
    """No such pass of this lawyer, or it was ended."""

    code = "verification.pass_not_found"
