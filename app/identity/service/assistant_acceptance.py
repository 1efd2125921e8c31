"""Accepting an invitation; how a person is known stands in `assistant_invitations`."""

from __future__ import annotations

import uuid
from datetime import datetime

from app.identity import queries as people
from app.identity.errors import (
    AssistedNotPractising,
    CandidateWaiting,
    InvitationUnknown,
    NotBound,
)
from app.identity.models import AssistantInvitation, Lawyer
from app.identity.queries import assistants as queries
from app.identity.rules import assistants as rules
from app.identity.service.assistant_codes import CodeBox, digest
from app.identity.service.assistant_records import AssistantRecords
from app.identity.service.assistant_values import (
    AssistantCard,
    Offer,
    Waiting,
    check_open,
    firm_of,
    helping_lawyer,
    helping_trainee,
)
from app.identity.service.assistant_work import AuxiliaryWork
from app.identity.service.counsels import NO_DEVICE
from app.identity.service.devices import Devices
from app.identity.service.trainees import TraineeClaim, Trainees
from app.kernel.principal import Phone
from app.kernel.unit_of_work import Tx, autocommit, unit_of_work
from app.notification.service.telling import Notice, tell
from app.ports.clock import Clock
from app.ports.registry import PracticeStatus


class AssistantAcceptance:
    """Use cases of whoever typed or scanned a code."""

    def __init__(
        self,
        *,
        clock: Clock,
        box: CodeBox,
        devices: Devices,
        trainees: Trainees,
        work: AuxiliaryWork,
        records: AssistantRecords,
    ) -> None:
        self._clock = clock
        self._box = box
        self._devices = devices
        self._trainees = trainees
        self._work = work
        self._records = records

    def preview(self, *, phone: Phone, code: str) -> Offer:
        """Show what a code offers; raises `InvitationUnknown`, `InvitationClosed`."""
        row = self._by_code(phone, code)
        bound = self._lawyer_no(phone) is not None
        with unit_of_work() as tx:
            lawyer = tx.get_one(Lawyer, row.lawyer_id)
            return Offer(
                lawyer_name=lawyer.name,
                firm_name=lawyer.firm_name,
                acts=self._work.acts(row.acts),
                case_count=None if row.cases is None else len(row.cases),
                until=row.until,
                expires_at=row.expires_at,
                as_lawyer=bound,
            )

    def accept(self, *, phone: Phone, code: str) -> AssistantCard:
        """Become an assistant, as a lawyer whose phone is bound.

        Raises `NotBound`, `InvitationUnknown`, `InvitationClosed`, `OwnInvitation`, `OtherFirm`,
        `AssistantNotPractising`, `AssistedNotPractising`, `AlreadyAssistant`,
        `TooManyAssistants`, and the registry port's errors.
        """
        found = self._by_code(phone, code)
        number = self._lawyer_no(phone)
        if number is None:
            raise NotBound
        self._ask_about(found.lawyer_id, number)
        at = self._clock.now()
        with unit_of_work() as tx:
            lawyer, row = self._locked(tx, found, at=at)
            own = people.lawyer_by_licence(tx, licence_no=number)
            if own is None:
                raise NotBound
            rules.check_not_self(lawyer_id=lawyer.id, helper_id=own.id)
            rules.check_helper(helping_lawyer(own), firm=firm_of(lawyer))
            begun = self._records.begin(
                tx,
                invitation=row,
                helper_lawyer_id=own.id,
                trainee_id=None,
                account_id=phone.account_id,
                at=at,
            )
            made = queries.one(tx, assistantship_id=begun.id)
            if made.people.lawyer_account is not None:
                notice = Notice(
                    account_ids=[made.people.lawyer_account],
                    kind="assistant.accepted",
                    at=at,
                    values={"assistant": own.name},
                )
                tell(tx, notice)
            return self._work.card(tx, made, at=at)

    def apply(self, *, phone: Phone, code: str, claim: TraineeClaim) -> Waiting:
        """Accept as a trainee; the lawyer's phone is told, and asks for the digits.

        Raises `InvitationUnknown`, `InvitationClosed`, what `Trainees.match` raises,
        `TraineeNotTraining`, `OtherFirm`, `AssistedNotPractising`, `CandidateWaiting`,
        `AlreadyAssistant`, `TooManyAssistants`.
        """
        found = self._by_code(phone, code)
        record = self._trainees.match(phone=phone, claim=claim)
        self._ask_about(found.lawyer_id)
        at = self._clock.now()
        with unit_of_work() as tx:
            lawyer, row = self._locked(tx, found, at=at)
            if row.candidate_account_id not in (None, phone.account_id):
                raise CandidateWaiting
            trainee = self._trainees.note(tx, record=record, at=at)
            rules.check_helper(helping_trainee(trainee), firm=firm_of(lawyer))
            self._records.check_room(tx, lawyer_id=lawyer.id, person_id=trainee.id, at=at)
            digits = self._box.digits()
            row.candidate_id = trainee.id
            row.candidate_account_id = phone.account_id
            row.candidate_digits_sealed = self._box.seal(digits, name="digits", row_id=row.id)
            row.candidate_tries = 0
            device = people.active_device(tx, lawyer_id=lawyer.id)
            if device is not None:
                readers = [device.account_id]
                tell(tx, Notice(account_ids=readers, kind="assistant.waiting", at=at))
            return self._waiting(row, lawyer)

    def waiting(self, *, phone: Phone) -> tuple[Waiting, ...]:
        """Return what this phone accepted and the lawyer has not confirmed yet."""
        at = self._clock.now()
        with unit_of_work() as tx:
            rows = queries.waiting_of_account(tx, account_id=phone.account_id, at=at)
            return tuple(self._waiting(row, lawyer) for row, lawyer in rows)

    def _by_code(self, phone: Phone, code: str) -> AssistantInvitation:
        self._box.limit(phone)
        at = self._clock.now()
        with unit_of_work() as tx:
            row = queries.invitation_by_code(tx, code_sha256=digest(code))
            if row is None:
                raise InvitationUnknown(field="code")
            check_open(row, at=at)
            tx.expunge(row)
        return row

    @staticmethod
    def _locked(
        tx: Tx, found: AssistantInvitation, *, at: datetime
    ) -> tuple[Lawyer, AssistantInvitation]:
        """Lock the lawyer's places, then the invitation; look at both again."""
        lawyer = queries.lock_lawyer(tx, lawyer_id=found.lawyer_id)
        row = queries.invitation_by_code(tx, code_sha256=found.code_sha256, lock=True)
        if row is None:
            raise InvitationUnknown
        check_open(row, at=at)
        status = PracticeStatus(lawyer.practice_status)
        if status is not PracticeStatus.PRACTISING:
            raise AssistedNotPractising(practice_status=status.value, status_label=status.label)
        return lawyer, row

    def _ask_about(self, lawyer_id: uuid.UUID, *more: str) -> None:
        """Ask the register about everybody before anything begins."""
        with unit_of_work() as tx:
            number = tx.get_one(Lawyer, lawyer_id).licence_no
        for licence_no in {number, *more}:
            self._devices.refresh(licence_no=licence_no)

    @staticmethod
    def _lawyer_no(phone: Phone) -> str | None:
        with autocommit() as database:
            row = people.standing(database, account_id=phone.account_id, device_id=NO_DEVICE)
        return None if row is None else row.licence_no

    def _waiting(self, row: AssistantInvitation, lawyer: Lawyer) -> Waiting:
        sealed = row.candidate_digits_sealed or b""
        return Waiting(
            invitation_id=row.id,
            lawyer_name=lawyer.name,
            firm_name=lawyer.firm_name,
            digits=self._box.open(sealed, name="digits", row_id=row.id),
            expires_at=row.expires_at,
        )
