"""期限计算: the deadlines that a lawyer can count from a day, and how one is counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.court.casefile.errors import DeadlineUnknown
from app.court.casefile.rules import due
from app.court.casefile.rules.deadlines import RULES, Direction, Rule
from app.court.casefile.rules.due import Due
from app.kernel.calendar import Unit

COUNTED = (Direction.AFTER, Direction.BEFORE)


def _is_counted_in_days(rule: Rule) -> bool:
    """Hours need a moment, and a restart needs a clock that runs: they belong to a case."""
    return (
        rule.direction in COUNTED and rule.length is not None and rule.length.unit is not Unit.HOUR
    )


class Deadlines:
    """Counts deadlines for whoever asks; nothing is read or kept."""

    def listing(self) -> Sequence[Rule]:
        """Return the deadlines that can be counted from a day, in the order of the table."""
        return [rule for rule in RULES.values() if _is_counted_in_days(rule)]

    def estimate(
        self, *, rule_id: str, variant: str, day: date, in_custody: bool, travel_days: int
    ) -> Due:
        """Count a deadline from the day of its event, or back from a day to come.

        `in_custody` matters to criminal deadlines, `travel_days` to those before a hearing.
        Raises `DeadlineUnknown`.
        """
        rule = RULES.get((rule_id, variant))
        if rule is None or not _is_counted_in_days(rule):
            raise DeadlineUnknown
        if rule.direction is Direction.BEFORE:
            return due.latest_before(rule, day, travel_days=travel_days)
        return due.due(rule, day, in_custody=in_custody)
