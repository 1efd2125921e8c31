"""The services of filing 立案, wired by bootstrap and found by the routes."""

from __future__ import annotations

from dataclasses import dataclass

from app.court.filing.service.drafts import Drafts
from app.court.filing.service.fees import FeeNotices, Fees
from app.court.filing.service.payments import Payments
from app.court.filing.service.records import FilingNews
from app.court.filing.service.review import Review
from app.court.filing.service.submissions import Submissions

__all__ = ["FilingNews", "FilingServices"]


@dataclass(frozen=True, kw_only=True)
class FilingServices:
    """Everything the routes and pages of filing call."""

    fees: Fees
    drafts: Drafts
    submissions: Submissions
    review: Review
    fee_notices: FeeNotices
    payments: Payments
