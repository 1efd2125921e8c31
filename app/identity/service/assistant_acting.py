"""An assistant at work: whom they act for now, asked anew at every call."""

from __future__ import annotations

import uuid
from datetime import datetime

from app.identity.errors import AssistantshipNotFound
from app.identity.queries import assistants as queries
from app.identity.queries.assistants import ActingRow
from app.identity.rules import assistants as rules
from app.identity.service.assistant_values import helper_of, standing_of
from app.identity.service.assistant_work import AuxiliaryWork
from app.identity.service.devices import SYNC_AFTER, Devices
from app.identity.service.trainees import Trainees
from app.kernel.principal import Assistant, Counsel, Phone
from app.kernel.unit_of_work import autocommit
from app.ports.clock import Clock
from app.ports.errors import Unavailable


class Acting:
    """Turns a phone and an assistantship into a lawyer with an assistant.

    What the register said of either person within `SYNC_AFTER` counts; older news is asked for
    again first. When the register does not answer, what it said last counts: its failure must not
    stop a lawyer's case work, and the courts ask again themselves.
    """

    def __init__(
        self, *, clock: Clock, devices: Devices, trainees: Trainees, work: AuxiliaryWork
    ) -> None:
        self._clock = clock
        self._devices = devices
        self._trainees = trainees
        self._work = work

    def counsel(self, *, phone: Phone, assistantship_id: uuid.UUID) -> Counsel:
        """Return the assisted lawyer, with `assistant` set (its id is the assistantship's).

        Raises `AssistantshipNotFound` and what `rules.check_acting` raises.
        """
        at = self._clock.now()
        row = self._find(phone, assistantship_id)
        if row.ended_at is None and self._ask_again(row, at=at):
            row = self._find(phone, assistantship_id)
        rules.check_acting(standing_of(row, row.people), at=at)
        return Counsel(
            lawyer_id=row.lawyer_id,
            account_id=row.people.lawyer_account or phone.account_id,
            licence_no=row.people.licence_no,
            name=row.people.lawyer_name,
            firm_name=row.people.firm_name,
            assistant=Assistant(
                assistant_id=assistantship_id,
                name=helper_of(row.people).name,
                acts=self._work.codes(row.acts),
                cases=None if row.cases is None else frozenset(row.cases),
            ),
        )

    @staticmethod
    def _find(phone: Phone, assistantship_id: uuid.UUID) -> ActingRow:
        with autocommit() as database:
            row = queries.acting(
                database, assistantship_id=assistantship_id, account_id=phone.account_id
            )
        if row is None:
            raise AssistantshipNotFound
        return row

    def _ask_again(self, row: ActingRow, *, at: datetime) -> bool:
        """Ask the register about whom it was not asked lately; whether anybody was asked about."""
        old = at - SYNC_AFTER
        helper = helper_of(row.people)
        try:
            if row.lawyer_synced_at < old:
                self._devices.refresh(licence_no=row.people.licence_no)
            if row.helper_synced_at < old and helper.is_trainee:
                self._trainees.refresh(trainee_no=helper.number)
            elif row.helper_synced_at < old:
                self._devices.refresh(licence_no=helper.number)
        except Unavailable:
            return False
        return min(row.lawyer_synced_at, row.helper_synced_at) < old
