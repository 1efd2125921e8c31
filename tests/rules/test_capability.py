"""What a screen offers at a court: a table of what is known, and what is said."""

from __future__ import annotations

import pytest

from app.court.casefile.errors import FunctionNotOffered
from app.court.casefile.rules.capability import (
    LABELS,
    Availability,
    Capability,
    Function,
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
        (None, False, "尚不清楚该法院是否支持网上立案，请到诉讼服务大厅办理，或者拨打12368咨询。"),
    ],
)
def test_what_is_offered_and_said(
    capability: Capability | None, notice: str, *, offered: bool
) -> None:
    decided = offer(Function.FILING, capability)
    assert (decided.offered, decided.notice) == (offered, notice)
    if offered:
        demand(Function.FILING, capability)
    else:
        with pytest.raises(FunctionNotOffered) as refused:
            demand(Function.FILING, capability)
        assert refused.value.extra == {"notice": notice}


def test_nothing_known_is_nothing_offered() -> None:
    assert [one.function for one in offers({})] == list(Function)
    assert not any(one.offered for one in offers({}))
    assert all(one.notice for one in offers({}))


def test_one_function_says_nothing_of_another() -> None:
    decided = offers({Function.FILING: known(Availability.AVAILABLE)})
    assert [one.function for one in decided if one.offered] == [Function.FILING]


def test_every_function_has_a_name_of_its_own() -> None:
    assert set(LABELS) == set(Function)
    assert len(set(LABELS.values())) == len(Function)
