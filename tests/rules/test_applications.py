"""Typed applications: forms, steps, who decides, which clock."""

from __future__ import annotations

import itertools

import pytest

from app.court.applications.errors import ApplicationClosed
from app.court.applications.rules.fields import FieldType, check
from app.court.applications.rules.kinds import KINDS, ClockRef, Decider, Kind, clock, decider
from app.court.applications.rules.states import DECISIONS, UNDECIDED, State, step
from app.court.casefile.rules.deadlines import RULES

EXAMPLES: dict[FieldType, object] = {
    FieldType.TEXT: "写明事实和理由",
    FieldType.MONEY: 100_00,
    FieldType.FLAG: True,
    FieldType.DAYS: 10,
}


def filled(kind: Kind, **changes: object) -> dict[str, object]:
    fields = KINDS[kind].fields
    good = {f.name: next(iter(f.choices)) if f.choices else EXAMPLES[f.type] for f in fields}
    return {**good, **changes}


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_stands_on_the_table_of_deadlines(kind: Kind) -> None:
    rule = KINDS[kind]
    refs = [rule.clock]
    refs += [rule.urgent] if rule.urgent else []
    if rule.reconsideration:
        refs.append(rule.reconsideration.answer)
        refs += [rule.reconsideration.within] if rule.reconsideration.within else []
    for ref in refs:
        assert (ref.rule_id, ref.variant) in RULES
    assert rule.basis
    assert check(rule.fields, filled(kind)) == []


@pytest.mark.parametrize("kind", Kind)
def test_each_required_field_is_asked_for_by_its_name(kind: Kind) -> None:
    for field in KINDS[kind].fields:
        for empty in (None, ""):
            errors = check(KINDS[kind].fields, filled(kind, **{field.name: empty}))
            assert [e.field for e in errors] == ([field.name] if field.required else [])
        assert all(field.label in e.message for e in errors)


@pytest.mark.parametrize(
    ("kind", "change", "field"),
    [
        (Kind.PRESERVATION, {"what": "everything"}, "what"),
        (Kind.PRESERVATION, {"amount_fen": 0}, "amount_fen"),
        (Kind.PRESERVATION, {"amount_fen": True}, "amount_fen"),
        (Kind.PRESERVATION, {"urgent": "yes"}, "urgent"),
        (Kind.EVIDENCE_EXTENSION, {"days": 0}, "days"),
        (Kind.EVIDENCE_EXTENSION, {"days": 91}, "days"),
        (Kind.WITHDRAWAL, {"reason": "   "}, "reason"),
        (Kind.WITHDRAWAL, {"reason": "a\x00b"}, "reason"),
        (Kind.WITHDRAWAL, {"reason": "长" * 2001}, "reason"),
        (Kind.WITHDRAWAL, {"more": "x"}, "more"),
    ],
)
def test_what_is_wrong_is_named(kind: Kind, change: dict[str, object], field: str) -> None:
    assert [e.field for e in check(KINDS[kind].fields, filled(kind, **change))] == [field]


def test_steps() -> None:
    for before, after in itertools.product(State, State):
        decided = before in DECISIONS and after is State.RECONSIDERING
        reconsidered = before is State.RECONSIDERING and after in (State.UPHELD, State.CHANGED)
        first = before is State.SUBMITTED and after in (
            *DECISIONS, State.SECURITY_DEMANDED, State.WITHDRAWN,
        )  # fmt: skip
        secured = before is State.SECURITY_DEMANDED and after in (
            State.SUBMITTED, State.REFUSED, State.WITHDRAWN,
        )  # fmt: skip
        if decided or reconsidered or first or secured:
            assert step(before, after) is after
        else:
            with pytest.raises(ApplicationClosed):
                step(before, after)
    assert not DECISIONS & UNDECIDED


def test_who_decides_a_recusal() -> None:
    assert decider(Kind.RECUSAL, {"office": "judge"}) is Decider.PRESIDENT
    assert decider(Kind.RECUSAL, {"office": "other"}) is Decider.BENCH
    assert all(decider(k, {}) is Decider.BENCH for k in Kind)


def test_urgency_shortens_the_courts_time() -> None:
    assert clock(Kind.PRESERVATION, {"urgent": True}) == ClockRef("D38", "urgent")
    assert clock(Kind.PRESERVATION, {"urgent": False}) == ClockRef("D38", "ruling")
    assert clock(Kind.RECUSAL, {"urgent": True}) == ClockRef("D35", "decision")
