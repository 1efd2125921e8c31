"""Reads and single-statement writes of courts and case numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from app.court.casefile.models import CaseNumberSeries, Court, CourtFunction, DrawnCaseNumber
from app.court.casefile.rules.capability import Availability, Capability, Function
from app.court.casefile.rules.case_number import Series
from app.court.casefile.rules.courts import CourtLevel, CourtRecord
from app.court.casefile.rules.function_table import FunctionRecord, Key
from app.kernel.unit_of_work import Tx


def court(tx: Tx, code: str) -> CourtRecord | None:
    """Find a court by its code or by its word 法院代字."""
    found = tx.scalars(
        select(Court)
        .where(or_(Court.code == code, Court.code_word == code))
        .order_by(Court.code != code)
        .limit(1)
    ).one_or_none()
    return None if found is None else _record(found)


def courts(tx: Tx) -> dict[str, CourtRecord]:
    """Return all courts by code."""
    return {row.code: _record(row) for row in tx.scalars(select(Court)).all()}


def search(
    tx: Tx,
    *,
    text: str | None,
    region: str | None,
    level: CourtLevel | None,
    after: str | None,
    limit: int,
) -> list[CourtRecord]:
    """Return courts in the order of their codes, from after the one named `after`."""
    query = select(Court).order_by(Court.code).limit(limit)
    if text is not None:
        query = query.where(
            or_(
                Court.name.contains(text, autoescape=True),
                Court.code_word.startswith(text, autoescape=True),
                Court.code == text,
            )
        )
    if region is not None:
        query = query.where(Court.region == region)
    if level is not None:
        query = query.where(Court.level == level)
    if after is not None:
        query = query.where(Court.code > after)
    return [_record(row) for row in tx.scalars(query).all()]


def put_courts(tx: Tx, records: Sequence[CourtRecord], *, at: datetime) -> None:
    """Add courts or lay them over those of the same code, in one statement."""
    statement = insert(Court).values([{**asdict(r), "updated_at": at} for r in records])
    new = statement.excluded
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=[Court.code],
            set_={c.name: new[c.name] for c in Court.__table__.columns if not c.primary_key},
        )
    )


def capabilities(tx: Tx, *, court_code: str) -> dict[Function, Capability]:
    """Return what is known of a court's functions."""
    rows = tx.scalars(select(CourtFunction).where(CourtFunction.court_code == court_code)).all()
    known = Function.__members__.values()
    return {Function(row.function): _capability(row) for row in rows if row.function in known}


def capability(tx: Tx, *, court_code: str, function: Function) -> Capability | None:
    """Return what is known of one function of a court."""
    row = tx.get(CourtFunction, (court_code, function.value))
    return None if row is None else _capability(row)


def functions(tx: Tx) -> dict[Key, FunctionRecord]:
    """Return all rows about functions."""
    known = Function.__members__.values()
    rows = [row for row in tx.scalars(select(CourtFunction)).all() if row.function in known]
    return {
        (row.court_code, Function(row.function)): FunctionRecord(
            court_code=row.court_code, capability=_capability(row), source=row.source
        )
        for row in rows
    }


def put_functions(tx: Tx, records: Sequence[FunctionRecord], *, at: datetime) -> None:
    """Add rows about functions or lay them over those there were, in one statement."""
    statement = insert(CourtFunction).values(
        [
            {
                "court_code": r.court_code,
                "function": r.capability.function.value,
                "status": r.capability.availability.value,
                "fallback": r.capability.fallback,
                "source": r.source,
                "updated_at": at,
            }
            for r in records
        ]
    )
    new = statement.excluded
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=[CourtFunction.court_code, CourtFunction.function],
            set_={
                c.name: new[c.name] for c in CourtFunction.__table__.columns if not c.primary_key
            },
        )
    )


def next_number(tx: Tx, *, court_code: str, series: Series) -> int:
    """Count a series one further; its row stays locked until the transaction ends.

    One statement: two first cases of a year meet at the primary key, and the second waits for the
    first. What was counted in a transaction that rolls back was never counted.
    """
    statement = insert(CaseNumberSeries).values(
        court_code=court_code,
        year=series.year,
        special=series.special,
        type_word=series.type_word,
        last=1,
    )
    counted = statement.on_conflict_do_update(
        index_elements=list(CaseNumberSeries.__table__.primary_key),
        set_={"last": CaseNumberSeries.last + 1},
    ).returning(CaseNumberSeries.last)
    return int(tx.execute(counted).scalar_one())


def take_drawn(tx: Tx, *, court_code: str, series: Series, number: int) -> bool:
    """Take a drawn number; False when somebody has it."""
    taken = tx.execute(
        insert(DrawnCaseNumber)
        .values(
            court_code=court_code,
            year=series.year,
            special=series.special,
            type_word=series.type_word,
            number=number,
        )
        .on_conflict_do_nothing()
        .returning(DrawnCaseNumber.number)
    )
    return taken.scalar_one_or_none() is not None


def _record(row: Court) -> CourtRecord:
    return CourtRecord(
        code=row.code,
        name=row.name,
        level=CourtLevel(row.level),
        region=row.region,
        parent_code=row.parent_code,
        code_word=row.code_word,
        source=row.source,
        to_confirm=row.to_confirm,
    )


def _capability(row: CourtFunction) -> Capability:
    return Capability(
        function=Function(row.function),
        availability=Availability(row.status),
        fallback=row.fallback,
    )
