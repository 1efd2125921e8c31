"""The deadlines 期限 of the law as data: who must do what, counted how, by which article.

`deadlines.csv` has a row for each rule and, where a rule's length depends on the case, for each
variant. "自…之日起" and "自…次日起" are kept apart in `counted_from` as the texts have them, and
mean the same: the event's day is not counted (民诉法 art. 85; 民诉法解释 arts. 125, 126).
`interruptions.csv` has the grounds on which a clock stops 扣除 or begins again 重新起算.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from typing import Final

from app.kernel.calendar import Unit


class Law(StrEnum):
    """The procedure whose way of counting applies: 民事, 行政, 刑事."""

    CIVIL = "civil"
    ADMINISTRATIVE = "administrative"
    CRIMINAL = "criminal"


class Direction(StrEnum):
    """Which way a rule counts, or that it does not."""

    AFTER = "after"
    BEFORE = "before"
    RESTART = "restart"
    NONE = "none"


class Bound(StrEnum):
    """What the law says about the length."""

    EXACTLY = "exactly"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    USUALLY_AT_MOST = "usually_at_most"
    COUNT = "count"


class CountedFrom(StrEnum):
    """The wording: 自…之日起, or 自…次日起."""

    EVENT_DAY = "event_day"
    NEXT_DAY = "next_day"


class Moves(StrEnum):
    """Whether a rest day moves the end; 刑诉法 art. 105 第四款 makes custody an exception."""

    YES = "yes"
    NO = "no"
    UNLESS_IN_CUSTODY = "unless_in_custody"


class Effect(StrEnum):
    """What a ground does to a clock."""

    PAUSE = "pause"
    RESTART = "restart"


@dataclass(frozen=True)
class Length:
    """So many hours, days, working days or months."""

    amount: int
    unit: Unit


@dataclass(frozen=True, kw_only=True)
class Extension:
    """One step of an extension 延长 and who grants it.

    `lengths` is empty where the law leaves the length to whoever grants it. With `replaces` the
    lengths are the whole new period, not an addition.
    """

    by: str
    lengths: tuple[Length, ...]
    replaces: bool


@dataclass(frozen=True, kw_only=True)
class Interruption:
    """A ground on which a clock stops or begins again; `cap` bounds what is not counted."""

    code: str
    effect: Effect
    name: str
    cap: Length | None
    basis: tuple[str, ...]
    note: str


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One deadline 期限.

    `actor` is empty where nobody must act, as when an announcement 公告 becomes service.
    """

    id: str
    variant: str
    track: str
    law: Law
    trigger: str
    actor: str
    duty: str
    direction: Direction
    bound: Bound
    length: Length | None
    most_times: int | None
    counted_from: CountedFrom
    moves: Moves
    interruptions: tuple[str, ...]
    extensions: tuple[Extension, ...]
    basis: tuple[str, ...]
    verified: str
    note: str

    @property
    def to_confirm(self) -> bool:
        """The text of the rule itself has not been read; a lawyer must confirm it."""
        return self.verified != "V"


def rule(id_: str, variant: str = "") -> Rule:
    """The rule of that id; the variant must be named where there are several."""
    return RULES[id_, variant]


def allows_another(limit: Rule, used: int) -> bool:
    """Whether a limited act, as an adjournment 延期开庭, may happen once more after `used`."""
    if limit.most_times is None:
        raise ValueError(f"{limit.id} does not count times")
    return used < limit.most_times


def _table(name: str) -> Iterator[dict[str, str]]:
    folder = resources.files("app.court.casefile.rules")
    text = folder.joinpath(name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def _lengths(text: str) -> tuple[Length, ...]:
    """`1 month 15 day` → one month and fifteen days."""
    words = text.split()
    pairs = zip(words[::2], words[1::2], strict=True)
    return tuple(Length(int(amount), Unit(unit)) for amount, unit in pairs)


def _extensions(text: str) -> tuple[Extension, ...]:
    """`+6 month@本院院长批准;?@…`: added, or `=` the new whole, or `?` as long as granted."""
    steps = (step.split("@") for step in text.split(";") if step)
    return tuple(
        Extension(by=by, lengths=_lengths(size[1:]), replaces=size[0] == "=") for size, by in steps
    )


def _interruption(row: dict[str, str]) -> Interruption:
    return Interruption(
        code=row["code"],
        effect=Effect(row["effect"]),
        name=row["name"],
        cap=next(iter(_lengths(row["cap"])), None),
        basis=tuple(row["basis"].split(";")),
        note=row["note"],
    )


def _rule(row: dict[str, str]) -> Rule:
    counts = row["bound"] == Bound.COUNT
    measured = row["direction"] in (Direction.AFTER, Direction.BEFORE)
    return Rule(
        id=row["id"],
        variant=row["variant"],
        track=row["track"],
        law=Law(row["law"]),
        trigger=row["trigger"],
        actor=row["actor"],
        duty=row["duty"],
        direction=Direction(row["direction"]),
        bound=Bound(row["bound"]),
        length=Length(int(row["amount"]), Unit(row["unit"])) if measured else None,
        most_times=int(row["amount"]) if counts else None,
        counted_from=CountedFrom(row["counted_from"] or CountedFrom.EVENT_DAY),
        moves=Moves(row["moves"]),
        interruptions=tuple(row["interruptions"].split()),
        extensions=_extensions(row["extensions"]),
        basis=tuple(row["basis"].split(";")),
        verified=row["verified"],
        note=row["note"],
    )


INTERRUPTIONS: Final[dict[str, Interruption]] = {
    row["code"]: _interruption(row) for row in _table("interruptions.csv")
}
RULES: Final[dict[tuple[str, str], Rule]] = {
    (row["id"], row["variant"]): _rule(row) for row in _table("deadlines.csv")
}
