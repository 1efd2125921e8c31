"""What a fee estimate looks like on the wire; amounts in fen 分."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from pydantic import BaseModel, Field

from app.court.filing.rules.fee_scales import FeeKind
from app.court.filing.rules.fees import LARGEST_AMOUNT, FeeEstimate, FeeLine, Reduction
from app.http.body import Strict


class FeeIn(Strict):
    """What is paid for, the amount where there is one, and why a case fee is halved."""

    kind: Annotated[FeeKind, Field(strict=False)]
    amount_fen: Annotated[int, Field(ge=0, le=LARGEST_AMOUNT)] | None = None
    reductions: Annotated[
        list[Annotated[Reduction, Field(strict=False)]],
        Field(max_length=len(Reduction), default_factory=list),
    ]


class FeeLineOut(BaseModel):
    """One step of the computation, rounded for reading."""

    text: str
    low_fen: int
    high_fen: int

    @classmethod
    def of(cls, line: FeeLine) -> FeeLineOut:
        """Show a step."""
        return cls(text=line.text, low_fen=_fen(line.low_fen), high_fen=_fen(line.high_fen))


class FeeOut(BaseModel):
    """A fee from and to, equal where the rules give one figure, with its explanation."""

    kind: FeeKind
    low_fen: int
    high_fen: int
    halved: bool
    article: str
    lines: list[FeeLineOut]
    notes: list[str]

    @classmethod
    def of(cls, estimate: FeeEstimate) -> FeeOut:
        """Show an estimate."""
        return cls(
            kind=estimate.kind,
            low_fen=estimate.low_fen,
            high_fen=estimate.high_fen,
            halved=estimate.halved,
            article=estimate.article,
            lines=[FeeLineOut.of(line) for line in estimate.lines],
            notes=list(estimate.notes),
        )


def _fen(exact: Decimal) -> int:
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
