"""What courts look like on the wire."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from app.court.casefile.rules.capability import Availability, Function, Offer, Refusal
from app.court.casefile.rules.courts import CourtLevel, CourtRecord
from app.court.casefile.rules.deadlines import Direction, Law, Rule
from app.court.casefile.rules.due import Due
from app.court.casefile.service.courts import CourtDetail, CourtPage
from app.http.body import Strict

Words = Annotated[str, StringConstraints(pattern=r"^[㐀-鿿（）0-9]{1,50}$")]


class CourtsQuery(Strict):
    """Part of a name or a court's word; region and level; where the page starts."""

    q: Words | None = None
    region: Words | None = None
    level: Annotated[CourtLevel, Field(strict=False)] | None = None
    after: Words | None = None


class CourtOut(BaseModel):
    """A court 法院; `to_confirm` while the row was not compared with the official table."""

    code: str
    name: str
    level: CourtLevel
    level_name: str
    region: str
    parent_code: str | None
    code_word: str
    source: str
    to_confirm: bool

    @classmethod
    def of(cls, court: CourtRecord) -> CourtOut:
        """Show a court."""
        return cls(**vars(court), level_name=court.level.label)


class CourtsOut(BaseModel):
    """A page, in the order of the codes; `next` is the next one's `after`."""

    items: list[CourtOut]
    next: str | None

    @classmethod
    def of(cls, page: CourtPage) -> CourtsOut:
        """Show a page."""
        return cls(items=[CourtOut.of(court) for court in page.courts], next=page.following)


class FunctionOut(BaseModel):
    """One function: offered or not, and what to say beside it or instead of it.

    `status` is what the court has; `refusal` why it is not offered, which may be ours; `instead`
    the way that is left.
    """

    function: Function
    name: str
    status: Availability
    offered: bool
    refusal: Refusal | None
    instead: str
    notice: str

    @classmethod
    def of(cls, offer: Offer) -> FunctionOut:
        """Show an offer."""
        return cls(
            function=offer.function,
            name=offer.function.label,
            status=offer.availability,
            offered=offer.offered,
            refusal=offer.refusal,
            instead=offer.instead,
            notice=offer.notice,
        )


class CourtDetailOut(BaseModel):
    """A court with the one above it and all functions of the platform."""

    court: CourtOut
    parent: CourtOut | None
    functions: list[FunctionOut]

    @classmethod
    def of(cls, detail: CourtDetail) -> CourtDetailOut:
        """Show a court."""
        return cls(
            court=CourtOut.of(detail.court),
            parent=None if detail.parent is None else CourtOut.of(detail.parent),
            functions=[FunctionOut.of(offer) for offer in detail.offers],
        )


Day = Annotated[date, Field(ge=date(2015, 1, 1), le=date(2100, 12, 31), strict=False)]


class DeadlineOut(BaseModel):
    """A deadline 期限 that can be counted; `to_confirm` while its text has not been read."""

    rule: str
    variant: str
    track: str
    law: Law
    trigger: str
    duty: str
    before: bool
    to_confirm: bool

    @classmethod
    def of(cls, rule: Rule) -> DeadlineOut:
        """Show a rule."""
        return cls(
            rule=rule.id,
            variant=rule.variant,
            track=rule.track,
            law=rule.law,
            trigger=rule.trigger,
            duty=rule.duty,
            before=rule.direction is Direction.BEFORE,
            to_confirm=rule.to_confirm,
        )


class DeadlinesOut(BaseModel):
    """All of them."""

    items: list[DeadlineOut]


class DeadlineIn(Strict):
    """Which deadline, from which day: the event's, or that of the hearing it lies before."""

    rule: Annotated[str, StringConstraints(pattern=r"^D[0-9]{2}$")]
    variant: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{0,40}$")] = ""
    day: Day
    in_custody: bool = False
    travel_days: Annotated[int, Field(ge=0, le=90)] = 0


class DueOut(BaseModel):
    """When it ends and why; `provisional` while the year's holidays are not announced."""

    last_day: date
    act_by: date
    provisional: bool
    to_confirm: bool
    basis: list[str]
    explanation: str

    @classmethod
    def of(cls, found: Due) -> DueOut:
        """Show an end."""
        return cls(
            last_day=found.last_day,
            act_by=found.act_by,
            provisional=found.provisional,
            to_confirm=found.rule.to_confirm,
            basis=list(found.basis),
            explanation=found.explanation,
        )
