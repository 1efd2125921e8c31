"""Reads and writes of portal sessions."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, or_, select, update

from app.authorization.models.grants import Grant
from app.authorization.models.portal import PortalSession
from app.authorization.models.relying_parties import RelyingParty
from app.authorization.models.transactions import BrowserSession
from app.kernel.unit_of_work import Autocommit, Statement, Tx


class PortalRow(NamedTuple):
    """A portal session with the device it stands on; `ended` with anything that it stands on."""

    id: uuid.UUID
    device_id: uuid.UUID
    seen_at: datetime
    expires_at: datetime
    ended: bool


SESSION = Statement(
    select(
        PortalSession.id,
        Grant.device_id,
        PortalSession.seen_at,
        PortalSession.expires_at,
        or_(
            PortalSession.ended_at.is_not(None),
            Grant.ended_at.is_not(None),
            BrowserSession.ended_at.is_not(None),
            RelyingParty.suspended_at.is_not(None),
        ),
    )
    .join(Grant, Grant.id == PortalSession.grant_id)
    .join(RelyingParty, RelyingParty.client_id == Grant.client_id)
    .join(BrowserSession, BrowserSession.id == Grant.session_id)
    .where(PortalSession.token_sha256 == bindparam("token_sha256"))
)


def session(database: Autocommit, *, token_sha256: bytes) -> PortalRow | None:
    """Find a portal session by the digest of its cookie."""
    row = database.one(SESSION, token_sha256=token_sha256)
    return None if row is None else PortalRow(*row)


def touch(tx: Tx, session_id: uuid.UUID, *, at: datetime) -> None:
    """Somebody is at the PC."""
    tx.execute(update(PortalSession).where(PortalSession.id == session_id).values(seen_at=at))


def end(tx: Tx, *, token_sha256: bytes, at: datetime) -> uuid.UUID | None:
    """End a portal session; return the browser's session that it stands on, if it was open."""
    ended = tx.execute(
        update(PortalSession)
        .where(PortalSession.token_sha256 == token_sha256, PortalSession.ended_at.is_(None))
        .values(ended_at=at)
        .returning(PortalSession.grant_id)
    ).scalar_one_or_none()
    return None if ended is None else tx.scalar(select(Grant.session_id).where(Grant.id == ended))
