"""Reads of whoever shows a token: introspection and userinfo, one statement each."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from app.authorization.models.grants import Grant, IssuedToken
from app.authorization.models.relying_parties import RelyingParty
from app.identity.service.devices import CARD
from app.kernel.unit_of_work import Autocommit, Statement


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


_ACCESS = (
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
ACCESS = Statement(_ACCESS)


def access_row(database: Autocommit, *, token_sha256: bytes) -> AccessRow | None:
    """Find a token and its grant in one statement."""
    row = database.one(ACCESS, token_sha256=token_sha256)
    return None if row is None else AccessRow(*row)


class SharedRow(NamedTuple):
    """To whom a token's grant shares a lawyer's facts, and the facts as last seen."""

    client_id: str
    domain: str
    redirect_uris: list[str]
    suspended_at: datetime | None
    name: str
    licence_no: str
    firm_name: str
    category: str


SHARED = Statement(
    _ACCESS.add_columns(
        RelyingParty.client_id,
        RelyingParty.domain,
        RelyingParty.redirect_uris,
        RelyingParty.suspended_at,
        CARD.c.name,
        CARD.c.licence_no,
        CARD.c.firm_name,
        CARD.c.category,
    )
    .join(RelyingParty, RelyingParty.client_id == IssuedToken.client_id)
    .join(CARD, CARD.c.lawyer_id == Grant.lawyer_id)
)


def shared_row(database: Autocommit, *, token_sha256: bytes) -> tuple[AccessRow, SharedRow] | None:
    """Find a token with all that userinfo says for it, in one statement."""
    row = database.one(SHARED, token_sha256=token_sha256)
    split = len(AccessRow._fields)
    return None if row is None else (AccessRow(*row[:split]), SharedRow(*row[split:]))
