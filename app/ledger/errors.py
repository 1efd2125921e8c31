"""What can be wrong around the ledger."""

from __future__ import annotations

from app.errors import AppError


class LedgerInconsistent(AppError):
    """What is stored does not continue what was signed; nothing more is signed until it does."""

    code = "ledger.inconsistent"


class NotInLedger(AppError):
    """There is no such checkpoint, tile or leaf (yet)."""

    code = "ledger.not_found"


class EntryErased(AppError):
    """The details of this entry were erased 删除; the leaf alone stays in the tree."""

    code = "ledger.erased"


class CosignatureRefused(AppError):
    """A cosignature that no registered witness 见证人 made, or of a checkpoint that is not ours."""

    code = "ledger.cosignature_refused"
