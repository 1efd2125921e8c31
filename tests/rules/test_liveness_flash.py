"""The colour code on the skin: seen, absent, drowned, or another one."""

import numpy as np
import pytest

from app.identity.rules.liveness_flash import judge
from app.identity.rules.liveness_state import FlashSample, FlashVerdict

CODE, OTHER = "RGBWRKGB", "GRKBGBRW"
LIGHT = {"R": (1, 0, 0), "G": (0, 1, 0), "B": (0, 0, 1), "W": (1, 1, 1), "K": (0, 0, 0)}


def samples(
    code: str,
    *,
    share: float,
    noise: float = 0.003,
    lag: int = 1,
    each: int = 4,
    background: float = 0.0,
    drift: float = 0.0,
) -> list[FlashSample]:
    rng = np.random.default_rng(7)
    lit = [np.array(LIGHT[letter], float) for letter in code for _ in range(each)]
    lit = [np.zeros(3)] * lag + lit
    found = []
    for index in range(len(code) * each):
        colour = np.array([200, 160, 140]) * (1 + share * lit[index])
        chroma = colour / colour.sum() + rng.normal(0, noise, 3) + [drift * index, 0, 0]
        wall = np.array([150, 150, 150]) * (1 + background * lit[index])
        found.append(
            FlashSample(
                t=index * 100,
                shown=index // each,
                skin=tuple(chroma * 500),
                background=tuple(wall),
            )
        )
    return found


@pytest.mark.parametrize("lag", [0, 1, 2])
@pytest.mark.parametrize("share", [0.05, 0.12, 0.3])
def test_the_code_on_the_skin_passes(share: float, lag: int) -> None:
    verdict, score, strength = judge(samples(CODE, share=share, lag=lag), colours=CODE)
    assert verdict is FlashVerdict.PASS
    assert score > 0.75
    assert strength > 0.008


def test_a_change_of_white_balance_does_not_hide_it() -> None:
    verdict, *_ = judge(samples(CODE, share=0.1, drift=0.002), colours=CODE)
    assert verdict is FlashVerdict.PASS


def test_another_code_is_a_mismatch() -> None:
    verdict, score, _ = judge(samples(OTHER, share=0.12), colours=CODE)
    assert verdict is FlashVerdict.FAIL
    assert score < 0.5


@pytest.mark.parametrize("share", [0.0, 0.01])
def test_light_that_drowns_the_screen_is_inconclusive(share: float) -> None:
    verdict, *_ = judge(samples(CODE, share=share), colours=CODE)
    assert verdict is FlashVerdict.INCONCLUSIVE


def test_a_reflection_on_the_whole_display_is_not_a_pass() -> None:
    """A replayed video: the phone's light lies on face and background alike."""
    verdict, *_ = judge(samples(CODE, share=0.12, background=0.12), colours=CODE)
    assert verdict is not FlashVerdict.PASS


def test_a_code_with_a_colour_missing_is_inconclusive() -> None:
    seen = [sample for sample in samples(CODE, share=0.2) if sample.shown != 3]
    assert judge(seen, colours=CODE)[0] is FlashVerdict.INCONCLUSIVE


def test_wrong_codes_pass_rarely() -> None:
    """The documented rate: below one in a hundred for a strong recorded code."""
    rng = np.random.default_rng(3)
    passed = 0
    for _ in range(300):
        code = _random_code(rng)
        seen = samples(_random_code(rng), share=0.12)
        passed += judge(seen, colours=code)[0] is FlashVerdict.PASS
    assert passed <= 3


def _random_code(rng: np.random.Generator) -> str:
    code = ""
    while len(code) < 8:
        letter = "RGBWK"[rng.integers(5)]
        neutral = letter in "WK" and code[-1:] in ("W", "K")
        if not code.endswith(letter) and not neutral:
            code += letter
    return code
