"""Drafts 草稿: begun on one device, gone on with on another, saved section by section."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.court.casefile.errors import CourtUnknown, MaterialNotStored, MaterialUnknown
from app.court.casefile.rules.policy import Act
from app.court.filing import queries
from app.court.filing.errors import (
    FilingClosed,
    SectionChanged,
    SectionLocked,
    SectionMalformed,
    TooManyDrafts,
)
from app.court.filing.models import Filing, FilingSection
from app.court.filing.rules.drafts import Problem
from app.court.filing.rules.forms import FORMS, FilingKind, Section
from app.court.filing.rules.states import State
from app.court.filing.service.records import HOLDER, Records, author
from app.court.filing.service.values import FilingCard, FilingView, SectionView
from app.kernel.principal import Counsel
from app.kernel.unit_of_work import Tx, unit_of_work

MOST_DRAFTS: Final = 100
SHOWN: Final = 200


@dataclass(frozen=True, kw_only=True)
class Saved:
    """A section that is saved for good, and what is still wrong with the whole draft."""

    version: int
    saved_at: datetime
    problems: tuple[Problem, ...]


class Drafts:
    """Use cases around drafts, of the lawyer and of the assistant who may draft."""

    def __init__(self, *, records: Records) -> None:
        self._records = records

    def begin(self, *, counsel: Counsel, kind: FilingKind) -> uuid.UUID:
        """Begin a draft; raises `ActRefused`, `TooManyDrafts`."""
        records = self._records
        records.policy.demand_free(who=counsel, act=Act.FILING_DRAFT)
        at = records.clock.now()
        with unit_of_work() as tx:
            if queries.drafts(tx, licence_no=counsel.licence_no) >= MOST_DRAFTS:
                raise TooManyDrafts
            filing = Filing(
                id=records.entropy.uuid(),
                licence_no=counsel.licence_no,
                lawyer_id=counsel.lawyer_id,
                account_id=counsel.account_id,
                lawyer_name=counsel.name,
                firm_name=counsel.firm_name,
                kind=kind.value,
                title=FORMS[kind].label,
                state=State.DRAFT.value,
                duplicate_reason="",
                created_at=at,
                touched_at=at,
                decided_by="",
                ruling="",
            )
            tx.add(filing)
            return filing.id

    def listing(self, *, counsel: Counsel) -> Sequence[FilingCard]:
        """Return the lawyer's drafts and filings, those touched last in front."""
        records = self._records
        records.policy.demand_free(who=counsel, act=Act.FILING_DRAFT)
        with unit_of_work() as tx:
            rows = queries.of_lawyer(
                tx, licence_no=counsel.licence_no, states=tuple(State), limit=SHOWN
            )
            return [records.card(tx, row) for row in rows]

    def detail(self, *, counsel: Counsel, filing_id: uuid.UUID) -> FilingView:
        """Return a filing with everything in it; raises `ActRefused`, `FilingUnknown`."""
        records = self._records
        with unit_of_work() as tx:
            filing = records.of_counsel(
                tx, counsel=counsel, act=Act.FILING_DRAFT, filing_id=filing_id
            )
            return records.view(tx, filing, who=counsel, at=records.clock.now())

    def save(
        self, *, counsel: Counsel, filing_id: uuid.UUID, section: Section,
        content: Mapping[str, Any], version: int,
    ) -> Saved:  # fmt: skip
        """Save a section, whole or not; when this returns no crash loses it.

        `version` is the one that the device had read; what is saved already is saved again without
        a word. Raises `ActRefused`, `FilingUnknown`, `SectionLocked`, `SectionChanged` with what
        the other device saved, `SectionMalformed`.
        """
        records = self._records
        at = records.clock.now()
        with unit_of_work() as tx:
            filing = records.of_counsel(
                tx, counsel=counsel, act=Act.FILING_DRAFT, filing_id=filing_id, lock=True
            )
            if section not in records.editable(tx, filing):
                raise SectionLocked(section=section.value)
            known = records.sections(tx, filing)
            before = known.get(section)
            if before is None or dict(before.content) != dict(content):
                _demand_newest(before, version)
                self._put(tx, filing, section, content, before=before, by=author(counsel), at=at)
                known = records.sections(tx, filing)
            if section is Section.MATERIALS:
                self.hold(tx, counsel=counsel, filing=filing, ids=content.get("ids", ()))
            draft = records.draft(filing, known)
            self._carry(tx, filing, title=draft.title, court_code=draft.court_code)
            saved = known[section]
            return Saved(
                version=saved.version,
                saved_at=saved.saved_at or at,
                problems=tuple(records.problems(tx, filing, draft, at=at)),
            )

    def discard(self, *, counsel: Counsel, filing_id: uuid.UUID) -> None:
        """Delete a draft; raises `ActRefused`, `FilingUnknown`, `FilingClosed`."""
        records = self._records
        with unit_of_work() as tx:
            filing = records.of_counsel(
                tx, counsel=counsel, act=Act.FILING_DRAFT, filing_id=filing_id, lock=True
            )
            if filing.state != State.DRAFT:
                raise FilingClosed(state=State(filing.state).label)
            for held in records.materials.held_by(tx, holder=HOLDER, holder_id=filing.id):
                records.materials.detach(
                    tx, material_id=held.id, holder=HOLDER, holder_id=filing.id
                )
            for row in queries.sections(tx, filing_id=filing.id):
                tx.delete(row)
            tx.flush()
            tx.delete(filing)

    def hold(self, tx: Tx, *, counsel: Counsel, filing: Filing, ids: Sequence[str]) -> None:
        """Hold the named materials that are stored, and let go of the others."""
        materials = self._records.materials
        wanted = {uuid.UUID(each) for each in ids}
        held = {each.id for each in materials.held_by(tx, holder=HOLDER, holder_id=filing.id)}
        for material_id in sorted(held - wanted):
            materials.detach(tx, material_id=material_id, holder=HOLDER, holder_id=filing.id)
        for material_id in sorted(wanted - held):
            try:
                materials.attach(
                    tx,
                    counsel=counsel,
                    material_id=material_id,
                    holder=HOLDER,
                    holder_id=filing.id,
                )
            except (MaterialUnknown, MaterialNotStored):
                continue  # `problems` says so; the draft is saved all the same

    def _put(
        self, tx: Tx, filing: Filing, section: Section, content: Mapping[str, Any], *,
        before: SectionView | None, by: str, at: datetime,
    ) -> None:  # fmt: skip
        sealed = self._records.seal(filing.id, section, content)
        filing.touched_at = at
        if before is None:
            row = FilingSection(filing_id=filing.id, section=section.value)
            tx.add(row)
        else:
            row = tx.get_one(FilingSection, (filing.id, section.value))
        row.version = 1 if before is None else before.version + 1
        row.content_sealed, row.saved_at, row.saved_by = sealed, at, by
        tx.flush()

    def _carry(self, tx: Tx, filing: Filing, *, title: str, court_code: str) -> None:
        """Keep on the row what lists show."""
        filing.title = title
        if not court_code:
            return
        try:
            filing.court_code = self._records.courts.find(tx, code=court_code).code
        except CourtUnknown as error:
            wrong = {"section": Section.COURT.value, "field": "court_code"}
            raise SectionMalformed(
                errors=[{**wrong, "message": "没有这个法院，请从列表中选择。"}]
            ) from error


def _demand_newest(before: SectionView | None, version: int) -> None:
    """Refuse to write over what another device saved."""
    if before is None or before.version == version:
        return
    raise SectionChanged(
        section=before.section.value,
        current={
            "version": before.version,
            "content": dict(before.content),
            "saved_at": before.saved_at,
            "saved_by": before.saved_by,
        },
    )
