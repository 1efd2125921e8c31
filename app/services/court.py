"""Wires the courts: the casefile beneath, its siblings upon it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from app.court.applications.service import ApplicationsServices
from app.court.applications.service.applications import Applications
from app.court.casefile.service import CasefileServices
from app.court.casefile.service.case_numbers import CaseNumbers
from app.court.casefile.service.cases import Cases
from app.court.casefile.service.clocks import CaseClocks
from app.court.casefile.service.courts import Courts
from app.court.casefile.service.deadlines import Deadlines
from app.court.casefile.service.material_checks import MaterialChecks, MaterialSweep
from app.court.casefile.service.material_files import MaterialFiles
from app.court.casefile.service.materials import Materials
from app.court.casefile.service.news import CaseNews
from app.court.casefile.service.policy import Policy
from app.court.casefile.service.progress import Progress
from app.court.casefile.service.representations import Representations
from app.court.casefile.service.values import People, Person
from app.court.feedback.rules.sealed_box import recipient
from app.court.feedback.service import FeedbackServices
from app.court.feedback.service.complaints import Complaints
from app.court.feedback.service.desk import Desk
from app.court.feedback.service.ratings import Ratings
from app.court.feedback.service.reports import Reports
from app.court.feedback.service.routing import Routing
from app.court.feedback.service.statistics import Statistics
from app.court.feedback.service.store import TicketStore
from app.court.feedback.service.suggestions import Suggestions
from app.court.filing.service import FilingNews, FilingServices
from app.court.filing.service.drafts import Drafts
from app.court.filing.service.fees import PAYMENT, FeeNotices, Fees
from app.court.filing.service.payments import Payments
from app.court.filing.service.records import DECISION, MEDIATION, Records
from app.court.filing.service.registration import Registration
from app.court.filing.service.review import Review
from app.court.filing.service.submissions import Submissions
from app.identity.service.counsels import Counsels
from app.kernel.field_crypto import FieldCrypto
from app.kernel.principal import Staff, StaffRole
from app.kernel.unit_of_work import Tx
from app.ledger.service.entries import Ledger
from app.notification.service import Notice, tell
from app.ports import Ports


def casefile(
    ports: Ports,
    crypto: FieldCrypto,
    *,
    ledger: Ledger,
    counsels: Counsels,
    staff_of: Callable[[str], Sequence[Staff]],
) -> CasefileServices:
    """Construct what every court sub-domain stands on; `staff_of` finds a court's own people."""
    courts = Courts(clock=ports.clock)
    policy = Policy()
    cases = Cases(policy=policy, entropy=ports.entropy, crypto=crypto)
    clocks = CaseClocks(clock=ports.clock, entropy=ports.entropy)
    cases.on_news.append(CaseNews(counsels=counsels).tell)
    files = MaterialFiles(objects=ports.objects, crypto=crypto)
    materials = Materials(
        clock=ports.clock, entropy=ports.entropy, crypto=crypto, files=files, ledger=ledger
    )
    representations = Representations(
        cases=cases,
        materials=materials,
        policy=policy,
        ledger=ledger,
        clock=ports.clock,
        entropy=ports.entropy,
    )
    return CasefileServices(
        courts=courts,
        deadlines=Deadlines(),
        numbers=CaseNumbers(courts=courts, entropy=ports.entropy),
        policy=policy,
        cases=cases,
        clocks=clocks,
        representations=representations,
        progress=Progress(
            cases=cases, clocks=clocks, policy=policy, ledger=ledger, clock=ports.clock
        ),
        people=lambda court_code: _people(staff_of(court_code)),
        waiting=[representations.waiting_for],
        materials=materials,
        material_checks=MaterialChecks(
            clock=ports.clock,
            crypto=crypto,
            files=files,
            inspection=ports.inspection,
            virus_scan=ports.virus_scan,
            ledger=ledger,
        ),
        material_sweep=MaterialSweep(clock=ports.clock, objects=ports.objects),
    )


def _people(staff: Sequence[Staff]) -> People:
    def of(role: StaffRole) -> tuple[Person, ...]:
        return tuple(
            Person(staff_id=each.staff_id, name=each.name) for each in staff if each.role is role
        )

    return People(judges=of(StaffRole.JUDGE), clerks=of(StaffRole.CLERK))


def applications(
    ports: Ports, crypto: FieldCrypto, casefile: CasefileServices, *, ledger: Ledger
) -> ApplicationsServices:
    """Construct applications 申请."""
    found = Applications(
        casefile=casefile, ledger=ledger, crypto=crypto, clock=ports.clock, entropy=ports.entropy
    )
    casefile.waiting.append(found.waiting_for)
    return ApplicationsServices(applications=found)


class Answered(Protocol):
    """What is asked of a complaint or a suggestion that was answered."""

    id: Any
    number: Any
    licence_no: Any


@dataclass(frozen=True)
class Desks:
    """What the desks of feedback need from outside the courts.

    `discipline_pem` is the discipline desk's public key, None where there is none.
    """

    ledger: Ledger
    staff_of: Callable[[str], Sequence[Staff]]
    discipline_pem: bytes | None
    accounts: Callable[..., Mapping[str, uuid.UUID]]

    def tell_answer(self, kind: str) -> Callable[[Tx, Answered, datetime], None]:
        """Return what tells an author that there is an answer, if he is bound to a phone."""

        def told(tx: Tx, row: Answered, at: datetime) -> None:
            known = self.accounts(tx, licence_nos=[row.licence_no])
            tell(
                tx,
                Notice(
                    account_ids=list(known.values()), kind=kind, at=at,
                    values={"ticket": row.number}, subject_id=row.id,
                ),
            )  # fmt: skip

        return told


def feedback(
    ports: Ports, crypto: FieldCrypto, casefile: CasefileServices, desks: Desks
) -> FeedbackServices:
    """Construct ratings, suggestions, complaints 评价·建议·投诉, and the sealed path."""
    courts, policy = casefile.courts, casefile.policy
    store = TicketStore(
        courts=courts, clocks=casefile.clocks, ledger=desks.ledger, clock=ports.clock,
        entropy=ports.entropy, crypto=crypto,
    )  # fmt: skip
    routing = Routing(courts=courts, policy=policy, staff_of=desks.staff_of)
    ratings = Ratings(policy=policy, clock=ports.clock, entropy=ports.entropy, crypto=crypto)
    services = FeedbackServices(
        complaints=Complaints(store=store, policy=policy, routing=routing),
        desk=Desk(store=store, policy=policy, routing=routing),
        ratings=ratings,
        reports=Reports(
            courts=courts, policy=policy, clock=ports.clock, entropy=ports.entropy, crypto=crypto,
            ephemeral=ports.ephemeral,
            box=None if desks.discipline_pem is None else recipient(desks.discipline_pem),
        ),
        statistics=Statistics(ratings=ratings, courts=courts, clock=ports.clock),
        suggestions=Suggestions(
            courts=courts, policy=policy, clock=ports.clock, entropy=ports.entropy, crypto=crypto
        ),
    )  # fmt: skip
    casefile.cases.on_news.append(ratings.note_closing)
    store.on_reply.append(desks.tell_answer("complaint.replied"))
    services.suggestions.on_answer.append(desks.tell_answer("suggestion.answered"))
    for part in (services.desk, services.suggestions, services.reports):
        casefile.waiting.append(part.waiting_for)
    return services


def _tell(tx: Tx, news: FilingNews) -> None:
    """Have a lawyer told what a court did with a filing."""
    notice = Notice(
        account_ids=[news.account_id],
        kind=news.kind,
        at=news.at,
        values=news.values,
        case_id=news.case_id,
        subject_id=news.filing_id,
    )
    tell(tx, notice)


def filing(
    ports: Ports, crypto: FieldCrypto, *, casefile: CasefileServices, ledger: Ledger
) -> FilingServices:
    """Construct filing 立案, and let its clocks ring."""
    records = Records(
        clock=ports.clock,
        entropy=ports.entropy,
        crypto=crypto,
        policy=casefile.policy,
        courts=casefile.courts,
        cases=casefile.cases,
        materials=casefile.materials,
        on_news=[_tell],
    )
    clocks = casefile.clocks
    drafts = Drafts(records=records)
    notices = FeeNotices(records=records, clocks=clocks)
    registration = Registration(
        records=records,
        numbers=casefile.numbers,
        representations=casefile.representations,
        clocks=clocks,
        fees=notices,
    )
    review = Review(records=records, registration=registration, clocks=clocks)
    clocks.on_ring[DECISION] = review.ring_decision
    clocks.on_ring[MEDIATION] = review.ring_mediation
    clocks.on_ring[PAYMENT] = notices.ring
    casefile.waiting.append(review.waiting_for)
    return FilingServices(
        fees=Fees(),
        drafts=drafts,
        submissions=Submissions(records=records, drafts=drafts, clocks=clocks, ledger=ledger),
        review=review,
        fee_notices=notices,
        payments=Payments(records=records, clocks=clocks, ledger=ledger, cashier=ports.payment),
    )
