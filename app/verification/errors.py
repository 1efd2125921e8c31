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
