"""Who does what at the complaints desk 投诉台, and who never touches a complaint about himself."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.court.feedback.errors import DeedRefused, TicketUnknown
from app.court.feedback.rules.complaint import Level
from app.kernel.principal import Staff, StaffRole

_OFFICER: Final = StaffRole.COMPLAINTS_OFFICER
_PRESIDENT: Final = StaffRole.PRESIDENT
_HOTLINE: Final = StaffRole.HOTLINE


class Deed(StrEnum):
    """Something done at the desk."""

    SEARCH = "search"
    ENTER = "enter"
    HAND = "hand"
    REPLY = "reply"
    ESCALATE = "escalate"
    MARK_MAJOR = "mark_major"
    OVERVIEW = "overview"
    ANSWER_SUGGESTION = "answer_suggestion"


ROLES: Final[Mapping[Deed, frozenset[StaffRole]]] = MappingProxyType(
    {
        Deed.SEARCH: frozenset({_HOTLINE, _OFFICER, _PRESIDENT}),
        Deed.ENTER: frozenset({_HOTLINE, _OFFICER}),
        Deed.HAND: frozenset({_OFFICER, _PRESIDENT}),
        Deed.REPLY: frozenset({_OFFICER, _PRESIDENT}),
        Deed.ESCALATE: frozenset({_OFFICER, _PRESIDENT}),
        Deed.MARK_MAJOR: frozenset({_HOTLINE, _OFFICER, _PRESIDENT}),
        Deed.OVERVIEW: frozenset({_OFFICER, _PRESIDENT}),
        Deed.ANSWER_SUGGESTION: frozenset({_OFFICER, _PRESIDENT}),
    }
)


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What the desk must know of a ticket to say who may deal with it.

    `against_ids` and `against_name` say whom it is about; `replier_id` wrote the last reply that
    did not satisfy.
    """

    desk_code: str
    against_ids: frozenset[uuid.UUID]
    against_name: str
    level: Level
    owner_id: uuid.UUID | None = None
    replier_id: uuid.UUID | None = None


def demand_role(staff: Staff, deed: Deed) -> None:
    """Raise `DeedRefused` unless people of this role do this somewhere."""
    if staff.role not in ROLES[deed]:
        raise DeedRefused(deed=deed.value, role=staff.role.label)


def is_about(staff: Staff, matter: Matter) -> bool:
    """Whether the complaint is about this person: by id, or by the name the lawyer wrote."""
    return staff.staff_id in matter.against_ids or (
        bool(matter.against_name) and staff.name == matter.against_name
    )


def sees(staff: Staff, matter: Matter) -> bool:
    """Whether this person may know of the ticket at all."""
    if staff.court_code != matter.desk_code or is_about(staff, matter):
        return False
    return staff.role in ROLES[Deed.SEARCH] or staff.staff_id == matter.owner_id


def demand(staff: Staff, matter: Matter, deed: Deed) -> None:
    """Let somebody do something with a ticket; raises `TicketUnknown`, `DeedRefused`."""
    if not sees(staff, matter):
        raise TicketUnknown
    if deed is Deed.REPLY and not _replies(staff, matter):
        raise DeedRefused(deed=deed.value, role=staff.role.label)
    if deed is not Deed.REPLY:
        demand_role(staff, deed)


def may(staff: Staff, matter: Matter, deed: Deed) -> bool:
    """Whether a screen offers this."""
    if not sees(staff, matter):
        return False
    return _replies(staff, matter) if deed is Deed.REPLY else staff.role in ROLES[deed]


def _replies(staff: Staff, matter: Matter) -> bool:
    """Whoever has it replies; one whose reply did not satisfy does not reply again.

    The officer replies to what was not taken above him; the president to everything.
    """
    if staff.role is _PRESIDENT:
        return True
    if staff.staff_id == matter.replier_id:
        return False
    if staff.staff_id == matter.owner_id:
        return matter.level is not Level.PRESIDENT
    return staff.role is _OFFICER and matter.level is Level.OFFICER


def desk_above(people: Collection[Staff], matter: Matter, *, parent_code: str | None) -> str | None:
    """Return the superior court's code if the president himself is complained about.

    Where he is the only president, his own court cannot answer; None: it stays where it is.
    """
    presidents = [person for person in people if person.role is _PRESIDENT]
    free = [person for person in presidents if not is_about(person, matter)]
    return parent_code if presidents and not free else None
