"""How fast complaints were answered, as the public reads it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from app.kernel import calendar


class Answered(Protocol):
    """What is asked of a ticket."""

    @property
    def filed_at(self) -> datetime:
        """When it was filed."""
        ...

    @property
    def first_due_on(self) -> date:
        """The last day for its first answer."""
        ...

    @property
    def first_replied_at(self) -> datetime | None:
        """When it was first answered."""
        ...


@dataclass(frozen=True, kw_only=True)
class Times:
    """Complaints filed in a month: how many were answered, in time, and after how many days.

    `tenths` is the average in tenths of a day, None where nothing was answered.
    """

    filed: int
    answered: int
    in_time: int
    tenths: int | None


def count(tickets: Iterable[Answered]) -> Times:
    """Count a month's complaints."""
    filed = answered = in_time = seconds = 0
    for ticket in tickets:
        filed += 1
        if ticket.first_replied_at is None:
            continue
        answered += 1
        in_time += calendar.local(ticket.first_replied_at).date() <= ticket.first_due_on
        seconds += int((ticket.first_replied_at - ticket.filed_at).total_seconds())
    tenths = round(seconds / answered / 8640) if answered else None
    return Times(filed=filed, answered=answered, in_time=in_time, tenths=tenths)
