"""The services of the casefile, wired by bootstrap and found by the routes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.court.casefile.service.case_numbers import CaseNumbers
from app.court.casefile.service.cases import Cases
from app.court.casefile.service.clocks import CaseClocks
from app.court.casefile.service.courts import Courts
from app.court.casefile.service.deadlines import Deadlines
from app.court.casefile.service.material_checks import MaterialChecks, MaterialSweep
from app.court.casefile.service.materials import Materials
from app.court.casefile.service.policy import Policy
from app.court.casefile.service.progress import Progress
from app.court.casefile.service.representations import Representations
from app.court.casefile.service.values import People, Waiting
from app.kernel.principal import Staff


@dataclass(frozen=True, kw_only=True)
class CasefileServices:
    """Everything the routes and the sibling sub-domains call.

    `waiting` are asked what waits for a person of a court; each part that has a queue adds one.
    `people` finds a court's judges and clerks by its code.
    """

    courts: Courts
    deadlines: Deadlines
    numbers: CaseNumbers
    policy: Policy
    cases: Cases
    clocks: CaseClocks
    representations: Representations
    progress: Progress
    materials: Materials
    material_checks: MaterialChecks
    material_sweep: MaterialSweep
    people: Callable[[str], People]
    waiting: list[Callable[[Staff], Sequence[Waiting]]] = field(default_factory=list)
