"""Who acts as a lawyer in the matters of courts."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from app.identity import queries
from app.identity.errors import CounselNotPractising, NotBound
from app.identity.queries import StandingRow
from app.identity.service.assistant_acting import Acting
from app.identity.service.sign_in import SignIn
from app.kernel.principal import Counsel, Phone
from app.kernel.unit_of_work import Tx, autocommit
from app.ports.registry import PracticeStatus

NO_DEVICE = uuid.UUID(int=0)


class Counsels:
    """Lawyers as the courts know them: by licence number, bound to a phone, practising now."""

    def __init__(self, *, sign_in: SignIn, acting: Acting) -> None:
        self._sign_in = sign_in
        self._acting = acting

    def by_token(self, token: str, acting_for: uuid.UUID | None = None) -> Counsel:
        """Return who signed in with a token; with an assistantship's id, the assisted lawyer.

        Raises `SessionExpired`, `NotBound`, `CounselNotPractising`, and what `acting` raises.
        """
        phone = self._sign_in.authenticate(token)
        if acting_for is not None:
            return self.acting(phone=phone, assistantship_id=acting_for)
        return self.of_phone(phone=phone)

    def acting(self, *, phone: Phone, assistantship_id: uuid.UUID) -> Counsel:
        """Return the lawyer for whom an assistant acts, with `assistant` set.

        Raises `AssistantshipNotFound`, `AssistantshipEnded`, `AssistantshipExpired`,
        `AssistedNotPractising`, `AssistedNotBound`, `AssistantNotPractising`,
        `TraineeNotTraining`, `FirmChanged`.
        """
        return self._acting.counsel(phone=phone, assistantship_id=assistantship_id)

    def of_phone(self, *, phone: Phone) -> Counsel:
        """Return the lawyer of a phone; raises `NotBound`, `CounselNotPractising`."""
        with autocommit() as database:
            row = queries.standing(database, account_id=phone.account_id, device_id=NO_DEVICE)
        if row is None:
            raise NotBound
        return _counsel(row, account_id=phone.account_id)

    def of_device(self, *, device_id: uuid.UUID) -> Counsel:
        """Return the lawyer of a device; raises `NotBound` if it ended, `CounselNotPractising`."""
        with autocommit() as database:
            found = queries.standing_of_device(database, device_id=device_id)
        if found is None:
            raise NotBound
        row, account_id = found
        return _counsel(row, account_id=account_id)

    def accounts(self, tx: Tx, *, licence_nos: Iterable[str]) -> Mapping[str, uuid.UUID]:
        """Return the accounts of those among these lawyers who are bound, by licence number."""
        return queries.accounts_of_licences(tx, licence_nos=tuple(licence_nos))


def _counsel(row: StandingRow, *, account_id: uuid.UUID) -> Counsel:
    status = PracticeStatus(row.practice_status)
    if status is not PracticeStatus.PRACTISING:
        raise CounselNotPractising(practice_status=status.value, status_label=status.label)
    return Counsel(
        lawyer_id=row.lawyer_id,
        account_id=account_id,
        licence_no=row.licence_no,
        name=row.name,
        firm_name=row.firm_name,
    )
