"""What can go wrong with notices."""

from __future__ import annotations

from app.errors import AppError


class NoticeMalformed(AppError):
    """A domain tells a kind that does not exist, or not with the values it needs."""

    code = "notification.malformed"


class NoticeUnknown(AppError):
    """There is no such notice in this inbox."""

    code = "notification.unknown"


class TemplateMalformed(AppError):
    """A setting does not name a WeChat template and its three fields."""

    code = "notification.template_malformed"


class ConsentMissing(AppError):
    """The text that was agreed to is not the one that the channel asks for."""

    code = "notification.consent_required"


class ChannelNotOffered(AppError):
    """This installation has no such channel."""

    code = "notification.channel_not_offered"


class ChannelClosed(AppError):
    """The channel has not been opened, or was closed."""

    code = "notification.channel_closed"


class EmailUnconfirmed(AppError):
    """There is no confirmed address to send to."""

    code = "notification.email_unconfirmed"


class EmailInvalid(AppError):
    """What was typed is no e-mail address."""

    code = "notification.email_invalid"


class CodeWrong(AppError):
    """The digits are not those that were sent; `tries_left` says how often one may try."""

    code = "notification.code_wrong"


class CodeOver(AppError):
    """No code waits to be typed: used, too old, or tried too often."""

    code = "notification.code_over"


class TooManyCodes(AppError):
    """Too many codes were asked for within the hour."""

    code = "notification.too_many_codes"


class LinkInvalid(AppError):
    """The link to unsubscribe is not one of ours."""

    code = "notification.link_invalid"
