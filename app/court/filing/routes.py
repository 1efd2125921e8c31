"""Filing over HTTP: so far what it costs."""

from __future__ import annotations

from typing import cast

from apiflask import APIBlueprint
from flask import current_app

from app.court.filing.schemas import FeeIn, FeeOut
from app.court.filing.service import FilingServices

filing = APIBlueprint("filing", __name__, tag="立案")


def services() -> FilingServices:
    """Return the services that bootstrap wired."""
    return cast(FilingServices, current_app.extensions["filing"])


@filing.post("/fee-estimates")
@filing.input(FeeIn)
@filing.output(FeeOut)
def estimate(json_data: FeeIn) -> FeeOut:
    """Estimate a litigation fee 诉讼费 by 诉讼费用交纳办法."""
    computed = services().fees.estimate(
        kind=json_data.kind, amount_fen=json_data.amount_fen, reductions=json_data.reductions
    )
    return FeeOut.of(computed)
