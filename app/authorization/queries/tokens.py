"""Reads and writes of codes, tokens and grants."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    LargeBinary,
    Select,
    Text,
    Uuid,
    bindparam,
    insert,
    literal_column,
    select,
    true,
    union_all,
    update,
)

from app.authorization.models.grants import AuthorizationCode, Confirmation, Grant, IssuedToken
from app.authorization.models.transactions import BrowserSession
from app.identity.service.devices import CARD
from app.kernel.database import Instant
from app.kernel.unit_of_work import Autocommit, Statement, Tx


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


class GrantRow(NamedTuple):
    """A grant as tokens are made from it, with its lawyer's standing and its confirmation."""

    id: uuid.UUID
    lawyer_id: uuid.UUID
    session_id: uuid.UUID | None
    kind: str
    attributes: list[str]
    scope: str
    purpose: dict[str, str]
    retention: str
    act: dict[str, Any] | None
    acr: str
    amr: list[str]
    authenticated_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    practice_status: str
    licence_no: str
    confirmation_id: str | None


_GRANT = Grant.__table__.c
_GRANT_COLUMNS = (
    *(_GRANT[name] for name in GrantRow._fields[:-3]),
    CARD.c.practice_status,
    CARD.c.licence_no,
    Confirmation.public_id,
)


def _with_grant(*columns: Any, of: Any) -> Select[Any]:  # noqa: ANN401 - columns and a table
    """Select columns of something that stands on a grant, and then the grant."""
    return (
        select(*columns, *_GRANT_COLUMNS)
        .join_from(of, Grant, Grant.id == of.grant_id)
        .join(CARD, CARD.c.lawyer_id == Grant.lawyer_id)
        .outerjoin(Confirmation, Confirmation.grant_id == Grant.id)
    )


def grant_row(tx: Tx, *, grant_id: uuid.UUID) -> GrantRow:
    """Return a grant in the caller's transaction."""
    found = tx.execute(
        select(*_GRANT_COLUMNS)
        .join(CARD, CARD.c.lawyer_id == Grant.lawyer_id)
        .outerjoin(Confirmation, Confirmation.grant_id == Grant.id)
        .where(Grant.id == grant_id)
    )
    return GrantRow(*found.one())


class CodeRow(NamedTuple):
    """An authorization code, and what it was made for."""

    client_id: str
    request: dict[str, Any]
    expires_at: datetime
    used_at: datetime | None


class RefreshRow(NamedTuple):
    """A token that may be a refresh token."""

    kind: str
    client_id: str
    scope: str
    jkt: str | None
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


CODE = Statement(
    _with_grant(
        *(AuthorizationCode.__table__.c[name] for name in CodeRow._fields), of=AuthorizationCode
    ).where(AuthorizationCode.code_sha256 == bindparam("code_sha256"))
)
REFRESH = Statement(
    _with_grant(
        *(IssuedToken.__table__.c[name] for name in RefreshRow._fields), of=IssuedToken
    ).where(IssuedToken.token_sha256 == bindparam("token_sha256"))
)


def code_row(database: Autocommit, *, code_sha256: bytes) -> tuple[CodeRow, GrantRow] | None:
    """Find a code and its grant."""
    row = database.one(CODE, code_sha256=code_sha256)
    split = len(CodeRow._fields)
    return None if row is None else (CodeRow(*row[:split]), GrantRow(*row[split:]))


def refresh_row(database: Autocommit, *, token_sha256: bytes) -> tuple[RefreshRow, GrantRow] | None:
    """Find a token and its grant."""
    row = database.one(REFRESH, token_sha256=token_sha256)
    split = len(RefreshRow._fields)
    return None if row is None else (RefreshRow(*row[:split]), GrantRow(*row[split:]))


@dataclass(frozen=True, kw_only=True)
class NewTokens:
    """Tokens made together for one client, by digest; `refresh_sha256` only if there is one."""

    access_sha256: bytes
    access_until: datetime
    refresh_sha256: bytes | None
    refresh_until: datetime
    client_id: str
    scope: str
    jkt: str | None
    at: datetime


def keep(tx: Tx, new: NewTokens, *, grant_id: uuid.UUID) -> None:
    """Write tokens in the caller's transaction."""
    made = {"access": (new.access_sha256, new.access_until)}
    if new.refresh_sha256 is not None:
        made["refresh"] = new.refresh_sha256, new.refresh_until
    tx.add_all(
        IssuedToken(
            token_sha256=name,
            kind=kind,
            grant_id=grant_id,
            client_id=new.client_id,
            scope=new.scope,
            jkt=new.jkt,
            issued_at=new.at,
            expires_at=until,
        )
        for kind, (name, until) in made.items()
    )


def _instead_of(table: type[AuthorizationCode | IssuedToken], *unused: Any) -> Statement:  # noqa: ANN401 - conditions
    """Write tokens for what is used up, unless that was used before or its grant has ended.

    The grant is locked first, as by those who end it.
    """
    at = bindparam("at", type_=Instant())
    live = (
        select(Grant.id)
        .where(Grant.id == bindparam("grant_id", type_=Uuid()), Grant.ended_at.is_(None))
        .with_for_update(read=True)
        .cte("live")
    )
    gone = (
        update(table)
        .where(*unused, table.used_at.is_(None), table.grant_id == live.c.id)
        .values(used_at=at)
        .returning(table.grant_id)
        .cte("gone")
    )
    made = union_all(*(
        select(
            bindparam(f"{kind}_sha256", type_=LargeBinary()).label("token_sha256"),
            literal_column(f"'{kind}'").label("kind"),
            bindparam(f"{kind}_until", type_=Instant()).label("expires_at"),
        )
        for kind in ("access", "refresh")
    )).subquery("made")  # fmt: skip
    values = {
        **{name: made.c[name] for name in ("token_sha256", "kind", "expires_at")},
        "grant_id": gone.c.grant_id,
        "issued_at": at,
        **{name: bindparam(name, type_=Text()) for name in ("client_id", "scope", "jkt")},
    }
    rows = (
        select(*values.values())
        .select_from(gone.join(made, true()))
        .where(made.c.token_sha256.is_not(None))
    )
    return Statement(
        insert(IssuedToken).from_select(list(values), rows).returning(IssuedToken.kind)
    )


REDEEM = _instead_of(AuthorizationCode, AuthorizationCode.code_sha256 == bindparam("used_sha256"))
ROTATE = _instead_of(
    IssuedToken,
    IssuedToken.token_sha256 == bindparam("used_sha256"),
    IssuedToken.revoked_at.is_(None),
)


def exchange(
    database: Autocommit,
    statement: Statement,
    new: NewTokens,
    *,
    grant_id: uuid.UUID,
    used_sha256: bytes,
) -> bool:
    """Use up a code (`REDEEM`) or refresh token (`ROTATE`) and write the new tokens, durably.

    False, without new tokens, when it was used before or the grant has ended meanwhile: of two
    that come together one is first.
    """
    row = database.one(statement, **vars(new), grant_id=grant_id, used_sha256=used_sha256)
    return row is not None
