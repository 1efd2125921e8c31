"""Reads of relying parties, and the one writer of what is used once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    bindparam,
    delete,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy import cast as cast_to
from sqlalchemy.dialects.postgresql import JSONB, insert

from app.authorization.models.relying_parties import AbuseReport, RelyingParty, UsedOnce
from app.authorization.rules.relying_party import OURS
from app.kernel.unit_of_work import Autocommit, Statement, Tx


class PartyRow(NamedTuple):
    """A relying party as a request needs it: everything but the picture."""

    client_id: str
    legal_name: str
    uscc: str
    domain: str
    tier: str
    kind: str
    redirect_uris: list[str]
    post_logout_redirect_uris: list[str]
    backchannel_logout_uri: str | None
    webhook_url: str | None
    auth_method: str
    secret_sha256: bytes | None
    jwks: dict[str, Any] | None
    jwks_uri: str | None
    attributes: list[str]
    purposes: list[dict[str, str]]
    acts: list[str]
    quota_per_minute: int
    place: str
    sandbox: bool
    registered_at: datetime
    suspended_at: datetime | None
    has_logo: bool

    @property
    def ours(self) -> bool:
        """Whether it is our own: the portal 律师服务平台."""
        return self.client_id == OURS


_COLUMNS = RelyingParty.__table__.c
_STORED = [_COLUMNS[name] for name in PartyRow._fields if name != "has_logo"]
_JSON = [*(isinstance(column.type, JSONB) for column in _STORED), False]
# What `party_of` reads, for statements that find a party and something else.
PARTY_COLUMNS: Sequence[ColumnElement[Any]] = [
    *(
        cast_to(column, Text) if is_json else column
        for column, is_json in zip(_STORED, _JSON, strict=False)
    ),
    _COLUMNS.logo.is_not(None),
]
PARTY = Statement(select(*PARTY_COLUMNS).where(_COLUMNS.client_id == bindparam("client_id")))


def party_row(database: Autocommit, *, client_id: str) -> PartyRow | None:
    """Find a relying party for a request."""
    row = database.one(PARTY, client_id=client_id)
    return None if row is None else party_of(row)


@lru_cache(maxsize=1024)
def party_of(row: tuple[Any, ...]) -> PartyRow:
    """Read a row of `PARTY_COLUMNS`: what has the same text, byte for byte, is parsed once.

    Its lists are shared by all who read the same row.
    """
    return PartyRow(
        *(
            json.loads(value) if is_json and value is not None else value
            for value, is_json in zip(row, _JSON, strict=True)
        )
    )


def party(tx: Tx, *, client_id: str) -> RelyingParty | None:
    """Find a relying party to be changed; locks it."""
    return tx.get(RelyingParty, client_id, with_for_update=True)


def put(tx: Tx, columns: dict[str, Any], *, changing: str) -> None:
    """Write a relying party; of one that is there, change one column only."""
    row = insert(RelyingParty).values(columns)
    changed = {changing: row.excluded[changing]}
    tx.execute(row.on_conflict_do_update(index_elements=["client_id"], set_=changed))


class PartyListing(NamedTuple):
    """A relying party as the console lists it."""

    party: PartyRow
    reports: int


_REPORTS = (
    select(func.count())
    .where(AbuseReport.client_id == RelyingParty.client_id)
    .correlate(RelyingParty)
    .scalar_subquery()
)
_LISTED = select(*_STORED, _COLUMNS.logo.is_not(None), _REPORTS)


def listed(tx: Tx, *, client_id: str) -> PartyListing | None:
    """Find a relying party for the console."""
    row = tx.execute(_LISTED.where(_COLUMNS.client_id == client_id)).one_or_none()
    return None if row is None else _listed(row)


def parties(tx: Tx, *, words: str, offset: int, limit: int) -> list[PartyListing]:
    """Return relying parties whose name, number or code has these words, newest first."""
    newest = (RelyingParty.registered_at.desc(), RelyingParty.client_id)
    query = _LISTED.where(_named(words)).order_by(*newest).offset(offset).limit(limit)
    return [_listed(row) for row in tx.execute(query)]


def party_count(tx: Tx, *, words: str) -> int:
    """Count what `parties` would return without a limit."""
    return tx.scalar(select(func.count()).select_from(RelyingParty).where(_named(words))) or 0


def _named(words: str) -> ColumnElement[bool]:
    names = (RelyingParty.legal_name, RelyingParty.uscc, RelyingParty.client_id)
    return or_(*(name.icontains(words, autoescape=True) for name in names))


def _listed(row: Sequence[Any]) -> PartyListing:
    *party, reports = row
    return PartyListing(party=PartyRow(*party), reports=reports)


def reports(tx: Tx, *, client_id: str, limit: int) -> Sequence[AbuseReport]:
    """Return the abuse reports about a relying party, newest first."""
    about = select(AbuseReport).where(AbuseReport.client_id == client_id)
    return tx.scalars(about.order_by(AbuseReport.at.desc()).limit(limit)).all()


class Use(NamedTuple):
    """A value that may be used once in its scope, until when that must be remembered."""

    scope: str
    value: str
    expires_at: datetime


NOTHING: Final = (None, None, None)


def _use(number: int) -> Select[Any]:
    columns = UsedOnce.__table__.c
    return select(
        *(
            bindparam(f"{name}_{number}", type_=columns[name].type).label(name)
            for name in Use._fields
        )
    )


_USES = union_all(_use(0), _use(1)).subquery("uses")
_FRESH = (
    insert(UsedOnce)
    .from_select(list(Use._fields), select(_USES).where(_USES.c.scope.is_not(None)))
    .on_conflict_do_nothing()
    .returning(UsedOnce.scope)
    .cte("fresh")
)
USE = Statement(select(func.array_agg(_FRESH.c.scope)))


def use_up(database: Autocommit, *uses: Use) -> frozenset[str]:
    """Use up to two values up, durably; return the scopes in which they were not used before."""
    given = {
        f"{name}_{number}": value
        for number, use in enumerate((*uses, NOTHING)[:2])
        for name, value in zip(Use._fields, use, strict=True)
    }
    row = database.one(USE, **given)
    return frozenset(() if row is None or row[0] is None else row[0])


def forget_used(tx: Tx, *, before: datetime) -> int:
    """Delete what has expired: a value that old is refused for its age."""
    done = tx.execute(delete(UsedOnce).where(UsedOnce.expires_at < before))
    return int(cast(Any, done).rowcount)
