"""The services of notification; `tell` is what every other domain calls."""

from __future__ import annotations

from dataclasses import dataclass

from app.notification.service.emails import Emails
from app.notification.service.fan_out import FanOut
from app.notification.service.inbox import Inbox
from app.notification.service.pushing import Pushing
from app.notification.service.settings import Settings
from app.notification.service.telling import Notice, tell

__all__ = ["Notice", "NotificationServices", "tell"]


@dataclass(frozen=True, kw_only=True)
class NotificationServices:
    """Everything that routes and workers call."""

    inbox: Inbox
    fan_out: FanOut
    settings: Settings
    emails: Emails
    pushing: Pushing
