"""The beginning and the end of every assistantship: its row, the ledger, the notices."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from app.identity.errors import AlreadyAssistant
from app.identity.models import AssistantInvitation, Assistantship
from app.identity.queries import assistants as queries
from app.identity.queries.assistants import Found
from app.identity.rules import assistants as rules
from app.identity.rules.assistants import EndReason
from app.identity.service.assistant_values import account_of_helper, helper_of, standing_of
from app.kernel.calendar import end_of_day
from app.kernel.unit_of_work import Tx
from app.ledger.service.entries import Event, Ledger
from app.notification.service.telling import Notice, tell
from app.ports.entropy import Entropy
from credential.receipt import Json


class AssistantRecords:
    """Writes what begins and what ends, always with its ledger entry, in the caller's work."""

    def __init__(self, *, entropy: Entropy, ledger: Ledger) -> None:
        self._entropy = entropy
        self._ledger = ledger

    def check_room(
        self, tx: Tx, *, lawyer_id: uuid.UUID, person_id: uuid.UUID, at: datetime
    ) -> int:
        """Return the place that is free for a person, of a lawyer whom the caller has locked.

        Raises `AlreadyAssistant`, `TooManyAssistants`. What has run out makes room.
        """
        taken = []
        for row in queries.going_on(tx, lawyer_id=lawyer_id):
            if row.expires_at <= at:
                self.end(tx, queries.one(tx, assistantship_id=row.id), EndReason.EXPIRED, at=at)
            elif person_id in (row.assistant_lawyer_id, row.trainee_id):
                raise AlreadyAssistant
            else:
                taken.append(row.slot)
        return rules.free_slot(taken)

    def begin(
        self,
        tx: Tx,
        *,
        invitation: AssistantInvitation,
        helper_lawyer_id: uuid.UUID | None,
        trainee_id: uuid.UUID | None,
        account_id: uuid.UUID,
        at: datetime,
    ) -> Assistantship:
        """Use an invitation up; raises what `check_room` raises."""
        person_id = helper_lawyer_id or trainee_id
        if person_id is None:
            raise LookupError("nobody to begin with")
        slot = self.check_room(tx, lawyer_id=invitation.lawyer_id, person_id=person_id, at=at)
        row = Assistantship(
            id=self._entropy.uuid(),
            invitation_id=invitation.id,
            lawyer_id=invitation.lawyer_id,
            assistant_lawyer_id=helper_lawyer_id,
            trainee_id=trainee_id,
            account_id=account_id,
            acts=invitation.acts,
            cases=invitation.cases,
            slot=slot,
            began_at=at,
            expires_at=end_of_day(invitation.until),
        )
        tx.add(row)
        invitation.used_at = at
        tx.flush()
        self.note(tx, row, change={"act": "began", **given(row)}, at=at)
        return row

    def end(self, tx: Tx, found: Found, reason: EndReason, *, at: datetime) -> None:
        """End what goes on and tell who did not do it."""
        row, people = found.row, found.people
        row.ended_at = at
        row.end_reason = reason
        tx.flush()
        self.note(tx, row, change={"act": "ended", "reason": str(reason)}, at=at)
        readers = set()
        if people.lawyer_account is not None and reason is not EndReason.BY_LAWYER:
            readers.add(people.lawyer_account)
        if reason is not EndReason.BY_ASSISTANT:
            readers.add(account_of_helper(found))
        values = {
            "lawyer": people.lawyer_name,
            "assistant": helper_of(people).name,
            "reason": reason.label,
        }
        tell(tx, Notice(account_ids=readers, kind="assistant.ended", at=at, values=values))

    def end_of_person(self, tx: Tx, person_id: uuid.UUID, at: datetime) -> None:
        """End what has lost its ground, when the register says something new of a person."""
        for assistantship_id in queries.of_person(tx, person_id=person_id):
            found = queries.one(tx, assistantship_id=assistantship_id)
            reason = rules.reason_to_end(standing_of(found.row, found.people), at=at)
            if found.row.ended_at is None and reason is not None:
                self.end(tx, found, reason, at=at)

    def note(self, tx: Tx, row: Assistantship, *, change: Mapping[str, Json], at: datetime) -> None:
        """Write a change of an assistantship into the ledger."""
        event = Event(
            kind="assistant",
            at=at,
            subject=row.lawyer_id,
            place="",
            source_id=row.id,
            details=change,
        )
        self._ledger.append(tx, event)


def given(row: Assistantship) -> dict[str, Json]:
    """Return what a lawyer gave, for the ledger."""
    return {
        "acts": list[Json](sorted(row.acts)),
        "cases": None if row.cases is None else list[Json](sorted(map(str, row.cases))),
        "expires_at": row.expires_at.isoformat(),
    }
