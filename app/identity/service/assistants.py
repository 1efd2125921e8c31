"""律师助理: a lawyer's assistants and what they did; ending, leaving, running out."""

from __future__ import annotations

import uuid

from app.identity import queries as people
from app.identity.errors import AssistantshipEnded, AssistantshipNotFound, NotBound
from app.identity.models import AssistantAct
from app.identity.queries import assistants as queries
from app.identity.queries.assistants import Found
from app.identity.rules import assistants as rules
from app.identity.rules.assistants import EndReason
from app.identity.service.assistant_invitations import AssistantInvitations
from app.identity.service.assistant_records import AssistantRecords, given
from app.identity.service.assistant_values import (
    AssistantCard,
    Deed,
    Deeds,
    Scope,
    account_of_helper,
)
from app.identity.service.assistant_values import Assistants as Overview
from app.identity.service.assistant_work import AuxiliaryWork
from app.identity.service.counsels import Counsels
from app.kernel.calendar import end_of_day
from app.kernel.principal import Counsel, Phone
from app.kernel.unit_of_work import Tx, unit_of_work
from app.notification.service.telling import Notice, tell
from app.ports.clock import Clock
from app.ports.entropy import Entropy

ENDED_SHOWN = 20
PAGE = 30
SWEEP_BATCH = 200


class Assistants:
    """Use cases of assistants once they are there."""

    def __init__(
        self,
        *,
        clock: Clock,
        entropy: Entropy,
        counsels: Counsels,
        work: AuxiliaryWork,
        records: AssistantRecords,
        invitations: AssistantInvitations,
    ) -> None:
        self._clock = clock
        self._entropy = entropy
        self._counsels = counsels
        self._work = work
        self._records = records
        self._invitations = invitations

    def of_lawyer(self, *, phone: Phone) -> Overview:
        """Return the lawyer's assistants and open invitations; raises `NotBound`."""
        at = self._clock.now()
        with unit_of_work() as tx:
            lawyer_id = lawyer_of(tx, phone)
            found = queries.of_lawyer(tx, lawyer_id=lawyer_id, ended=ENDED_SHOWN)
            cards = [self._work.card(tx, each, at=at) for each in found]
            return Overview(
                limit=len(rules.SLOTS),
                acts=self._work.offered,
                active=tuple(card for card in cards if card.ended_at is None),
                ended=tuple(card for card in cards if card.ended_at is not None),
                invitations=self._invitations.open_of(tx, lawyer_id=lawyer_id, at=at),
            )

    def of_assistant(self, *, phone: Phone) -> tuple[AssistantCard, ...]:
        """Return whom the person of this phone assists."""
        at = self._clock.now()
        with unit_of_work() as tx:
            found = queries.of_assistant(tx, account_id=phone.account_id)
            return tuple(self._work.card(tx, each, at=at) for each in found)

    def end(self, *, phone: Phone, assistantship_id: uuid.UUID) -> None:
        """End at once, by the lawyer; an end that was there already is left as it is.

        Raises `NotBound`, `AssistantshipNotFound`.
        """
        at = self._clock.now()
        with unit_of_work() as tx:
            found = self._own(tx, lawyer_id=lawyer_of(tx, phone), assistantship_id=assistantship_id)
            if found.row.ended_at is None:
                self._records.end(tx, found, EndReason.BY_LAWYER, at=at)

    def leave(self, *, phone: Phone, assistantship_id: uuid.UUID) -> None:
        """Resign, by the assistant; raises `AssistantshipNotFound`."""
        at = self._clock.now()
        with unit_of_work() as tx:
            found = queries.one_of_assistant(
                tx, assistantship_id=assistantship_id, account_id=phone.account_id
            )
            if found is None:
                raise AssistantshipNotFound
            if found.row.ended_at is None:
                self._records.end(tx, found, EndReason.BY_ASSISTANT, at=at)

    def change(self, *, phone: Phone, assistantship_id: uuid.UUID, scope: Scope) -> AssistantCard:
        """Give more, less, or for another time; the assistant is told.

        Raises `NotBound`, `CounselNotPractising`, `AssistantshipNotFound`, `AssistantshipEnded`,
        `ActsRefused`, `UntilRefused`, `CaseNotYours`.
        """
        at = self._clock.now()
        counsel = self._counsels.of_phone(phone=phone)
        with unit_of_work() as tx:
            found = self._own(tx, lawyer_id=counsel.lawyer_id, assistantship_id=assistantship_id)
            row = found.row
            if row.ended_at is not None:
                raise AssistantshipEnded
            self._work.check(tx, licence_no=counsel.licence_no, scope=scope, at=at)
            row.acts = sorted(scope.acts)
            row.cases = None if scope.cases is None else sorted(scope.cases)
            row.expires_at = end_of_day(scope.until)
            tx.flush()
            self._records.note(tx, row, change={"act": "changed", **given(row)}, at=at)
            notice = Notice(
                account_ids=[account_of_helper(found)],
                kind="assistant.changed",
                at=at,
                values={"lawyer": counsel.name},
            )
            tell(tx, notice)
            return self._work.card(tx, found, at=at)

    def deeds(self, *, phone: Phone, before: uuid.UUID | None) -> Deeds:
        """Return what the lawyer's assistants did, page by page; raises `NotBound`."""
        with unit_of_work() as tx:
            rows = queries.acts_of_lawyer(
                tx, lawyer_id=lawyer_of(tx, phone), before=before, limit=PAGE + 1
            )
        items = tuple(
            Deed(
                id=row.id,
                at=row.at,
                name=row.name,
                act_label=self._work.label(row.act),
                summary=row.summary,
                assistantship_id=row.assistantship_id,
                case_id=row.case_id,
            )
            for row in rows[:PAGE]
        )
        return Deeds(items=items, more=len(rows) > PAGE)

    def record(
        self, tx: Tx, *, counsel: Counsel, act: str, case_id: uuid.UUID | None, summary: str
    ) -> None:
        """Write down what an assistant does, in the transaction that does it.

        For the lawyer's own hand there is nothing to write. Raises `ActNotGiven`, `CaseNotGiven`,
        and `AssistantshipEnded`, `AssistantshipExpired` when it ended while the request was on
        its way; until the transaction is over, nobody can end it.
        """
        if counsel.assistant is None:
            return
        at = self._clock.now()
        rules.check_given(counsel.assistant, act=act, case_id=case_id)
        row = queries.held(tx, assistantship_id=counsel.assistant.assistant_id)
        rules.check_going_on(
            ended_at=row.ended_at, end_reason=row.end_reason, expires_at=row.expires_at, at=at
        )
        tx.add(
            AssistantAct(
                id=self._entropy.uuid(),
                assistantship_id=row.id,
                lawyer_id=counsel.lawyer_id,
                at=at,
                act=act,
                case_id=case_id,
                summary=summary,
            )
        )

    def sweep(self) -> int:
        """End what has run out and tell both; return how many."""
        at = self._clock.now()
        with unit_of_work() as tx:
            over = queries.expired(tx, at=at, limit=SWEEP_BATCH)
        for assistantship_id in over:
            with unit_of_work() as tx:
                found = queries.one(tx, assistantship_id=assistantship_id)
                if found.row.ended_at is None and found.row.expires_at <= at:
                    self._records.end(tx, found, EndReason.EXPIRED, at=at)
        return len(over)

    @staticmethod
    def _own(tx: Tx, *, lawyer_id: uuid.UUID, assistantship_id: uuid.UUID) -> Found:
        found = queries.one_of_lawyer(tx, assistantship_id=assistantship_id, lawyer_id=lawyer_id)
        if found is None:
            raise AssistantshipNotFound
        return found


def lawyer_of(tx: Tx, phone: Phone) -> uuid.UUID:
    """Return the lawyer whose phone this is, practising or not; raises `NotBound`."""
    device = people.latest_device_of_account(tx, account_id=phone.account_id)
    if device is None or device.ended_at is not None:
        raise NotBound
    return device.lawyer_id
