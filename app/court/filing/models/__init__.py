"""Tables of filing."""

from app.court.filing.models.fees import FeeOrder, FilingFee
from app.court.filing.models.filings import Filing, FilingCorrection, FilingSection, FilingStep
from app.court.filing.models.submissions import FilingSubmission

__all__ = [
    "FeeOrder",
    "Filing",
    "FilingCorrection",
    "FilingFee",
    "FilingSection",
    "FilingStep",
    "FilingSubmission",
]
