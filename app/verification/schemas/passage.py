"""Wire shapes of passes and entries."""

from __future__ import annotations

import uuid
from datetime import date, time
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from app.http.body import Moment, MomentIn, Strict
from app.verification.rules import passage as rules
from app.verification.rules.passage import Check, Doubt, Purpose, Reason, Way
from app.verification.service.entries import Decision, PastEntry
from app.verification.service.passes import Errand, GateCourt, PassView

LINE = r"^[^\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]+$"
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=LINE)]
Id = Annotated[uuid.UUID, Field(strict=False)]


def _day(value: object) -> date:
    if not isinstance(value, str) or len(value) != len("2026-01-01"):
        raise ValueError("date")
    return date.fromisoformat(value)


def _hour(value: object) -> time:
    if not isinstance(value, str) or len(value) != len("09:00"):
        raise ValueError("HH:MM")
    return time.fromisoformat(value)


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Hour = Annotated[
    time,
    BeforeValidator(_hour),
    WithJsonSchema({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}),
]
# As the officer read it off: a slip of the pen must not keep an entry out of the log.
LicenceNo = Annotated[str, StringConstraints(pattern=r"^[0-9]{17}$")]


class GateCourtsQuery(Strict):
    """Part of a court's name."""

    q: Annotated[str, StringConstraints(max_length=50, pattern=r"^[^\x00]*$")] = ""


class GateCourtOut(BaseModel):
    """A court where a pass can be read."""

    code: str
    name: str


class GateCourtsOut(BaseModel):
    """Courts found."""

    items: list[GateCourtOut]

    @classmethod
    def of(cls, courts: list[GateCourt]) -> GateCourtsOut:
        """Build from the domain's values."""
        return cls(items=[GateCourtOut(code=court.code, name=court.name) for court in courts])


class PassIn(Strict):
    """What for, where and when. `time` is the hearing's, and only a hearing has one."""

    court_code: Annotated[str, StringConstraints(min_length=1, max_length=16, pattern=LINE)]
    purpose: Literal["hall", "hearing", "casefile", "meeting", "other"]
    day: Day
    time: Hour | None = None
    case_reference: Annotated[Line, Field(max_length=60)] | None = None

    def errand(self) -> Errand:
        """Return the domain's value."""
        return Errand(
            court_code=self.court_code,
            purpose=Purpose(self.purpose),
            day=self.day,
            at_time=self.time,
            case_reference=self.case_reference,
        )


class PassOut(BaseModel):
    """A pass 通行用途."""

    id: uuid.UUID
    court_code: str
    court_name: str
    purpose: str
    purpose_label: str
    case_reference: str | None
    day: date
    hearing_at: Moment | None
    valid_from: Moment
    valid_until: Moment

    @classmethod
    def of(cls, view: PassView) -> PassOut:
        """Build from the domain's value."""
        return cls(**vars(view), purpose_label=view.purpose.label)


class PurposeOut(BaseModel):
    """A purpose that can be chosen."""

    code: str
    name: str


class PassesOut(BaseModel):
    """The lawyer's passes of today and later, and what can be chosen."""

    today: date
    items: list[PassOut]
    purposes: list[PurposeOut]


class KioskPass(BaseModel):
    """What the accepted lawyer comes for; null: a general pass 一般通行."""

    # `pass` is a word of Python's own.
    errand: PassOut | None


class EntryIn(Strict):
    """What an officer decided. Refusals have a reason of the closed list, and `other` a note.

    way "code" names the scan; "paper" and "chip" name what is printed and what was checked.
    """

    id: Id
    at: MomentIn
    way: Literal["code", "paper", "chip"]
    admitted: bool
    offline: bool
    reason: Annotated[Reason, Field(strict=False)] | None = None
    note: Annotated[Line, Field(max_length=200)] | None = None
    scan_id: Id | None = None
    name: Annotated[Line, Field(max_length=40)] | None = None
    licence_no: LicenceNo | None = None
    checked: Annotated[
        list[Annotated[Check, Field(strict=False)]],
        Field(default_factory=list, max_length=len(Check)),
    ]
    purpose: Annotated[Purpose, Field(strict=False)] = Purpose.GENERAL

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Refuse what leaves a question open: a refusal without reason above all."""
        if self.admitted == (self.reason is not None):
            raise ValueError("reason: a refusal has one, an admission none")
        if self.reason is Reason.OTHER and self.note is None:
            raise ValueError("note: needed with this reason")
        if self.way == "code":
            self._by_code()
        elif self.name is None or self.licence_no is None:
            raise ValueError("name, licence_no: needed with a document")
        elif self.admitted and not self.checked:
            raise ValueError("checked: say what was looked at")
        return self

    def _by_code(self) -> None:
        if self.scan_id is None:
            raise ValueError("scan_id: needed with a code")
        if self.name is not None or self.licence_no is not None or self.checked:
            raise ValueError("name, licence_no, checked: not with a code")

    def decision(self) -> Decision:
        """Return the domain's value."""
        return Decision(
            id=self.id,
            at=self.at,
            way=Way(self.way),
            admitted=self.admitted,
            offline=self.offline,
            reason=self.reason,
            note=self.note,
            scan_id=self.scan_id,
            name=self.name,
            licence_no=self.licence_no,
            checked=tuple(dict.fromkeys(self.checked)),
            purpose=self.purpose,
        )


class EntriesIn(Strict):
    """Decisions, made just now or while the kiosk was offline."""

    items: Annotated[list[EntryIn], Field(min_length=1, max_length=rules.BATCH)]


class EntryFlag(BaseModel):
    """A decision in which something does not fit."""

    id: uuid.UUID
    code: str
    title: str

    @classmethod
    def of(cls, entry_id: uuid.UUID, code: str) -> EntryFlag:
        """Build from the domain's values."""
        return cls(id=entry_id, code=code, title=Doubt(code).label)


class EntriesOut(BaseModel):
    """Which decisions are stored now, and which were flagged."""

    accepted: list[uuid.UUID]
    flagged: list[EntryFlag]


class EntryItem(BaseModel):
    """One line of the lawyer's own 通行记录."""

    id: uuid.UUID
    at: Moment
    kiosk_name: str
    court_name: str
    place: str
    way: str
    way_label: str
    purpose_label: str
    case_reference: str | None
    admitted: bool
    reason: str | None
    reason_label: str
    note: str | None
    offline: bool

    @classmethod
    def of(cls, item: PastEntry) -> EntryItem:
        """Build from the domain's value."""
        return cls(
            id=item.id,
            at=item.at,
            kiosk_name=item.kiosk_name,
            court_name=item.court_name,
            place=item.place,
            way=item.way,
            way_label=item.way.label,
            purpose_label=item.purpose.label,
            case_reference=item.case_reference,
            admitted=item.admitted,
            reason=item.reason,
            reason_label="" if item.reason is None else item.reason.label,
            note=item.note,
            offline=item.offline,
        )


class EntryHistory(BaseModel):
    """A page, newest first."""

    items: list[EntryItem]
    next: uuid.UUID | None
