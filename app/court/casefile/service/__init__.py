"""The services of courts and case numbers, wired by bootstrap and found by the routes."""

from __future__ import annotations

from dataclasses import dataclass

from app.court.casefile.service.case_numbers import CaseNumbers
from app.court.casefile.service.courts import Courts
from app.court.casefile.service.deadlines import Deadlines


@dataclass(frozen=True, kw_only=True)
class CasefileServices:
    """Everything the routes and the sibling sub-domains call."""

    courts: Courts
    deadlines: Deadlines
    numbers: CaseNumbers
