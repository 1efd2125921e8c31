"""Frozen values about assistants 律师助理."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from app.identity.models import AssistantInvitation, Assistantship, Lawyer, Trainee
from app.identity.queries.assistants import ActingRow, Found, PersonRow
from app.identity.rules.assistants import Firm, Helper, Standing, check_invitation
from app.kernel.unit_of_work import Tx
from app.ports.registry import PracticeStatus, TraineeStatus


class LawyersCases(Protocol):
    """Tells which cases are a lawyer's; the casefile gives it."""

    def titles(
        self, tx: Tx, *, licence_no: str, case_ids: frozenset[uuid.UUID]
    ) -> Mapping[uuid.UUID, str]:
        """Return the titles of those among these cases that the lawyer represents."""
        ...


@dataclass(frozen=True, kw_only=True)
class Act:
    """An auxiliary act 辅助事务 that can be given."""

    code: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Case:
    """A case that was given."""

    id: uuid.UUID
    title: str


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What a lawyer gives: acts, cases (None: all of them) and the last day."""

    acts: frozenset[str]
    cases: frozenset[uuid.UUID] | None
    until: date


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A trainee who accepted and waits for the lawyer."""

    name: str
    trainee_no: str
    tries_left: int


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """An open invitation, as the lawyer sees it."""

    id: uuid.UUID
    code: str = field(repr=False)
    acts: tuple[Act, ...]
    cases: tuple[Case, ...] | None
    until: date
    expires_at: datetime
    candidate: Candidate | None


@dataclass(frozen=True, kw_only=True)
class Offer:
    """An invitation, as whoever typed its code sees it."""

    lawyer_name: str
    firm_name: str
    acts: tuple[Act, ...]
    case_count: int | None
    """None for every case; titles are told only to who has become an assistant."""
    until: date
    expires_at: datetime
    as_lawyer: bool
    """Whether this phone is bound to a licence; else the trainee's facts are to be typed."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What a trainee's phone shows until the lawyer has typed the digits."""

    invitation_id: uuid.UUID
    lawyer_name: str
    firm_name: str
    digits: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class AssistantCard:
    """An assistantship, as either side sees it. `refusal` is the code of why not now, or ""."""

    id: uuid.UUID
    name: str
    kind: str
    kind_label: str
    number: str
    lawyer_name: str
    firm_name: str
    acts: tuple[Act, ...]
    cases: tuple[Case, ...] | None
    began_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    end_label: str
    refusal: str


@dataclass(frozen=True, kw_only=True)
class Assistants:
    """A lawyer's assistants, invitations, and what can be given."""

    limit: int
    acts: tuple[Act, ...]
    active: tuple[AssistantCard, ...]
    ended: tuple[AssistantCard, ...]
    invitations: tuple[Invitation, ...]


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One thing that an assistant did."""

    id: uuid.UUID
    at: datetime
    name: str
    act_label: str
    summary: str
    assistantship_id: uuid.UUID
    case_id: uuid.UUID | None


@dataclass(frozen=True, kw_only=True)
class Deeds:
    """What assistants did, newest first; `next` is the last id when there is more."""

    items: tuple[Deed, ...]
    more: bool


def helper_of(people: PersonRow) -> Helper:
    """Read the assistant off a row."""
    if people.trainee_status is not None:
        return Helper(
            name=people.trainee_name or "",
            number=people.trainee_no or "",
            firm=Firm(name=people.trainee_firm_name or "", uscc=people.trainee_firm_uscc or ""),
            status=TraineeStatus(people.trainee_status),
        )
    return Helper(
        name=people.helper_name or "",
        number=people.helper_no or "",
        firm=Firm(name=people.helper_firm_name or "", uscc=people.helper_firm_uscc or ""),
        status=PracticeStatus(people.helper_status or ""),
    )


def standing_of(row: Assistantship | ActingRow, people: PersonRow) -> Standing:
    """Read what the rules ask about off a row."""
    return Standing(
        expires_at=row.expires_at,
        ended_at=row.ended_at,
        end_reason=row.end_reason,
        lawyer_firm=Firm(name=people.firm_name, uscc=people.firm_uscc or ""),
        lawyer_status=PracticeStatus(people.practice_status),
        lawyer_bound=people.lawyer_account is not None,
        helper=helper_of(people),
    )


def account_of_helper(found: Found) -> uuid.UUID:
    """Where notices for the assistant go."""
    return found.people.helper_account or found.row.account_id


def firm_of(row: Lawyer) -> Firm:
    """Read a lawyer's firm off a row."""
    return Firm(name=row.firm_name, uscc=row.firm_uscc or "")


def helping_lawyer(row: Lawyer) -> Helper:
    """Read who wants to assist off a lawyer's row."""
    status = PracticeStatus(row.practice_status)
    return Helper(name=row.name, number=row.licence_no, firm=firm_of(row), status=status)


def helping_trainee(row: Trainee) -> Helper:
    """Read who wants to assist off a trainee's row."""
    firm = Firm(name=row.firm_name, uscc=row.firm_uscc)
    return Helper(name=row.name, number=row.trainee_no, firm=firm, status=TraineeStatus(row.status))


def check_open(row: AssistantInvitation, *, at: datetime) -> None:
    """Raise `InvitationClosed` unless the invitation can still be accepted."""
    check_invitation(
        used_at=row.used_at, withdrawn_at=row.withdrawn_at, expires_at=row.expires_at, at=at
    )
