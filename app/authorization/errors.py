"""What can go wrong in authorization, each with its public code.

`OAuthError` and its leaves are answered in the form of RFC 6749 §5.2 at the OAuth endpoints; the
others are problems like everybody's.
"""

from __future__ import annotations

from typing import ClassVar

from app.errors import AppError


class OAuthError(AppError):
    """A refusal that an OAuth client understands; `error` is the registered word."""

    code = "oauth.invalid_request"
    error: ClassVar[str] = "invalid_request"


class InvalidRequest(OAuthError):
    """A parameter is missing, repeated, unknown in value, or does not fit the others."""


class InvalidClient(OAuthError):
    """The client is unknown, suspended, or did not prove itself."""

    code = "oauth.invalid_client"
    error = "invalid_client"


class InvalidGrant(OAuthError):
    """The code, refresh token or device code is wrong, expired, used, or somebody else's."""

    code = "oauth.invalid_grant"
    error = "invalid_grant"


class UnauthorizedClient(OAuthError):
    """The client may not use this grant, attribute or act."""

    code = "oauth.unauthorized_client"
    error = "unauthorized_client"


class UnsupportedGrantType(OAuthError):
    """No such grant type here."""

    code = "oauth.unsupported_grant_type"
    error = "unsupported_grant_type"


class UnsupportedResponseType(OAuthError):
    """Only `code` is answered."""

    code = "oauth.unsupported_response_type"
    error = "unsupported_response_type"


class InvalidScope(OAuthError):
    """An unknown scope, or one without `openid`."""

    code = "oauth.invalid_scope"
    error = "invalid_scope"


class InvalidDetails(OAuthError):
    """The `authorization_details` are not ones this client may ask for (RFC 9396 §5)."""

    code = "oauth.invalid_authorization_details"
    error = "invalid_authorization_details"


class InvalidProof(OAuthError):
    """The DPoP proof does not hold (RFC 9449 §5)."""

    code = "oauth.invalid_dpop_proof"
    error = "invalid_dpop_proof"


class InvalidToken(OAuthError):
    """The access token is unknown, expired, ended, or not shown by its holder (RFC 6750 §3.1)."""

    code = "oauth.invalid_token"
    error = "invalid_token"


class AccessDenied(OAuthError):
    """The lawyer said no, or either side cancelled."""

    code = "oauth.access_denied"
    error = "access_denied"


class LoginRequired(OAuthError):
    """`prompt=none` without a session that would do (OpenID Connect Core §3.1.2.6)."""

    code = "oauth.login_required"
    error = "login_required"


class ConsentNeeded(OAuthError):
    """`prompt=none`, and the lawyer has not granted this before."""

    code = "oauth.consent_required"
    error = "consent_required"


class RequestNotSupported(OAuthError):
    """A `request` object by value is not taken."""

    code = "oauth.request_not_supported"
    error = "request_not_supported"


class RequestUriNotSupported(OAuthError):
    """A `request_uri` that is not one of our pushed requests."""

    code = "oauth.request_uri_not_supported"
    error = "request_uri_not_supported"


class AuthorizationPending(OAuthError):
    """The lawyer has not decided yet (RFC 8628 §3.5)."""

    code = "oauth.authorization_pending"
    error = "authorization_pending"


class SlowDown(OAuthError):
    """The terminal asks too often (RFC 8628 §3.5)."""

    code = "oauth.slow_down"
    error = "slow_down"


class ExpiredToken(OAuthError):
    """The device code is past its time (RFC 8628 §3.5)."""

    code = "oauth.expired_token"
    error = "expired_token"


class TemporarilyUnavailable(OAuthError):
    """Too many requests of this client for now: its quota, or too many pages left open."""

    code = "oauth.temporarily_unavailable"
    error = "temporarily_unavailable"


class RelyingPartyUnknown(AppError):
    """No such relying party, or its switch is off."""

    code = "partner.unknown"


class RelyingPartyInvalid(AppError):
    """A registration has something wrong; `extra["fields"]` says what, in Chinese."""

    code = "partner.invalid"


class QuotaExceeded(AppError):
    """The relying party's requests of this minute are used up."""

    code = "partner.quota_exceeded"


class KeysUnavailable(AppError):
    """The address at which the relying party publishes its keys cannot be read now."""

    code = "partner.keys_unavailable"


class NoWebhook(AppError):
    """The relying party registered no address for events."""

    code = "partner.no_webhook"


class TooManySubscriptions(AppError):
    """The relying party watches as many licences as it may."""

    code = "partner.too_many_subscriptions"


class SubscriptionUnknown(AppError):
    """No such subscription of this relying party."""

    code = "partner.subscription_unknown"


class EventUnknown(AppError):
    """No such dead letter of this relying party."""

    code = "partner.event_unknown"


class AttributeNotRegistered(AppError):
    """The relying party is not registered to be told this about a lawyer."""

    code = "partner.attribute_not_registered"


class ScanUnknown(AppError):
    """No scan ticket of ours, or its changing part was not made by us."""

    code = "scan.unknown"


class ScanStale(AppError):
    """The code on the screen has changed since: this is a picture, or the phone was slow."""

    code = "scan.stale"


class ScanTaken(AppError):
    """Another phone scanned it first."""

    code = "scan.taken"


class ScanClosed(AppError):
    """The request has ended."""

    code = "scan.closed"


class NotFromCamera(AppError):
    """The code came out of an album, a chat or a forwarded picture."""

    code = "scan.not_camera"


class NumberMissing(AppError):
    """The number on the phone has not been typed where the request began."""

    code = "scan.number_missing"


class ConsentAltered(AppError):
    """What the phone signed is not what was asked."""

    code = "authorization.consent_altered"


class FaceNeeded(AppError):
    """The request asks for a fresh face check first."""

    code = "authorization.face_needed"


class NotPractising(AppError):
    """The register's status does not allow acting as a lawyer now."""

    code = "authorization.not_practising"


class GrantUnknown(AppError):
    """No such grant of this lawyer."""

    code = "authorization.grant_unknown"


class ConfirmationUnknown(AppError):
    """No such confirmation."""

    code = "authorization.confirmation_unknown"


class PageUnknown(AppError):
    """No login page of this browser has that number."""

    code = "authorization.page_unknown"
