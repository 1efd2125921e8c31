"""Legal clocks 期限 that run in cases and fire by themselves."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from app.court.casefile.errors import ClockGroundRefused
from app.court.casefile.models import CaseClock
from app.court.casefile.queries import cases as reads
from app.court.casefile.rules import due as counting
from app.court.casefile.rules.deadlines import RULES, Length
from app.court.casefile.rules.due import Due
from app.court.casefile.service.values import ClockView
from app.kernel import calendar, outbox
from app.kernel.outbox import Message
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ports.clock import Clock
from app.ports.entropy import Entropy

TOPIC: Final = "case_clock"
WARN_DAYS: Final = (3, 1)  # before the last day


@dataclass(frozen=True, kw_only=True)
class NewClock:
    """A clock to be started: which rule, from when, and who is asked when it ends.

    `rule_id` and `variant` are of `deadlines.csv`; `designated` is the court's own length where
    the law only bounds it. `purpose` names the hook, `subject_id` what it is told.
    """

    rule_id: str
    variant: str = ""
    began_at: datetime
    purpose: str
    subject_id: uuid.UUID
    case_id: uuid.UUID | None = None
    designated: Length | None = None


@dataclass(frozen=True, kw_only=True)
class Ringing:
    """A clock that rings: `days_left` before its last day, or None when that has passed."""

    subject_id: uuid.UUID
    case_id: uuid.UUID | None
    rule_id: str
    days_left: int | None


Ring = Callable[[Tx, Ringing, datetime], None]


class CaseClocks:
    """Starts clocks and stops them; a worker rings those that nobody stopped.

    `on_ring` holds one hook a purpose; it acts in the transaction that ends the clock.
    """

    def __init__(self, *, clock: Clock, entropy: Entropy) -> None:
        self._clock = clock
        self._entropy = entropy
        self.on_ring: dict[str, Ring] = {}

    def start(self, tx: Tx, new: NewClock) -> Due:
        """Start a clock in the caller's transaction; return when it ends, and why."""
        due = counting.due(RULES[new.rule_id, new.variant], new.began_at, designated=new.designated)
        row = CaseClock(
            id=self._entropy.uuid(),
            case_id=new.case_id,
            subject_id=new.subject_id,
            purpose=new.purpose,
            rule_id=new.rule_id,
            variant=new.variant,
            begins_on=calendar.local(new.began_at).date(),
            due_on=due.last_day,
            state="running",
        )
        tx.add(row)
        self._schedule(tx, row, last_moment=due.last_moment, at=new.began_at)
        return due

    def meet(self, tx: Tx, *, subject_id: uuid.UUID, purpose: str, at: datetime) -> None:
        """Note that what had to be done in time was done; clocks of this purpose end."""
        _end(reads.running_clocks(tx, subject_id=subject_id, purpose=purpose), "met", at)

    def stop(self, tx: Tx, *, subject_id: uuid.UUID, purpose: str, at: datetime) -> None:
        """End clocks that have lost their object."""
        _end(reads.running_clocks(tx, subject_id=subject_id, purpose=purpose), "stopped", at)

    def newest(self, tx: Tx, *, subject_id: uuid.UUID, purpose: str) -> ClockView | None:
        """Return the clock about a subject that ends last, if there ever was one."""
        row = reads.newest_clock(tx, subject_id=subject_id, purpose=purpose)
        return None if row is None else ClockView.of(row)

    def prolong(
        self, tx: Tx, *, subject_id: uuid.UUID, purpose: str, days: int, at: datetime
    ) -> date:
        """Let the clocks about a subject that run end `days` later 延长; return the new last day.

        What was in the queue for the old end finds that the day has moved, and does nothing.
        Raises `ClockGroundRefused` when none runs.
        """
        rows = reads.running_clocks(tx, subject_id=subject_id, purpose=purpose)
        if not rows:
            raise ClockGroundRefused
        for row in rows:
            last = calendar.working_day_from(row.due_on + timedelta(days=days))
            row.due_on = last
            self._schedule(tx, row, last_moment=calendar.end_of_day(last), at=at)
        return max(row.due_on for row in rows)

    def handle(self, message: Message) -> None:
        """Ring one clock; called by the worker when its moment has come."""
        at = self._clock.now()
        days_left: int | None = message.payload["days_left"]
        with unit_of_work() as tx:
            row = reads.clock(tx, clock_id=uuid.UUID(message.payload["clock_id"]))
            if row is None or row.state != "running":
                return
            if message.payload["due_on"] != row.due_on.isoformat():
                return
            if days_left is None:
                row.state, row.ended_at = "passed", at
            ringing = Ringing(
                subject_id=row.subject_id,
                case_id=row.case_id,
                rule_id=row.rule_id,
                days_left=days_left,
            )
            self.on_ring[row.purpose](tx, ringing, at)

    @staticmethod
    def _schedule(tx: Tx, row: CaseClock, *, last_moment: datetime, at: datetime) -> None:
        """Write the ringing into the queue, for the moment after the last one that is in time."""
        moments: dict[int | None, datetime] = {
            days: last_moment - timedelta(days=days, hours=15) for days in WARN_DAYS
        }
        moments[None] = last_moment + timedelta(seconds=1)
        for days_left, moment in moments.items():
            if moment > at:
                payload = {
                    "clock_id": str(row.id),
                    "days_left": days_left,
                    "due_on": row.due_on.isoformat(),
                }
                outbox.enqueue(tx, topic=TOPIC, payload=payload, at=at, due_at=moment)


def _end(rows: Iterable[CaseClock], state: str, at: datetime) -> None:
    for row in rows:
        row.state, row.ended_at = state, at
