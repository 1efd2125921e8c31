"""When a clock 期限 ends, counted by 民诉法 art. 85 over the one calendar, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from app.court.casefile.errors import ClockPaused
from app.court.casefile.rules import clock_texts as texts
from app.court.casefile.rules.clocks import Clock, start
from app.court.casefile.rules.deadlines import Direction, Law, Length, Moves, Rule
from app.kernel import calendar
from app.kernel.calendar import Unit

_DAY: Final = timedelta(days=1)
_MOMENT: Final = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Due:
    """When a clock ends.

    Where the law only bounds a period that the court sets, and the court has not set it yet, this
    is where the bound lies. `last_moment` is the last microsecond that is in time. `act_by` is a
    working day by which it is safe to have acted.
    """

    rule: Rule
    last_day: date
    last_moment: datetime
    act_by: date
    provisional: bool
    basis: tuple[str, ...]
    explanation: str

    def is_over(self, at: datetime) -> bool:
        """Whether the period has ended at `at`."""
        return at > self.last_moment


def due(
    rule: Rule,
    event_at: date | datetime,
    *,
    designated: Length | None = None,
    in_custody: bool = False,
) -> Due:
    """When a deadline ends that nothing has stopped or extended."""
    return due_of(start(rule, event_at, designated=designated, in_custody=in_custody))


def due_of(clock: Clock) -> Due:
    """When the clock ends, or `ClockPaused` while it stands still."""
    if clock.is_paused:
        raise ClockPaused(rule=clock.rule.id)
    if clock.base.unit == Unit.HOUR:
        return _due_in_hours(clock)
    nominal, lost = _nominal_end(clock)
    last = _last_day(clock, nominal)
    provisional = calendar.is_provisional(*_days_asked(clock, nominal, last))
    basis = _basis(clock)
    return Due(
        rule=clock.rule,
        last_day=last,
        last_moment=calendar.end_of_day(last) - _MOMENT,
        act_by=max(calendar.working_day_until(last), clock.event_day),
        provisional=provisional,
        basis=basis,
        explanation=texts.sentence(
            clock, nominal=nominal, last=last, lost=lost, basis=basis, provisional=provisional
        ),
    )


def latest_before(rule: Rule, event_day: date, *, travel_days: int = 0) -> Due:
    """The last day for what must be done before a day to come, as a hearing 开庭.

    Three days before the 16th is the 13th. `travel_days` is the time on the way 在途时间 left to
    those who come from elsewhere (民诉法解释 art. 227). No rest day prolongs the time. `act_by`
    leaves three whole days between, should a court count neither the first nor the last.
    """
    if rule.direction is not Direction.BEFORE or rule.length is None:
        raise ValueError(f"{rule.id} is not counted before an event: {rule.direction}")
    last = event_day - timedelta(days=rule.length.amount + travel_days)
    act_by = calendar.working_day_until(last - _DAY)
    provisional = calendar.is_provisional(act_by, last)
    return Due(
        rule=rule,
        last_day=last,
        last_moment=calendar.end_of_day(last) - _MOMENT,
        act_by=act_by,
        provisional=provisional,
        basis=rule.basis,
        explanation=texts.sentence_before(
            rule,
            event_day,
            travel_days=travel_days,
            last=last,
            act_by=act_by,
            provisional=provisional,
        ),
    )


def _moves(clock: Clock) -> bool:
    """Whether a rest day moves the end (民诉法 art. 85; 刑诉法 art. 105 第四款)."""
    if clock.rule.moves is Moves.UNLESS_IN_CUSTODY:
        return not clock.in_custody
    return clock.rule.moves is Moves.YES


def _last_day(clock: Clock, nominal: date) -> date:
    return calendar.working_day_from(nominal) if _moves(clock) else nominal


def _nominal_end(clock: Clock) -> tuple[date, tuple[int, ...]]:
    """Where the period ends before rest days are looked at, and the days each pause cost.

    Months come first, then days, then pauses. Months are added together, so that six and six from
    31 August are a year.
    """
    end = clock.event_day
    for unit in (Unit.YEAR, Unit.MONTH, Unit.DAY, Unit.WORKING_DAY):
        count = sum(length.amount for length in clock.lengths if length.unit == unit)
        end = calendar.add(end, count, unit, from_end_to_end=clock.rule.law is Law.CRIMINAL)
    first_counted = clock.event_day + _DAY
    lost: list[int] = []
    for each in clock.pauses:
        since, until = max(each.since, first_counted), each.ends
        if since > _last_day(clock, end):
            break  # the period was over before
        days = max((until - since).days, 0)
        # A clock stopped on the rest days before its moved end goes on when it is resumed.
        end = max(end + timedelta(days=days), until)
        lost.append(days)
    return end, tuple(lost)


def _days_asked(clock: Clock, nominal: date, last: date) -> tuple[date, date]:
    """The days whose kind decided the answer."""
    if any(length.unit == Unit.WORKING_DAY for length in clock.lengths):
        return clock.event_day, last
    return nominal, last


def _due_in_hours(clock: Clock) -> Due:
    """Hours end at an hour, rest day or not (民诉法解释 art. 125)."""
    if not isinstance(clock.event_at, datetime):
        raise TypeError(f"{clock.rule.id} counts hours: its event needs an instant")
    event = calendar.local(clock.event_at)
    ends = calendar.hours_end(event, clock.base.amount)
    last_moment = ends - _MOMENT
    basis = _basis(clock)
    return Due(
        rule=clock.rule,
        last_day=last_moment.date(),
        last_moment=last_moment,
        act_by=last_moment.date(),
        provisional=False,
        basis=basis,
        explanation=texts.sentence_of_hours(clock, event, ends, basis),
    )


def _basis(clock: Clock) -> tuple[str, ...]:
    """The rule of counting, the rule itself, and what stopped or restarted the clock."""
    grounds = [each.ground for each in clock.pauses]
    if clock.restarted_by:
        grounds.insert(0, clock.restarted_by)
    own = (*clock.rule.basis, *(source for ground in grounds for source in ground.basis))
    return tuple(dict.fromkeys((texts.COUNTING[clock.rule.law], *own)))
