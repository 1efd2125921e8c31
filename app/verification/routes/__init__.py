"""Verification over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app

from app.issuance.service.publication import Publication
from app.ports.clock import Clock
from app.verification.service.entries import Entries, EntryLog
from app.verification.service.kiosks import Kiosks
from app.verification.service.offline import OfflineScans
from app.verification.service.passes import Passes
from app.verification.service.verifications import VerificationHistory, Verifications


@dataclass(frozen=True, kw_only=True)
class VerificationServices:
    """Everything these routes call."""

    kiosks: Kiosks
    verifications: Verifications
    offline: OfflineScans
    history: VerificationHistory
    passes: Passes
    entries: Entries
    entry_log: EntryLog
    publication: Publication
    clock: Clock


def services() -> VerificationServices:
    """Return the services that bootstrap wired."""
    return cast(VerificationServices, current_app.extensions["verification"])
