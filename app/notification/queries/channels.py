"""Reads of what somebody chose and allowed, and of what was pushed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.kernel.unit_of_work import Tx
from app.notification.models.channels import (
    NoticeConsent,
    NoticeDelivery,
    NoticeEmailCode,
    NoticeQuietHours,
    NoticeWechatAllowance,
)
from app.notification.models.inbox import NoticeRow


def consents(tx: Tx, *, account_id: uuid.UUID) -> Sequence[NoticeConsent]:
    """Return the consents of an account that stand."""
    return tx.scalars(
        select(NoticeConsent).where(
            NoticeConsent.account_id == account_id, NoticeConsent.withdrawn_at.is_(None)
        )
    ).all()


def consent(tx: Tx, *, account_id: uuid.UUID, channel: str) -> NoticeConsent | None:
    """Return the consent to a channel, if it stands, and lock it."""
    return tx.scalars(
        select(NoticeConsent)
        .where(
            NoticeConsent.account_id == account_id,
            NoticeConsent.channel == channel,
            NoticeConsent.withdrawn_at.is_(None),
        )
        .with_for_update()
    ).one_or_none()


def quiet_hours(tx: Tx, *, account_id: uuid.UUID) -> NoticeQuietHours | None:
    """Return the quiet hours of somebody who changed them."""
    return tx.get(NoticeQuietHours, account_id)


def codes_since(tx: Tx, *, account_id: uuid.UUID, address_index: bytes, since: datetime) -> int:
    """Count the codes that this account asked for, or that this address was sent."""
    wanted = select(func.count()).where(
        or_(
            NoticeEmailCode.account_id == account_id,
            NoticeEmailCode.address_index == address_index,
        ),
        NoticeEmailCode.at > since,
    )
    return tx.scalar(wanted) or 0


def allowances(tx: Tx, *, account_id: uuid.UUID) -> dict[str, int]:
    """Return how many messages of each template are allowed."""
    rows = tx.scalars(
        select(NoticeWechatAllowance).where(NoticeWechatAllowance.account_id == account_id)
    )
    return {row.template_id: row.left for row in rows}


def allow_one(tx: Tx, *, account_id: uuid.UUID, template_id: str) -> None:
    """Count one more message that is allowed."""
    values = {"account_id": account_id, "template_id": template_id, "left": 1}
    tx.execute(
        insert(NoticeWechatAllowance)
        .values(**values)
        .on_conflict_do_update(
            index_elements=["account_id", "template_id"],
            set_={"left": NoticeWechatAllowance.left + 1},
        )
    )


def use_one(tx: Tx, *, account_id: uuid.UUID, template_id: str) -> bool:
    """Use one allowed message up; False when there is none."""
    used = tx.execute(
        update(NoticeWechatAllowance)
        .where(
            NoticeWechatAllowance.account_id == account_id,
            NoticeWechatAllowance.template_id == template_id,
            NoticeWechatAllowance.left > 0,
        )
        .values(left=NoticeWechatAllowance.left - 1)
        .returning(NoticeWechatAllowance.left)
    )
    return used.first() is not None


def allow_none(tx: Tx, *, account_id: uuid.UUID, template_id: str) -> None:
    """WeChat says that nothing is allowed, whatever we counted."""
    tx.execute(
        update(NoticeWechatAllowance)
        .where(
            NoticeWechatAllowance.account_id == account_id,
            NoticeWechatAllowance.template_id == template_id,
        )
        .values(left=0)
    )


def delivery(
    tx: Tx, *, delivery_id: uuid.UUID, lock: bool = False
) -> tuple[NoticeDelivery, NoticeRow] | None:
    """Return a delivery with its notice."""
    wanted = (
        select(NoticeDelivery, NoticeRow)
        .join(NoticeRow, NoticeRow.id == NoticeDelivery.notice_id)
        .where(NoticeDelivery.id == delivery_id)
    )
    if lock:
        wanted = wanted.with_for_update(of=NoticeDelivery)
    found = tx.execute(wanted).one_or_none()
    return None if found is None else (found[0], found[1])


def last_done(tx: Tx, *, account_id: uuid.UUID, channel: str) -> NoticeDelivery | None:
    """Return the push of this channel that ended last, however it ended."""
    return tx.scalars(
        select(NoticeDelivery)
        .join(NoticeRow, NoticeRow.id == NoticeDelivery.notice_id)
        .where(
            NoticeRow.account_id == account_id,
            NoticeDelivery.channel == channel,
            NoticeDelivery.done_at.is_not(None),
        )
        .order_by(NoticeDelivery.done_at.desc())
        .limit(1)
    ).one_or_none()


def failed(tx: Tx, *, limit: int) -> Sequence[tuple[NoticeDelivery, NoticeRow]]:
    """Return the pushes that were given up, newest first."""
    rows = tx.execute(
        select(NoticeDelivery, NoticeRow)
        .join(NoticeRow, NoticeRow.id == NoticeDelivery.notice_id)
        .where(NoticeDelivery.state == "failed")
        .order_by(NoticeDelivery.done_at.desc())
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]
