"""What a filing costs, over HTTP."""

from __future__ import annotations

from apiflask import APIBlueprint

from app.court.filing.routes import services
from app.court.filing.schemas.fees import FeeIn, FeeOut

filing = APIBlueprint("filing", __name__, tag="立案")


@filing.post("/fee-estimates")
@filing.input(FeeIn)
@filing.output(FeeOut)
def estimate(json_data: FeeIn) -> FeeOut:
    """Estimate a litigation fee 诉讼费 by 诉讼费用交纳办法."""
    computed = services().fees.estimate(
        kind=json_data.kind, amount_fen=json_data.amount_fen, reductions=json_data.reductions
    )
    return FeeOut.of(computed)
