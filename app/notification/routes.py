"""The inbox over HTTP."""

from __future__ import annotations

import uuid
from typing import cast

from apiflask import APIBlueprint
from flask import current_app

from app.http.auth import principal
from app.http.idempotency import idempotent
from app.kernel.principal import Phone
from app.notification.schemas import NoticesOut, NoticesQuery
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
