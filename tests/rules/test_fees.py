"""The fee calculator, against the rules' own words, the closed formulas, and at every edge."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.court.filing.errors import FeeAmountNeeded
from app.court.filing.rules import fees
from app.court.filing.rules.fee_scales import SCALES, FeeKind
from app.court.filing.rules.fees import LARGEST_AMOUNT, Reduction, estimate

Closed = tuple[tuple[int | None, str, int], ...]
# Upper end in yuan, rate in percent, constant in yuan: what is added up in parts, in one formula.
PROPERTY: Closed = (
    (100_000, "2.5", -200), (200_000, "2", 300), (500_000, "1.5", 1300), (1_000_000, "1", 3800),
    (2_000_000, "0.9", 4800), (5_000_000, "0.8", 6800), (10_000_000, "0.7", 11_800),
    (20_000_000, "0.6", 21_800), (None, "0.5", 41_800),
)  # fmt: skip
ENFORCEMENT: Closed = (
    (500_000, "1.5", -100), (5_000_000, "1", 2400), (10_000_000, "0.5", 27_400),
    (None, "0.1", 67_400),
)  # fmt: skip
PRESERVATION: Closed = ((100_000, "1", 20), (None, "0.5", 520))


def closed(table: Closed, *, free: int, base: int) -> Callable[[int], int]:
    def fee(fen: int) -> int:
        yuan = Decimal(fen) / 100
        if yuan <= free:
            return base * 100
        rate, constant = next(
            (rate, constant) for end, rate, constant in table if end is None or yuan <= end
        )
        exact = (yuan * Decimal(rate) / 100 + constant) * 100
        return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))

    return fee


FORMULAS = {
    FeeKind.PROPERTY: closed(PROPERTY, free=10_000, base=50),
    FeeKind.ENFORCEMENT: closed(ENFORCEMENT, free=10_000, base=50),
}


def fee(kind: FeeKind, yuan: float | None = None, *reductions: Reduction) -> tuple[float, float]:
    amount = None if yuan is None else round(yuan * 100)
    found = estimate(kind=kind, amount_fen=amount, reductions=reductions)
    return found.low_fen / 100, found.high_fen / 100


@pytest.mark.parametrize(
    ("kind", "yuan", "low", "high"),
    [
        (FeeKind.PROPERTY, 0, 50, 50),
        (FeeKind.PROPERTY, 10_000, 50, 50),
        (FeeKind.PROPERTY, 100_000, 2300, 2300),
        (FeeKind.PROPERTY, 200_000, 4300, 4300),
        (FeeKind.PROPERTY, 1_000_000, 13_800, 13_800),
        (FeeKind.PROPERTY, 100_000_000, 541_800, 541_800),
        (FeeKind.DIVORCE, None, 50, 300),
        (FeeKind.DIVORCE, 200_000, 50, 300),
        (FeeKind.DIVORCE, 300_000, 550, 800),
        (FeeKind.PERSONALITY, 50_000, 100, 500),
        (FeeKind.PERSONALITY, 100_000, 600, 1000),
        (FeeKind.PERSONALITY, 200_000, 1100, 1500),
        (FeeKind.OTHER_NON_PROPERTY, None, 50, 100),
        (FeeKind.INTELLECTUAL_PROPERTY, None, 500, 1000),
        (FeeKind.INTELLECTUAL_PROPERTY, 100_000, 2300, 2300),
        (FeeKind.LABOUR, 80_000, 10, 10),
        (FeeKind.ADMINISTRATIVE, None, 50, 50),
        (FeeKind.ADMINISTRATIVE_SPECIAL, None, 100, 100),
        (FeeKind.JURISDICTION_OBJECTION, None, 50, 100),
        (FeeKind.SPECIAL_PROCEDURE, 1_000_000, 0, 0),
        (FeeKind.STATE_COMPENSATION, 1_000_000, 0, 0),
        (FeeKind.ENFORCEMENT, None, 50, 500),
        (FeeKind.ENFORCEMENT, 10_000, 50, 50),
        (FeeKind.ENFORCEMENT, 500_000, 7400, 7400),
        (FeeKind.PRESERVATION, None, 30, 30),
        (FeeKind.PRESERVATION, 1000, 30, 30),
        (FeeKind.PRESERVATION, 100_000, 1020, 1020),
        (FeeKind.PRESERVATION, 896_000, 5000, 5000),
        (FeeKind.PRESERVATION, 50_000_000, 5000, 5000),
        (FeeKind.PAYMENT_ORDER, 10_000, 16.67, 16.67),
        (FeeKind.PAYMENT_ORDER, 100_000, 766.67, 766.67),
        (FeeKind.PUBLIC_SUMMONS, None, 100, 100),
        (FeeKind.ARBITRATION_REVIEW, 5_000_000, 400, 400),
        (FeeKind.BANKRUPTCY, 1_000_000, 6900, 6900),
        (FeeKind.BANKRUPTCY, 1_000_000_000, 300_000, 300_000),
        (FeeKind.LIABILITY_FUND, None, 1000, 10_000),
        (FeeKind.MARITIME_INJUNCTION, None, 1000, 5000),
        (FeeKind.SHIP_LIEN_SUMMONS, None, 1000, 5000),
        (FeeKind.MARITIME_CLAIM, None, 1000, 1000),
        (FeeKind.GENERAL_AVERAGE, None, 1000, 1000),
    ],
)  # fmt: skip
def test_what_the_rules_say(kind: FeeKind, yuan: float | None, low: float, high: float) -> None:
    assert fee(kind, yuan) == (low, high)


@given(amount=st.integers(0, LARGEST_AMOUNT), kind=st.sampled_from(sorted(FORMULAS)))
def test_the_parts_add_up_to_the_closed_formula(amount: int, kind: FeeKind) -> None:
    found = estimate(kind=kind, amount_fen=amount)
    assert found.low_fen == found.high_fen == FORMULAS[kind](amount)


@given(amount=st.integers(0, LARGEST_AMOUNT))
def test_preservation_is_the_closed_formula_up_to_its_cap(amount: int) -> None:
    uncapped = closed(PRESERVATION, free=1000, base=30)(amount)
    assert estimate(kind=FeeKind.PRESERVATION, amount_fen=amount).low_fen == min(uncapped, 500_000)


def edges(kind: FeeKind) -> list[int]:
    scale = SCALES[kind]
    return [scale.free, *(upper for upper, _ in scale.steps if upper is not None)]


@pytest.mark.parametrize("kind", [kind for kind in FeeKind if SCALES[kind].steps])
def test_no_fee_jumps_at_the_edge_of_a_bracket(kind: FeeKind) -> None:
    """One fen more of the amount never costs more than one fen more; the fee never falls."""
    for edge in edges(kind):
        near = [estimate(kind=kind, amount_fen=edge + step) for step in range(-2, 3)]
        for before, after in pairwise(near):
            assert 0 <= after.low_fen - before.low_fen <= 1, (kind, edge)
            assert 0 <= after.high_fen - before.high_fen <= 1, (kind, edge)


@given(kind=st.sampled_from(FeeKind), amount=st.integers(0, 10**13), more=st.integers(0, 10**12))
def test_more_never_costs_less(kind: FeeKind, amount: int, more: int) -> None:
    one = estimate(kind=kind, amount_fen=amount)
    other = estimate(kind=kind, amount_fen=amount + more)
    assert 0 <= one.low_fen <= one.high_fen
    assert one.low_fen <= other.low_fen
    assert one.high_fen <= other.high_fen


@given(
    kind=st.sampled_from(FeeKind),
    amount=st.integers(0, 10**13),
    reasons=st.sets(st.sampled_from(Reduction), min_size=1),
)
def test_a_case_fee_is_halved_once_and_an_application_fee_never(
    kind: FeeKind, amount: int, reasons: set[Reduction]
) -> None:
    whole = estimate(kind=kind, amount_fen=amount)
    found = estimate(kind=kind, amount_fen=amount, reductions=reasons)
    assert found.halved is SCALES[kind].halvable
    if not found.halved:
        assert (found.low_fen, found.high_fen) == (whole.low_fen, whole.high_fen)
        assert fees.NOT_HALVED in found.notes
    else:
        assert abs(found.low_fen * 2 - whole.low_fen) <= 1
        assert (fees.ONCE in found.notes) is (len(reasons) > 1)


def test_halving_of_a_judgment_seen_in_public() -> None:
    """（2019）沪0115民初61975号 was decided at 16,736 yuan, halved to 8,368."""
    amount = next(a for a in range(1_300_000, 1_400_000) if fee(FeeKind.PROPERTY, a)[0] >= 16_736)
    assert fee(FeeKind.PROPERTY, amount, Reduction.SUMMARY)[0] == pytest.approx(8368, abs=0.01)


@pytest.mark.parametrize("kind", [FeeKind.PROPERTY, FeeKind.PAYMENT_ORDER, FeeKind.BANKRUPTCY])
def test_an_amount_is_asked_for(kind: FeeKind) -> None:
    with pytest.raises(FeeAmountNeeded):
        estimate(kind=kind, amount_fen=None)


@pytest.mark.parametrize("amount", [-1, LARGEST_AMOUNT + 1])
def test_an_amount_out_of_range_is_a_mistake_of_the_caller(amount: int) -> None:
    with pytest.raises(ValueError, match="range"):
        estimate(kind=FeeKind.PROPERTY, amount_fen=amount)


def test_the_explanation_names_parts_and_articles() -> None:
    found = estimate(kind=FeeKind.PROPERTY, amount_fen=15_000_050, reductions=[Reduction.SUMMARY])
    assert found.article == "《诉讼费用交纳办法》第十三条第（一）项"
    assert [line.text for line in found.lines] == [
        "财产案件受理费：每件",
        "超过1万元至10万元的部分 9万元，按2.5%",
        "超过10万元至20万元的部分 50000.5元，按2%",
    ]
    assert sum(line.low_fen for line in found.lines) == Decimal(330001)
    assert found.low_fen == 165_001, "3300.01 yuan halved is 1650.005, rounded half up"
    assert "适用简易程序审理，减半交纳（第十六条）。" in found.notes
    assert fees.ROUNDING in found.notes
    assert fees.PROVINCIAL in estimate(kind=FeeKind.DIVORCE, amount_fen=None).notes


@pytest.mark.parametrize("kind", FeeKind)
def test_every_kind_names_its_article(kind: FeeKind) -> None:
    found = estimate(kind=kind, amount_fen=100)
    assert found.article.startswith("《诉讼费用交纳办法》第")
    assert found.lines
