"""Wires the courts: the casefile beneath, its siblings upon it."""

from __future__ import annotations

from app.court.casefile.service import CasefileServices
from app.court.casefile.service.case_numbers import CaseNumbers
from app.court.casefile.service.courts import Courts
from app.court.casefile.service.deadlines import Deadlines
from app.court.filing.service import Fees, FilingServices
from app.ports import Ports


def casefile(ports: Ports) -> CasefileServices:
    """Construct what every court sub-domain stands on."""
    courts = Courts(clock=ports.clock)
    return CasefileServices(
        courts=courts,
        deadlines=Deadlines(),
        numbers=CaseNumbers(courts=courts, entropy=ports.entropy),
    )


def filing() -> FilingServices:
    """Construct filing 立案."""
    return FilingServices(fees=Fees())
