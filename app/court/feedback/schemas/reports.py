"""What the sealed path looks like on the wire; nothing that was written ever comes back."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from app.court.feedback.rules.report import CODE_LENGTH, ReportState
from app.court.feedback.schemas.complaints import NO_NUL, CourtCode
from app.http.body import Strict

Code = Annotated[str, StringConstraints(pattern=rf"^[0-9]{{{CODE_LENGTH}}}$")]


class ReportIn(Strict):
    """A report; `code` is made on the phone and finds the report again, for whoever has it."""

    court_code: CourtCode
    to_superior: bool = False
    about: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=NO_NUL)
    ]
    text: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=10, max_length=5000, pattern=NO_NUL),
    ] = Field(repr=False)
    contact: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=100, pattern=NO_NUL)
    ] = ""
    named: bool = False
    code: Code


class CodeIn(Strict):
    """A query code."""

    code: Code


class ReportOut(BaseModel):
    """What became of a report."""

    state: ReportState
    state_name: str

    @classmethod
    def of(cls, state: ReportState) -> ReportOut:
        """Show a state."""
        return cls(state=state, state_name=state.label)


class BoxOut(BaseModel):
    """Whether reports are taken here."""

    open: bool
