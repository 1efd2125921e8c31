"""Courts over HTTP."""

from __future__ import annotations

from apiflask import APIBlueprint

from app.court.casefile.routes import services
from app.court.casefile.schemas.courts import (
    CourtDetailOut,
    CourtsOut,
    CourtsQuery,
    DeadlineIn,
    DeadlineOut,
    DeadlinesOut,
    DueOut,
)
from app.court.casefile.service.courts import CourtQuery

courts = APIBlueprint("courts", __name__, tag="法院")


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


@courts.get("/deadlines")
@courts.output(DeadlinesOut)
def deadlines() -> DeadlinesOut:
    """Return the deadlines 期限 that can be counted from a day."""
    return DeadlinesOut(items=[DeadlineOut.of(rule) for rule in services().deadlines.listing()])


@courts.post("/deadline-estimates")
@courts.input(DeadlineIn)
@courts.output(DueOut)
def deadline(json_data: DeadlineIn) -> DueOut:
    """Count a deadline 期限计算 by 民诉法 art. 85, with its articles."""
    return DueOut.of(
        services().deadlines.estimate(
            rule_id=json_data.rule,
            variant=json_data.variant,
            day=json_data.day,
            in_custody=json_data.in_custody,
            travel_days=json_data.travel_days,
        )
    )
