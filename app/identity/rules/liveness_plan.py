"""What a liveness session 活体检测 will ask, drawn from given random integers. Pure.

front → three random actions → a code of eight colours → done. Without immediate repeats three
actions out of four give 36 orders (34 with a turn in them); the colours give 42,432 codes (eight
out of five, no repeat, white and black never side by side) and carry the protection against
replays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

INTEGERS_NEEDED = 64  # each uniform in 0 … 2³²−1, so that a remainder is all but unbiased
ACTIONS = 3
EXTRA_ACTIONS = 2
SEGMENTS = 8
COLOUR_MS = 400  # 2.5 changes a second: below the three flashes of WCAG 2.3.1
COLOURS: Mapping[str, str] = {
    "R": "#ff0000",
    "G": "#00ff00",
    "B": "#0000ff",
    "W": "#ffffff",
    "K": "#000000",
}
NEUTRAL = ("W", "K")


class StepKind(StrEnum):
    """What the person is asked to do; left and right are the person's own."""

    FRONT = "front"
    TURN_LEFT = "turn_left"
    TURN_RIGHT = "turn_right"
    BLINK = "blink"
    OPEN_MOUTH = "open_mouth"
    FLASH = "flash"


TURNS = (StepKind.TURN_LEFT, StepKind.TURN_RIGHT)
_TIMES = {1: "一", 2: "两"}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One request. `count` is how often; `colours` are letters of `COLOURS`, flash only."""

    kind: StepKind
    count: int = 1
    colours: str = ""

    @property
    def prompt(self) -> str:
        """The request in plain Chinese."""
        return _PROMPTS[self.kind].format(count=_TIMES.get(self.count, str(self.count)))

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Step:
        """Read what `dataclasses.asdict` wrote."""
        return cls(kind=StepKind(value["kind"]), count=value["count"], colours=value["colours"])


_PROMPTS = {
    StepKind.FRONT: "请正对屏幕，把脸放在框内",
    StepKind.TURN_LEFT: "请慢慢向左转头，再转回来",
    StepKind.TURN_RIGHT: "请慢慢向右转头，再转回来",
    StepKind.BLINK: "请眨{count}次眼",
    StepKind.OPEN_MOUTH: "请张开嘴，再合上",
    StepKind.FLASH: "请看着屏幕，保持不动",
}


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The whole secret: `steps` are asked in order.

    `second_flash` and `extra` are held back for a light that drowns the colours.
    """

    steps: tuple[Step, ...]
    second_flash: Step
    extra: tuple[Step, ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values; `from_json` is the way back."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Plan:
        """Read what `to_json` wrote."""
        return cls(
            steps=tuple(Step.from_json(step) for step in value["steps"]),
            second_flash=Step.from_json(value["second_flash"]),
            extra=tuple(Step.from_json(step) for step in value["extra"]),
        )


def draw(*, integers: Sequence[int], actions: Sequence[str]) -> Plan:
    """Draw a plan from `INTEGERS_NEEDED` random integers and the allowed actions (≥ 2).

    At least one of the three actions is a turn whenever turns are allowed: only a turn tells a
    head from a picture. Raises `ValueError` when there is too little of either.
    """
    if len(integers) < INTEGERS_NEEDED or len(set(actions)) < 2:
        raise ValueError("a plan needs more integers or at least two actions")
    chance = iter(integers)
    allowed = tuple(StepKind(action) for action in actions)
    asked = _actions(allowed, chance=chance, after=None, count=ACTIONS)
    turns = tuple(kind for kind in allowed if kind in TURNS)
    if turns and not any(step.kind in TURNS for step in asked):
        asked = _with_turn(asked, turn=turns[next(chance) % len(turns)], place=next(chance))
    flashes = [Step(kind=StepKind.FLASH, colours=_code(chance)) for _ in range(2)]
    extra = _actions(allowed, chance=chance, after=asked[-1].kind, count=EXTRA_ACTIONS)
    return Plan(
        steps=(Step(kind=StepKind.FRONT), *asked, flashes[0]),
        second_flash=flashes[1],
        extra=extra,
    )


def _actions(
    allowed: tuple[StepKind, ...], *, chance: Iterator[int], after: StepKind | None, count: int
) -> tuple[Step, ...]:
    steps: list[Step] = []
    last = after
    for _ in range(count):
        choices = [kind for kind in allowed if kind is not last]
        last = choices[next(chance) % len(choices)]
        often = 1 + next(chance) % 2 if last is StepKind.BLINK else 1
        steps.append(Step(kind=last, count=often))
    return tuple(steps)


def _with_turn(asked: tuple[Step, ...], *, turn: StepKind, place: int) -> tuple[Step, ...]:
    """Put a turn in a random place; beside actions that are no turns it repeats nothing."""
    place %= len(asked)
    return (*asked[:place], Step(kind=turn), *asked[place + 1 :])


def _code(chance: Iterator[int]) -> str:
    """Draw a code; two neutral colours never meet, or nothing could be measured."""
    letters = ""
    for _ in range(SEGMENTS):
        neutral = letters.endswith(NEUTRAL)
        choices = [
            letter
            for letter in COLOURS
            if not letters.endswith(letter) and not (neutral and letter in NEUTRAL)
        ]
        letters += choices[next(chance) % len(choices)]
    return letters
