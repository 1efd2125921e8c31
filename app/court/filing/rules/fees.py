"""The litigation fee calculator 诉讼费: 诉讼费用交纳办法 (国务院令第481号) arts. 8, 13–16, 18.

Exact in decimal. The rules say nothing about fractions of a fen: the end result alone is rounded,
half up, to the fen. Where they give a range the answer is a range; the provincial government sets
the figure within it (art. 13, last paragraph).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from app.court.filing.errors import FeeAmountNeeded
from app.court.filing.rules.fee_scales import SCALES, WAN, YUAN, FeeKind, Scale

LARGEST_AMOUNT: Final = 10**15  # fen: ten trillion yuan, and exact in every JSON reader
ROUNDING: Final = "逐段精确计算，只对最后结果四舍五入到分。"
PROVINCIAL: Final = "具体数额由省、自治区、直辖市人民政府在幅度内确定（第十三条第二款）。"
ONCE: Final = "减半收取案件受理费只能减半一次（民事诉讼法司法解释第二百零六条）。"
NOT_HALVED: Final = "减半只适用于案件受理费，本项不减半。"
ESTIMATE: Final = "本结果为估算，以人民法院交纳诉讼费用通知为准。"


class Reduction(StrEnum):
    """Why a case fee is halved 减半."""

    MEDIATED = "mediated"  # 调解结案
    WITHDRAWN = "withdrawn"  # 撤诉
    SUMMARY = "summary"  # 简易程序
    JOINED = "joined"  # 反诉、第三人请求合并审理


_REASONS: Final = {
    Reduction.MEDIATED: "以调解方式结案，减半交纳（第十五条）",
    Reduction.WITHDRAWN: "当事人申请撤诉，减半交纳（第十五条）",
    Reduction.SUMMARY: "适用简易程序审理，减半交纳（第十六条）",
    Reduction.JOINED: "反诉或者第三人请求合并审理，减半交纳（第十八条）",
}


@dataclass(frozen=True, kw_only=True)
class FeeLine:
    """One step of the explanation: what it is, and what it adds, from and to, in fen."""

    text: str
    low_fen: Decimal
    high_fen: Decimal


@dataclass(frozen=True, kw_only=True)
class FeeEstimate:
    """What is to be paid, from and to, in fen; equal where the rules give one figure."""

    kind: FeeKind
    low_fen: int
    high_fen: int
    halved: bool
    article: str
    lines: tuple[FeeLine, ...]
    notes: tuple[str, ...]


def estimate(
    *, kind: FeeKind, amount_fen: int | None, reductions: Collection[Reduction] = ()
) -> FeeEstimate:
    """Compute a fee; raises `FeeAmountNeeded`.

    `amount_fen` is what is claimed, divided, preserved or enforced; None where there is none.
    """
    scale = SCALES[kind]
    if amount_fen is None and scale.amount_needed:
        raise FeeAmountNeeded(kind)
    if amount_fen is not None and not 0 <= amount_fen <= LARGEST_AMOUNT:
        raise ValueError("amount out of range")
    lines = _lines(scale, amount_fen)
    low = sum((line.low_fen for line in lines), Decimal())
    high = sum((line.high_fen for line in lines), Decimal())
    halved = scale.halvable and bool(reductions)
    return FeeEstimate(
        kind=kind,
        low_fen=_to_fen(_finish(low, scale, halved=halved)),
        high_fen=_to_fen(_finish(high, scale, halved=halved)),
        halved=halved,
        article=f"《诉讼费用交纳办法》{scale.article}",
        lines=lines,
        notes=_notes(scale, reductions, ranged=low != high),
    )


def _lines(scale: Scale, amount: int | None) -> tuple[FeeLine, ...]:
    if amount is None and scale.without_amount is not None:
        return (_base(f"{scale.name}（没有金额或者价额）", scale.without_amount),)
    if scale.base == (0, 0):
        return (_base(f"{scale.name}：不交纳案件受理费", scale.base),)
    parts = _parts(scale, amount or 0)
    return (_base(f"{scale.name}：每件", scale.base), *parts)


def _base(text: str, figures: tuple[int, int]) -> FeeLine:
    low, high = figures
    return FeeLine(text=text, low_fen=Decimal(low), high_fen=Decimal(high))


def _parts(scale: Scale, amount: int) -> tuple[FeeLine, ...]:
    """The parts of the amount above what the base covers, each at its own rate."""
    found: list[FeeLine] = []
    lower = scale.free
    for upper, rate in scale.steps:
        if amount <= lower:
            break
        top = amount if upper is None else min(amount, upper)
        fee = (top - lower) * rate
        end = "" if upper is None else f"至{_money(upper)}"
        percent = f"{(rate * 100).normalize():f}%"
        text = f"超过{_money(lower)}{end}的部分 {_money(top - lower)}，按{percent}"
        found.append(FeeLine(text=text, low_fen=fee, high_fen=fee))
        lower = top
    return tuple(found)


def _finish(fee: Decimal, scale: Scale, *, halved: bool) -> Decimal:
    numerator, denominator = scale.share
    shared = fee * numerator / denominator
    capped = shared if scale.cap is None else min(shared, Decimal(scale.cap))
    return capped / 2 if halved else capped


def _to_fen(fee: Decimal) -> int:
    return int(fee.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _notes(scale: Scale, reductions: Collection[Reduction], *, ranged: bool) -> tuple[str, ...]:
    numerator, denominator = scale.share
    reasons = [_REASONS[one] for one in Reduction if one in reductions]
    halved = [f"{reason}。" for reason in reasons] if scale.halvable else []
    notes = (
        (denominator > numerator, f"按财产案件受理费标准的{numerator}/{denominator}计算。"),
        (scale.cap is not None, f"最高不超过{_money(scale.cap or 0)}。"),
        (ranged and scale.provincial, PROVINCIAL),
        *((True, reason) for reason in halved),
        (len(halved) > 1, ONCE),
        (bool(reasons) and not scale.halvable, NOT_HALVED),
        (True, ROUNDING),
        (True, ESTIMATE),
    )
    return tuple(text for told, text in notes if told)


def _money(fen: int) -> str:
    """Write an amount the way the rules do: 万元 where it is round, else 元."""
    if fen >= WAN and fen % WAN == 0:
        return f"{fen // WAN}万元"
    yuan = Decimal(fen) / YUAN
    return f"{yuan.normalize():f}元"
