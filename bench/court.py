"""The case space: a lawyer's and a court's first pages, with few cases and with a million.

Two products with stores of their own stand side by side, and their pages are asked for in turns.
The lawyer has the same 2,000 cases in both; what grows is the court around them.
"""

from __future__ import annotations

import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from sqlalchemy import Engine, event

from app.cli.seed import seed_courts
from app.court.casefile.service.cases import CaseQuery
from app.kernel.database import db
from app.kernel.principal import Counsel, Staff, StaffRole
from bench._world import PLACE, World, world

Figure = dict[str, Any]
Ask = Callable[[World], object]

SMALL: Final = 10_000
LARGE: Final = 1_000_000
MINE: Final = 2_000
ROUNDS: Final = 41
WARM_UP: Final = 5
LICENCE: Final = "11101201810223344"
LAWYER: Final = Counsel(
    lawyer_id=uuid.UUID(int=1),
    account_id=uuid.UUID(int=2),
    licence_no=LICENCE,
    name="律师",
    firm_name="北京某某律师事务所",
)
PRESIDENT: Final = Staff(
    staff_id=uuid.UUID(int=3),
    name="院长",
    role=StaffRole.PRESIDENT,
    court_code=PLACE.court_code,
    court_name=PLACE.court_name,
)
CASES: Final = """
INSERT INTO court_case
    (id, court_code, case_number, type_word, cause, title, procedure, stage, sealed, panel,
     created_at, news_at)
SELECT md5('case' || i)::uuid, %(court)s, '（2026）京0105民初' || i || '号', '民初', '买卖合同纠纷',
       '某公司诉某人买卖合同纠纷' || i, 'ordinary', 'accepted', false, '[]',
       timestamptz '2026-01-01' + i * interval '1 second',
       timestamptz '2026-01-01' + i * interval '1 second'
FROM generate_series(1, %(cases)s) AS i
"""
PARTIES: Final = """
INSERT INTO case_party (id, case_id, position, role, kind, name)
SELECT md5('party' || i)::uuid, md5('case' || i)::uuid, 0, '原告', 'legal', '某公司' || i
FROM generate_series(1, %(cases)s) AS i
"""
# Mine are spread over the whole court; every other case has some other lawyer.
REPRESENTATIONS: Final = """
INSERT INTO representation
    (id, case_id, party_id, licence_no, lawyer_name, firm_name, authority, powers,
     state, submitted_at, reason, news_at)
SELECT md5('rep' || i)::uuid, md5('case' || i)::uuid, md5('party' || i)::uuid,
       CASE WHEN i %% (%(cases)s / %(mine)s) = 0 THEN %(licence)s ELSE 'other' || i %% 5000 END,
       '律师', '某律师事务所', 'general', '[]', 'effective', timestamptz '2026-01-01', '',
       timestamptz '2026-01-01' + i * interval '1 second'
FROM generate_series(1, %(cases)s) AS i
"""


def run() -> list[Figure]:
    """Return the figures of the group `court`."""
    with world() as small, world() as large:
        fill(small, SMALL)
        fill(large, LARGE)
        pages = {"lawyer": of_lawyer, "court": of_court, "search": by_number}
        queries = max(counted(large, ask) for ask in (*pages.values(), detail))
        times = {name: measured(small, large, ask) for name, ask in pages.items()}
    growths = {name: later / before for name, (before, later) in times.items()}
    spread = ", ".join(
        f"{name} {before * 1000:.1f} → {later * 1000:.1f} ms"
        for name, (before, later) in times.items()
    )
    return [
        {
            "figure": "casespace_queries",
            "value": queries,
            "unit": "queries",
            "n": len(pages) + 1,
            "note": "the most that a page of cases, a search or a case sends to the database",
        },
        {
            "figure": "casespace_growth_10k_1m",
            "value": round(max(growths.values()), 2),
            "unit": "times",
            "n": ROUNDS,
            "note": f"first pages in a court of {SMALL:,} and of {LARGE:,} cases,"
            f" lawyer with {MINE:,}; medians: {spread}",
        },
    ]


def fill(product: World, cases: int) -> None:
    """Write a court's cases straight into the tables; filing a million is not what is measured."""
    with product.app.app_context():
        seed_courts(product.services.casefile.courts)
    values = {"court": PLACE.court_code, "cases": cases, "mine": MINE, "licence": LICENCE}
    url = product.environment["DATABASE_URL"].replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in (CASES, PARTIES, REPRESENTATIONS):
            connection.execute(statement, values)
        connection.execute("VACUUM ANALYZE")


def of_lawyer(product: World) -> object:
    """The first page of the lawyer's cases."""
    page = product.services.casefile.cases.space(counsel=LAWYER, query=CaseQuery())
    assert page.following is not None
    return page


def of_court(product: World) -> object:
    """The first page of the court's cases."""
    page = product.services.casefile.cases.of_court(staff=PRESIDENT, query=CaseQuery())
    assert page.following is not None
    return page


def by_number(product: World) -> object:
    """One of the court's cases by its number."""
    query = CaseQuery(text="（2026）京0105民初5000号")
    page = product.services.casefile.cases.of_court(staff=PRESIDENT, query=query)
    assert len(page.cases) == 1
    return page


def detail(product: World) -> object:
    """The newest case of the lawyer, with everything in it."""
    cases = product.services.casefile.cases
    first = cases.space(counsel=LAWYER, query=CaseQuery()).cases[0]
    return cases.detail(who=LAWYER, case_id=first.case_id)


def measured(small: World, large: World, ask: Ask) -> tuple[float, float]:
    """Median seconds in either product, asked in turns."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(WARM_UP + ROUNDS):
        for product, found in zip((small, large), times, strict=True):
            with product.app.app_context():
                began = time.perf_counter()
                ask(product)
                elapsed = time.perf_counter() - began
            if turn >= WARM_UP:
                found.append(elapsed)
    return statistics.median(times[0]), statistics.median(times[1])


def counted(product: World, ask: Ask) -> int:
    """How many statements a page sends to the database."""
    with product.app.app_context(), listening(db.engine) as sent:
        ask(product)
    return len(sent)


@contextmanager
def listening(engine: Engine) -> Iterator[list[str]]:
    """Note every statement of an engine."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
