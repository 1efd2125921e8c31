"""What can go wrong when a lawyer files."""

from __future__ import annotations

from app.errors import AppError


class FeeAmountNeeded(AppError):
    """This fee is computed from an amount, and none was given."""

    code = "filing.fee_amount_needed"


class FilingUnknown(AppError):
    """No filing has this id, or it is another lawyer's or another court's."""

    code = "filing.unknown"


class FilingClosed(AppError):
    """The filing's state allows no such step, as when another decision was quicker."""

    code = "filing.closed"


class SectionLocked(AppError):
    """This section cannot be changed now; only what is to be corrected can."""

    code = "filing.section_locked"


class SectionChanged(AppError):
    """Another device saved this section since; `current` is what it saved."""

    code = "filing.section_changed"


class SectionMalformed(AppError):
    """What was sent for a section is not of its form; `errors` name the fields."""

    code = "filing.section_malformed"


class FilingIncomplete(AppError):
    """The filing lacks something; `errors` name each section, field and what is wrong."""

    code = "filing.incomplete"


class DuplicateFiling(AppError):
    """The same parties have the same matter at this court; a reason lets it go on."""

    code = "filing.duplicate"


class CorrectionRefused(AppError):
    """A notice of correction breaks its rules; `field` and `message` say which."""

    code = "filing.correction_refused"


class DecisionIncomplete(AppError):
    """A decision lacks something; `field` and `message` say what."""

    code = "filing.decision_incomplete"


class ConsentMissing(AppError):
    """Mediation before filing 诉前调解 needs the lawyer's consent (在线调解规则 art. 3)."""

    code = "filing.consent_missing"


class TooManyDrafts(AppError):
    """The lawyer has as many drafts as we keep."""

    code = "filing.too_many_drafts"


class FeeClosed(AppError):
    """The fee is paid already, or relief was asked for."""

    code = "filing.fee_closed"


class PaymentMismatch(AppError):
    """The cashier reports a payment of no order of ours, or of another amount."""

    code = "filing.payment_mismatch"
