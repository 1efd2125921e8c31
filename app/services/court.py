"""Wires the courts: the casefile beneath, its siblings upon it."""

from __future__ import annotations

from app.court.casefile.service import CasefileServices
from app.court.casefile.service.case_numbers import CaseNumbers
from app.court.casefile.service.cases import Cases
from app.court.casefile.service.clocks import CaseClocks
from app.court.casefile.service.courts import Courts
from app.court.casefile.service.deadlines import Deadlines
from app.court.casefile.service.policy import Policy
from app.court.casefile.service.progress import Progress
from app.court.casefile.service.representations import Representations
from app.court.filing.service import Fees, FilingServices
from app.kernel.field_crypto import FieldCrypto
from app.ledger.service.entries import Ledger
from app.ports import Ports


def casefile(ports: Ports, crypto: FieldCrypto, *, ledger: Ledger) -> CasefileServices:
    """Construct what every court sub-domain stands on."""
    courts = Courts(clock=ports.clock)
    policy = Policy()
    cases = Cases(policy=policy, entropy=ports.entropy, crypto=crypto)
    return CasefileServices(
        courts=courts,
        deadlines=Deadlines(),
        numbers=CaseNumbers(courts=courts, entropy=ports.entropy),
        policy=policy,
        cases=cases,
        clocks=CaseClocks(clock=ports.clock, entropy=ports.entropy),
        representations=Representations(
            cases=cases, policy=policy, ledger=ledger, clock=ports.clock, entropy=ports.entropy
        ),
        progress=Progress(cases=cases, policy=policy, ledger=ledger, clock=ports.clock),
    )


def filing() -> FilingServices:
    """Construct filing 立案."""
    return FilingServices(fees=Fees())
