"""Complaints, the desk, numbers, ratings: tables and properties."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.court.casefile.rules.deadlines import RULES
from app.court.feedback.errors import (
    DeedRefused,
    FeedbackIncomplete,
    RatingClosed,
    ReopeningOver,
    StageNotReached,
    TicketStepRefused,
    TicketUnknown,
)
from app.court.feedback.rules import complaint, desk, numbers, rating, reply_times
from app.court.feedback.rules.complaint import Kind, Level, Opinion, Standing, State
from app.court.feedback.rules.desk import Deed, Matter
from app.court.feedback.rules.rating import Dimension, Given, Phase, Subject
from app.court.feedback.rules.suggestion import SuggestionState, check_answer
from app.kernel.principal import Staff, StaffRole

AT = datetime(2026, 11, 25, 2, tzinfo=UTC)
DAY = timedelta(days=1)


# --- numbers -----------------------------------------------------------------------------------


@given(st.integers(min_value=0, max_value=numbers.DRAWN - 1))
def test_a_number_is_heard_as_it_is_spoken(drawn: int) -> None:
    number = numbers.number(drawn)
    assert len(number) == 8
    assert numbers.heard(numbers.spoken(number)) == number
    assert numbers.heard(f" {number[:4]}－{number[4:]} ") == number


@given(st.integers(0, numbers.DRAWN - 1), st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_is_found(drawn: int, place: int, shift: int) -> None:
    number = numbers.number(drawn)
    wrong = (int(number[place]) + shift) % 10
    assert numbers.heard(f"{number[:place]}{wrong}{number[place + 1 :]}") is None


@pytest.mark.parametrize("text", ["", "1234567", "123456789", "1234abcd", "' OR 1", "①②③④⑤⑥⑦⑧"])
def test_what_is_no_number(text: str) -> None:
    assert numbers.heard(text) is None


def test_full_width_digits_are_digits() -> None:
    number = numbers.number(4_821_703)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number)
    assert numbers.heard(wide) == number


# --- the steps of a complaint --------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_deadline(kind: Kind) -> None:
    """Only the one of 立案 stands in the law; the other is to be confirmed and says so."""
    found = RULES[kind.rule, ""]
    assert found.to_confirm is (kind is not Kind.FILING)
    if kind is Kind.FILING:
        assert found.length is not None
        assert (found.id, found.length.amount) == ("D47", 15)


def test_a_complaint_is_answered_and_closed() -> None:
    handled = complaint.hand(Standing())
    replied = complaint.reply(handled, AT)
    closed = complaint.judge(replied, satisfied=True, at=AT + DAY)
    assert (closed.state, closed.opinion) == (State.CLOSED, Opinion.SATISFIED)
    for step in (complaint.hand, complaint.escalate):
        with pytest.raises(TicketStepRefused):
            step(closed)
    with pytest.raises(TicketStepRefused):
        complaint.judge(closed, satisfied=False, at=AT)


def test_dissatisfaction_goes_up_to_the_president_and_ends_there() -> None:
    standing = Standing()
    for level in (Level.DIVISION, Level.PRESIDENT):
        standing = complaint.judge(complaint.reply(standing, AT), satisfied=False, at=AT)
        assert (standing.state, standing.level) == (State.HANDLING, level)
    last = complaint.judge(complaint.reply(standing, AT), satisfied=False, at=AT)
    assert (last.state, last.opinion) == (State.CLOSED, Opinion.DISSATISFIED)
    again = complaint.reopen(last, AT)
    assert (again.state, again.level, again.reopened) == (State.HANDLING, Level.PRESIDENT, True)
    closed = complaint.judge(complaint.reply(again, AT), satisfied=True, at=AT)
    with pytest.raises(ReopeningOver):
        complaint.reopen(closed, AT)


def test_silence_closes_after_thirty_days_and_can_be_reopened_for_thirty_more() -> None:
    replied = complaint.reply(Standing(), AT)
    assert complaint.at_moment(replied, AT + 30 * DAY).state is State.REPLIED
    silent = complaint.at_moment(replied, AT + 31 * DAY)
    assert (silent.state, silent.opinion) == (State.CLOSED, Opinion.SILENT)
    with pytest.raises(TicketStepRefused):
        complaint.judge(replied, satisfied=False, at=AT + 31 * DAY)
    assert complaint.reopen(replied, AT + 60 * DAY).level is Level.DIVISION
    with pytest.raises(ReopeningOver):
        complaint.reopen(replied, AT + 61 * DAY)


def test_a_ringing_clock_takes_open_tickets_up_only() -> None:
    up = complaint.overdue(Standing())
    assert up is not None
    assert up.level is Level.DIVISION
    top = complaint.overdue(Standing(level=Level.PRESIDENT))
    assert top is not None
    assert top.level is Level.PRESIDENT
    assert complaint.overdue(complaint.reply(Standing(), AT)) is None


MOVES = st.lists(st.sampled_from(["hand", "escalate", "reply", "yes", "no", "reopen", "ring"]))


@given(MOVES)
def test_whatever_is_tried_no_ticket_goes_down_or_is_reopened_twice(moves: list[str]) -> None:
    levels = list(Level)
    standing, reopened, at = Standing(), 0, AT
    for move in moves:
        at += DAY
        before = standing
        try:
            standing = step(standing, move, at)
        except (TicketStepRefused, ReopeningOver):
            assert standing == before
            continue
        reopened += move == "reopen"
        assert levels.index(standing.level) >= levels.index(before.level)
        assert (standing.state is State.CLOSED) == (standing.closed_at is not None)
    assert reopened <= 1


def step(standing: Standing, move: str, at: datetime) -> Standing:
    return {
        "hand": lambda: complaint.hand(standing),
        "escalate": lambda: complaint.escalate(standing),
        "reply": lambda: complaint.reply(standing, at),
        "yes": lambda: complaint.judge(standing, satisfied=True, at=at),
        "no": lambda: complaint.judge(standing, satisfied=False, at=at),
        "reopen": lambda: complaint.reopen(standing, at),
        "ring": lambda: complaint.overdue(standing) or standing,
    }[move]()


# --- who does what at the desk -------------------------------------------------------------------

COURT = "110105"


def person(role: StaffRole, *, number: int = 1, court: str = COURT, name: str = "王某") -> Staff:
    return Staff(
        staff_id=uuid.UUID(int=number), name=name, role=role, court_code=court, court_name="法院"
    )


def matter(**facts: object) -> Matter:
    known = {"desk_code": COURT, "against_ids": frozenset(), "against_name": ""}
    return Matter(**{**known, "level": Level.OFFICER, **facts})  # type: ignore[arg-type]


@pytest.mark.parametrize("role", StaffRole)
@pytest.mark.parametrize("deed", Deed)
def test_every_cell_of_the_desk(role: StaffRole, deed: Deed) -> None:
    """A role that has the deed does it at its own desk only, and never in a matter about itself."""
    may = role in desk.ROLES[deed]
    assert desk.may(person(role), matter(), deed) is may
    assert not desk.may(person(role, court="310115"), matter(), deed)
    assert not desk.may(person(role), matter(against_name="王某"), deed)
    assert not desk.may(person(role), matter(against_ids=frozenset({uuid.UUID(int=1)})), deed)
    if not may:
        with pytest.raises((DeedRefused, TicketUnknown)):
            desk.demand(person(role), matter(), deed)


def test_a_judge_sees_what_was_given_to_him_and_answers_it() -> None:
    judge = person(StaffRole.JUDGE)
    assert not desk.sees(judge, matter())
    own = matter(owner_id=judge.staff_id, level=Level.DIVISION)
    assert desk.may(judge, own, Deed.REPLY)
    assert not desk.may(judge, own, Deed.HAND)
    assert not desk.may(judge, matter(owner_id=judge.staff_id, level=Level.PRESIDENT), Deed.REPLY)


def test_who_did_not_satisfy_does_not_answer_again() -> None:
    officer, president = person(StaffRole.COMPLAINTS_OFFICER), person(StaffRole.PRESIDENT, number=2)
    again = matter(level=Level.DIVISION, replier_id=officer.staff_id, owner_id=officer.staff_id)
    assert not desk.may(officer, again, Deed.REPLY)
    assert desk.may(officer, again, Deed.HAND)
    assert desk.may(president, again, Deed.REPLY)


def test_a_complaint_about_the_only_president_goes_to_the_court_above() -> None:
    people = [person(StaffRole.PRESIDENT, name="张某"), person(StaffRole.JUDGE, number=2)]
    above = {"parent_code": "京03"}
    assert desk.desk_above(people, matter(against_name="张某"), **above) == "京03"
    assert desk.desk_above(people, matter(against_name="王某"), **above) is None
    assert desk.desk_above([], matter(against_name="张某"), **above) is None
    another = [*people, person(StaffRole.PRESIDENT, number=3, name="李某")]
    assert desk.desk_above(another, matter(against_name="张某"), **above) is None


# --- ratings -------------------------------------------------------------------------------------

FIVE = dict.fromkeys(rating.ASKED[Subject.SERVICE], 5)


def ratings(*raters: int, stars: int = 4) -> list[Given]:
    scores = {dimension.value: stars for dimension in rating.ASKED[Subject.SERVICE]}
    return [Given(rater=bytes([rater]), scores=scores) for rater in raters]


def test_nine_lawyers_are_no_group_however_often_they_rate() -> None:
    assert rating.figures([]) is None
    assert rating.figures(ratings(*range(9), *range(9))) is None
    counted = rating.figures(ratings(*range(10)))
    assert counted is not None
    assert (counted.ratings, set(counted.tenths.values())) == (10, {40})


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 5)), max_size=40))
def test_figures_are_shown_of_ten_lawyers_or_not_at_all(rows: list[tuple[int, int]]) -> None:
    given_rows = [each for rater, stars in rows for each in ratings(rater, stars=stars)]
    counted = rating.figures(given_rows)
    assert (counted is None) == (len({rater for rater, _ in rows}) < 10)
    if counted is not None:
        exact = sum(stars for _, stars in rows) / len(rows)
        assert all(abs(tenths / 10 - exact) <= 0.051 for tenths in counted.tenths.values())


@pytest.mark.parametrize("subject", Subject)
def test_every_dimension_is_asked_for_and_no_other(subject: Subject) -> None:
    asked = dict.fromkeys(rating.ASKED[subject], 3)
    rating.check_scores(subject, asked)
    assert len(asked) <= 5
    for missing in asked:
        with pytest.raises(FeedbackIncomplete):
            rating.check_scores(subject, {k: v for k, v in asked.items() if k is not missing})
        for stars in (0, 6):
            with pytest.raises(FeedbackIncomplete):
                rating.check_scores(subject, {**asked, missing: stars})
    other = next(d for d in Dimension if d not in asked)
    with pytest.raises(FeedbackIncomplete):
        rating.check_scores(subject, {**asked, other: 3})


def test_a_rating_is_open_until_thirty_days_after_the_closing() -> None:
    closed = date(2026, 11, 25)
    rating.check_open(closed_on=None, today=date(2030, 1, 1))
    rating.check_open(closed_on=closed, today=date(2026, 12, 25))
    with pytest.raises(RatingClosed):
        rating.check_open(closed_on=closed, today=date(2026, 12, 26))


def test_only_what_was_reached_is_rated() -> None:
    rating.check_phase(Phase.FILING, stage="accepted")
    for phase, stage in ((Phase.TRIAL, "accepted"), (Phase.CLOSING, "trial")):
        with pytest.raises(StageNotReached):
            rating.check_phase(phase, stage=stage)


# --- the rest ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"state": SuggestionState.RECEIVED, "reply": "很好", "title": "", "published": False},
         "state"),
        ({"state": SuggestionState.ADOPTED, "reply": "", "title": "", "published": False}, "reply"),
        ({"state": SuggestionState.ADOPTED, "reply": "很好", "title": "字", "published": True},
         "title"),
    ],
)  # fmt: skip
def test_an_answer_says_something(values: dict[str, object], field: str) -> None:
    with pytest.raises(FeedbackIncomplete) as refused:
        check_answer(**values)  # type: ignore[arg-type]
    assert refused.value.extra["field"] == field


class Row:
    def __init__(self, hours: float | None) -> None:
        self.filed_at = AT
        self.first_due_on = date(2026, 11, 30)
        self.first_replied_at = None if hours is None else AT + timedelta(hours=hours)


def test_reply_times_are_counted() -> None:
    times = reply_times.count([Row(12), Row(36), Row(240), Row(None)])
    assert (times.filed, times.answered, times.in_time, times.tenths) == (4, 3, 2, 40)
    assert reply_times.count([]).tenths is None
