"""The end of every way to bind: the lawyer's row, the new device, the old one ended with notice."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime
from hashlib import sha256

from app.identity import queries
from app.identity.models import Binding, Device, Lawyer
from app.identity.rules.binding import BindingState
from app.kernel.field_crypto import FieldCrypto
from app.kernel.unit_of_work import Tx
from app.ledger.service.entries import Event, Ledger
from app.notification.service.telling import Notice, tell
from app.ports.entropy import Entropy
from app.ports.registry import LawyerRecord, PracticeStatus
from credential.receipt import Json

STATUS_INDICES = 1 << 20

DeviceEndedHook = Callable[[Tx, uuid.UUID, datetime], None]
StatusChangeHook = Callable[[Tx, str, PracticeStatus, datetime], None]
FirmHook = Callable[[Tx, uuid.UUID, datetime], None]


class BindingCompletion:
    """Writes what a passed face check or an officer's confirmation means.

    `on_device_ended` are told in the same transaction, so that a domain above (issuance) revokes
    what the old phone holds before anybody can see the new binding. `on_status_change` are told a
    licence number, its new status 执业状态 and when, once a change; `on_firm_changed` a lawyer
    whose firm 执业机构 is another one.
    """

    def __init__(self, *, entropy: Entropy, crypto: FieldCrypto, ledger: Ledger) -> None:
        self._entropy = entropy
        self._ledger = ledger
        self._crypto = crypto
        self.on_device_ended: list[DeviceEndedHook] = []
        self.on_status_change: list[StatusChangeHook] = []
        self.on_firm_changed: list[FirmHook] = []

    def complete(
        self, tx: Tx, *, binding: Binding, record: LawyerRecord, way: str, at: datetime
    ) -> Device:
        """Bind: update the lawyer, end the old devices, activate the new one."""
        lawyer = self._lawyer(tx, record=record, at=at)
        self._end_others(tx, lawyer_id=lawyer.id, account_id=binding.account_id, at=at)
        device = Device(
            id=self._entropy.uuid(),
            lawyer_id=lawyer.id,
            account_id=binding.account_id,
            public_key=binding.device_key,
            assurance=binding.device_assurance,
            way=way,
            bound_at=at,
            person_verified_at=at,
            last_proof_iat=0,
        )
        tx.add(device)
        binding.state = BindingState.BOUND
        binding.closed_at = at
        tx.flush()
        self._note(tx, device, at=at, change={"act": "bound", "way": way})
        return device

    def _end_others(
        self, tx: Tx, *, lawyer_id: uuid.UUID, account_id: uuid.UUID, at: datetime
    ) -> None:
        """A lawyer has one phone, and a phone one lawyer."""
        old = queries.active_device(tx, lawyer_id=lawyer_id, lock=True)
        if old is not None:
            self.end_device(tx, device=old, reason="moved", at=at)
            if old.account_id != account_id:
                self._tell_old_phone(tx, account_id=old.account_id, at=at)
        other = queries.active_device_of_account(tx, account_id=account_id)
        if other is not None:
            self.end_device(tx, device=other, reason="other_lawyer", at=at)

    def end_device(self, tx: Tx, *, device: Device, reason: str, at: datetime) -> None:
        """End a device and tell the domains above."""
        device.ended_at = at
        device.end_reason = reason
        tx.flush()
        self._note(tx, device, at=at, change={"act": "ended", "reason": reason})
        for hook in self.on_device_ended:
            hook(tx, device.id, at)

    def note_status(
        self, tx: Tx, *, lawyer: Lawyer, status: PracticeStatus, since: date, at: datetime
    ) -> None:
        """Remember what the register says; a change of status 执业状态 goes into the ledger.

        The row is locked before it is compared, so that one change is noted once.
        """
        if lawyer.practice_status != status:
            tx.refresh(lawyer, with_for_update=True)
        before = lawyer.practice_status
        lawyer.synced_at = at
        if before == status:
            return
        lawyer.practice_status = status
        lawyer.status_since = since
        self._ledger.append(
            tx,
            Event(
                kind="status",
                at=at,
                subject=lawyer.id,
                place="",
                source_id=lawyer.id,
                details={"from": before, "to": str(status), "since": since.isoformat()},
            ),
        )
        for hook in self.on_status_change:
            hook(tx, lawyer.licence_no, status, at)

    def note_firm(self, tx: Tx, *, lawyer: Lawyer, name: str, uscc: str, at: datetime) -> None:
        """Remember the firm 执业机构, and tell whoever relies on it when it is another one."""
        if (lawyer.firm_name, lawyer.firm_uscc) == (name, uscc):
            return
        lawyer.firm_name, lawyer.firm_uscc = name, uscc
        tx.flush()
        for hook in self.on_firm_changed:
            hook(tx, lawyer.id, at)

    def _note(self, tx: Tx, device: Device, *, at: datetime, change: Mapping[str, Json]) -> None:
        event = Event(
            kind="device",
            at=at,
            subject=device.lawyer_id,
            place="",
            source_id=device.id,
            details={**change, "key_sha256": sha256(device.public_key).hexdigest()},
        )
        self._ledger.append(tx, event)

    def _lawyer(self, tx: Tx, *, record: LawyerRecord, at: datetime) -> Lawyer:
        lawyer = queries.lawyer_by_licence(tx, licence_no=record.licence_no)
        if lawyer is None:
            key = self._crypto.new_data_key()
            lawyer = Lawyer(
                id=self._entropy.uuid(),
                licence_no=record.licence_no,
                data_key=key.wrapped,
                status_index=self._free_index(tx),
                firm_name=record.firm_name,
                firm_uscc=record.firm_uscc,
            )
            tx.add(lawyer)
            lawyer.practice_status = record.status
            lawyer.status_since = record.status_since
        else:
            key = self._crypto.open_data_key(lawyer.data_key)
            self.note_status(
                tx, lawyer=lawyer, status=record.status, since=record.status_since, at=at
            )
            self.note_firm(tx, lawyer=lawyer, name=record.firm_name, uscc=record.firm_uscc, at=at)
        lawyer.name = record.name
        lawyer.category = record.category
        lawyer.status_since = record.status_since
        lawyer.synced_at = at
        lawyer.identity_no_index = self._crypto.blind_index(
            column="lawyer.identity_no", value=record.identity_no
        )
        lawyer.identity_no_sealed = self._crypto.seal(
            record.identity_no.encode(), key=key, aad=f"lawyer.identity_no:{lawyer.id}"
        )
        lawyer.photo_sealed = (
            self._crypto.seal(record.photo, key=key, aad=f"lawyer.photo:{lawyer.id}")
            if record.photo
            else None
        )
        tx.flush()
        return lawyer

    def _free_index(self, tx: Tx) -> int:
        """Draw a status-list index at random: it must tell nothing about the licence."""
        while True:
            index = self._entropy.below(STATUS_INDICES)
            if not queries.status_index_taken(tx, index=index):
                return index

    @staticmethod
    def _tell_old_phone(tx: Tx, *, account_id: uuid.UUID, at: datetime) -> None:
        tell(tx, Notice(account_ids=[account_id], kind="device_moved", at=at))
