"""Filing on a PC: so far what it costs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from flask import Blueprint, request

from app.court.filing.errors import FeeAmountNeeded
from app.court.filing.pages import services
from app.court.filing.rules.fee_scales import SCALES, FeeKind
from app.court.filing.rules.fees import FeeEstimate, Reduction
from app.court.filing.schemas.fees import FeeOut
from app.web.portal import page

filing_pages = Blueprint("filing_pages", __name__)

REDUCTIONS: Final = {
    Reduction.SUMMARY: "适用简易程序",
    Reduction.MEDIATED: "调解结案",
    Reduction.WITHDRAWN: "申请撤诉",
    Reduction.JOINED: "反诉、第三人请求合并审理",
}
_AMOUNT = re.compile(r"(\d{1,13})(?:\.(\d{1,2}))?", re.ASCII)


@filing_pages.get("/fees")
def fees() -> str | tuple[str, int]:
    """Compute a litigation fee 诉讼费, once it is said what is paid for."""
    kind, amount = request.args.get("kind", ""), request.args.get("amount", "").strip()
    reductions = [one for one in Reduction if one in request.args.getlist("reduction")]
    estimate, errors = _estimate(kind, amount, reductions) if request.args else (None, {})
    html = page(
        "portal/fees.html",
        groups=_groups(),
        reductions=REDUCTIONS,
        form={"kind": kind, "amount": amount, "reduction": reductions},
        errors=errors,
        fee=None if estimate is None else _shown(estimate),
    )
    return (html, 422) if errors else html


def _groups() -> Sequence[tuple[str, Sequence[tuple[FeeKind, str]]]]:
    """Return what may be paid for: a case accepted (art. 13), an application (art. 14)."""
    named = [(kind, SCALES[kind]) for kind in FeeKind]
    cases = [(kind, scale.name) for kind, scale in named if "十三条" in scale.article]
    others = [(kind, scale.name) for kind, scale in named if "十三条" not in scale.article]
    return [("案件受理费", cases), ("申请费及其他", others)]


def _estimate(
    kind: str, amount: str, reductions: Sequence[Reduction]
) -> tuple[FeeEstimate | None, Mapping[str, str]]:
    """Return the fee, or what is wrong beside each field."""
    try:
        fen = _fen(amount)
        known = FeeKind(kind)
    except ValueError as error:
        wrong = "amount" if str(error) == "amount" else "kind"
        texts = {"amount": "请填写数字，最多两位小数", "kind": "请选择交什么费"}
        return None, {wrong: texts[wrong]}
    try:
        found = services().fees.estimate(kind=known, amount_fen=fen, reductions=reductions)
    except FeeAmountNeeded:
        return None, {"amount": "这种案件按金额计算，请填写金额"}
    return found, {}


def _fen(text: str) -> int | None:
    """Read an amount in 元 as it is typed; None when nothing is. Raises `ValueError`."""
    typed = re.sub(r"[,，\s元]", "", text)
    if not typed:
        return None
    found = _AMOUNT.fullmatch(typed)
    if found is None:
        raise ValueError("amount")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def _shown(estimate: FeeEstimate) -> Mapping[str, object]:
    shown = FeeOut.of(estimate)
    return {
        "total": _range(shown.low_fen, shown.high_fen),
        "article": shown.article,
        "lines": [(line.text, _range(line.low_fen, line.high_fen)) for line in shown.lines],
        "notes": shown.notes,
    }


def _range(low: int, high: int) -> str:
    return f"{_yuan(low)} 元" if low == high else f"{_yuan(low)} 至 {_yuan(high)} 元"


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"
