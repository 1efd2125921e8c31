"""The product without its ledger: what `ledger_append_share` subtracts. Serves benches only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.issuance import queries as issuance
from app.issuance.models import ShortCodeSeed
from app.issuance.service.credentials import HELD
from app.kernel.unit_of_work import Statement
from app.ledger.service.entries import Event, Ledger
from app.verification.queries import verifications as verification

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def _nothing(_: Ledger, event: Event) -> dict[str, object]:
    del event
    return {}


def build() -> WSGIApplication:
    """Return the product whose two hot statements write no entry."""
    made: Any = vars(issuance)["_MADE"]
    written: Any = vars(verification)["_WRITTEN"]
    held: Any = HELD
    issuance.ISSUE = Statement(
        select(ShortCodeSeed.handle, ShortCodeSeed.seed_sealed).select_from(
            made.outerjoin(ShortCodeSeed, ShortCodeSeed.device_id == made.c.device_id)
        )
    )
    verification.ACCEPT = Statement(select(select(written.c.id).scalar_subquery(), held))
    Ledger.values = _nothing  # type: ignore[method-assign,assignment]
    from wsgi import build as product  # noqa: PLC0415 - its import builds one at once

    return product()


application = build()
