"""What everybody may read: figures by court, and suggestions with what was changed."""

from __future__ import annotations

from apiflask import APIBlueprint

from app.court.feedback.routes import services
from app.court.feedback.schemas.complaints import PublicSuggestionOut, PublicSuggestionsOut
from app.court.feedback.schemas.ratings import CourtStatisticsOut, StatisticsOut

public = APIBlueprint("feedback_public", __name__, tag="评价与投诉")


@public.get("/statistics")
@public.output(StatisticsOut)
def statistics() -> StatisticsOut:
    """Return the months of the system and of every court about which there is anything."""
    found = services().statistics
    return StatisticsOut(
        system=CourtStatisticsOut.of(found.system()),
        courts=[CourtStatisticsOut.of(court) for court in found.courts()],
    )


@public.get("/statistics/<code>")
@public.output(CourtStatisticsOut)
def court(code: str) -> CourtStatisticsOut:
    """Return the months of one court."""
    return CourtStatisticsOut.of(services().statistics.of_court(code=code))


@public.get("/published-suggestions")
@public.output(PublicSuggestionsOut)
def suggestions() -> PublicSuggestionsOut:
    """Return 大家的建议与改进."""
    found = services().suggestions.published()
    return PublicSuggestionsOut(items=[PublicSuggestionOut.of(each) for each in found])
