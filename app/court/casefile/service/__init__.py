"""The services of the casefile, wired by bootstrap and found by the routes."""

from __future__ import annotations

from dataclasses import dataclass

from app.court.casefile.service.case_numbers import CaseNumbers
from app.court.casefile.service.cases import Cases
from app.court.casefile.service.clocks import CaseClocks
from app.court.casefile.service.courts import Courts
from app.court.casefile.service.deadlines import Deadlines
from app.court.casefile.service.policy import Policy
from app.court.casefile.service.progress import Progress
from app.court.casefile.service.representations import Representations


@dataclass(frozen=True, kw_only=True)
class CasefileServices:
    """Everything the routes and the sibling sub-domains call."""

    courts: Courts
    deadlines: Deadlines
    numbers: CaseNumbers
    policy: Policy
    cases: Cases
    clocks: CaseClocks
    representations: Representations
    progress: Progress
