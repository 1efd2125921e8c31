"""What a lawyer asks before filing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from app.court.filing.rules import fees
from app.court.filing.rules.fee_scales import FeeKind
from app.court.filing.rules.fees import FeeEstimate, Reduction


class Fees:
    """Litigation fees 诉讼费."""

    def estimate(
        self, *, kind: FeeKind, amount_fen: int | None, reductions: Collection[Reduction]
    ) -> FeeEstimate:
        """Compute a fee; raises `FeeAmountNeeded`. Nothing is read or kept."""
        return fees.estimate(kind=kind, amount_fen=amount_fen, reductions=reductions)


@dataclass(frozen=True, kw_only=True)
class FilingServices:
    """Everything the routes of filing call."""

    fees: Fees
