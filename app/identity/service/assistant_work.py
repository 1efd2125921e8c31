"""What a lawyer can give to assistants: auxiliary acts, and their own cases."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime

from app.identity.errors import CaseNotYours
from app.identity.queries.assistants import Found
from app.identity.rules import assistants as rules
from app.identity.service.assistant_values import (
    Act,
    AssistantCard,
    Case,
    LawyersCases,
    Scope,
    helper_of,
    standing_of,
)
from app.kernel.calendar import local_day
from app.kernel.unit_of_work import Tx


class AuxiliaryWork:
    """The registry of auxiliary acts 辅助事务 (code → label), and whose case is whose.

    `lawyers_cases` is set by the casefile, which stands above; until then no case is anybody's.
    """

    def __init__(self, *, acts: Mapping[str, str]) -> None:
        self._acts = dict(acts)
        self.lawyers_cases: LawyersCases | None = None

    @property
    def offered(self) -> tuple[Act, ...]:
        """Return every act that can be given."""
        return self.acts(self._acts)

    def check(self, tx: Tx, *, licence_no: str, scope: Scope, at: datetime) -> None:
        """Whether a lawyer can give this; raises `ActsRefused`, `UntilRefused`, `CaseNotYours`."""
        rules.check_acts(scope.acts, offered=self._acts)
        rules.check_until(scope.until, today=local_day(at))
        if scope.cases is None:
            return
        known = self._titles(tx, licence_no=licence_no, case_ids=scope.cases)
        strange = scope.cases - known.keys()
        if strange or not scope.cases:
            raise CaseNotYours(field="cases", unknown=sorted(map(str, strange)))

    def codes(self, given: Collection[str]) -> frozenset[str]:
        """Return those among the given acts that are still auxiliary acts."""
        return frozenset(given) & self._acts.keys()

    def acts(self, given: Collection[str]) -> tuple[Act, ...]:
        """Return the given acts in the registry's order."""
        return tuple(Act(code=c, label=label) for c, label in self._acts.items() if c in given)

    def label(self, act: str) -> str:
        """Return the words for an act, also of one that is not offered any more."""
        return self._acts.get(act, act)

    def cases(
        self, tx: Tx, *, licence_no: str, given: Collection[uuid.UUID] | None
    ) -> tuple[Case, ...] | None:
        """Return the given cases that are still the lawyer's; None for all."""
        if given is None:
            return None
        known = self._titles(tx, licence_no=licence_no, case_ids=frozenset(given))
        return tuple(Case(id=i, title=known[i]) for i in given if i in known)

    def card(self, tx: Tx, found: Found, *, at: datetime) -> AssistantCard:
        """Describe an assistantship."""
        row, helper = found.row, helper_of(found.people)
        standing = standing_of(row, found.people)
        return AssistantCard(
            id=row.id,
            name=helper.name,
            kind="trainee" if helper.is_trainee else "lawyer",
            kind_label=helper.label,
            number=helper.number,
            lawyer_name=found.people.lawyer_name,
            firm_name=found.people.firm_name,
            acts=self.acts(row.acts),
            cases=self.cases(tx, licence_no=found.people.licence_no, given=row.cases),
            began_at=row.began_at,
            expires_at=row.expires_at,
            ended_at=row.ended_at,
            end_label=rules.EndReason(row.end_reason).label if row.end_reason else "",
            refusal=rules.refusal(standing, at=at),
        )

    def _titles(
        self, tx: Tx, *, licence_no: str, case_ids: frozenset[uuid.UUID]
    ) -> Mapping[uuid.UUID, str]:
        if self.lawyers_cases is None:
            return {}
        return self.lawyers_cases.titles(tx, licence_no=licence_no, case_ids=case_ids)
