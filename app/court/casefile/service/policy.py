"""Who may do what, asked in one place: the facts are loaded here, the rules decide."""

from __future__ import annotations

import uuid
from dataclasses import replace

from app.court.casefile.errors import ActRefused, CaseUnknown
from app.court.casefile.models import CourtCase
from app.court.casefile.queries import cases as case_reads
from app.court.casefile.queries import representations as reads
from app.court.casefile.rules.policy import Act, Decision, Role, Standing, Tie, decide
from app.kernel.principal import Counsel, Staff
from app.kernel.unit_of_work import Tx

Asker = Counsel | Staff


class Policy:
    """应用管控: role × act × case. A case that the asker is not tied to does not exist for them."""

    def demand(self, tx: Tx, *, who: Asker, act: Act, case_id: uuid.UUID) -> CourtCase:
        """Return the case if the act is allowed in it; raises `CaseUnknown`, `ActRefused`."""
        case = case_reads.case(tx, case_id=case_id)
        if case is None:
            raise CaseUnknown
        standing = self.standing(tx, who=who, case=case)
        decision = decide(act, standing)
        if decision.allowed:
            return case
        if standing.ties <= {Tie.NOTHING}:
            raise CaseUnknown
        raise ActRefused(rule=decision.rule, sentence=decision.sentence)

    def demand_free(self, *, who: Asker, act: Act) -> None:
        """Let an act go on that is about no case yet; raises `ActRefused`."""
        decision = decide(act, self.free_standing(who=who))
        if not decision.allowed:
            raise ActRefused(rule=decision.rule, sentence=decision.sentence)

    def demand_listing(self, *, who: Counsel) -> None:
        """Let a lawyer's cases be listed, which the query ties to them; raises `ActRefused`.

        An assistant 律师助理 lists them only if looking at cases was given.
        """
        free = self.free_standing(who=who)
        decision = decide(Act.CASE_VIEW, replace(free, ties=frozenset({Tie.REPRESENTS})))
        if not decision.allowed:
            raise ActRefused(rule=decision.rule, sentence=decision.sentence)

    def explain(self, tx: Tx, *, who: Asker, act: Act, case_id: uuid.UUID) -> Decision:
        """Return the decision and the rule it rests on; raises `CaseUnknown`."""
        case = self.demand(tx, who=who, act=Act.CASE_VIEW, case_id=case_id)
        return decide(act, self.standing(tx, who=who, case=case))

    def free_standing(self, *, who: Asker) -> Standing:
        """Return the facts about somebody, apart from any case."""
        if isinstance(who, Staff):
            return Standing(role=Role(who.role.value), ties=frozenset({Tie.NOTHING, Tie.OWN_COURT}))
        helper = who.assistant
        return Standing(
            role=Role.LAWYER if helper is None else Role.ASSISTANT,
            acts=None if helper is None else helper.acts,
        )

    def standing(self, tx: Tx, *, who: Asker, case: CourtCase) -> Standing:
        """Return the facts about somebody in a case."""
        if isinstance(who, Staff):
            return _of_staff(who, case)
        found = reads.effective(tx, licence_no=who.licence_no, case_id=case.id)
        helper = who.assistant
        return Standing(
            role=Role.LAWYER if helper is None else Role.ASSISTANT,
            ties=frozenset({Tie.NOTHING, *([Tie.REPRESENTS] if found else [])}),
            powers=frozenset(power for each in found for power in each.powers),
            acts=None if helper is None else helper.acts,
            cases=None if helper is None else helper.cases,
            case_id=case.id,
            sealed=case.sealed,
        )


def _of_staff(who: Staff, case: CourtCase) -> Standing:
    ties = {Tie.NOTHING}
    if who.court_code == case.court_code:
        ties.add(Tie.OWN_COURT)
    if who.staff_id in (case.judge_id, case.clerk_id) or str(who.staff_id) in case.panel:
        ties.add(Tie.HANDLES)
    return Standing(
        role=Role(who.role.value), ties=frozenset(ties), case_id=case.id, sealed=case.sealed
    )
