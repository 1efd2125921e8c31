"""How every other domain tells somebody something: one row in the outbox, in its transaction."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.kernel import outbox
from app.kernel.unit_of_work import Tx
from app.notification.rules import kinds

TOPIC = "notice"


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Something to tell 通知: a kind of `rules/kinds.py` with exactly the values it needs.

    `case_id` is the case it is about; `subject_id` the filing, application, document or ticket
    whose page it opens.
    """

    account_ids: Collection[uuid.UUID]
    kind: str
    at: datetime
    values: Mapping[str, str] = field(default_factory=dict)
    case_id: uuid.UUID | None = None
    subject_id: uuid.UUID | None = None


def tell(tx: Tx, notice: Notice) -> None:
    """Write the notice in the caller's transaction; a worker takes it to its readers.

    Raises `NoticeMalformed` for a kind that is not in the table or other values than it needs.
    """
    kinds.check(notice.kind, notice.values)
    readers = sorted({str(account_id) for account_id in notice.account_ids})
    if not readers:
        return
    payload: dict[str, Any] = {
        "account_ids": readers,
        "kind": notice.kind,
        "values": dict(notice.values),
        "case_id": _text(notice.case_id),
        "subject_id": _text(notice.subject_id),
        "at": notice.at.isoformat(),
    }
    outbox.enqueue(tx, topic=TOPIC, payload=payload, at=notice.at)


def told(payload: Mapping[str, Any], *, at: datetime) -> Notice:
    """Read a message back; one of the release before names a single account and no time."""
    accounts = payload.get("account_ids") or [payload["account_id"]]
    said_at = payload.get("at")
    return Notice(
        account_ids=[uuid.UUID(account_id) for account_id in accounts],
        kind=payload["kind"],
        at=at if said_at is None else datetime.fromisoformat(said_at),
        values=payload.get("values", {}),
        case_id=_uuid(payload.get("case_id")),
        subject_id=_uuid(payload.get("subject_id")),
    )


def _text(value: uuid.UUID | None) -> str | None:
    return None if value is None else str(value)


def _uuid(value: str | None) -> uuid.UUID | None:
    return None if value is None else uuid.UUID(value)
