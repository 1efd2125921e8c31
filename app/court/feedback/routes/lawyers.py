"""Ratings, suggestions and complaints of lawyers."""

from __future__ import annotations

import uuid

from apiflask import APIBlueprint

from app.court.feedback.routes import services
from app.court.feedback.rules.rating import Subject
from app.court.feedback.schemas.complaints import (
    ComplaintIn,
    OpinionIn,
    ReopenIn,
    SuggestionIn,
    SuggestionOut,
    SuggestionsOut,
    TicketDetailOut,
    TicketOut,
    TicketsOut,
)
from app.court.feedback.schemas.ratings import CaseRatingIn, OwnRatingsOut, SystemRatingIn
from app.http.auth import principal
from app.http.idempotency import idempotent
from app.kernel.principal import Counsel

feedback = APIBlueprint("feedback", __name__, tag="评价与投诉")


@feedback.get("/complaints")
@feedback.output(TicketsOut)
def complaints() -> TicketsOut:
    """Return the lawyer's complaints through every channel."""
    found = services().complaints.mine(counsel=principal(Counsel))
    return TicketsOut(items=[TicketOut.of(card) for card in found])


@feedback.post("/complaints")
@idempotent
@feedback.input(ComplaintIn)
@feedback.output(TicketDetailOut, status_code=201)
def complain(json_data: ComplaintIn) -> TicketDetailOut:
    """Complain 投诉; the answer is the receipt with its number."""
    found = services().complaints.file(counsel=principal(Counsel), new=json_data.value())
    return TicketDetailOut.of(found)


@feedback.get("/complaints/<uuid:ticket_id>")
@feedback.output(TicketDetailOut)
def complaint(ticket_id: uuid.UUID) -> TicketDetailOut:
    """Return one's own complaint with its trace."""
    found = services().complaints.ticket(counsel=principal(Counsel), ticket_id=ticket_id)
    return TicketDetailOut.of(found)


@feedback.post("/complaints/<uuid:ticket_id>/opinion")
@idempotent
@feedback.input(OpinionIn)
@feedback.output(TicketDetailOut)
def judge(ticket_id: uuid.UUID, json_data: OpinionIn) -> TicketDetailOut:
    """Say whether the reply will do."""
    found = services().complaints.judge(
        counsel=principal(Counsel),
        ticket_id=ticket_id,
        satisfied=json_data.satisfied,
        note=json_data.note,
    )
    return TicketDetailOut.of(found)


@feedback.post("/complaints/<uuid:ticket_id>/reopen")
@idempotent
@feedback.input(ReopenIn)
@feedback.output(TicketDetailOut)
def reopen(ticket_id: uuid.UUID, json_data: ReopenIn) -> TicketDetailOut:
    """Open a closed complaint again, once."""
    found = services().complaints.reopen(
        counsel=principal(Counsel), ticket_id=ticket_id, note=json_data.note
    )
    return TicketDetailOut.of(found)


@feedback.get("/cases/<uuid:case_id>/ratings")
@feedback.output(OwnRatingsOut)
def case_ratings(case_id: uuid.UUID) -> OwnRatingsOut:
    """Return what the lawyer can rate of a case, and has."""
    found = services().ratings.of_case(counsel=principal(Counsel), case_id=case_id)
    return OwnRatingsOut.of(found, Subject.SERVICE)


@feedback.post("/cases/<uuid:case_id>/ratings")
@feedback.input(CaseRatingIn)
@feedback.output({}, status_code=204)
def rate_case(case_id: uuid.UUID, json_data: CaseRatingIn) -> tuple[str, int]:
    """Rate a phase of a case, or change the rating.

    Repeating it changes nothing, so no key is kept that would tie the lawyer to his rating.
    """
    services().ratings.rate_case(
        counsel=principal(Counsel),
        case_id=case_id,
        phase=json_data.phase,
        scores=json_data.scores,
        text=json_data.text,
    )
    return "", 204


@feedback.get("/system-rating")
@feedback.output(OwnRatingsOut)
def system_rating() -> OwnRatingsOut:
    """Return the lawyer's own rating of the system this month."""
    found = services().ratings.of_system(counsel=principal(Counsel))
    return OwnRatingsOut.of(found, Subject.SYSTEM)


@feedback.post("/system-rating")
@feedback.input(SystemRatingIn)
@feedback.output({}, status_code=204)
def rate_system(json_data: SystemRatingIn) -> tuple[str, int]:
    """Rate the system, or change this month's rating."""
    services().ratings.rate_system(counsel=principal(Counsel), scores=json_data.scores)
    return "", 204


@feedback.get("/suggestions")
@feedback.output(SuggestionsOut)
def suggestions() -> SuggestionsOut:
    """Return the lawyer's suggestions."""
    found = services().suggestions.mine(counsel=principal(Counsel))
    return SuggestionsOut(items=[SuggestionOut.of(view) for view in found])


@feedback.post("/suggestions")
@idempotent
@feedback.input(SuggestionIn)
@feedback.output(SuggestionOut, status_code=201)
def suggest(json_data: SuggestionIn) -> SuggestionOut:
    """Suggest something 意见建议."""
    found = services().suggestions.send(
        counsel=principal(Counsel),
        area=json_data.area,
        text=json_data.text,
        court_code=json_data.court_code,
    )
    return SuggestionOut.of(found)
