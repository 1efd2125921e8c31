"""代理关系: what is handed in, which steps there are, which act needs which power."""

from __future__ import annotations

import itertools

import pytest

from app.court.casefile.errors import (
    PowerMissing,
    RepresentationClosed,
    RepresentationIncomplete,
    TooManyAgents,
)
from app.court.casefile.rules import representation as rules
from app.court.casefile.rules.representation import Authority, Power, State

STEPS = {
    "submitted": {"effective", "refused", "ended"},
    "effective": {"suspended", "ended"},
    "suspended": {"effective", "ended"},
    "refused": set(),
    "ended": set(),
}


@pytest.mark.parametrize(("before", "after"), list(itertools.product(State, State)))
def test_steps(before: State, after: State) -> None:
    if after.value in STEPS[before.value]:
        assert rules.step(before, after) is after
    else:
        with pytest.raises(RepresentationClosed):
            rules.step(before, after)


@pytest.mark.parametrize(
    ("authority", "powers", "materials", "field"),
    [
        (Authority.GENERAL, [Power.SETTLE], 2, "powers"),
        (Authority.SPECIAL, [], 2, "powers"),
        (Authority.GENERAL, [], 0, "material_ids"),
    ],
)
def test_what_is_missing_is_named(
    authority: Authority, powers: list[Power], materials: int, field: str
) -> None:
    with pytest.raises(RepresentationIncomplete) as refused:
        rules.check_submission(authority=authority, powers=powers, materials=materials, agents=0)
    assert refused.value.extra["field"] == field


def test_two_agents_are_the_most() -> None:
    for agents in (0, 1):
        rules.check_submission(authority=Authority.GENERAL, powers=[], materials=1, agents=agents)
    with pytest.raises(TooManyAgents):
        rules.check_submission(authority=Authority.GENERAL, powers=[], materials=1, agents=2)


@pytest.mark.parametrize("power", Power)
def test_a_power_must_be_named(power: Power) -> None:
    rules.demand_power(power, authority=Authority.SPECIAL, powers=[power.value])
    others = [other.value for other in Power if other is not power]
    for authority, powers in ((Authority.SPECIAL, others), (Authority.GENERAL, [power.value])):
        with pytest.raises(PowerMissing):
            rules.demand_power(power, authority=authority, powers=powers)
