"""Courts: found, looked at, and loaded from a table."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from app.court.casefile.errors import CourtUnknown
from app.court.casefile.queries import courts as queries
from app.court.casefile.rules import capability, court_table, function_table
from app.court.casefile.rules.capability import Function, Offer
from app.court.casefile.rules.courts import CourtLevel, CourtRecord, is_court_code
from app.court.casefile.rules.table import RowError
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ports.clock import Clock

PAGE: Final = 50
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, kw_only=True)
class CourtQuery:
    """What courts are looked for: part of a name or a word, a region, a level."""

    text: str | None = None
    region: str | None = None
    level: CourtLevel | None = None
    after: str | None = None


@dataclass(frozen=True, kw_only=True)
class CourtPage:
    """A page of courts; `following` is the code after which the next one starts."""

    courts: tuple[CourtRecord, ...]
    following: str | None


@dataclass(frozen=True, kw_only=True)
class CourtDetail:
    """A court, the one above it, and every function as a screen may show it."""

    court: CourtRecord
    parent: CourtRecord | None
    offers: tuple[Offer, ...]


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """What a load did. With one error nothing was written and the figures are 0."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    errors: tuple[RowError, ...] = ()


class Courts:
    """Courts 法院 and what each can do online, as far as this product answers it (`built`)."""

    def __init__(self, *, clock: Clock, built: Collection[Function] = capability.BUILT) -> None:
        self._clock = clock
        self._built = built

    def page(self, *, query: CourtQuery) -> CourtPage:
        """Return one page of the courts that fit, in the order of their codes."""
        with unit_of_work() as tx:
            found = queries.search(
                tx,
                text=query.text,
                region=query.region,
                level=query.level,
                after=query.after,
                limit=PAGE + 1,
            )
        shown = tuple(found[:PAGE])
        return CourtPage(courts=shown, following=shown[-1].code if len(found) > PAGE else None)

    def detail(self, *, code: str) -> CourtDetail:
        """Return a court by its code or word, with its functions; raises `CourtUnknown`."""
        with unit_of_work() as tx:
            court = self.find(tx, code=code)
            above = court.parent_code
            parent = None if above is None else queries.court(tx, above)
            known = queries.capabilities(tx, court_code=court.code)
        offers = capability.offers(known, built=self._built)
        return CourtDetail(court=court, parent=parent, offers=offers)

    def find(self, tx: Tx, *, code: str) -> CourtRecord:
        """Return a court inside the caller's transaction; raises `CourtUnknown`."""
        court = queries.court(tx, code) if is_court_code(code) else None
        if court is None:
            raise CourtUnknown
        return court

    def demand(self, tx: Tx, *, court_code: str, function: Function) -> None:
        """Raise `FunctionNotOffered` unless the court has this function and the product too."""
        known = queries.capability(tx, court_code=court_code, function=function)
        capability.demand(function, known, built=self._built)

    def load_courts(self, *, text: str) -> ImportReport:
        """Lay a table of courts over what there is: all of it, or nothing where a row is bad."""
        at = self._clock.now()
        with unit_of_work() as tx:
            known = queries.courts(tx)
            table = court_table.parse(text, known=known)
            if table.errors:
                return ImportReport(errors=_in_order(table.errors))
            report, news = _compare(known, table.courts)
            if news:
                queries.put_courts(tx, news, at=at)
        return report

    def load_functions(self, *, text: str) -> ImportReport:
        """Lay a table of courts' functions over what there is, all or nothing likewise."""
        at = self._clock.now()
        with unit_of_work() as tx:
            table = function_table.parse(text, courts=queries.courts(tx).keys())
            if table.errors:
                return ImportReport(errors=_in_order(table.errors))
            report, news = _compare(queries.functions(tx), table.functions)
            if news:
                queries.put_functions(tx, news, at=at)
        return report


def _compare(known: Mapping[K, V], loaded: Mapping[K, V]) -> tuple[ImportReport, list[V]]:
    """Return the figures, and the rows that are not there already."""
    news = [row for key, row in loaded.items() if known.get(key) != row]
    added = sum(key not in known for key in loaded)
    report = ImportReport(added=added, changed=len(news) - added, unchanged=len(loaded) - len(news))
    return report, news


def _in_order(errors: tuple[RowError, ...]) -> tuple[RowError, ...]:
    return tuple(sorted(errors, key=lambda error: error.line))
