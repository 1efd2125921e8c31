"""The inbox and its settings over HTTP."""

from __future__ import annotations

import uuid
from typing import cast

from apiflask import APIBlueprint
from flask import current_app

from app.http.auth import principal
from app.http.idempotency import idempotent
from app.kernel.principal import Phone
from app.notification.errors import ChannelNotOffered
from app.notification.rules.channels import Channel
from app.notification.rules.quiet_hours import QuietHours
from app.notification.schemas import (
    AllowedIn,
    ChooseIn,
    CodeIn,
    EmailIn,
    NoticesOut,
    NoticesQuery,
    OpenIn,
    QuietHoursIn,
    SettingsOut,
)
from app.notification.service import NotificationServices

inbox = APIBlueprint("notification_inbox", __name__, tag="消息")


def services() -> NotificationServices:
    """Return the services that bootstrap wired."""
    return cast(NotificationServices, current_app.extensions["notification"])


@inbox.get("/me/notices")
@inbox.input(NoticesQuery, location="query")
@inbox.output(NoticesOut)
def notices(query_data: NoticesQuery) -> NoticesOut:
    """Return a page of the inbox."""
    page = services().inbox.page(
        account_id=principal(Phone).account_id,
        category=query_data.category,
        before=query_data.before,
    )
    return NoticesOut.of(page)


@inbox.post("/me/notices/read")
@idempotent
@inbox.output({}, status_code=204)
def read_all() -> tuple[str, int]:
    """Mark the whole inbox as read."""
    services().inbox.read_all(account_id=principal(Phone).account_id)
    return "", 204


@inbox.post("/me/notices/<uuid:notice_id>/read")
@idempotent
@inbox.output({}, status_code=204)
def read(notice_id: uuid.UUID) -> tuple[str, int]:
    """Mark one notice as read."""
    services().inbox.read(account_id=principal(Phone).account_id, notice_id=notice_id)
    return "", 204


@inbox.get("/me/notice-settings")
@inbox.output(SettingsOut)
def settings() -> SettingsOut:
    """Return how the account wants to be told 消息设置."""
    return SettingsOut.of(services().settings.standing(account_id=principal(Phone).account_id))


@inbox.post("/me/notice-channels/<channel>/open")
@idempotent
@inbox.input(OpenIn)
@inbox.output({}, status_code=204)
def open_channel(channel: str, json_data: OpenIn) -> tuple[str, int]:
    """Agree to a channel's text and open it."""
    services().settings.open(
        account_id=principal(Phone).account_id,
        channel=_channel(channel),
        version=json_data.version,
        sha256=json_data.sha256,
        categories=json_data.categories,
    )
    return "", 204


@inbox.post("/me/notice-channels/<channel>/categories")
@idempotent
@inbox.input(ChooseIn)
@inbox.output({}, status_code=204)
def choose(channel: str, json_data: ChooseIn) -> tuple[str, int]:
    """Choose what an open channel tells of."""
    services().settings.choose(
        account_id=principal(Phone).account_id,
        channel=_channel(channel),
        categories=json_data.categories,
    )
    return "", 204


@inbox.post("/me/notice-channels/<channel>/close")
@idempotent
@inbox.output({}, status_code=204)
def close_channel(channel: str) -> tuple[str, int]:
    """Withdraw the consent; nothing more is sent."""
    services().settings.close(account_id=principal(Phone).account_id, channel=_channel(channel))
    return "", 204


@inbox.post("/me/notice-quiet-hours")
@idempotent
@inbox.input(QuietHoursIn)
@inbox.output({}, status_code=204)
def keep_quiet(json_data: QuietHoursIn) -> tuple[str, int]:
    """Change the quiet hours."""
    quiet = QuietHours(from_hour=json_data.from_hour, until_hour=json_data.until_hour)
    services().settings.keep_quiet(account_id=principal(Phone).account_id, quiet=quiet)
    return "", 204


@inbox.post("/me/notice-email")
@idempotent
@inbox.input(EmailIn)
@inbox.output({}, status_code=204)
def ask_email(json_data: EmailIn) -> tuple[str, int]:
    """Have a code sent to an address."""
    services().emails.ask(account_id=principal(Phone).account_id, typed=json_data.address)
    return "", 204


@inbox.post("/me/notice-email/confirm")
@idempotent
@inbox.input(CodeIn)
@inbox.output({}, status_code=204)
def confirm_email(json_data: CodeIn) -> tuple[str, int]:
    """Confirm the address with the code."""
    services().emails.confirm(account_id=principal(Phone).account_id, code=json_data.code)
    return "", 204


@inbox.delete("/me/notice-email")
@inbox.output({}, status_code=204)
def remove_email() -> tuple[str, int]:
    """Forget the address."""
    services().emails.remove(account_id=principal(Phone).account_id)
    return "", 204


@inbox.post("/me/notice-wechat")
@idempotent
@inbox.input(AllowedIn)
@inbox.output({}, status_code=204)
def allow_wechat(json_data: AllowedIn) -> tuple[str, int]:
    """Count what WeChat was allowed just now."""
    services().settings.allow(
        account_id=principal(Phone).account_id, template_ids=json_data.template_ids
    )
    return "", 204


def _channel(code: str) -> Channel:
    if code not in set(Channel):
        raise ChannelNotOffered
    return Channel(code)
