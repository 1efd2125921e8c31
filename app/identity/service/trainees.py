"""Trainees 申请律师执业人员: what the register says of them, and remembering it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from app.identity.errors import IdentityNoInvalid, NoMatch, TraineeNoInvalid
from app.identity.models import Trainee
from app.identity.queries import assistants as queries
from app.identity.rules import binding as rules
from app.identity.service.attempts import Attempts
from app.kernel.identifiers import is_identity_no, is_trainee_no
from app.kernel.principal import Phone
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.errors import PortError
from app.ports.registry import Registry, TraineeNotFound, TraineeRecord, TraineeStatus

SYNC_AFTER = timedelta(seconds=30)
SYNC_BATCH = 200

TraineeHook = Callable[[Tx, uuid.UUID, datetime], None]


@dataclass(frozen=True, kw_only=True)
class TraineeClaim:
    """What a trainee typed."""

    trainee_no: str
    name: str = field(repr=False)
    identity_no: str = field(repr=False)


class Trainees:
    """Use cases around trainees. `on_change` are told in the transaction that remembers it."""

    def __init__(self, *, registry: Registry, clock: Clock, entropy: Entropy) -> None:
        self._registry = registry
        self._clock = clock
        self._entropy = entropy
        self._attempts = Attempts(entropy=entropy)
        self.on_change: list[TraineeHook] = []

    def match(self, *, phone: Phone, claim: TraineeClaim) -> TraineeRecord:
        """Compare what was typed with the register; only what it contradicts stays counted.

        Raises `TraineeNoInvalid`, `IdentityNoInvalid`, `TooManyAttempts`, `NoMatch`, and the
        registry port's errors.
        """
        if not is_trainee_no(claim.trainee_no):
            raise TraineeNoInvalid(field="trainee_no")
        if not is_identity_no(claim.identity_no):
            raise IdentityNoInvalid(field="identity_no")
        attempt = self._attempts.count(phone, at=self._clock.now())
        try:
            record = self._registry.trainee(trainee_no=claim.trainee_no)
            rules.check_match(record, name=claim.name, identity_no=claim.identity_no)
        except TraineeNotFound as error:
            raise NoMatch from error
        except PortError:
            self._attempts.uncount(attempt)
            raise
        self._attempts.uncount(attempt)
        return record

    def note(self, tx: Tx, *, record: TraineeRecord, at: datetime) -> Trainee:
        """Remember what the register says of a trainee."""
        row = queries.trainee_by_no(tx, trainee_no=record.trainee_no)
        if row is None:
            row = Trainee(id=self._entropy.uuid(), trainee_no=record.trainee_no)
            tx.add(row)
        row.name, row.firm_name, row.firm_uscc = record.name, record.firm_name, record.firm_uscc
        row.synced_at = at
        self._stand(row, status=record.status, since=record.status_since)
        tx.flush()
        for hook in self.on_change:
            hook(tx, row.id, at)
        return row

    def refresh(self, *, trainee_no: str) -> None:
        """Ask the register now; a number it no longer knows counts as cancelled.

        Raises the registry port's errors.
        """
        at = self._clock.now()
        try:
            record = self._registry.trainee(trainee_no=trainee_no)
        except TraineeNotFound:
            self._gone(trainee_no, at=at)
            return
        with unit_of_work() as tx:
            self.note(tx, record=record, at=at)

    def sync(self) -> int:
        """Read the standing of trainees who assist and were not asked about lately."""
        before = self._clock.now() - SYNC_AFTER
        with unit_of_work() as tx:
            numbers = queries.trainees_to_sync(tx, before=before, limit=SYNC_BATCH)
        for number in numbers:
            self.refresh(trainee_no=number)
        return len(numbers)

    def _gone(self, trainee_no: str, *, at: datetime) -> None:
        with unit_of_work() as tx:
            row = queries.trainee_by_no(tx, trainee_no=trainee_no)
            if row is None:
                return
            row.synced_at = at
            if row.status != TraineeStatus.CANCELLED:
                self._stand(row, status=TraineeStatus.CANCELLED, since=at.date())
            tx.flush()
            for hook in self.on_change:
                hook(tx, row.id, at)

    @staticmethod
    def _stand(row: Trainee, *, status: TraineeStatus, since: date) -> None:
        row.status, row.status_since = status, since
