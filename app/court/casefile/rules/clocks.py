"""Clocks 期限 that run: started, stopped, extended, begun again.

A clock is a value: a rule, its event, and what has happened since. `pause`, `resume`, `extend` and
`restart` give another clock, and each refuses what the law does not allow; `due.due_of` says when
it ends. Days are whole: a period paused from the 10th and resumed on the 15th loses five days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.court.casefile.errors import (
    ClockDaysDisordered,
    ClockGroundRefused,
    ClockPaused,
    PeriodRefused,
)
from app.court.casefile.rules.deadlines import (
    INTERRUPTIONS,
    Bound,
    Direction,
    Effect,
    Extension,
    Interruption,
    Length,
    Rule,
)
from app.kernel import calendar
from app.kernel.calendar import Unit


@dataclass(frozen=True, kw_only=True)
class Pause:
    """A time that is not counted 扣除: from `since` to the day before `until`."""

    ground: Interruption
    since: date
    until: date | None

    @property
    def ends(self) -> date:
        """The first day that counts again, no later than the ground's own limit."""
        if self.until is None:
            raise ClockPaused(ground=self.ground.code)
        if self.ground.cap is None:
            return self.until
        cap = calendar.add(self.since, self.ground.cap.amount, self.ground.cap.unit)
        return min(self.until, cap)


@dataclass(frozen=True, kw_only=True)
class Granted:
    """An extension 延长 that was granted."""

    step: Extension
    lengths: tuple[Length, ...]


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A deadline that runs: `designated` is the court's own period 指定期间, where it sets one."""

    rule: Rule
    event_at: date | datetime
    designated: Length | None = None
    in_custody: bool = False
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Granted, ...] = ()
    restarted_by: Interruption | None = None

    @property
    def is_paused(self) -> bool:
        """Whether it stands still now."""
        return any(pause.until is None for pause in self.pauses)

    @property
    def event_day(self) -> date:
        """The day of the event in China, which is not counted itself."""
        at = self.event_at
        return calendar.local_day(at) if isinstance(at, datetime) else at

    @property
    def base(self) -> Length:
        """The period before any extension."""
        length = self.designated or self.rule.length
        if length is None:
            raise ValueError(f"{self.rule.id} has no length")
        return length

    @property
    def lengths(self) -> tuple[Length, ...]:
        """The period with its extensions: a new whole forgets what was before it."""
        lengths: tuple[Length, ...] = (self.base,)
        for granted in self.extensions:
            lengths = granted.lengths if granted.step.replaces else (*lengths, *granted.lengths)
        return lengths


def start(
    rule: Rule,
    event_at: date | datetime,
    *,
    designated: Length | None = None,
    in_custody: bool = False,
) -> Clock:
    """A clock from its event; raises `PeriodRefused` for a period the law does not allow."""
    if rule.direction is not Direction.AFTER:
        raise ValueError(f"{rule.id} does not run from an event: {rule.direction}")
    if designated is not None:
        _check_designated(rule, designated)
    return Clock(rule=rule, event_at=event_at, designated=designated, in_custody=in_custody)


def pause(clock: Clock, since: date, ground: str) -> Clock:
    """The clock, stopped from `since` on (审限规定 art. 9; 民诉法解释 art. 243)."""
    if clock.is_paused:
        raise ClockPaused(rule=clock.rule.id)
    earliest = max((each.until for each in clock.pauses if each.until), default=clock.event_day)
    if since < earliest:
        raise ClockDaysDisordered(since=since.isoformat(), earliest=earliest.isoformat())
    found = _ground(clock, ground, Effect.PAUSE)
    return replace(clock, pauses=(*clock.pauses, Pause(ground=found, since=since, until=None)))


def resume(clock: Clock, until: date) -> Clock:
    """The clock, running again: `until` is the first day that counts."""
    if not clock.is_paused:
        raise ClockGroundRefused("the clock is not paused", rule=clock.rule.id)
    *earlier, last = clock.pauses
    if until < last.since:
        raise ClockDaysDisordered(until=until.isoformat(), since=last.since.isoformat())
    return replace(clock, pauses=(*earlier, replace(last, until=until)))


def extend(clock: Clock, granted: Sequence[Length] = ()) -> Clock:
    """The clock with the next extension the law knows 延长, at most as long as it allows."""
    steps = clock.rule.extensions
    used = len(clock.extensions)
    # A step whose length the law leaves open may be granted again, as parties agree again.
    if used >= len(steps) and not (steps and not steps[-1].lengths):
        raise ClockGroundRefused("no extension is left", rule=clock.rule.id, used=used)
    step = steps[min(used, len(steps) - 1)]
    lengths = tuple(granted) or step.lengths
    if not lengths or not _within(lengths, step):
        raise PeriodRefused("the extension's length", rule=clock.rule.id, by=step.by)
    return replace(clock, extensions=(*clock.extensions, Granted(step=step, lengths=lengths)))


def restart(clock: Clock, at: date, ground: str, *, designated: Length | None = None) -> Clock:
    """The same deadline from the beginning 重新起算, as after a correction 补正 was received.

    Offline (登记立案规定 art. 7) and online (在线诉讼规则 art. 9) the first day that counts is the
    one after receipt (民诉法解释 art. 126).
    """
    if at < clock.event_day:
        raise ClockDaysDisordered(at=at.isoformat())
    found = _ground(clock, ground, Effect.RESTART)
    fresh = start(
        clock.rule,
        at,
        designated=designated or clock.designated,
        in_custody=clock.in_custody,
    )
    return replace(fresh, restarted_by=found)


def _check_designated(rule: Rule, designated: Length) -> None:
    """The court's period against the law's bound, in the law's own unit."""
    if rule.length is None or rule.bound is Bound.EXACTLY or designated.unit != rule.length.unit:
        raise PeriodRefused("the law sets this period itself", rule=rule.id)
    too_short = rule.bound is Bound.AT_LEAST and designated.amount < rule.length.amount
    too_long = rule.bound is Bound.AT_MOST and designated.amount > rule.length.amount
    if too_short or too_long or designated.amount < 1:
        raise PeriodRefused(rule=rule.id, bound=rule.bound.value, limit=rule.length.amount)


def _within(granted: tuple[Length, ...], step: Extension) -> bool:
    """Whether what was granted is no longer than the step; a fixed whole is taken as it is."""
    if any(each.amount < 1 or each.unit == Unit.HOUR for each in granted):
        return False
    if not step.lengths:
        return True
    if step.replaces or len(granted) != 1:
        return granted == step.lengths
    allowed = step.lengths[0]
    return granted[0].unit == allowed.unit and granted[0].amount <= allowed.amount


def _ground(clock: Clock, code: str, effect: Effect) -> Interruption:
    found = INTERRUPTIONS.get(code)
    if found is None or found.effect is not effect or code not in clock.rule.interruptions:
        raise ClockGroundRefused(rule=clock.rule.id, ground=code)
    return found
