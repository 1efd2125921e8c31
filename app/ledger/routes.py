"""The ledger over HTTP: commitments, proofs and keys, for everybody."""

from __future__ import annotations

from dataclasses import dataclass

from app.ledger.service.entries import Ledger
from app.ledger.service.sequencer import Sequencer


@dataclass(frozen=True, kw_only=True)
class LedgerServices:
    """Everything these routes call."""

    entries: Ledger
    sequencer: Sequencer
