"""Messages to lawyers: domains write events to the outbox, these use cases turn them to notices."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.kernel.outbox import Message
from app.kernel.principal import Phone
from app.kernel.unit_of_work import unit_of_work
from app.notification.models import NoticeRow
from app.ports.clock import Clock
from app.ports.entropy import Entropy

SHOWN = 100

TEXT: Final[dict[str, tuple[str, str]]] = {
    "device_moved": (
        "律证码已移到另一部手机",
        "您的律师身份刚刚在另一个微信账号绑定，本机的律证码已停用。如果不是您本人操作，请立即联系所在地司法局。",
    ),
    "bound": ("律师身份绑定成功", "现在可以在“亮证”页面出示律证码。"),
    "hall_refused": ("大厅核验未通过", "工作人员核对证件后未予确认，请携带有效证件重新办理。"),
}


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One message of the inbox."""

    id: uuid.UUID
    at: datetime
    kind: str
    title: str
    body: str
    read: bool


class Notifications:
    """Use cases of the inbox."""

    def __init__(self, *, clock: Clock, entropy: Entropy) -> None:
        self._clock = clock
        self._entropy = entropy

    def deliver(self, message: Message) -> None:
        """Turn an outbox message into a notice; the same message twice makes one notice."""
        title, body = TEXT[message.payload["kind"]]
        with unit_of_work() as tx:
            tx.execute(
                insert(NoticeRow)
                .values(
                    id=self._entropy.uuid(),
                    source_id=message.id,
                    account_id=uuid.UUID(message.payload["account_id"]),
                    kind=message.payload["kind"],
                    title=title,
                    body=body,
                    at=self._clock.now(),
                )
                .on_conflict_do_nothing()
            )

    def inbox(self, *, phone: Phone) -> Sequence[Notice]:
        """Return the newest messages."""
        with unit_of_work() as tx:
            rows = tx.scalars(
                select(NoticeRow)
                .where(NoticeRow.account_id == phone.account_id)
                .order_by(NoticeRow.at.desc())
                .limit(SHOWN)
            ).all()
            return [
                Notice(
                    id=row.id,
                    at=row.at,
                    kind=row.kind,
                    title=row.title,
                    body=row.body,
                    read=row.read_at is not None,
                )
                for row in rows
            ]

    def unread(self, *, phone: Phone) -> int:
        """Count messages not read yet."""
        with unit_of_work() as tx:
            return (
                tx.scalar(
                    select(func.count()).where(
                        NoticeRow.account_id == phone.account_id, NoticeRow.read_at.is_(None)
                    )
                )
                or 0
            )

    def mark_read(self, *, phone: Phone) -> None:
        """Mark all messages as read."""
        with unit_of_work() as tx:
            tx.execute(
                update(NoticeRow)
                .where(NoticeRow.account_id == phone.account_id, NoticeRow.read_at.is_(None))
                .values(read_at=self._clock.now())
            )
