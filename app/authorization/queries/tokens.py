"""Reads and writes of codes, tokens and grants."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update

from app.authorization.models.grants import AuthorizationCode, Confirmation, Grant, IssuedToken
from app.authorization.models.transactions import BrowserSession
from app.kernel.unit_of_work import Autocommit, Statement, Tx


def code(tx: Tx, *, code_sha256: bytes) -> AuthorizationCode | None:
    """Find a code; locks it, so that of two redemptions one is first."""
    return tx.get(AuthorizationCode, code_sha256, with_for_update=True)


def token(tx: Tx, *, token_sha256: bytes) -> IssuedToken | None:
    """Find a token; locks it."""
    return tx.get(IssuedToken, token_sha256, with_for_update=True)


def grant(tx: Tx, grant_id: uuid.UUID) -> Grant:
    """Return a grant; locks it."""
    return tx.get_one(Grant, grant_id, with_for_update=True)


def grant_of_lawyer(tx: Tx, *, grant_id: uuid.UUID, lawyer_id: uuid.UUID) -> Grant | None:
    """Find a grant, only if it is this lawyer's; locks it."""
    return tx.scalar(
        select(Grant).where(Grant.id == grant_id, Grant.lawyer_id == lawyer_id).with_for_update()
    )


def grants_of_lawyer(
    tx: Tx, *, lawyer_id: uuid.UUID, before: uuid.UUID | None, limit: int
) -> Sequence[Grant]:
    """Return a lawyer's grants, newest first, from after the one named `before`."""
    query = (
        select(Grant)
        .where(Grant.lawyer_id == lawyer_id)
        .order_by(Grant.created_at.desc(), Grant.id.desc())
        .limit(limit)
    )
    anchor = None if before is None else tx.get(Grant, before)
    if anchor is not None:
        query = query.where(
            (Grant.created_at < anchor.created_at)
            | ((Grant.created_at == anchor.created_at) & (Grant.id < anchor.id))
        )
    return tx.scalars(query).all()


def live_grants_of_device(tx: Tx, *, device_id: uuid.UUID) -> Sequence[Grant]:
    """Return the grants given with a device that have not ended."""
    return tx.scalars(
        select(Grant).where(Grant.device_id == device_id, Grant.ended_at.is_(None))
    ).all()


def grants_of_session(tx: Tx, *, session_id: uuid.UUID) -> Sequence[Grant]:
    """Return the live grants that a browser's session opened."""
    return tx.scalars(
        select(Grant).where(Grant.session_id == session_id, Grant.ended_at.is_(None))
    ).all()


def revoke_tokens(tx: Tx, *, grant_id: uuid.UUID, at: datetime) -> None:
    """Revoke every token of a grant."""
    tx.execute(
        update(IssuedToken)
        .where(IssuedToken.grant_id == grant_id, IssuedToken.revoked_at.is_(None))
        .values(revoked_at=at)
    )


def end_sessions_of_device(tx: Tx, *, device_id: uuid.UUID, at: datetime) -> None:
    """End the browsers' sessions that a device opened."""
    tx.execute(
        update(BrowserSession)
        .where(BrowserSession.device_id == device_id, BrowserSession.ended_at.is_(None))
        .values(ended_at=at)
    )


def grant_of_client(tx: Tx, *, grant_id: uuid.UUID, client_id: str) -> Grant | None:
    """Find a grant to a client."""
    return tx.scalar(select(Grant).where(Grant.id == grant_id, Grant.client_id == client_id))


def confirmations_of_client(
    tx: Tx, *, client_id: str, before: uuid.UUID | None, limit: int
) -> Sequence[Confirmation]:
    """Return a client's confirmations, newest first, from after the one named `before`."""
    query = (
        select(Confirmation)
        .where(Confirmation.client_id == client_id)
        .order_by(Confirmation.at.desc(), Confirmation.id.desc())
        .limit(limit)
    )
    anchor = None if before is None else tx.get(Confirmation, before)
    if anchor is not None:
        query = query.where(
            (Confirmation.at < anchor.at)
            | ((Confirmation.at == anchor.at) & (Confirmation.id < anchor.id))
        )
    return tx.scalars(query).all()


def confirmation_of_grant(tx: Tx, *, grant_id: uuid.UUID) -> Confirmation | None:
    """Find the confirmation that a grant of an act is about."""
    return tx.scalar(select(Confirmation).where(Confirmation.grant_id == grant_id))


def confirmation(tx: Tx, *, public_id: str, lock: bool = False) -> Confirmation | None:
    """Find a confirmation by what its printed code names."""
    query = select(Confirmation).where(Confirmation.public_id == public_id)
    return tx.scalar(query.with_for_update() if lock else query)


class AccessRow(NamedTuple):
    """A token with its grant: all that introspection and userinfo ask."""

    kind: str
    client_id: str
    scope: str
    jkt: str | None
    issued_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None
    grant_id: uuid.UUID
    lawyer_id: uuid.UUID
    attributes: list[str]
    acr: str
    authenticated_at: datetime
    grant_expires_at: datetime
    grant_ended_at: datetime | None
    act: dict[str, Any] | None


ACCESS = Statement(
    select(
        IssuedToken.kind,
        IssuedToken.client_id,
        IssuedToken.scope,
        IssuedToken.jkt,
        IssuedToken.issued_at,
        IssuedToken.expires_at,
        IssuedToken.used_at,
        IssuedToken.revoked_at,
        Grant.id,
        Grant.lawyer_id,
        Grant.attributes,
        Grant.acr,
        Grant.authenticated_at,
        Grant.expires_at.label("grant_expires_at"),
        Grant.ended_at,
        Grant.act,
    )
    .join(Grant, Grant.id == IssuedToken.grant_id)
    .where(IssuedToken.token_sha256 == bindparam("token_sha256"))
)


def access_row(database: Autocommit, *, token_sha256: bytes) -> AccessRow | None:
    """Find a token and its grant in one statement."""
    row = database.one(ACCESS, token_sha256=token_sha256)
    return None if row is None else AccessRow(*row)
