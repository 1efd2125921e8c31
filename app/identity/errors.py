"""What can go wrong in identity, each with its public code."""

from __future__ import annotations

from app.errors import AppError


class SessionExpired(AppError):
    """The session token is unknown or past its time."""

    code = "auth.session_expired"


class RateLimited(AppError):
    """Too many requests from one caller."""

    code = "auth.rate_limited"


class IdentityNoInvalid(AppError):
    """The identity number 公民身份号码 fails its check digit (GB 11643)."""

    code = "identity.identity_no_invalid"


class LicenceNoInvalid(AppError):
    """The licence number 执业证号 does not have the register's shape."""

    code = "identity.licence_no_invalid"


class NoMatch(AppError):
    """The register does not confirm the three facts; which one is never said."""

    code = "identity.no_match"


class TooManyAttempts(AppError):
    """The account's attempts to bind are used up for now."""

    code = "identity.too_many_attempts"


class NotPractising(AppError):
    """The register's status 执业状态 does not allow binding."""

    code = "identity.not_practising"


class CounselNotPractising(AppError):
    """The register's status 执业状态 does not allow acting before courts (律师法 art. 48)."""

    code = "identity.counsel_not_practising"


class ConsentRequired(AppError):
    """The face may be used only after a separate consent to the current text."""

    code = "identity.consent_required"


class DeviceProofInvalid(AppError):
    """The proof of possession does not verify or its time is off."""

    code = "identity.device_proof_invalid"


class DeviceProofReplayed(AppError):
    """A proof with this time or a later one was used before."""

    code = "identity.device_proof_replayed"


class DeviceEnded(AppError):
    """The device is no longer bound."""

    code = "identity.device_ended"


class NotBound(AppError):
    """The account is not bound to a lawyer."""

    code = "identity.not_bound"


class BindingNotFound(AppError):
    """No such binding of this account."""

    code = "identity.binding_not_found"


class BindingClosed(AppError):
    """The binding has ended or expired."""

    code = "identity.binding_closed"


class HallCodeUnknown(AppError):
    """No open binding has this hall code."""

    code = "identity.hall_code_unknown"


class PhotoMissing(AppError):
    """The register holds no photo to compare with."""

    code = "identity.photo_missing"


class LivenessNotFound(AppError):
    """No such liveness session of this account."""

    code = "liveness.not_found"


class LivenessClosed(AppError):
    """The liveness session has ended."""

    code = "liveness.closed"


class LivenessTooManyAttempts(AppError):
    """The face checks of this binding are used up; the hall officer is the way on."""

    code = "liveness.too_many_attempts"


class LivenessBadChain(AppError):
    """The frames are not the ones the phone signed."""

    code = "liveness.bad_chain"


class LivenessOutOfOrder(AppError):
    """A batch arrived whose number is not the next one."""

    code = "liveness.out_of_order"
