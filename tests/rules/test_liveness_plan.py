"""What a plan may be: every draw keeps to the rules, and little can be guessed."""

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identity.rules.liveness_plan import (
    COLOURS,
    INTEGERS_NEEDED,
    NEUTRAL,
    SEGMENTS,
    TURNS,
    Plan,
    StepKind,
    draw,
)

ACTIONS = ("turn_left", "turn_right", "blink", "open_mouth")
integers = st.lists(st.integers(0, 2**32 - 1), min_size=INTEGERS_NEEDED, max_size=INTEGERS_NEEDED)


@given(integers=integers, actions=st.sets(st.sampled_from(ACTIONS), min_size=2))
def test_a_plan_is_front_three_actions_and_a_flash(integers: list[int], actions: set[str]) -> None:
    plan = draw(integers=integers, actions=sorted(actions))
    kinds = [step.kind for step in plan.steps]
    assert kinds[0] is StepKind.FRONT
    assert kinds[-1] is StepKind.FLASH
    asked = [*kinds[1:-1], *(step.kind for step in plan.extra)]
    assert len(asked) == 5
    assert all(a is not b for a, b in pairwise(asked))
    assert set(asked) <= {StepKind(action) for action in actions}
    if {"turn_left", "turn_right"} & actions:
        assert any(kind in TURNS for kind in asked[:3])


@given(integers=integers)
def test_a_code_has_no_repeat_and_no_two_neutral_colours(integers: list[int]) -> None:
    plan = draw(integers=integers, actions=ACTIONS)
    for code in (plan.steps[-1].colours, plan.second_flash.colours):
        assert len(code) == SEGMENTS
        assert set(code) <= set(COLOURS)
        for a, b in pairwise(code):
            assert a != b
            assert not (a in NEUTRAL and b in NEUTRAL)


@given(integers=integers)
def test_a_plan_survives_json(integers: list[int]) -> None:
    plan = draw(integers=integers, actions=ACTIONS)
    assert Plan.from_json(json.loads(json.dumps(plan.to_json()))) == plan


def test_all_orders_and_many_codes_occur() -> None:
    rng = np.random.default_rng(1)
    plans = [
        draw(integers=[int(x) for x in rng.integers(0, 2**32, INTEGERS_NEEDED)], actions=ACTIONS)
        for _ in range(3000)
    ]
    assert len({tuple(s.kind for s in plan.steps) for plan in plans}) == 34
    assert len({plan.steps[-1].colours for plan in plans}) > 2500


def test_the_number_of_codes_is_the_documented_one() -> None:
    codes = list(COLOURS)
    for _ in range(SEGMENTS - 1):
        codes = [
            code + letter
            for code in codes
            for letter in COLOURS
            if code[-1] != letter and not (code[-1] in NEUTRAL and letter in NEUTRAL)
        ]
    assert len(codes) == 42_432


def test_two_blinks_are_asked_for_in_words() -> None:
    rng = np.random.default_rng(2)
    prompts = set()
    for _ in range(200):
        numbers = [int(x) for x in rng.integers(0, 2**32, INTEGERS_NEEDED)]
        prompts |= {step.prompt for step in draw(integers=numbers, actions=ACTIONS).steps}
    assert {"请眨一次眼", "请眨两次眼", "请看着屏幕，保持不动"} <= prompts


@pytest.mark.parametrize(("count", "actions"), [(3, ACTIONS), (INTEGERS_NEEDED, ["blink"])])
def test_too_little_chance_or_choice_is_refused(count: int, actions: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="plan needs"):
        draw(integers=[1] * count, actions=actions)
