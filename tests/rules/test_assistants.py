"""律师助理: the decisions, as tables."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.court.casefile.rules.policy import AUXILIARY
from app.errors import AppError
from app.identity.errors import (
    ActNotGiven,
    ActsRefused,
    AssistantNotPractising,
    AssistantshipEnded,
    AssistantshipExpired,
    AssistedNotBound,
    AssistedNotPractising,
    CaseNotGiven,
    FirmChanged,
    InvitationClosed,
    OtherFirm,
    OwnInvitation,
    TooManyAssistants,
    TraineeNotTraining,
    UntilRefused,
)
from app.identity.rules import assistants as rules
from app.identity.rules.assistants import EndReason, Firm, Helper, Standing
from app.kernel.principal import Assistant
from app.ports.registry import PracticeStatus, TraineeStatus

AT = datetime(2026, 11, 25, 8, tzinfo=UTC)
FIRM = Firm(name="北京演示衡平律师事务所", uscc="31110105DEM0000142")
OTHER = Firm(name="上海演示申正律师事务所", uscc="31310115DEM0000345")
LAWYER = Helper(name="周明月", number="1", firm=FIRM, status=PracticeStatus.PRACTISING)
TRAINEE = Helper(name="许知行", number="2", firm=FIRM, status=TraineeStatus.TRAINING)
GOES_ON = Standing(
    expires_at=AT + timedelta(days=1),
    ended_at=None,
    end_reason=None,
    lawyer_firm=FIRM,
    lawyer_status=PracticeStatus.PRACTISING,
    lawyer_bound=True,
    helper=LAWYER,
)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (FIRM, FIRM, True),
        (FIRM, OTHER, False),
        (FIRM, replace(FIRM, name="改名后的律师事务所"), True),
        (FIRM, replace(OTHER, name=FIRM.name), False),
        (FIRM, replace(FIRM, uscc=""), True),
        (replace(FIRM, uscc=""), replace(OTHER, uscc=""), False),
        (Firm(name="甲（北京）所", uscc=""), Firm(name=" 甲(北京)所", uscc="X"), True),
        (Firm(name="", uscc=""), Firm(name="", uscc=""), False),
    ],
)
def test_same_firm(one: Firm, other: Firm, same: bool) -> None:
    assert one.same_as(other) is same
    assert other.same_as(one) is same


@pytest.mark.parametrize(
    "status", [s for s in PracticeStatus if s is not PracticeStatus.PRACTISING]
)
def test_a_lawyer_who_may_not_practise_does_not_assist(status: PracticeStatus) -> None:
    with pytest.raises(AssistantNotPractising) as refused:
        rules.check_helper(replace(LAWYER, status=status), firm=FIRM)
    assert refused.value.extra["status_label"] == status.label


@pytest.mark.parametrize("status", [s for s in TraineeStatus if s is not TraineeStatus.TRAINING])
def test_a_trainee_assists_only_in_training(status: TraineeStatus) -> None:
    with pytest.raises(TraineeNotTraining):
        rules.check_helper(replace(TRAINEE, status=status), firm=FIRM)


@pytest.mark.parametrize("helper", [LAWYER, TRAINEE])
def test_same_firm_only(helper: Helper) -> None:
    rules.check_helper(helper, firm=FIRM)
    with pytest.raises(OtherFirm):
        rules.check_helper(helper, firm=OTHER)


def test_nobody_assists_themselves() -> None:
    one, other = uuid.UUID(int=1), uuid.UUID(int=2)
    rules.check_not_self(lawyer_id=one, helper_id=other)
    with pytest.raises(OwnInvitation):
        rules.check_not_self(lawyer_id=one, helper_id=one)


@given(st.lists(st.sampled_from(rules.SLOTS), unique=True))
def test_three_places(taken: list[int]) -> None:
    if len(taken) == len(rules.SLOTS):
        with pytest.raises(TooManyAssistants):
            rules.free_slot(taken)
    else:
        assert rules.free_slot(taken) in set(rules.SLOTS) - set(taken)


@pytest.mark.parametrize(
    ("until", "good"),
    [
        (date(2026, 11, 24), False),
        (date(2026, 11, 25), True),
        (date(2027, 11, 25), True),
        (date(2027, 11, 26), False),
        (date.max, False),
        (date.min, False),
    ],
)
def test_a_year_at_most(until: date, good: bool) -> None:
    today = date(2026, 11, 25)
    if good:
        rules.check_until(until, today=today)
        return
    with pytest.raises(UntilRefused) as refused:
        rules.check_until(until, today=today)
    assert refused.value.extra["field"] == "until"


@pytest.mark.parametrize("acts", [[], ["settle"], ["case.view", "appeal"], [""]])
def test_only_auxiliary_acts(acts: list[str]) -> None:
    with pytest.raises(ActsRefused):
        rules.check_acts(acts, offered=AUXILIARY)


def test_nothing_that_needs_a_special_authorisation_is_offered() -> None:
    """民诉法 art. 62: 承认、放弃、变更诉讼请求，和解，反诉，上诉; and nothing is submitted."""
    rules.check_acts(AUXILIARY, offered=AUXILIARY)
    words = "".join(AUXILIARY.values())
    for special in ("承认", "放弃", "变更", "和解", "反诉", "上诉", "提交", "签", "确认"):
        assert special not in words


@pytest.mark.parametrize(
    ("used", "withdrawn", "expires", "reason"),
    [
        (None, None, AT + timedelta(seconds=1), None),
        (AT, None, AT + timedelta(hours=1), "used"),
        (None, AT, AT + timedelta(hours=1), "withdrawn"),
        (None, None, AT, "expired"),
    ],
)
def test_an_invitation(
    used: datetime | None, withdrawn: datetime | None, expires: datetime, reason: str | None
) -> None:
    moments: Any = {"used_at": used, "withdrawn_at": withdrawn, "expires_at": expires, "at": AT}
    if reason is None:
        rules.check_invitation(**moments)
        return
    with pytest.raises(InvitationClosed) as refused:
        rules.check_invitation(**moments)
    assert refused.value.extra["reason"] == reason


@pytest.mark.parametrize(
    ("standing", "error"),
    [
        (GOES_ON, None),
        (replace(GOES_ON, helper=TRAINEE), None),
        (replace(GOES_ON, ended_at=AT, end_reason="by_lawyer"), AssistantshipEnded),
        (replace(GOES_ON, expires_at=AT), AssistantshipExpired),
        (replace(GOES_ON, lawyer_status=PracticeStatus.SUSPENDED), AssistedNotPractising),
        (replace(GOES_ON, lawyer_bound=False), AssistedNotBound),
        (
            replace(GOES_ON, helper=replace(LAWYER, status=PracticeStatus.SUSPENDED)),
            AssistantNotPractising,
        ),
        (
            replace(GOES_ON, helper=replace(TRAINEE, status=TraineeStatus.CANCELLED)),
            TraineeNotTraining,
        ),
        (replace(GOES_ON, helper=replace(LAWYER, firm=OTHER)), FirmChanged),
        (replace(GOES_ON, lawyer_firm=OTHER), FirmChanged),
    ],
)
def test_acting(standing: Standing, error: type[AppError] | None) -> None:
    assert rules.refusal(standing, at=AT) == ("" if error is None else error.code)
    if error is not None:
        with pytest.raises(error):
            rules.check_acting(standing, at=AT)


@pytest.mark.parametrize(
    ("standing", "reason"),
    [
        (GOES_ON, None),
        (replace(GOES_ON, lawyer_status=PracticeStatus.SUSPENDED), None),
        (replace(GOES_ON, helper=replace(LAWYER, status=PracticeStatus.SUSPENDED)), None),
        (replace(GOES_ON, helper=replace(TRAINEE, status=TraineeStatus.SUSPENDED)), None),
        (replace(GOES_ON, expires_at=AT), EndReason.EXPIRED),
        (replace(GOES_ON, lawyer_firm=OTHER), EndReason.FIRM_CHANGED),
        (
            replace(GOES_ON, helper=replace(TRAINEE, status=TraineeStatus.COMPLETED)),
            EndReason.TRAINEE_ENDED,
        ),
        (
            replace(GOES_ON, helper=replace(TRAINEE, status=TraineeStatus.CANCELLED)),
            EndReason.TRAINEE_ENDED,
        ),
    ],
)
def test_what_ends_by_itself(standing: Standing, reason: EndReason | None) -> None:
    assert rules.reason_to_end(standing, at=AT) == reason


@pytest.mark.parametrize("reason", EndReason)
def test_every_end_has_words(reason: EndReason) -> None:
    assert reason.label


CASE, ANOTHER = uuid.UUID(int=1), uuid.UUID(int=2)


@pytest.mark.parametrize(
    ("acts", "cases", "act", "case_id", "error"),
    [
        ({"case.view"}, None, "case.view", CASE, None),
        ({"case.view"}, {CASE}, "case.view", CASE, None),
        ({"case.view"}, {CASE}, "case.view", None, None),
        ({"case.view"}, {CASE}, "case.view", ANOTHER, CaseNotGiven),
        ({"case.view"}, set(), "case.view", CASE, CaseNotGiven),
        ({"case.view"}, None, "filing.draft", CASE, ActNotGiven),
        (set(), None, "case.view", None, ActNotGiven),
    ],
)
def test_what_was_given(
    acts: set[str],
    cases: set[uuid.UUID] | None,
    act: str,
    case_id: uuid.UUID | None,
    error: type[AppError] | None,
) -> None:
    assistant = Assistant(
        assistant_id=uuid.UUID(int=9),
        name="周明月",
        acts=frozenset(acts),
        cases=None if cases is None else frozenset(cases),
    )
    if error is None:
        rules.check_given(assistant, act=act, case_id=case_id)
    else:
        with pytest.raises(error):
            rules.check_given(assistant, act=act, case_id=case_id)
