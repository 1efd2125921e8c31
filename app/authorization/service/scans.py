"""扫一扫: the phone takes a request up, sees who asks for what, and decides."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

from app.authorization.errors import (
    ConsentAltered,
    FaceNeeded,
    NotPractising,
    NumberMissing,
    RelyingPartyUnknown,
    ScanClosed,
    ScanTaken,
    ScanUnknown,
)
from app.authorization.models.relying_parties import AbuseReport
from app.authorization.models.transactions import ScanTransaction
from app.authorization.queries import transactions as queries
from app.authorization.queries.relying_parties import PartyRow
from app.authorization.queries.tokens import confirmation_of_grant
from app.authorization.rules import consent, jose, lifetimes, ticket
from app.authorization.rules.request import AuthorizationRequest
from app.authorization.rules.ticket import State
from app.authorization.service import scan_views
from app.authorization.service.grant_records import Agreed, GrantRecords
from app.authorization.service.relying_parties import RelyingParties
from app.authorization.service.values import ScanView
from app.identity.errors import DeviceProofInvalid, NotBound, RateLimited
from app.identity.rules import device_proof
from app.identity.rules.binding import PROOF_TOLERANCE
from app.identity.service.devices import Devices
from app.identity.service.values import BoundDevice, LawyerCard
from app.kernel.principal import Phone
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.ephemeral import Ephemeral
from app.ports.errors import Unavailable
from app.ports.registry import PracticeStatus

SCANS_PER_MINUTE = 30


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What the phone sends: what is granted, and the signature over the words shown."""

    granted: Sequence[str]
    iat: int
    signature: bytes


class Scans:
    """Use cases of the phone."""

    def __init__(
        self,
        *,
        relying_parties: RelyingParties,
        devices: Devices,
        clock: Clock,
        entropy: Entropy,
        ephemeral: Ephemeral,
        records: GrantRecords,
    ) -> None:
        self._parties = relying_parties
        self._devices = devices
        self._clock = clock
        self._entropy = entropy
        self._ephemeral = ephemeral
        self._records = records

    def scan(self, *, phone: Phone, text: str, source: str, scene: int | None) -> ScanView:
        """Take a request up. The first phone has it; a second is refused and both are told.

        Raises `NotBound`, `RateLimited`, `NotFromCamera`, `ScanUnknown`, `ScanStale`, `ScanTaken`,
        `ScanClosed`.
        """
        self._limit(phone)
        scanned = ticket.parse(text, source=source, scene=scene)
        device, card = self._holder(phone)
        at = self._clock.now()
        with unit_of_work() as tx:
            row = queries.by_ticket(tx, ticket=jose.un_b64u(scanned.ticket))
            if row is None or not _is_ours(scanned, seed=row.seed):
                raise ScanUnknown
            state = ticket.state_at(row.state, expires_at=row.expires_at, at=at)
            taken = row.account_id not in (None, phone.account_id)
            if taken:
                row.second_scan = True
            elif state is State.WAITING:
                self._claim(row, scanned, phone=phone, device=device, card=card, at=at)
            elif state not in (State.CLAIMED, State.APPROVED):
                raise ScanClosed
            view = None if taken else self._view(tx, row, device=device, card=card, at=at)
        if view is None:
            raise ScanTaken
        return view

    def view(self, *, phone: Phone, scan_id: uuid.UUID) -> ScanView:
        """Return how a request stands; raises `ScanUnknown` unless this phone has it."""
        device, card = self._holder(phone)
        at = self._clock.now()
        with unit_of_work() as tx:
            row = self._own(tx, phone=phone, scan_id=scan_id)
            return self._view(tx, row, device=device, card=card, at=at)

    def approve(
        self, *, phone: Phone, scan_id: uuid.UUID, decision: Decision, issuer: str
    ) -> ScanView:
        """Consent, signed over exactly what was asked.

        Raises `ScanUnknown`, `ScanClosed`, `NumberMissing`, `FaceNeeded`, `ConsentAltered`,
        `DeviceProofInvalid`, `NotPractising`, and the registry port's errors.
        """
        device, card = self._holder(phone)
        self._check_practising(card)
        at = self._clock.now()
        with unit_of_work() as tx:
            row = self._own(tx, phone=phone, scan_id=scan_id)
            ticket.check_claimed(ticket.state_at(row.state, expires_at=row.expires_at, at=at))
            if row.device_id != device.device_id:
                raise ScanClosed
            if row.number is not None and not row.number_right:
                raise NumberMissing
            request = AuthorizationRequest.from_json(row.request)
            if scan_views.face_needed(row, request, device=device):
                raise FaceNeeded
            party = self._party(row)
            granted = consent.check_granted(decision.granted, request=request)
            text = self._signed_text(row, request, party, device, decision=decision, at=at)
            agreed = Agreed(
                row=row,
                request=request,
                issuer=issuer,
                party=party,
                granted=granted,
                device=device,
                card=card,
                text=text,
                signature=decision.signature,
            )
            row.grant_id = self._records.write(tx, agreed, at=at).id
            row.state, row.decided_at = State.APPROVED, at
            row.expires_at = at + lifetimes.CODE
            return self._view(tx, row, device=device, card=card, at=at)

    def decline(self, *, phone: Phone, scan_id: uuid.UUID, not_mine: bool) -> ScanView:
        """Say no; `not_mine` 不是我发起的 also flags who asked. Raises `ScanUnknown`."""
        device, card = self._holder(phone)
        at = self._clock.now()
        with unit_of_work() as tx:
            row = self._own(tx, phone=phone, scan_id=scan_id)
            if ticket.state_at(row.state, expires_at=row.expires_at, at=at) is State.CLAIMED:
                row.state, row.decided_at = State.DECLINED, at
                if not_mine:
                    tx.add(self._report(row, card=card, at=at))
            return self._view(tx, row, device=device, card=card, at=at)

    # --- the pieces ----------------------------------------------------------------------------

    def _limit(self, phone: Phone) -> None:
        try:
            count = self._ephemeral.incr(key=f"scan:{phone.account_id}", ttl=60)
        except Unavailable:
            return
        if count > SCANS_PER_MINUTE:
            raise RateLimited

    def _holder(self, phone: Phone) -> tuple[BoundDevice, LawyerCard]:
        profile = self._devices.profile(phone=phone)
        if profile.state != "bound" or profile.device is None or profile.lawyer is None:
            raise NotBound
        return profile.device, profile.lawyer

    def _check_practising(self, card: LawyerCard) -> None:
        status = self._devices.live_status(licence_no=card.licence_no).status
        if status is not PracticeStatus.PRACTISING:
            raise NotPractising(practice_status=status.value, status_label=status.label)

    def _party(self, row: ScanTransaction) -> PartyRow:
        """Return who asks; what a party that was shut off asked has ended."""
        try:
            return self._parties.recognise(row.client_id)
        except RelyingPartyUnknown as error:
            raise ScanClosed from error

    @staticmethod
    def _own(tx: Tx, *, phone: Phone, scan_id: uuid.UUID) -> ScanTransaction:
        row = queries.transaction(tx, scan_id)
        if row is None or row.account_id != phone.account_id:
            raise ScanUnknown
        return row

    @staticmethod
    def _claim(
        row: ScanTransaction,
        scanned: ticket.Scanned,
        *,
        phone: Phone,
        device: BoundDevice,
        card: LawyerCard,
        at: datetime,
    ) -> None:
        ticket.check_fresh(step=scanned.step, created_at=row.created_at, at=at)
        row.account_id = phone.account_id
        row.device_id, row.lawyer_id = device.device_id, card.lawyer_id
        row.state, row.claimed_at = State.CLAIMED, at
        request = AuthorizationRequest.from_json(row.request)
        row.expires_at = ticket.deciding_until(
            at=at, face_needed=scan_views.face_needed(row, request, device=device)
        )

    def _signed_text(
        self,
        row: ScanTransaction,
        request: AuthorizationRequest,
        party: PartyRow,
        device: BoundDevice,
        *,
        decision: Decision,
        at: datetime,
    ) -> str:
        """Return the words that the phone signed; raises when they are not what was asked."""
        if abs(int(at.timestamp()) - decision.iat) > PROOF_TOLERANCE:
            raise DeviceProofInvalid("time")
        lines = scan_views.statement(row, request, party)
        text = consent.text(lines, granted=decision.granted, iat=decision.iat)
        try:
            device_proof.check_signature(
                key=device.public_key, message=text.encode(), signature=decision.signature
            )
        except DeviceProofInvalid as error:
            raise ConsentAltered("signature") from error
        return text

    def _report(self, row: ScanTransaction, *, card: LawyerCard, at: datetime) -> AbuseReport:
        return AbuseReport(
            id=self._entropy.uuid(),
            client_id=row.client_id,
            transaction_id=row.id,
            lawyer_id=card.lawyer_id,
            place=f"{row.place} {row.address}".strip(),
            at=at,
        )

    def _view(
        self, tx: Tx, row: ScanTransaction, *, device: BoundDevice, card: LawyerCard, at: datetime
    ) -> ScanView:
        made = None if row.grant_id is None else confirmation_of_grant(tx, grant_id=row.grant_id)
        return scan_views.view(
            row,
            party=self._party(row),
            device=device,
            card=card,
            confirmation=None if made is None else made.public_id,
            at=at,
        )


def _is_ours(scanned: ticket.Scanned, *, seed: bytes) -> bool:
    expected = ticket.mac(seed, ticket=scanned.ticket, step=scanned.step)
    return compare_digest(jose.b64u(expected), scanned.mac)
