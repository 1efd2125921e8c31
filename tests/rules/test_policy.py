"""Role × act × case: the table, row by row, and what each refusal names."""

from __future__ import annotations

import uuid

import pytest

from app.court.casefile.rules.policy import ACTS, AUXILIARY, Act, Role, Standing, Tie, decide
from app.court.casefile.rules.representation import Power

CASE = uuid.UUID(int=1)
ALL_POWERS = frozenset(power.value for power in Power)
COURT_ROLES = {
    Role.FILING_OFFICER, Role.CLERK, Role.JUDGE, Role.PRESIDENT, Role.COMPLAINTS_OFFICER,
    Role.HOTLINE, Role.AUDITOR, Role.DISCIPLINE,
}  # fmt: skip


def standing(role: Role, *ties: Tie, **facts: object) -> Standing:
    powers = ALL_POWERS if role is Role.LAWYER else frozenset()
    known = {"case_id": CASE, "powers": powers, **facts}
    return Standing(role=role, ties=frozenset({Tie.NOTHING, *ties}), **known)  # type: ignore[arg-type]


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("role", Role)
def test_every_cell_of_the_matrix(act: Act, role: Role) -> None:
    """A role that the table does not name is refused; one that it names needs its tie."""
    tie = ACTS[act].roles.get(role)
    with_all = decide(act, standing(role, *Tie))
    assert with_all.allowed is (tie is not None)
    if tie is None:
        assert with_all.rule == "role"
        return
    without = decide(act, standing(role, *(set(Tie) - {tie, Tie.NOTHING})))
    assert without.allowed is (tie is Tie.NOTHING)
    if not without.allowed:
        assert without.rule == f"tie.{tie}"


def test_assistants_do_auxiliary_work_only() -> None:
    assert Act.FILING_DRAFT in AUXILIARY
    for act in Act:
        if ACTS[act].power is not None:
            assert act not in AUXILIARY, "an assistant never holds a special power"
    for act in (Act.FILING_SUBMIT, Act.APPLICATION_SUBMIT, Act.SERVICE_SIGN, Act.COMPLAINT_FILE):
        assert act not in AUXILIARY


def test_an_assistants_scope() -> None:
    given = {"acts": frozenset({Act.CASE_VIEW.value}), "cases": frozenset({CASE})}
    assert decide(Act.CASE_VIEW, standing(Role.ASSISTANT, Tie.REPRESENTS, **given)).allowed
    other = standing(Role.ASSISTANT, Tie.REPRESENTS, **{**given, "case_id": uuid.UUID(int=2)})
    assert decide(Act.CASE_VIEW, other).rule == "assistant.case"
    more = standing(Role.ASSISTANT, Tie.REPRESENTS, **given)
    assert decide(Act.MATERIAL_READ, more).rule == "assistant.act"


@pytest.mark.parametrize(
    ("act", "power"),
    [
        (Act.CLAIM_WITHDRAW, Power.WAIVE),
        (Act.CLAIM_CHANGE, Power.CHANGE_CLAIMS),
        (Act.SETTLEMENT_SIGN, Power.SETTLE),
    ],
)
def test_special_acts_need_their_power(act: Act, power: Power) -> None:
    others = ALL_POWERS - {power}
    refused = decide(act, standing(Role.LAWYER, Tie.REPRESENTS, powers=others))
    assert (refused.allowed, refused.rule) == (False, "power")
    assert power.label in refused.sentence
    assert decide(act, standing(Role.LAWYER, Tie.REPRESENTS, powers=frozenset({power}))).allowed


def test_a_sealed_case_is_a_compartment() -> None:
    for role in COURT_ROLES:
        outside = decide(Act.CASE_VIEW, standing(role, Tie.OWN_COURT, sealed=True))
        assert not outside.allowed
    assert (
        decide(Act.CASE_VIEW, standing(Role.PRESIDENT, Tie.OWN_COURT, sealed=True)).rule == "sealed"
    )
    assert decide(Act.CASE_VIEW, standing(Role.JUDGE, Tie.HANDLES, sealed=True)).allowed
    assert decide(Act.CASE_VIEW, standing(Role.LAWYER, Tie.REPRESENTS, sealed=True)).allowed
    broken = standing(Role.PRESIDENT, Tie.OWN_COURT, sealed=True, glass_broken=True)
    assert decide(Act.CASE_VIEW, broken).allowed
