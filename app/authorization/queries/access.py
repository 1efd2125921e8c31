"""Reads of whoever shows a token: introspection and userinfo, one statement each."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, join, outerjoin, select

from app.authorization.models.grants import Grant, IssuedToken
from app.authorization.models.relying_parties import RelyingParty
from app.authorization.queries.relying_parties import PARTY_COLUMNS, PartyRow, party_of
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
    lawyer_id: uuid.UUID
    acr: str
    authenticated_at: datetime
    grant_expires_at: datetime
    grant_ended_at: datetime | None


_ACCESS_COLUMNS = (
    IssuedToken.kind,
    IssuedToken.client_id,
    IssuedToken.scope,
    IssuedToken.jkt,
    IssuedToken.issued_at,
    IssuedToken.expires_at,
    IssuedToken.used_at,
    IssuedToken.revoked_at,
    Grant.lawyer_id,
    Grant.acr,
    Grant.authenticated_at,
    Grant.expires_at,
    Grant.ended_at,
)
_TOKEN = IssuedToken.token_sha256 == bindparam("token_sha256")
INTROSPECTED = Statement(
    select(*PARTY_COLUMNS, *_ACCESS_COLUMNS)
    .select_from(
        outerjoin(RelyingParty, join(IssuedToken, Grant, Grant.id == IssuedToken.grant_id), _TOKEN)
    )
    .where(RelyingParty.client_id == bindparam("caller"))
)


def introspected(
    database: Autocommit, *, client_id: str, token_sha256: bytes
) -> tuple[PartyRow | None, AccessRow | None]:
    """Find who asks about a token, and the token, whosever it is, in one statement."""
    row = database.one(INTROSPECTED, caller=client_id, token_sha256=token_sha256)
    if row is None:
        return None, None
    party, token = row[: len(PARTY_COLUMNS)], row[len(PARTY_COLUMNS) :]
    return party_of(party), None if token[0] is None else AccessRow(*token)


class SharedRow(NamedTuple):
    """To whom a token's grant shares a lawyer's facts, and the facts as last seen."""

    client_id: str
    domain: str
    redirect_uris: list[str]
    suspended_at: datetime | None
    attributes: list[str]
    name: str
    licence_no: str
    firm_name: str
    category: str


SHARED = Statement(
    select(
        *_ACCESS_COLUMNS,
        RelyingParty.client_id,
        RelyingParty.domain,
        RelyingParty.redirect_uris,
        RelyingParty.suspended_at,
        Grant.attributes,
        CARD.c.name,
        CARD.c.licence_no,
        CARD.c.firm_name,
        CARD.c.category,
    )
    .select_from(IssuedToken)
    .join(Grant, Grant.id == IssuedToken.grant_id)
    .join(RelyingParty, RelyingParty.client_id == IssuedToken.client_id)
    .join(CARD, CARD.c.lawyer_id == Grant.lawyer_id)
    .where(_TOKEN)
)


def shared_row(database: Autocommit, *, token_sha256: bytes) -> tuple[AccessRow, SharedRow] | None:
    """Find a token with all that userinfo says for it, in one statement."""
    row = database.one(SHARED, token_sha256=token_sha256)
    split = len(AccessRow._fields)
    return None if row is None else (AccessRow(*row[:split]), SharedRow(*row[split:]))
