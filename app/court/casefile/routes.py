"""Courts over HTTP."""

from __future__ import annotations

from typing import cast

from apiflask import APIBlueprint
from flask import current_app

from app.court.casefile.schemas import CourtDetailOut, CourtsOut, CourtsQuery
from app.court.casefile.service import CasefileServices
from app.court.casefile.service.courts import CourtQuery

courts = APIBlueprint("courts", __name__, tag="法院")


def services() -> CasefileServices:
    """Return the services that bootstrap wired."""
    return cast(CasefileServices, current_app.extensions["casefile"])


@courts.get("/courts")
@courts.input(CourtsQuery, location="query")
@courts.output(CourtsOut)
def search(query_data: CourtsQuery) -> CourtsOut:
    """Find courts by name, word, region or level."""
    query = CourtQuery(
        text=query_data.q,
        region=query_data.region,
        level=query_data.level,
        after=query_data.after,
    )
    return CourtsOut.of(services().courts.page(query=query))


@courts.get("/courts/<code>")
@courts.output(CourtDetailOut)
def detail(code: str) -> CourtDetailOut:
    """Return a court by its code or word, with what it can do online."""
    return CourtDetailOut.of(services().courts.detail(code=code))
