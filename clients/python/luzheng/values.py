"""What the platform answers, as values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

T = TypeVar("T")
Json = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class VerifiedLawyer:
    """Whose code it is; None where your organisation is not registered to be told."""

    name: str | None
    licence_no: str | None
    firm_name: str | None
    category: str | None
    status: str
    status_label: str


@dataclass(frozen=True, kw_only=True)
class Verification:
    """核验通过: the code was this lawyer's, shown now, and accepted once."""

    verification_id: str
    form: str
    verified_at: datetime
    status_as_of: datetime
    lawyer: VerifiedLawyer

    @classmethod
    def of(cls, answer: Json) -> Verification:
        """Read the platform's answer."""
        return cls(
            verification_id=answer["verification_id"],
            form=answer["form"],
            verified_at=datetime.fromisoformat(answer["verified_at"]),
            status_as_of=datetime.fromisoformat(answer["status_as_of"]),
            lawyer=VerifiedLawyer(**answer["lawyer"]),
        )


@dataclass(frozen=True, kw_only=True)
class LicenceStatus:
    """执业状态 of one licence, and the moment it was true."""

    licence_no: str
    status: str
    status_label: str
    as_of: datetime

    @classmethod
    def of(cls, answer: Json) -> LicenceStatus:
        """Read the platform's answer."""
        return cls(**{**answer, "as_of": datetime.fromisoformat(answer["as_of"])})


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """A watched licence and its status as last seen."""

    id: str
    licence_no: str
    status: str
    as_of: datetime
    created_at: datetime

    @classmethod
    def of(cls, answer: Json) -> Subscription:
        """Read the platform's answer."""
        moments = {n: datetime.fromisoformat(answer[n]) for n in ("as_of", "created_at")}
        return cls(**{**answer, **moments})


@dataclass(frozen=True, kw_only=True)
class ConfirmationItem:
    """A practising-act confirmation 执业行为确认 in the list; `act` is its code."""

    confirmation_id: str
    grant_id: str
    act: str
    at: datetime

    @classmethod
    def of(cls, answer: Json) -> ConfirmationItem:
        """Read the platform's answer."""
        return cls(**{**answer, "at": datetime.fromisoformat(answer["at"])})


@dataclass(frozen=True, kw_only=True)
class DeadLetter:
    """An event that could not be delivered; `failure` is the last reason."""

    id: str
    type: str
    at: datetime
    attempts: int
    failure: str
    dead_at: datetime

    @classmethod
    def of(cls, answer: Json) -> DeadLetter:
        """Read the platform's answer."""
        moments = {n: datetime.fromisoformat(answer[n]) for n in ("at", "dead_at")}
        return cls(**{**answer, **moments})


@dataclass(frozen=True, kw_only=True)
class Event:
    """An event 事件. The same `id` may come twice: handle it once."""

    id: str
    type: str
    at: datetime
    data: Json

    @classmethod
    def of(cls, body: Json) -> Event:
        """Read a verified body."""
        return cls(
            id=body["id"],
            type=body["type"],
            at=datetime.fromisoformat(body["at"]),
            data=body["data"],
        )


@dataclass(frozen=True, kw_only=True)
class Page(Generic[T]):
    """A page, newest first; `next` goes into `before` for the one after, None: the last."""

    items: Sequence[T]
    next: str | None

    @classmethod
    def of(cls, answer: Json, item: Callable[[Json], T]) -> Page[T]:
        """Read the platform's answer."""
        return cls(items=[item(one) for one in answer["items"]], next=answer["next"])
