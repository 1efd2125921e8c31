"""What courts look like on the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from app.court.casefile.rules.capability import Availability, Function, Offer
from app.court.casefile.rules.courts import CourtLevel, CourtRecord
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
    """One function: offered or not, and what to say beside it or instead of it."""

    function: Function
    name: str
    status: Availability
    offered: bool
    notice: str

    @classmethod
    def of(cls, offer: Offer) -> FunctionOut:
        """Show an offer."""
        return cls(
            function=offer.function,
            name=offer.function.label,
            status=offer.availability,
            offered=offer.offered,
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
