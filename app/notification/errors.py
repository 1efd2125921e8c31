"""What can go wrong with notices."""

from __future__ import annotations

from app.errors import AppError


class NoticeMalformed(AppError):
    """A domain tells a kind that does not exist, or not with the values it needs."""

    code = "notification.malformed"


class NoticeUnknown(AppError):
    """There is no such notice in this inbox."""

    code = "notification.unknown"
