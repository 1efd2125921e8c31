"""Devices and the account's standing; what the domains above ask about a lawyer."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.identity import queries
from app.identity.errors import DeviceEnded, NotBound
from app.identity.models import Device, Lawyer
from app.identity.rules import binding as rules
from app.identity.rules import consent as consent_text
from app.identity.rules import device_proof
from app.identity.service.binding_completion import BindingCompletion
from app.identity.service.bindings import Bindings
from app.identity.service.values import BoundDevice, LawyerCard, Profile
from app.kernel.field_crypto import FieldCrypto
from app.kernel.principal import Phone
from app.kernel.unit_of_work import Tx, autocommit, unit_of_work
from app.ports.clock import Clock
from app.ports.registry import LicenceNotFound, PracticeStatus, Registry, StatusRecord

SYNC_AFTER = timedelta(seconds=30)
SYNC_BATCH = 200

StatusHook = Callable[[Tx, StatusRecord, datetime], None]

# For the statement of whoever issues something against a proof; see `Devices.prove`.
PROOF_USED_UP = queries.PROOF_USED_UP
# For the statement of whoever answers about a lawyer; joined by `lawyer_id`.
CARD = queries.CARD


@dataclass(frozen=True, kw_only=True)
class IssueProof:
    """A phone's request to be issued a credential, signed by its device key."""

    device_id: uuid.UUID
    iat: int
    signature: bytes


class Devices:
    """Use cases around the bound phone.

    `on_status` are told every status that the register told us, of bound lawyers and of others,
    in the transaction that remembers it.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        crypto: FieldCrypto,
        registry: Registry,
        bindings: Bindings,
        completion: BindingCompletion,
    ) -> None:
        self._clock = clock
        self._crypto = crypto
        self._registry = registry
        self._bindings = bindings
        self._completion = completion
        self.on_status: list[StatusHook] = []

    def profile(self, *, phone: Phone) -> Profile:
        """Return the account's standing."""
        at = self._clock.now()
        with unit_of_work() as tx:
            device = queries.latest_device_of_account(tx, account_id=phone.account_id)
            binding = queries.open_binding(tx, account_id=phone.account_id, at=at)
            pending = None if binding is None else self._bindings.pending(binding)
            lawyer = None if device is None else tx.get_one(Lawyer, device.lawyer_id)
            card = None if lawyer is None else LawyerCard.of(lawyer)
            if device is not None and device.ended_at is None:
                return Profile(
                    state="bound", lawyer=card, device=BoundDevice.of(device), pending=pending
                )
            moved = device is not None and device.end_reason == "moved"
            state = "pending" if pending else "other_device" if moved else "unbound"
            return Profile(
                state=state, lawyer=card if moved else None, device=None, pending=pending
            )

    def photo_of_account(self, *, phone: Phone) -> bytes | None:
        """Return the lawyer's own registry photo (JPEG)."""
        with unit_of_work() as tx:
            device = self._active(tx, phone=phone)
            return self.photo(tx, lawyer_id=device.lawyer_id)

    def photo(self, tx: Tx, *, lawyer_id: uuid.UUID) -> bytes | None:
        """Open a lawyer's photo; None when the register has none."""
        lawyer = tx.get_one(Lawyer, lawyer_id)
        if lawyer.photo_sealed is None:
            return None
        key = self._crypto.open_data_key(lawyer.data_key)
        return self._crypto.open(lawyer.photo_sealed, key=key, aad=f"lawyer.photo:{lawyer.id}")

    def card(self, tx: Tx, *, lawyer_id: uuid.UUID) -> LawyerCard:
        """Return a bound lawyer's card."""
        return LawyerCard.of(tx.get_one(Lawyer, lawyer_id))

    def card_of_licence(self, tx: Tx, *, licence_no: str) -> LawyerCard | None:
        """Return the card of a lawyer who was ever bound, by licence number."""
        row = queries.lawyer_by_licence(tx, licence_no=licence_no)
        return None if row is None else LawyerCard.of(row)

    def end(self, *, phone: Phone) -> None:
        """End the account's own device 注销本机."""
        at = self._clock.now()
        with unit_of_work() as tx:
            device = self._active(tx, phone=phone)
            self._completion.end_device(tx, device=device, reason="ended_by_lawyer", at=at)

    def withdraw_face_consent(self, *, phone: Phone) -> None:
        """Withdraw the consent to use the face (PIPL art. 15); what was issued stays."""
        at = self._clock.now()
        with unit_of_work() as tx:
            consent = queries.face_consent(
                tx, account_id=phone.account_id, version=consent_text.VERSION
            )
            if consent is not None:
                consent.withdrawn_at = at

    def live_status(self, *, licence_no: str) -> StatusRecord:
        """Ask the register now; a licence it no longer knows counts as cancelled 注销."""
        try:
            return self._registry.status(licence_no=licence_no)
        except LicenceNotFound:
            return StatusRecord(
                licence_no=licence_no, status=PracticeStatus.CANCELLED, as_of=self._clock.now()
            )

    def prove(
        self, *, phone: Phone, proof: IssueProof, at: datetime
    ) -> tuple[BoundDevice, LawyerCard]:
        """Check a proof of possession; `PROOF_USED_UP` uses it up.

        Raises `NotBound`, `DeviceEnded`, `DeviceProofInvalid`, `DeviceProofReplayed`.
        """
        with autocommit() as database:
            row = queries.standing(database, account_id=phone.account_id, device_id=proof.device_id)
        if row is None:
            raise NotBound
        if row.device_id != proof.device_id:
            raise DeviceEnded
        device_proof.check(
            key=row.public_key,
            message=device_proof.issue_message(str(row.device_id), proof.iat),
            signature=proof.signature,
            iat=proof.iat,
            at=at,
        )
        device_proof.check_fresh(iat=proof.iat, last_iat=row.last_proof_iat)
        return BoundDevice.of_standing(row), LawyerCard.of_standing(row)

    def note_status(self, tx: Tx, *, status: StatusRecord, at: datetime) -> None:
        """Remember a status that the register just told us, and tell the domains above."""
        for hook in self.on_status:
            hook(tx, status, at)
        lawyer = queries.lawyer_by_licence(tx, licence_no=status.licence_no)
        if lawyer is not None:
            self._completion.note_status(
                tx, lawyer=lawyer, status=status.status, since=at.date(), at=at
            )
            if status.firm_name:
                self._completion.note_firm(
                    tx, lawyer=lawyer, name=status.firm_name, uscc=status.firm_uscc, at=at
                )

    def sync_statuses(self) -> int:
        """Read the status of lawyers not asked about lately; return how many were read."""
        at = self._clock.now()
        with unit_of_work() as tx:
            stale = queries.lawyers_to_sync(tx, before=at - SYNC_AFTER, limit=SYNC_BATCH)
            numbers = [lawyer.licence_no for lawyer in stale]
        for number in numbers:
            self.refresh(licence_no=number)
        return len(numbers)

    def refresh(self, *, licence_no: str) -> None:
        """Ask the register now and remember what it says; raises the registry port's errors."""
        status = self.live_status(licence_no=licence_no)
        at = self._clock.now()
        with unit_of_work() as tx:
            self.note_status(tx, status=status, at=at)

    def statuses_not_practising(self, tx: Tx) -> dict[int, PracticeStatus]:
        """Return the status-list entries that are not plain practising."""
        return {i: PracticeStatus(s) for i, s in queries.statuses_not_practising(tx)}

    @staticmethod
    def face_due_at(device: BoundDevice) -> datetime:
        """Return when the person must be verified again."""
        return device.person_verified_at + rules.FACE_VALID_FOR

    @staticmethod
    def _active(tx: Tx, *, phone: Phone) -> Device:
        device = queries.latest_device_of_account(tx, account_id=phone.account_id)
        if device is None or device.ended_at is not None:
            raise NotBound
        return device
