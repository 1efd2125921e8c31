"""What can go wrong when a lawyer files."""

from __future__ import annotations

from app.errors import AppError


class FeeAmountNeeded(AppError):
    """This fee is computed from an amount, and none was given."""

    code = "filing.fee_amount_needed"
