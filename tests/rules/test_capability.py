"""What a screen offers at a court: a table of what is known, and what is said."""

from __future__ import annotations

import pytest

from app.court.casefile.errors import FunctionNotOffered
from app.court.casefile.rules.capability import (
    BUILT,
    LABELS,
    Availability,
    Capability,
    Function,
    Refusal,
    demand,
    offer,
    offers,
)

HALL = "请到诉讼服务大厅办理。"


def known(availability: Availability, fallback: str = "") -> Capability:
    return Capability(function=Function.FILING, availability=availability, fallback=fallback)


@pytest.mark.parametrize(
    ("capability", "offered", "notice"),
    [
        (known(Availability.AVAILABLE), True, ""),
        (known(Availability.AVAILABLE, "旧的说明"), True, ""),
        (known(Availability.LIMITED, "仅限一审。"), True, "仅限一审。"),
        (known(Availability.UNAVAILABLE, HALL), False, f"该法院暂不支持网上立案。{HALL}"),
        (None, False, "尚不清楚该法院是否支持网上立案。请到诉讼服务大厅办理，或者拨打12368咨询。"),
    ],
)
def test_what_is_offered_and_said(
    capability: Capability | None, notice: str, *, offered: bool
) -> None:
    decided = offer(Function.FILING, capability, built={Function.FILING})
    assert (decided.offered, decided.notice) == (offered, notice)
    if offered:
        demand(Function.FILING, capability, built={Function.FILING})
    else:
        with pytest.raises(FunctionNotOffered) as refused:
            demand(Function.FILING, capability, built={Function.FILING})
        assert refused.value.extra == {"notice": notice}


def test_nothing_known_is_nothing_offered() -> None:
    assert [one.function for one in offers({})] == list(Function)
    assert not any(one.offered for one in offers({}))
    assert all(one.notice for one in offers({}))


@pytest.mark.parametrize("status", [Availability.AVAILABLE, Availability.LIMITED, None])
def test_what_the_product_does_not_answer_is_not_offered(status: Availability | None) -> None:
    capability = None if status is None else known(status, "仅限一审。")
    decided = offer(Function.FILING, capability, built=set(Function) - {Function.FILING})
    assert not decided.offered
    assert decided.refusal is Refusal.NOT_BUILT
    assert decided.notice == f"本平台尚未开通网上立案。{decided.instead}"
    assert "诉讼服务大厅" in decided.instead
    with pytest.raises(FunctionNotOffered):
        demand(Function.FILING, capability, built=())


def test_the_courts_own_no_is_said_whatever_the_product_has() -> None:
    for built in ((), set(Function)):
        decided = offer(Function.FILING, known(Availability.UNAVAILABLE, HALL), built=built)
        assert (decided.refusal, decided.instead) == (Refusal.UNAVAILABLE, HALL)


def test_what_is_not_offered_always_leaves_a_way() -> None:
    for built in ((), BUILT, set(Function)):
        for one in offers({}, built=built):
            assert one.instead.endswith("。"), one
            assert one.notice.endswith(one.instead), one


def test_one_function_says_nothing_of_another() -> None:
    decided = offers({Function.FILING: known(Availability.AVAILABLE)}, built=set(Function))
    assert [one.function for one in decided if one.offered] == [Function.FILING]


def test_every_function_has_a_name_of_its_own() -> None:
    assert set(LABELS) == set(Function)
    assert len(set(LABELS.values())) == len(Function)
