"""Inviting an assistant: a code on the lawyer's phone, accepted on the assistant's.

A lawyer who accepts was verified when their own phone was bound, and assists at once. A trainee
has no licence to bind to: number, name and identity number must match the register, and because
colleagues know those, the lawyer then types the six digits that stand on the trainee's phone. The
lawyer knows the trainee's face and answers for what they do, so their look is the check; digits
that must be typed are compared, where a button "yes" would only be pressed. No officer is needed.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from hmac import compare_digest

from app.identity import queries as people
from app.identity.errors import (
    DigitsUsedUp,
    DigitsWrong,
    InvitationUnknown,
    NoCandidate,
    NotBound,
    TooManyInvitations,
)
from app.identity.models import AssistantInvitation, Lawyer, Trainee
from app.identity.queries import assistants as queries
from app.identity.rules import assistants as rules
from app.identity.service.assistant_codes import CodeBox, digest
from app.identity.service.assistant_records import AssistantRecords
from app.identity.service.assistant_values import (
    AssistantCard,
    Candidate,
    Invitation,
    Scope,
    check_open,
    firm_of,
    helping_trainee,
)
from app.identity.service.assistant_work import AuxiliaryWork
from app.identity.service.counsels import Counsels
from app.identity.service.trainees import Trainees
from app.kernel.principal import Phone
from app.kernel.unit_of_work import Tx, unit_of_work
from app.notification.service.telling import Notice, tell
from app.ports.clock import Clock
from app.ports.entropy import Entropy


class AssistantInvitations:
    """Use cases of the lawyer who invites."""

    def __init__(
        self,
        *,
        clock: Clock,
        box: CodeBox,
        entropy: Entropy,
        counsels: Counsels,
        trainees: Trainees,
        work: AuxiliaryWork,
        records: AssistantRecords,
    ) -> None:
        self._clock = clock
        self._box = box
        self._entropy = entropy
        self._counsels = counsels
        self._trainees = trainees
        self._work = work
        self._records = records

    def invite(self, *, phone: Phone, scope: Scope) -> Invitation:
        """Make an invitation that works once, within a day.

        Raises `NotBound`, `CounselNotPractising`, `ActsRefused`, `UntilRefused`, `CaseNotYours`,
        `TooManyInvitations`.
        """
        at = self._clock.now()
        counsel = self._counsels.of_phone(phone=phone)
        code, row_id = self._box.code(), self._entropy.uuid()
        with unit_of_work() as tx:
            queries.lock_lawyer(tx, lawyer_id=counsel.lawyer_id)
            self._work.check(tx, licence_no=counsel.licence_no, scope=scope, at=at)
            waiting = queries.open_invitations(tx, lawyer_id=counsel.lawyer_id, at=at)
            if len(waiting) >= rules.INVITATIONS_OPEN:
                raise TooManyInvitations
            row = AssistantInvitation(
                id=row_id,
                lawyer_id=counsel.lawyer_id,
                code_sha256=digest(code),
                code_sealed=self._box.seal(code, name="code", row_id=row_id),
                acts=sorted(scope.acts),
                cases=None if scope.cases is None else sorted(scope.cases),
                until=scope.until,
                created_at=at,
                expires_at=at + rules.INVITATION_LIFE,
                candidate_tries=0,
            )
            tx.add(row)
            tx.flush()
            return self._described(tx, row)

    def withdraw(self, *, phone: Phone, invitation_id: uuid.UUID) -> None:
        """Take an invitation back; raises `NotBound`, `InvitationUnknown`, `InvitationClosed`."""
        at = self._clock.now()
        with unit_of_work() as tx:
            row = self._own(tx, phone=phone, invitation_id=invitation_id, at=at)
            row.withdrawn_at = at

    def confirm(self, *, phone: Phone, invitation_id: uuid.UUID, digits: str) -> AssistantCard:
        """Let the waiting trainee begin, by the digits on their phone.

        Raises `NotBound`, `CounselNotPractising`, `InvitationUnknown`, `InvitationClosed`,
        `NoCandidate`, `DigitsWrong`, `DigitsUsedUp`, `TraineeNotTraining`, `OtherFirm`,
        `AlreadyAssistant`, `TooManyAssistants`, and the registry port's errors.
        """
        self._counsels.of_phone(phone=phone)
        self._trainees.refresh(trainee_no=self._candidate_no(phone, invitation_id))
        at = self._clock.now()
        with unit_of_work() as tx:
            row = self._own(tx, phone=phone, invitation_id=invitation_id, at=at, lock=True)
            trainee, right = self._try_digits(tx, row, digits)
            if right:
                return self._begin_trainee(tx, row, trainee, at=at)
            tries_left = rules.DIGIT_TRIES - row.candidate_tries
            if tries_left <= 0:
                _drop_candidate(row)
        if tries_left <= 0:
            raise DigitsUsedUp
        raise DigitsWrong(field="digits", tries_left=tries_left)

    def reject(self, *, phone: Phone, invitation_id: uuid.UUID) -> None:
        """Send the waiting trainee away; the invitation can be accepted by somebody else.

        Raises `NotBound`, `InvitationUnknown`, `InvitationClosed`, `NoCandidate`.
        """
        at = self._clock.now()
        with unit_of_work() as tx:
            row = self._own(tx, phone=phone, invitation_id=invitation_id, at=at)
            if row.candidate_account_id is None:
                raise NoCandidate
            readers = [row.candidate_account_id]
            tell(tx, Notice(account_ids=readers, kind="assistant.not_confirmed", at=at))
            _drop_candidate(row)

    def open_of(self, tx: Tx, *, lawyer_id: uuid.UUID, at: datetime) -> tuple[Invitation, ...]:
        """Return a lawyer's open invitations."""
        rows = queries.open_invitations(tx, lawyer_id=lawyer_id, at=at)
        return tuple(self._described(tx, row) for row in rows)

    def _begin_trainee(
        self, tx: Tx, row: AssistantInvitation, trainee: Trainee, *, at: datetime
    ) -> AssistantCard:
        lawyer = tx.get_one(Lawyer, row.lawyer_id)
        rules.check_helper(helping_trainee(trainee), firm=firm_of(lawyer))
        account_id = row.candidate_account_id
        if account_id is None:
            raise NoCandidate
        begun = self._records.begin(
            tx,
            invitation=row,
            helper_lawyer_id=None,
            trainee_id=trainee.id,
            account_id=account_id,
            at=at,
        )
        values = {"lawyer": lawyer.name}
        tell(
            tx,
            Notice(account_ids=[account_id], kind="assistant.confirmed", at=at, values=values),
        )
        return self._work.card(tx, queries.one(tx, assistantship_id=begun.id), at=at)

    def _try_digits(self, tx: Tx, row: AssistantInvitation, digits: str) -> tuple[Trainee, bool]:
        if row.candidate_id is None or row.candidate_digits_sealed is None:
            raise NoCandidate
        right = self._box.open(row.candidate_digits_sealed, name="digits", row_id=row.id)
        row.candidate_tries += 1
        same = compare_digest(right.encode(), "".join(digits.split()).encode())
        return tx.get_one(Trainee, row.candidate_id), same

    def _candidate_no(self, phone: Phone, invitation_id: uuid.UUID) -> str:
        at = self._clock.now()
        with unit_of_work() as tx:
            row = self._own(tx, phone=phone, invitation_id=invitation_id, at=at)
            if row.candidate_id is None:
                raise NoCandidate
            return tx.get_one(Trainee, row.candidate_id).trainee_no

    def _own(
        self,
        tx: Tx,
        *,
        phone: Phone,
        invitation_id: uuid.UUID,
        at: datetime,
        lock: bool = False,
    ) -> AssistantInvitation:
        """Return this lawyer's open invitation, locked; with `lock` the lawyer's places as well."""
        device = people.latest_device_of_account(tx, account_id=phone.account_id)
        if device is None or device.ended_at is not None:
            raise NotBound
        if lock:
            queries.lock_lawyer(tx, lawyer_id=device.lawyer_id)
        row = queries.invitation_of_lawyer(
            tx, invitation_id=invitation_id, lawyer_id=device.lawyer_id
        )
        if row is None:
            raise InvitationUnknown
        check_open(row, at=at)
        return row

    def _described(self, tx: Tx, row: AssistantInvitation) -> Invitation:
        licence_no = tx.get_one(Lawyer, row.lawyer_id).licence_no
        candidate = None
        if row.candidate_id is not None:
            trainee = tx.get_one(Trainee, row.candidate_id)
            candidate = Candidate(
                name=trainee.name,
                trainee_no=trainee.trainee_no,
                tries_left=rules.DIGIT_TRIES - row.candidate_tries,
            )
        return Invitation(
            id=row.id,
            code=self._box.open(row.code_sealed, name="code", row_id=row.id),
            acts=self._work.acts(row.acts),
            cases=self._work.cases(tx, licence_no=licence_no, given=row.cases),
            until=row.until,
            expires_at=row.expires_at,
            candidate=candidate,
        )


def _drop_candidate(row: AssistantInvitation) -> None:
    row.candidate_id = row.candidate_account_id = row.candidate_digits_sealed = None
    row.candidate_tries = 0
