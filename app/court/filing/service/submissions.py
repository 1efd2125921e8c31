"""Submitting 提交: checked whole, receipted at once, and the law's clock begins to run."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from app.court.casefile.rules.capability import Function
from app.court.casefile.rules.policy import Act
from app.court.casefile.service.clocks import CaseClocks, NewClock
from app.court.casefile.service.materials import MaterialView
from app.court.filing import queries
from app.court.filing.errors import DuplicateFiling, FilingClosed, FilingIncomplete, FilingUnknown
from app.court.filing.models import Filing, FilingSubmission
from app.court.filing.rules import drafts as rules
from app.court.filing.rules.drafts import Draft
from app.court.filing.rules.duplicates import sameness
from app.court.filing.rules.forms import FORMS, FilingKind, Section
from app.court.filing.rules.states import State, step
from app.court.filing.service.drafts import Drafts
from app.court.filing.service.records import DECISION, HOLDER, MEDIATION, Records
from app.court.filing.service.values import SectionView, SubmissionView
from app.kernel import calendar
from app.kernel.principal import Counsel
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ledger.service.entries import Event, Ledger, Receipt
from credential.receipt import Json

LEDGER_KIND: Final = "filing"
RECEIPT_DIGITS: Final = 8


class Submissions:
    """What the lawyer alone does with a filing; an assistant drafts and no more."""

    def __init__(
        self, *, records: Records, drafts: Drafts, clocks: CaseClocks, ledger: Ledger
    ) -> None:
        self._records = records
        self._drafts = drafts
        self._clocks = clocks
        self._ledger = ledger

    def submit(
        self, *, counsel: Counsel, filing_id: uuid.UUID, duplicate_reason: str = ""
    ) -> SubmissionView:
        """Submit a draft, or what was corrected; return its receipt 收件凭证.

        Raises `ActRefused`, `FilingUnknown`, `FilingClosed`, `FilingIncomplete` with every
        problem, `FunctionNotOffered`, `DuplicateFiling` unless a reason is given.
        """
        records = self._records
        at = records.clock.now()
        with unit_of_work() as tx:
            filing = records.of_counsel(
                tx, counsel=counsel, act=Act.FILING_SUBMIT, filing_id=filing_id, lock=True
            )
            if filing.state not in (State.DRAFT, State.CORRECTION):
                raise FilingClosed(state=State(filing.state).label)
            sections = records.sections(tx, filing)
            draft = records.draft(filing, sections)
            self._drafts.hold(tx, counsel=counsel, filing=filing, ids=draft.material_ids)
            self._demand_whole(tx, filing, draft, at=at)
            records.courts.demand(tx, court_code=draft.court_code, function=Function.FILING)
            self._demand_new(tx, filing, draft, reason=duplicate_reason)
            corrected = filing.state == State.CORRECTION
            filing.state = step(State(filing.state), State.SUBMITTED).value
            filing.submitted_at = filing.submitted_at or at
            if draft.mediation:
                filing.mediation_consent_at = filing.mediation_consent_at or at
            start_clock(tx, self._clocks, filing, at=at)
            submission = self._receive(tx, filing, sections, by=counsel.name, at=at)
            what = "提交补正材料" if corrected else "提交立案申请"
            text = f"{what}，收件凭证{submission.receipt_no}"
            records.note(tx, filing, text=text, by=counsel.name, at=at)
            tx.flush()
            return records.submissions(tx, filing)[0]

    def receipt(
        self, *, counsel: Counsel, filing_id: uuid.UUID
    ) -> tuple[SubmissionView, Receipt | None]:
        """Return the newest receipt with the ledger's proof; raises `FilingUnknown`."""
        records = self._records
        with unit_of_work() as tx:
            filing = records.of_counsel(
                tx, counsel=counsel, act=Act.FILING_DRAFT, filing_id=filing_id
            )
            found = records.submissions(tx, filing)
        if not found:
            raise FilingUnknown
        newest = found[0]
        return newest, self._ledger.receipt(source_id=newest.submission_id, kind=LEDGER_KIND)

    def withdraw(self, *, counsel: Counsel, filing_id: uuid.UUID) -> None:
        """Take a filing back before the court has decided.

        Raises `ActRefused`, `FilingUnknown`, `FilingClosed`.
        """
        records = self._records
        at = records.clock.now()
        with unit_of_work() as tx:
            filing = records.of_counsel(
                tx, counsel=counsel, act=Act.FILING_SUBMIT, filing_id=filing_id, lock=True
            )
            filing.state = step(State(filing.state), State.WITHDRAWN).value
            filing.due_on = None
            for purpose in (DECISION, MEDIATION):
                self._clocks.stop(tx, subject_id=filing.id, purpose=purpose, at=at)
            records.note(tx, filing, text="律师撤回立案申请", by=counsel.name, at=at)

    def consent(self, *, counsel: Counsel, filing_id: uuid.UUID, given: bool) -> None:
        """Record, or take back, the consent to mediation before filing (在线调解规则 art. 3).

        Raises `ActRefused`, `FilingUnknown`, `FilingClosed`.
        """
        records = self._records
        at = records.clock.now()
        with unit_of_work() as tx:
            filing = records.of_counsel(
                tx, counsel=counsel, act=Act.FILING_SUBMIT, filing_id=filing_id, lock=True
            )
            if filing.state != State.SUBMITTED:
                raise FilingClosed(state=State(filing.state).label)
            filing.mediation_consent_at = at if given else None
            text = "律师同意诉前调解" if given else "律师不同意诉前调解"
            records.note(tx, filing, text=text, by=counsel.name, at=at)

    def _demand_whole(self, tx: Tx, filing: Filing, draft: Draft, *, at: datetime) -> None:
        found = self._records.problems(tx, filing, draft, at=at)
        if found:
            raise FilingIncomplete(
                errors=[
                    {"section": each.section.value, "field": each.field, "message": each.message}
                    for each in found
                ]
            )

    def _demand_new(self, tx: Tx, filing: Filing, draft: Draft, *, reason: str) -> None:
        """Warn of the same matter at the same court, once; a reason goes on record."""
        value = sameness(draft)
        filing.sameness = self._records.crypto.blind_index(column="filing.sameness", value=value)
        filing.duplicate_reason = reason or filing.duplicate_reason
        others = [
            self._records.submissions(tx, other)[0].receipt_no
            for other in queries.same(tx, sameness=filing.sameness, but=filing.id)
        ]
        others += self._records.cases.open_alike(
            tx,
            court_code=draft.court_code,
            cause=draft.cause,
            names={party.name for party in draft.parties},
        )
        if others and not filing.duplicate_reason:
            raise DuplicateFiling(numbers=others)

    def _receive(
        self, tx: Tx, filing: Filing, sections: Mapping[Section, SectionView], *, by: str,
        at: datetime,
    ) -> FilingSubmission:  # fmt: skip
        """Write down what was received, and its entry in the ledger."""
        content = {section: view.content for section, view in sections.items()}
        held = self._records.materials.held_by(tx, holder=HOLDER, holder_id=filing.id)
        row = FilingSubmission(
            id=self._records.entropy.uuid(),
            filing_id=filing.id,
            receipt_no=self._receipt_no(filing, at=at),
            at=at,
            by=by,
            content_sha256=rules.digest(content),
            materials=_listed(held),
        )
        tx.add(row)
        details: dict[str, Json] = {
            "receipt_no": row.receipt_no,
            "content_sha256": row.content_sha256.hex(),
            "materials": [each["sha256"] for each in row.materials],
        }
        self._ledger.append(
            tx,
            Event(
                kind=LEDGER_KIND,
                at=at,
                subject=filing.lawyer_id,
                place=filing.court_code or "",
                source_id=row.id,
                details=details,
            ),
        )
        return row

    def _receipt_no(self, filing: Filing, *, at: datetime) -> str:
        """Number a receipt: court, day, and digits that tell nobody how many there are."""
        drawn = self._records.entropy.below(10**RECEIPT_DIGITS)
        return f"{filing.court_code}-{calendar.local_day(at):%Y%m%d}-{drawn:0{RECEIPT_DIGITS}d}"


def start_clock(tx: Tx, clocks: CaseClocks, filing: Filing, *, at: datetime) -> None:
    """Start the time in which the court must decide, where the law sets one (登记立案规定 art. 8).

    A period that begins again after a correction is as long as the first (在线诉讼规则 art. 9).
    """
    rule = FORMS[FilingKind(filing.kind)].clock
    filing.due_on = None
    if rule is not None:
        new = NewClock(
            rule_id=rule[0],
            variant=rule[1],
            began_at=at,
            purpose=DECISION,
            subject_id=filing.id,
        )
        filing.due_on = clocks.start(tx, new).last_day


def _listed(held: Sequence[MaterialView]) -> list[Any]:
    return [
        {
            "name": each.name,
            "kind": each.kind.label,
            "sha256": "" if each.sha256 is None else each.sha256.hex(),
        }
        for each in held
    ]
