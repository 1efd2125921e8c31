"""Offline scans 离线核验记录: stored once uploaded, looked at again, contradictions flagged."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.issuance.service.credentials import Holder, Issuance
from app.kernel.principal import Kiosk
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ledger.service.entries import Ledger
from app.verification.queries import verifications as queries
from app.verification.queries.verifications import Event
from app.verification.rules import acceptance as rules
from app.verification.service.noting import ledger_event
from credential.errors import CredentialError, DeviceEnded, Replayed
from credential.presentation import ParsedText, parse_text
from credential.verifier import Verified, Verifier


@dataclass(frozen=True, kw_only=True)
class OfflineScan:
    """What a kiosk saw and decided by itself."""

    id: uuid.UUID
    text: str = field(repr=False)
    at: datetime
    accepted: bool
    code: str | None


@dataclass(frozen=True, kw_only=True)
class Reconciled:
    """Which scans are stored, and what is wrong with some of them (id → code)."""

    stored: list[uuid.UUID]
    flagged: dict[uuid.UUID, str]


class OfflineScans:
    """Takes in offline scans. Idempotent: a scan sent twice is stored once."""

    def __init__(self, *, verifier: Verifier, issuance: Issuance, ledger: Ledger) -> None:
        self._verifier = verifier
        self._issuance = issuance
        self._ledger = ledger

    def upload(self, *, kiosk: Kiosk, scans: Sequence[OfflineScan]) -> Reconciled:
        """Store scans and flag contradictions.

        Flags: the code does not verify at the stated time; the same presentation was accepted
        by another kiosk (`credential.replayed`); the phone had been ended before the scan.
        """
        flagged: dict[uuid.UUID, str] = {}
        with unit_of_work() as tx:
            for scan in scans:
                flag = self._store(tx, kiosk=kiosk, scan=scan)
                if flag is not None:
                    flagged[scan.id] = flag
        return Reconciled(stored=[scan.id for scan in scans], flagged=flagged)

    def _store(self, tx: Tx, *, kiosk: Kiosk, scan: OfflineScan) -> str | None:
        """Store one scan; what the server had accepted and the kiosk missed is the same event."""
        since = scan.at - rules.ANSWER_MISSED
        if queries.answered(tx, kiosk_id=kiosk.kiosk_id, request_key=str(scan.id), since=since):
            return None
        verified, holder, problem = self._second_look(tx, kiosk=kiosk, scan=scan)
        cti = None if verified is None else verified.credential.cti
        presented_at = None if verified is None else verified.presented_at
        if problem is None and cti is not None and presented_at is not None and scan.accepted:
            twice = queries.accepted_elsewhere(
                tx, cti=cti, presented_at=presented_at, kiosk_id=kiosk.kiosk_id
            )
            problem = Replayed.code if twice else None
        event = Event(
            id=scan.id,
            at=scan.at,
            kiosk_id=kiosk.kiosk_id,
            form=_form(scan.text),
            accepted=scan.accepted,
            code=scan.code,
            cti=cti,
            presented_at=presented_at,
            lawyer_id=None if holder is None else holder.lawyer_id,
            offline=True,
            flagged=problem if scan.accepted else None,
        )
        if queries.record(tx, event):
            self._ledger.append(tx, ledger_event(event))
        return event.flagged

    def _second_look(
        self, tx: Tx, *, kiosk: Kiosk, scan: OfflineScan
    ) -> tuple[Verified | None, Holder | None, str | None]:
        """Verify the text again, as of the moment of the scan."""
        try:
            verified = self._verifier.verify(
                scan.text, policy=rules.policy(kiosk, nonce=None), at=int(scan.at.timestamp())
            )
        except CredentialError as refusal:
            return None, None, refusal.code
        try:
            return verified, self._issuance.holder(tx, cti=verified.credential.cti), None
        except CredentialError as refusal:
            ended_later = isinstance(refusal, DeviceEnded)
            return verified, None, None if ended_later else refusal.code


def _form(text: str) -> str | None:
    try:
        parsed: ParsedText = parse_text(text)
    except CredentialError:
        return None
    return parsed.form
