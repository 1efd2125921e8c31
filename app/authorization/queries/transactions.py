"""Reads of requests under way."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from app.authorization.models.grants import Grant
from app.authorization.models.transactions import BrowserSession, PushedRequest, ScanTransaction
from app.authorization.rules.ticket import OPEN
from app.kernel.unit_of_work import Autocommit, Statement, Tx


def pushed(tx: Tx, *, uri_sha256: bytes) -> PushedRequest | None:
    """Find a pushed request; locks it."""
    return tx.get(PushedRequest, uri_sha256, with_for_update=True)


def transaction(tx: Tx, transaction_id: uuid.UUID) -> ScanTransaction | None:
    """Find a transaction; locks it."""
    return tx.get(ScanTransaction, transaction_id, with_for_update=True)


def by_ticket(tx: Tx, *, ticket: bytes) -> ScanTransaction | None:
    """Find the transaction of a ticket; locks it."""
    return tx.scalar(
        select(ScanTransaction).where(ScanTransaction.ticket == ticket).with_for_update()
    )


def by_device_code(tx: Tx, *, device_code_sha256: bytes) -> ScanTransaction | None:
    """Find the transaction of a terminal; locks it."""
    return tx.scalar(
        select(ScanTransaction)
        .where(ScanTransaction.device_code_sha256 == device_code_sha256)
        .with_for_update()
    )


def open_of_client(tx: Tx, *, client_id: str, at: datetime) -> int:
    """Count the requests of a client that nobody has answered yet."""
    query = select(func.count()).where(
        ScanTransaction.client_id == client_id,
        ScanTransaction.state.in_(OPEN),
        ScanTransaction.expires_at > at,
    )
    return tx.scalar(query) or 0


def session_of_cookie(tx: Tx, *, cookie_sha256: bytes, at: datetime) -> BrowserSession | None:
    """Find a browser's session that still lives."""
    return tx.scalar(
        select(BrowserSession).where(
            BrowserSession.cookie_sha256 == cookie_sha256,
            BrowserSession.ended_at.is_(None),
            BrowserSession.expires_at > at,
        )
    )


def live_grant(tx: Tx, *, lawyer_id: uuid.UUID, client_id: str, at: datetime) -> Grant | None:
    """Find the newest grant of a lawyer to a client that still lives."""
    return tx.scalar(
        select(Grant)
        .where(
            Grant.lawyer_id == lawyer_id,
            Grant.client_id == client_id,
            Grant.kind != "act",
            Grant.ended_at.is_(None),
            Grant.expires_at > at,
        )
        .order_by(Grant.created_at.desc())
        .limit(1)
    )


class PageRow(NamedTuple):
    """A transaction as its page asks for it, several times in a step."""

    ticket: bytes
    seed: bytes
    state: str
    browser_sha256: bytes | None
    number: str | None
    number_tries: int
    number_right: bool
    second_scan: bool
    created_at: datetime
    expires_at: datetime


_COLUMNS = ScanTransaction.__table__.c
PAGE = Statement(
    select(*(_COLUMNS[name] for name in PageRow._fields)).where(_COLUMNS.id == bindparam("id"))
)


def page_row(database: Autocommit, *, transaction_id: uuid.UUID) -> PageRow | None:
    """Read what a login page shows."""
    row = database.one(PAGE, id=transaction_id)
    return None if row is None else PageRow(*row)
