"""What all use cases of filing share: rows found for whom they are, sections opened, steps told."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.court.casefile.rules.policy import Act
from app.court.casefile.rules.representation import POWERS
from app.court.casefile.service.cases import Cases
from app.court.casefile.service.courts import Courts
from app.court.casefile.service.materials import Materials
from app.court.casefile.service.policy import Asker, Policy
from app.court.filing import queries
from app.court.filing.errors import FilingUnknown
from app.court.filing.models import Filing, FilingSection, FilingStep
from app.court.filing.rules import corrections as correction_rules
from app.court.filing.rules import drafts as rules
from app.court.filing.rules.drafts import Draft, Problem
from app.court.filing.rules.forms import FilingKind, Section
from app.court.filing.rules.states import State
from app.court.filing.service.values import (
    CorrectionView,
    FeeView,
    FilingCard,
    FilingView,
    SectionView,
    StepView,
    SubmissionView,
)
from app.kernel import calendar
from app.kernel.field_crypto import FieldCrypto
from app.kernel.principal import Counsel, Staff
from app.kernel.unit_of_work import Tx
from app.ports.clock import Clock
from app.ports.entropy import Entropy

HOLDER: Final = "filing"
# Purposes of the clocks in which a court must decide, and a mediation must end.
DECISION: Final = "filing.decision"
MEDIATION: Final = "filing.mediation"


@dataclass(frozen=True, kw_only=True)
class FilingNews:
    """What a lawyer is told about a filing: a kind of notice and the values it needs."""

    filing_id: uuid.UUID
    account_id: uuid.UUID
    case_id: uuid.UUID | None
    kind: str
    values: Mapping[str, str]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Records:
    """The rows of filings. `on_news` are told what the court did, in its transaction."""

    clock: Clock
    entropy: Entropy
    crypto: FieldCrypto
    policy: Policy
    courts: Courts
    cases: Cases
    materials: Materials
    on_news: list[Callable[[Tx, FilingNews], None]]

    def of_counsel(
        self, tx: Tx, *, counsel: Counsel, act: Act, filing_id: uuid.UUID, lock: bool = False
    ) -> Filing:
        """Return the caller's filing; raises `ActRefused`, `FilingUnknown`."""
        self.policy.demand_free(who=counsel, act=act)
        found = queries.filing(tx, filing_id=filing_id, lock=lock)
        if found is None or found.licence_no != counsel.licence_no:
            raise FilingUnknown
        return found

    def of_staff(self, tx: Tx, *, staff: Staff, filing_id: uuid.UUID, lock: bool = False) -> Filing:
        """Return a filing of the officer's court; raises `ActRefused`, `FilingUnknown`."""
        self.policy.demand_free(who=staff, act=Act.FILING_REVIEW)
        found = queries.filing(tx, filing_id=filing_id, lock=lock)
        hidden = found is None or found.court_code != staff.court_code
        if found is None or hidden or found.state == State.DRAFT:
            raise FilingUnknown
        return found

    def sections(self, tx: Tx, filing: Filing) -> dict[Section, SectionView]:
        """Open what was saved of a filing."""
        rows = queries.sections(tx, filing_id=filing.id)
        return {Section(row.section): SectionView.of(row, self._opened(row)) for row in rows}

    def seal(self, filing_id: uuid.UUID, section: Section, content: Mapping[str, Any]) -> bytes:
        """Seal a section's content."""
        plain = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
        return self.crypto.seal_alone(plain, aad=_aad(filing_id, section.value))

    def draft(self, filing: Filing, sections: Mapping[Section, SectionView]) -> Draft:
        """Read a draft off its opened sections."""
        content = {section: view.content for section, view in sections.items()}
        return rules.read(FilingKind(filing.kind), content)

    def note(self, tx: Tx, filing: Filing, *, text: str, by: str, at: datetime) -> None:
        """Write a step down, as the lawyer and the court read it."""
        filing.touched_at = at
        tx.add(FilingStep(id=self.entropy.uuid(), filing_id=filing.id, at=at, by=by, text=text))

    def tell(self, tx: Tx, filing: Filing, *, kind: str, at: datetime, **values: str) -> None:
        """Have the lawyer told; `case` is the receipt's number where no other is given."""
        news = FilingNews(
            filing_id=filing.id,
            account_id=filing.account_id,
            case_id=filing.case_id,
            kind=kind,
            values={"case": self._receipt_no(tx, filing), **values},
            at=at,
        )
        for hook in self.on_news:
            hook(tx, news)

    def problems(self, tx: Tx, filing: Filing, draft: Draft, *, at: datetime) -> list[Problem]:
        """Return what keeps a filing from being submitted."""
        held = self.materials.held_by(tx, holder=HOLDER, holder_id=filing.id)
        here = {str(each.id) for each in held}
        found = list(
            rules.problems(
                draft,
                materials={each.kind.value for each in held},
                powers={power.value for power in POWERS},
                on=calendar.local_day(at),
            )
        )
        if set(draft.material_ids) - here:
            message = "有文件还没有上传完毕或者没有通过检查，请查看该文件后重试。"
            found.append(Problem(section=Section.MATERIALS, field="ids", message=message))
        return found

    def card(self, tx: Tx, filing: Filing, *, urgent: bool = False) -> FilingCard:
        """Return one line of a list."""
        name = ""
        if filing.court_code is not None:
            name = self.courts.find(tx, code=filing.court_code).name
        return FilingCard.of(filing, court_name=name, urgent=urgent)

    def view(self, tx: Tx, filing: Filing, *, who: Asker, at: datetime) -> FilingView:
        """Return everything about a filing; who may see it, the caller has judged."""
        sections = self.sections(tx, filing)
        draft = self.draft(filing, sections)
        fee = queries.fee_of(tx, filing_id=filing.id)
        editable = self.editable(tx, filing) if isinstance(who, Counsel) else frozenset()
        problems = self.problems(tx, filing, draft, at=at) if editable else []
        return FilingView(
            card=self.card(tx, filing),
            court_code=filing.court_code,
            sections=tuple(sections.get(each, _never_saved(each)) for each in Section),
            draft=draft,
            problems=tuple(problems),
            open_sections=editable,
            materials=tuple(self.materials.held_by(tx, holder=HOLDER, holder_id=filing.id)),
            corrections=self.corrections(tx, filing),
            steps=tuple(
                StepView(at=each.at, by=each.by, text=each.text)
                for each in queries.steps(tx, filing_id=filing.id)
            ),
            submissions=self.submissions(tx, filing),
            duplicate_reason=filing.duplicate_reason,
            mediation_consent=filing.mediation_consent_at is not None,
            ruling=filing.ruling,
            decided_at=filing.decided_at,
            decided_by=filing.decided_by,
            case_number=self._number(tx, filing),
            fee=None if fee is None else FeeView.of(fee),
        )

    def corrections(self, tx: Tx, filing: Filing) -> tuple[CorrectionView, ...]:
        """Return the notices of correction, the first one in front."""
        known = correction_rules.reasons_of(FilingKind(filing.kind))
        return tuple(
            CorrectionView(
                reasons=tuple(known[code] for code in row.reasons),
                note=row.note,
                at=row.at,
                due_on=row.due_on,
                by=row.by,
            )
            for row in queries.corrections(tx, filing_id=filing.id)
        )

    def submissions(self, tx: Tx, filing: Filing) -> tuple[SubmissionView, ...]:
        """Return the submissions, the newest first."""
        return tuple(
            SubmissionView(
                submission_id=row.id,
                receipt_no=row.receipt_no,
                at=row.at,
                by=row.by,
                content_sha256=row.content_sha256,
                materials=tuple(row.materials),
            )
            for row in queries.submissions(tx, filing_id=filing.id)
        )

    def editable(self, tx: Tx, filing: Filing) -> frozenset[Section]:
        """Return which sections the lawyer may change now."""
        if filing.state == State.DRAFT:
            return frozenset(Section)
        if filing.state != State.CORRECTION:
            return frozenset()
        newest = queries.corrections(tx, filing_id=filing.id)[-1]
        return correction_rules.sections(newest.reasons)

    def _opened(self, row: FilingSection) -> dict[str, Any]:
        plain = self.crypto.open_alone(row.content_sealed, aad=_aad(row.filing_id, row.section))
        content: dict[str, Any] = json.loads(plain)
        return content

    @staticmethod
    def _receipt_no(tx: Tx, filing: Filing) -> str:
        return queries.submissions(tx, filing_id=filing.id)[0].receipt_no

    def _number(self, tx: Tx, filing: Filing) -> str | None:
        if filing.case_id is None:
            return None
        return self.cases.number_of(tx, case_id=filing.case_id)


def author(counsel: Counsel) -> str:
    """Return who did something, as people read it."""
    helper = counsel.assistant
    return counsel.name if helper is None else f"{counsel.name}律师的助理{helper.name}"


def _never_saved(section: Section) -> SectionView:
    return SectionView(section=section, version=0, content={}, saved_at=None, saved_by="")


def _aad(filing_id: uuid.UUID, section: str) -> str:
    return f"filing_section.content:{filing_id}:{section}"
