"""Reads of assistants: invitations, assistantships and both their people, acts."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from app.identity.models import (
    AssistantAct,
    AssistantInvitation,
    Assistantship,
    Device,
    Lawyer,
    Trainee,
)
from app.kernel.unit_of_work import Autocommit, Statement, Tx

Rows = Select[*tuple[Any, ...]]
HelperLawyer = aliased(Lawyer, name="helper_lawyer")
HelperDevice = aliased(Device, name="helper_device")
PEOPLE = (
    Lawyer.name.label("lawyer_name"),
    Lawyer.licence_no,
    Lawyer.firm_name,
    Lawyer.firm_uscc,
    Lawyer.practice_status,
    Device.account_id.label("lawyer_account"),
    HelperDevice.account_id.label("helper_account"),
    HelperLawyer.name.label("helper_name"),
    HelperLawyer.licence_no.label("helper_no"),
    HelperLawyer.firm_name.label("helper_firm_name"),
    HelperLawyer.firm_uscc.label("helper_firm_uscc"),
    HelperLawyer.practice_status.label("helper_status"),
    Trainee.name.label("trainee_name"),
    Trainee.trainee_no,
    Trainee.firm_name.label("trainee_firm_name"),
    Trainee.firm_uscc.label("trainee_firm_uscc"),
    Trainee.status.label("trainee_status"),
)


def _with_people(query: Rows) -> Rows:
    """Both people of an assistantship and the phones they have now."""
    return (
        query.select_from(Assistantship)
        .join(Lawyer, Lawyer.id == Assistantship.lawyer_id)
        .outerjoin(Device, and_(Device.lawyer_id == Lawyer.id, Device.ended_at.is_(None)))
        .outerjoin(HelperLawyer, HelperLawyer.id == Assistantship.assistant_lawyer_id)
        .outerjoin(
            HelperDevice,
            and_(HelperDevice.lawyer_id == HelperLawyer.id, HelperDevice.ended_at.is_(None)),
        )
        .outerjoin(Trainee, Trainee.id == Assistantship.trainee_id)
    )


class PersonRow(NamedTuple):
    """Both people of an assistantship; of the last nine columns a trainee fills the last five."""

    lawyer_name: str
    licence_no: str
    firm_name: str
    firm_uscc: str | None
    practice_status: str
    lawyer_account: uuid.UUID | None
    helper_account: uuid.UUID | None
    helper_name: str | None
    helper_no: str | None
    helper_firm_name: str | None
    helper_firm_uscc: str | None
    helper_status: str | None
    trainee_name: str | None
    trainee_no: str | None
    trainee_firm_name: str | None
    trainee_firm_uscc: str | None
    trainee_status: str | None


class ActingRow(NamedTuple):
    """An assistantship as a request needs it."""

    acts: list[str]
    cases: list[uuid.UUID] | None
    expires_at: datetime
    ended_at: datetime | None
    end_reason: str | None
    lawyer_id: uuid.UUID
    lawyer_synced_at: datetime
    helper_synced_at: datetime
    people: PersonRow


# The person's own phone: a lawyer's is the one bound now, a trainee's the one that accepted.
_IS_OWN = or_(
    and_(
        Assistantship.trainee_id.is_not(None),
        Assistantship.account_id == bindparam("account_id"),
    ),
    HelperDevice.account_id == bindparam("account_id"),
)
ACTING = Statement(
    _with_people(
        select(
            Assistantship.acts,
            Assistantship.cases,
            Assistantship.expires_at,
            Assistantship.ended_at,
            Assistantship.end_reason,
            Lawyer.id,
            Lawyer.synced_at,
            func.coalesce(HelperLawyer.synced_at, Trainee.synced_at),
            *PEOPLE,
        )
    ).where(Assistantship.id == bindparam("assistantship_id"), _IS_OWN)
)


def acting(
    database: Autocommit, *, assistantship_id: uuid.UUID, account_id: uuid.UUID
) -> ActingRow | None:
    """Find an assistantship of the person whose phone this is."""
    row = database.one(ACTING, assistantship_id=assistantship_id, account_id=account_id)
    return None if row is None else ActingRow._make((*row[:8], PersonRow._make(row[8:])))


class Found(NamedTuple):
    """An assistantship with both its people."""

    row: Assistantship
    people: PersonRow


def _found(rows: Sequence[Row[*tuple[Any, ...]]]) -> list[Found]:
    return [Found(row[0], PersonRow._make(row[1:])) for row in rows]


def of_lawyer(tx: Tx, *, lawyer_id: uuid.UUID, ended: int) -> list[Found]:
    """Return the lawyer's assistantships: all that go on, and the newest `ended` of the others."""
    base = _with_people(select(Assistantship, *PEOPLE)).where(Assistantship.lawyer_id == lawyer_id)
    going = base.where(Assistantship.ended_at.is_(None)).order_by(Assistantship.slot)
    over = base.where(Assistantship.ended_at.is_not(None)).order_by(Assistantship.ended_at.desc())
    return _found(tx.execute(going).all()) + _found(tx.execute(over.limit(ended)).all())


def of_assistant(tx: Tx, *, account_id: uuid.UUID) -> list[Found]:
    """Return the assistantships that go on, of the person whose phone this is."""
    query = (
        _with_people(select(Assistantship, *PEOPLE))
        .where(_IS_OWN, Assistantship.ended_at.is_(None))
        .order_by(Assistantship.began_at)
    )
    return _found(tx.execute(query, {"account_id": account_id}).all())


def one_of_lawyer(tx: Tx, *, assistantship_id: uuid.UUID, lawyer_id: uuid.UUID) -> Found | None:
    """Find an assistantship of this lawyer; locks it."""
    query = _with_people(select(Assistantship, *PEOPLE)).where(
        Assistantship.id == assistantship_id, Assistantship.lawyer_id == lawyer_id
    )
    return _one_locked(tx, query)


def one_of_assistant(tx: Tx, *, assistantship_id: uuid.UUID, account_id: uuid.UUID) -> Found | None:
    """Find an assistantship of the person whose phone this is; locks it."""
    query = _with_people(select(Assistantship, *PEOPLE)).where(
        Assistantship.id == assistantship_id, _IS_OWN
    )
    return _one_locked(tx, query, account_id=account_id)


def one(tx: Tx, *, assistantship_id: uuid.UUID) -> Found:
    """Return an assistantship that exists; locks it."""
    query = _with_people(select(Assistantship, *PEOPLE)).where(Assistantship.id == assistantship_id)
    found = _one_locked(tx, query)
    if found is None:
        raise LookupError("an assistantship that exists")
    return found


def _one_locked(tx: Tx, query: Rows, **values: uuid.UUID) -> Found | None:
    rows = tx.execute(query.with_for_update(of=Assistantship), values).all()
    return _found(rows)[0] if rows else None


def expired(tx: Tx, *, at: datetime, limit: int) -> Sequence[uuid.UUID]:
    """Return ids of assistantships that go on beyond their last day."""
    query = select(Assistantship.id).where(
        Assistantship.ended_at.is_(None), Assistantship.expires_at <= at
    )
    return tx.scalars(query.order_by(Assistantship.expires_at).limit(limit)).all()


def of_person(tx: Tx, *, person_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """Return ids of assistantships that go on, where the lawyer or trainee is on either side."""
    query = select(Assistantship.id).where(
        Assistantship.ended_at.is_(None),
        or_(
            Assistantship.lawyer_id == person_id,
            Assistantship.assistant_lawyer_id == person_id,
            Assistantship.trainee_id == person_id,
        ),
    )
    return tx.scalars(query.order_by(Assistantship.id)).all()


def held(tx: Tx, *, assistantship_id: uuid.UUID) -> Assistantship:
    """Return an assistantship that nobody can end before this transaction is over."""
    return tx.scalars(
        select(Assistantship)
        .where(Assistantship.id == assistantship_id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    ).one()


def lock_lawyer(tx: Tx, *, lawyer_id: uuid.UUID) -> Lawyer:
    """Let one transaction at a time change this lawyer's assistants."""
    query = select(Lawyer).where(Lawyer.id == lawyer_id).with_for_update(key_share=True)
    return tx.scalars(query.execution_options(populate_existing=True)).one()


def going_on(tx: Tx, *, lawyer_id: uuid.UUID) -> Sequence[Assistantship]:
    """Return the lawyer's assistantships that go on."""
    return tx.scalars(
        select(Assistantship).where(
            Assistantship.lawyer_id == lawyer_id, Assistantship.ended_at.is_(None)
        )
    ).all()


def trainee_by_no(tx: Tx, *, trainee_no: str) -> Trainee | None:
    """Find a trainee."""
    return tx.scalar(select(Trainee).where(Trainee.trainee_no == trainee_no))


def trainees_to_sync(tx: Tx, *, before: datetime, limit: int) -> Sequence[str]:
    """Return numbers of trainees who assist now and were not asked about lately."""
    assisting = select(Assistantship.trainee_id).where(Assistantship.ended_at.is_(None))
    return tx.scalars(
        select(Trainee.trainee_no)
        .where(Trainee.synced_at < before, Trainee.id.in_(assisting))
        .order_by(Trainee.synced_at)
        .limit(limit)
    ).all()


def invitation_by_code(
    tx: Tx, *, code_sha256: bytes, lock: bool = False
) -> AssistantInvitation | None:
    """Find an invitation by the digest of its code."""
    query = select(AssistantInvitation).where(AssistantInvitation.code_sha256 == code_sha256)
    return tx.scalar(query.with_for_update() if lock else query)


def invitation_of_lawyer(
    tx: Tx, *, invitation_id: uuid.UUID, lawyer_id: uuid.UUID
) -> AssistantInvitation | None:
    """Find an invitation of this lawyer; locks it."""
    return tx.scalar(
        select(AssistantInvitation)
        .where(AssistantInvitation.id == invitation_id, AssistantInvitation.lawyer_id == lawyer_id)
        .with_for_update()
    )


def open_invitations(
    tx: Tx, *, lawyer_id: uuid.UUID, at: datetime
) -> Sequence[AssistantInvitation]:
    """Return the lawyer's invitations that can still be accepted, newest first."""
    return tx.scalars(
        select(AssistantInvitation)
        .where(AssistantInvitation.lawyer_id == lawyer_id, *_still_open(at))
        .order_by(AssistantInvitation.created_at.desc())
    ).all()


def waiting_of_account(
    tx: Tx, *, account_id: uuid.UUID, at: datetime
) -> Sequence[tuple[AssistantInvitation, Lawyer]]:
    """Return the invitations that this phone accepted and that wait for the lawyer."""
    rows = tx.execute(
        select(AssistantInvitation, Lawyer)
        .join(Lawyer, Lawyer.id == AssistantInvitation.lawyer_id)
        .where(AssistantInvitation.candidate_account_id == account_id, *_still_open(at))
        .order_by(AssistantInvitation.created_at.desc())
    )
    return [(row[0], row[1]) for row in rows]


def _still_open(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        AssistantInvitation.used_at.is_(None),
        AssistantInvitation.withdrawn_at.is_(None),
        AssistantInvitation.expires_at > at,
    )


class ActRow(NamedTuple):
    """One act with the name of whose hand it was."""

    id: uuid.UUID
    at: datetime
    act: str
    summary: str
    case_id: uuid.UUID | None
    assistantship_id: uuid.UUID
    name: str


def acts_of_lawyer(
    tx: Tx, *, lawyer_id: uuid.UUID, before: uuid.UUID | None, limit: int
) -> list[ActRow]:
    """Return what assistants did for the lawyer, newest first, before an act of the list."""
    query = (
        select(
            AssistantAct.id,
            AssistantAct.at,
            AssistantAct.act,
            AssistantAct.summary,
            AssistantAct.case_id,
            AssistantAct.assistantship_id,
            func.coalesce(HelperLawyer.name, Trainee.name),
        )
        .join(Assistantship, Assistantship.id == AssistantAct.assistantship_id)
        .outerjoin(HelperLawyer, HelperLawyer.id == Assistantship.assistant_lawyer_id)
        .outerjoin(Trainee, Trainee.id == Assistantship.trainee_id)
        .where(AssistantAct.lawyer_id == lawyer_id)
        .order_by(AssistantAct.at.desc(), AssistantAct.id.desc())
        .limit(limit)
    )
    if before is not None:
        last = aliased(AssistantAct)
        query = query.join(last, and_(last.id == before, last.lawyer_id == lawyer_id)).where(
            or_(
                AssistantAct.at < last.at,
                and_(AssistantAct.at == last.at, AssistantAct.id < last.id),
            )
        )
    return [ActRow(*row) for row in tx.execute(query)]
