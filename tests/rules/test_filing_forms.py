"""The form's rules as tables: what each kind asks for, what is wrong with what was typed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from app.court.casefile.rules.case_types import CASE_TYPES
from app.court.casefile.rules.deadlines import RULES
from app.court.casefile.rules.due import due
from app.court.casefile.rules.representation import POWERS
from app.court.filing.errors import CorrectionRefused, FilingClosed
from app.court.filing.rules import corrections, drafts
from app.court.filing.rules.drafts import Problem
from app.court.filing.rules.duplicates import sameness
from app.court.filing.rules.forms import FORMS, FilingKind, Section, Side, cause_fee
from app.court.filing.rules.states import NEXT, OPEN, State, step
from app.court.filing.schemas.sections import content_of
from app.court.filing.service.fees import of_draft
from app.kernel.calendar import SHANGHAI
from tests.filing import CLAIMANT, KINDS, RESPONDENT, contents

TODAY = date(2026, 3, 2)
ALL = {power.value for power in POWERS}


def whole(kind: FilingKind = FilingKind.CIVIL) -> dict[Section, Any]:
    found = contents()
    if FORMS[kind].basis:
        found[Section.COURT]["basis"] = "（2025）京0105民初9号"
    if "natural" not in FORMS[kind].kinds_of_respondent:
        office = {**RESPONDENT, "kind": "legal", "name": "某某区市场监督管理局"}
        found[Section.PARTIES]["items"] = [CLAIMANT, {**office, "identity_no": ""}]
    return found


def problems(
    sections: dict[Section, Any], kind: FilingKind = FilingKind.CIVIL, *, materials: Any = None
) -> set[tuple[str, str]]:
    needed = {need.kind for need in FORMS[kind].materials if need.required}
    found = drafts.problems(
        drafts.read(kind, sections),
        materials=needed if materials is None else materials,
        powers=ALL,
        on=TODAY,
    )
    return {(each.section.value, each.field) for each in found}


@pytest.mark.parametrize("kind", FilingKind)
def test_every_kind_can_be_filed_whole(kind: FilingKind) -> None:
    assert problems(whole(kind), kind) == set()
    assert FORMS[kind].type_word in CASE_TYPES
    assert {Side.CLAIMANT, Side.RESPONDENT} <= set(FORMS[kind].roles)


@pytest.mark.parametrize("kind", FilingKind)
def test_an_empty_draft_says_what_each_kind_needs(kind: FilingKind) -> None:
    form = FORMS[kind]
    found = problems({}, kind, materials=set())
    needed = {("materials", need.kind) for need in form.materials if need.required}
    assert {("court", "court_code"), ("parties", "claimant"), *needed} <= found
    assert (("court", "jurisdiction") in found) == form.jurisdiction
    assert (("court", "basis") in found) == bool(form.basis)


@pytest.mark.parametrize(
    ("section", "change", "field"),
    [
        (Section.COURT, {"cause": " "}, "cause"),
        (Section.PARTIES, {"items": [CLAIMANT]}, "respondent"),
        (Section.PARTIES, {"items": [{**CLAIMANT, "uscc": "91110000600037341M"}, RESPONDENT]},
         "items.0.uscc"),
        (Section.PARTIES, {"items": [{**CLAIMANT, "legal_representative": ""}, RESPONDENT]},
         "items.0.legal_representative"),
        (Section.PARTIES, {"items": [{**CLAIMANT, "phone": "12"}, RESPONDENT]}, "items.0.phone"),
        (Section.PARTIES, {"items": [CLAIMANT, {**RESPONDENT, "identity_no": "1" * 18}]},
         "items.1.identity_no"),
        (Section.PARTIES, {"items": [CLAIMANT, {**RESPONDENT, "address": ""}]}, "items.1.address"),
        (Section.CLAIMS, {"items": ["", "  "]}, "items"),
        (Section.FACTS, {"text": "太短"}, "text"),
        (Section.AGENCY, {"acts_for": []}, "acts_for"),
        (Section.AGENCY, {"acts_for": [1]}, "acts_for"),
        (Section.AGENCY, {"authority": "general", "powers": ["settle"]}, "powers"),
        (Section.AGENCY, {"authority": "special", "powers": []}, "powers"),
        (Section.AGENCY, {"service_phone": "电话"}, "service_phone"),
    ],
)  # fmt: skip
def test_one_mistake_is_named_at_its_field(
    section: Section, change: dict[str, Any], field: str
) -> None:
    sections = whole()
    sections[section] = {**sections[section], **change}
    found = problems(sections)
    assert (section.value, field) in found
    assert {name for name, _ in found} <= {section.value, Section.AGENCY.value}


def test_the_other_sides_number_may_be_unknown_and_ones_own_may_not() -> None:
    sections = whole()
    sections[Section.PARTIES]["items"] = [CLAIMANT, {**RESPONDENT, "identity_no": ""}]
    assert problems(sections) == set()
    sections[Section.PARTIES]["items"] = [{**CLAIMANT, "uscc": ""}, RESPONDENT]
    assert problems(sections) == {("parties", "items.0.uscc")}


def test_an_administrative_case_is_against_an_authority() -> None:
    sections = whole(FilingKind.ADMINISTRATIVE)
    sections[Section.PARTIES]["items"] = [CLAIMANT, RESPONDENT]
    assert ("parties", "items.1.kind") in problems(sections, FilingKind.ADMINISTRATIVE)


def test_numbers_typed_with_spaces_and_wide_digits_are_read() -> None:
    sections = whole()
    wide = {**RESPONDENT, "identity_no": "１１０１０５ 19491231 002x"}
    sections[Section.PARTIES]["items"] = [CLAIMANT, wide]
    assert problems(sections) == set()


def test_the_title_is_what_lawyers_say() -> None:
    assert drafts.read(FilingKind.CIVIL, whole()).title == "北京甲科技有限公司诉王小乙买卖合同纠纷"
    assert drafts.read(FilingKind.CIVIL, {}).title == "民事起诉"


def test_the_same_matter_whatever_the_order_and_spelling() -> None:
    def of(**changed: Any) -> str:
        sections = whole()
        for name, change in changed.items():
            sections[Section(name)] = {**sections[Section(name)], **change}
        return sameness(drafts.read(FilingKind.CIVIL, sections))

    spaced = {**RESPONDENT, "name": "王 小乙", "identity_no": "11010519491231002x"}
    assert of() == of(parties={"items": [spaced, CLAIMANT]})
    assert of() != of(court={"cause": "民间借贷纠纷"})
    assert of() != of(parties={"items": [CLAIMANT]})


@pytest.mark.parametrize(
    ("kind", "received", "last"),
    [  # 2026: New Year 1–3 Jan., Spring Festival 15–23 Feb., Qingming 4–6 Apr.
        (FilingKind.CIVIL, date(2026, 3, 2), date(2026, 3, 9)),
        (FilingKind.CIVIL, date(2026, 2, 10), date(2026, 2, 24)),
        (FilingKind.ADMINISTRATIVE, date(2026, 3, 2), date(2026, 3, 9)),
        (FilingKind.PROSECUTION, date(2026, 3, 20), date(2026, 4, 7)),
        (FilingKind.REVOCATION, date(2026, 3, 2), date(2026, 4, 1)),
        (FilingKind.OBJECTION, date(2026, 3, 2), date(2026, 3, 17)),
    ],
)
def test_how_long_the_court_has(kind: FilingKind, received: date, last: date) -> None:
    clock = FORMS[kind].clock
    assert clock is not None
    at = datetime(received.year, received.month, received.day, 10, tzinfo=SHANGHAI)
    assert due(RULES[clock], at).last_day == last


@pytest.mark.parametrize("kind", [FilingKind.APPEAL, FilingKind.ENFORCEMENT])
def test_appeals_and_enforcement_are_not_registered_by_themselves(kind: FilingKind) -> None:
    assert FORMS[kind].clock is None


@pytest.mark.parametrize("kind", FilingKind)
def test_every_reason_of_correction_is_tied_to_what_the_form_has(kind: FilingKind) -> None:
    form = FORMS[kind]
    kinds = {need.kind for need in form.materials}
    for code, reason in corrections.reasons_of(kind).items():
        assert corrections.sections([code]) == {reason.section}
        if reason.section is Section.MATERIALS:
            assert reason.field in kinds
    assert ("court.basis" in corrections.reasons_of(kind)) == bool(form.basis)


@pytest.mark.parametrize(
    ("codes", "days", "earlier"),
    [
        ([], 7, None),
        (["nothing.known"], 7, None),
        (["facts.text"], 2, None),
        (["facts.text"], 31, None),
        (["facts.text"], 7, ["claims.unclear"]),
        (["facts.text", "claims.unclear"], 7, ["claims.unclear"]),
    ],
)
def test_a_notice_of_correction_that_breaks_its_rules(
    codes: list[str], days: int, earlier: list[str] | None
) -> None:
    with pytest.raises(CorrectionRefused):
        corrections.check(FilingKind.CIVIL, codes, days=days, earlier=earlier)


def test_a_second_notice_may_repeat_the_first() -> None:
    first = ["claims.unclear", "facts.text"]
    found = corrections.check(FilingKind.CIVIL, first, days=7, earlier=None)
    assert [reason.code for reason in found] == first
    assert corrections.check(FilingKind.CIVIL, first[:1], days=3, earlier=first)


def test_the_states_end_and_nothing_comes_back() -> None:
    for state in State:
        for to in State:
            if to in NEXT[state]:
                assert step(state, to) is to
            else:
                with pytest.raises(FilingClosed):
                    step(state, to)
    assert {state for state in State if not NEXT[state]} == set(State) - OPEN - {State.DRAFT}


@pytest.mark.parametrize(
    ("kind", "cause", "claim_fen", "fen"),
    [
        (FilingKind.CIVIL, "买卖合同纠纷", 100_000_000, 1_380_000),
        (FilingKind.CIVIL, "劳动争议", 5_000_000, 1000),
        (FilingKind.CIVIL, "一个没有列出的案由", 100_000_000, 1_380_000),
        (FilingKind.ADMINISTRATIVE, "行政处罚", None, 5000),
        (FilingKind.APPEAL, "买卖合同纠纷", 100_000_000, 1_380_000),
        (FilingKind.PROSECUTION, "诽谤罪", None, None),
        (FilingKind.ENFORCEMENT, "民事判决执行", 100_000_000, None),
    ],
)
def test_what_is_paid_in_advance(
    kind: FilingKind, cause: str, claim_fen: int | None, fen: int | None
) -> None:
    sections = whole(kind)
    sections[Section.COURT]["cause"] = cause
    sections[Section.CLAIMS]["claim_fen"] = claim_fen
    found = of_draft(drafts.read(kind, sections))
    assert (None if found is None else found.low_fen) == fen
    assert (cause_fee(FORMS[kind], cause) is None) == (fen is None)


def test_the_digest_is_of_what_was_typed_and_nothing_else() -> None:
    sections = {section: content_of(section, each) for section, each in whole().items()}
    again = dict(reversed(sections.items()))
    assert drafts.digest(sections) == drafts.digest(again)
    again[Section.FACTS] = {"text": "改了一个字"}
    assert drafts.digest(sections) != drafts.digest(again)
    assert set(KINDS) <= {need.kind for need in FORMS[FilingKind.CIVIL].materials}
    assert Problem(section=Section.FACTS, field="text", message="x").message
