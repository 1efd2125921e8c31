"""Use cases of the console: operators sign in, and everything they do is written down."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from werkzeug.security import check_password_hash, generate_password_hash

from app.errors import AppError
from app.kernel.principal import Operator, OperatorRole, Staff, StaffRole
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.ephemeral import Ephemeral
from app.ports.errors import Unavailable
from app.supervision.errors import SignInRefused
from app.supervision.models import OperatorAccount, OperatorAct

TRIES_PER_MINUTE = 10
ACTS_SHOWN = 50
# Compared with when the username is unknown, so that the answer takes as long.
NOBODY = generate_password_hash("nobody", method="scrypt")


class TooManySignIns(AppError):
    """Too many tries for one username."""

    code = "auth.rate_limited"


@dataclass(frozen=True, kw_only=True)
class NewOperator:
    """An operator, or a person of a court, to be created."""

    username: str
    password: str = field(repr=False)
    name: str
    role: OperatorRole | StaffRole
    court_name: str
    court_code: str | None = None


@dataclass(frozen=True, kw_only=True)
class ActDone:
    """One line of the record of what operators did 操作记录."""

    at: datetime
    operator: str
    act: str
    reason: str


class Operators:
    """Who may use the console."""

    def __init__(self, *, clock: Clock, entropy: Entropy, ephemeral: Ephemeral) -> None:
        self._clock = clock
        self._entropy = entropy
        self._ephemeral = ephemeral

    def create(self, *, operator: NewOperator) -> None:
        """Create an operator; an existing username is left as it is."""
        with unit_of_work() as tx:
            if _by_username(tx, operator.username) is not None:
                return
            tx.add(
                OperatorAccount(
                    id=self._entropy.uuid(),
                    username=operator.username,
                    password_hash=generate_password_hash(operator.password, method="scrypt"),
                    name=operator.name,
                    role=operator.role,
                    court_name=operator.court_name,
                    court_code=operator.court_code,
                    created_at=self._clock.now(),
                )
            )

    def sign_in(self, *, username: str, password: str) -> Operator | Staff:
        """Check a password; raises `SignInRefused` or `TooManySignIns`."""
        try:
            tries = self._ephemeral.incr(key=f"console-sign-in:{username}", ttl=60)
        except Unavailable:
            tries = 1
        if tries > TRIES_PER_MINUTE:
            raise TooManySignIns
        with unit_of_work() as tx:
            account = _by_username(tx, username)
            stored = NOBODY if account is None else account.password_hash
            if not check_password_hash(stored, password) or account is None:
                raise SignInRefused
            return _person(account)

    def recognise(self, operator_id: str) -> Operator | Staff | None:
        """Return the operator or the person of a court with this id, if there is one."""
        with unit_of_work() as tx:
            account = tx.get(OperatorAccount, uuid.UUID(operator_id))
            return None if account is None else _person(account)

    def of_court(self, court_code: str) -> Sequence[Staff]:
        """Return the people of a court, by name."""
        query = (
            select(OperatorAccount)
            .where(OperatorAccount.court_code == court_code)
            .order_by(OperatorAccount.name)
        )
        with unit_of_work() as tx:
            found = [_person(account) for account in tx.scalars(query)]
        return [each for each in found if isinstance(each, Staff)]

    def write_down(self, *, operator: Operator, act: str, subject: str, reason: str = "") -> None:
        """Record what an operator is about to do; if this fails, it is not done."""
        with unit_of_work() as tx:
            tx.add(
                OperatorAct(
                    id=self._entropy.uuid(),
                    operator_id=operator.operator_id,
                    at=self._clock.now(),
                    act=act,
                    subject=subject,
                    reason=reason,
                )
            )

    def acts_on(self, *, subject: str) -> Sequence[ActDone]:
        """Return what operators did to a subject, newest first; no more than `ACTS_SHOWN`."""
        query = (
            select(OperatorAct.at, OperatorAccount.name, OperatorAct.act, OperatorAct.reason)
            .join(OperatorAccount, OperatorAccount.id == OperatorAct.operator_id)
            .where(OperatorAct.subject == subject)
            .order_by(OperatorAct.at.desc())
            .limit(ACTS_SHOWN)
        )
        with unit_of_work() as tx:
            return [
                ActDone(at=at, operator=name, act=act, reason=reason)
                for at, name, act, reason in tx.execute(query)
            ]


def _by_username(tx: Tx, username: str) -> OperatorAccount | None:
    return tx.scalar(select(OperatorAccount).where(OperatorAccount.username == username))


def _person(account: OperatorAccount) -> Operator | Staff:
    if account.court_code is not None:
        return Staff(
            staff_id=account.id,
            name=account.name,
            role=StaffRole(account.role),
            court_code=account.court_code,
            court_name=account.court_name,
        )
    return Operator(
        operator_id=account.id,
        name=account.name,
        role=OperatorRole(account.role),
        court_name=account.court_name,
    )
