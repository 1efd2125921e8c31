"""Complaints, ratings, suggestions and sealed reports on a real database, with a stepped clock."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator

import psycopg
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from app.court.casefile.errors import ActRefused, CaseUnknown
from app.court.casefile.rules.stages import Stage
from app.court.casefile.service.clocks import TOPIC
from app.court.casefile.service.progress import Bench
from app.court.feedback.errors import (
    DeedRefused,
    FeedbackIncomplete,
    HandlerComplainedAbout,
    HandlerUnknown,
    RatingClosed,
    ReopeningOver,
    ReportUnknown,
    SuggestionUnknown,
    TicketStepRefused,
    TicketUnknown,
    TooMuchFeedback,
)
from app.court.feedback.rules import rating as rating_rules
from app.court.feedback.rules.complaint import Channel, Kind, Level, Opinion, State, StepKind
from app.court.feedback.rules.rating import Dimension, Phase, Subject
from app.court.feedback.rules.report import ReportState
from app.court.feedback.rules.suggestion import Area, SuggestionState
from app.court.feedback.service import FeedbackServices
from app.court.feedback.service.reports import NewReport
from app.court.feedback.service.suggestions import Answer
from app.court.feedback.service.values import Caller, NewComplaint, TicketView
from app.kernel.principal import Assistant, Counsel, Staff, StaffRole
from app.worker import Worker
from tests.conftest import plain
from tests.court import COURT, CourtWorld
from tests.rules.test_sealed_box import opened
from tests.world import World

ELSEWHERE, ABOVE = "310115", "京03"
FIVE = dict.fromkeys(rating_rules.ASKED[Subject.SERVICE], 5)


@pytest.fixture
def court(world: World) -> Iterator[CourtWorld]:
    made = CourtWorld(world=world)
    with world.app.app_context():
        yield made


def feedback(court: CourtWorld) -> FeedbackServices:
    return court.world.services.feedback


def person(court: CourtWorld, role: StaffRole, *, court_code: str = COURT) -> Staff:
    """A person with an account, so that a complaint can be given to him."""
    court.world.staff(role, court_code=court_code)
    row = court.world.sql(
        "SELECT id FROM operator_account WHERE role = %s AND court_code = %s",
        role.value,
        court_code,
    )
    name = f"{role.label}{court_code}"
    court.world.sql("UPDATE operator_account SET name = %s WHERE id = %s", name, row[0][0])
    found = court.world.services.supervision.operators.recognise(str(row[0][0]))
    assert isinstance(found, Staff)
    return found


def complain(court: CourtWorld, counsel: Counsel, **changes: object) -> TicketView:
    known = {"kind": Kind.ATTITUDE, "text": "窗口工作人员态度生硬。", "court_code": COURT}
    return feedback(court).complaints.file(
        counsel=counsel,
        new=NewComplaint(**{**known, **changes}),  # type: ignore[arg-type]
    )


def ring(court: CourtWorld) -> None:
    """Let the worker ring what is due."""
    handlers = {TOPIC: court.casefile.clocks.handle}
    Worker(app=court.world.app, clock=court.world.clock, handlers=handlers).drain()


def test_a_complaint_is_received_answered_and_closed(court: CourtWorld) -> None:
    lin, officer = court.counsel(), person(court, StaffRole.COMPLAINTS_OFFICER)
    filed = complain(court, lin)
    assert (filed.card.state, len(filed.card.number)) == (State.RECEIVED, 8)
    assert filed.to_confirm, "three working days are ours, not the law's"
    desk, ticket_id = feedback(court).desk, filed.card.ticket_id
    assert [card.ticket_id for card in desk.queue(staff=officer)] == [ticket_id]
    desk.hand(staff=officer, ticket_id=ticket_id, to=officer.staff_id)
    desk.reply(staff=officer, ticket_id=ticket_id, text="已核实，向您致歉。")
    view = feedback(court).complaints.ticket(counsel=lin, ticket_id=ticket_id)
    assert (view.card.state, view.may_judge) == (State.REPLIED, True)
    done = feedback(court).complaints.judge(
        counsel=lin, ticket_id=ticket_id, satisfied=True, note=""
    )
    assert (done.card.state, done.card.opinion) == (State.CLOSED, Opinion.SATISFIED)
    assert [step.kind for step in done.steps] == [
        StepKind.FILED, StepKind.HANDED, StepKind.REPLIED, StepKind.SATISFIED,
    ]  # fmt: skip
    kinds = court.world.sql("SELECT count(*) FROM ledger_entry WHERE kind = 'complaint'")
    assert kinds == [(2,)], "filed and replied"
    assert not desk.queue(staff=officer)


def test_filing_complaints_have_fifteen_days_by_law(court: CourtWorld) -> None:
    filed = complain(court, court.counsel(), kind=Kind.FILING)
    assert (filed.basis, filed.to_confirm) == (("登记立案规定 13",), False)
    days = (filed.card.due_on - filed.card.filed_at.date()).days
    assert 15 <= days <= 24, "a rest day may move the last one"


def test_clocks_ring_up_to_the_president(court: CourtWorld) -> None:
    lin, officer = court.counsel(), person(court, StaffRole.COMPLAINTS_OFFICER)
    ticket_id = complain(court, lin).card.ticket_id
    levels = []
    for _ in range(4):
        court.world.clock.step(days=13)
        ring(court)
        card = feedback(court).complaints.ticket(counsel=lin, ticket_id=ticket_id).card
        levels.append(card.level)
    assert levels == [Level.DIVISION, Level.PRESIDENT, Level.PRESIDENT, Level.PRESIDENT]
    view = feedback(court).complaints.ticket(counsel=lin, ticket_id=ticket_id)
    assert [step.kind for step in view.steps].count(StepKind.OVERDUE) == 4
    with pytest.raises(DeedRefused):
        feedback(court).desk.reply(staff=officer, ticket_id=ticket_id, text="现在才答复。")
    president = person(court, StaffRole.PRESIDENT)
    feedback(court).desk.reply(staff=president, ticket_id=ticket_id, text="已责成整改。")
    court.world.clock.step(days=20)
    ring(court)
    card = feedback(court).complaints.ticket(counsel=lin, ticket_id=ticket_id).card
    assert card.state is State.REPLIED, "an answered ticket's clock does not ring"


def test_dissatisfied_is_answered_by_somebody_else_and_reopened_once(court: CourtWorld) -> None:
    lin, officer = court.counsel(), person(court, StaffRole.COMPLAINTS_OFFICER)
    judge, desk = person(court, StaffRole.JUDGE), feedback(court).desk
    ticket_id = complain(court, lin).card.ticket_id
    desk.reply(staff=officer, ticket_id=ticket_id, text="没有发现问题。")
    said = {"counsel": lin, "ticket_id": ticket_id}
    view = feedback(court).complaints.judge(**said, satisfied=False, note="没有回应我的问题")  # type: ignore[arg-type]
    assert (view.card.state, view.card.level) == (State.HANDLING, Level.DIVISION)
    with pytest.raises(DeedRefused):
        desk.reply(staff=officer, ticket_id=ticket_id, text="还是没有问题。")
    with pytest.raises(TicketUnknown):
        desk.ticket(staff=judge, ticket_id=ticket_id)
    desk.hand(staff=officer, ticket_id=ticket_id, to=judge.staff_id)
    assert [card.ticket_id for card in desk.queue(staff=judge)] == [ticket_id]
    desk.reply(staff=judge, ticket_id=ticket_id, text="确有不当，已批评教育。")
    feedback(court).complaints.judge(**said, satisfied=True, note="")  # type: ignore[arg-type]
    court.world.clock.step(days=29)
    again = feedback(court).complaints.reopen(**said, note="又发生了")  # type: ignore[arg-type]
    assert (again.card.level, again.may_reopen) == (Level.PRESIDENT, False)
    with pytest.raises(TicketStepRefused):
        feedback(court).complaints.reopen(**said, note="再来")  # type: ignore[arg-type]
    desk.reply(
        staff=person(court, StaffRole.PRESIDENT), ticket_id=ticket_id, text="已约谈当事人员。"
    )
    feedback(court).complaints.judge(**said, satisfied=True, note="")  # type: ignore[arg-type]
    with pytest.raises(ReopeningOver):
        feedback(court).complaints.reopen(**said, note="再来")  # type: ignore[arg-type]


def test_whom_it_is_about_neither_sees_nor_gets_it(court: CourtWorld) -> None:
    lin, opened_case = court.counsel(), court.open()
    court.enter(opened_case, lin)
    judge, officer = person(court, StaffRole.JUDGE), person(court, StaffRole.COMPLAINTS_OFFICER)
    president, desk = person(court, StaffRole.PRESIDENT), feedback(court).desk
    bench = Bench(judge_id=judge.staff_id, judge_name=judge.name)
    court.casefile.progress.assign(staff=president, case_id=opened_case.case_id, bench=bench)
    about = {"kind": Kind.JUDGE_CONTACT, "court_code": None, "case_id": opened_case.case_id}
    filed = complain(court, lin, **about)
    ticket_id = filed.card.ticket_id
    assert filed.card.case_number == court.number_of(opened_case)
    offered = {handler.staff_id for handler in desk.handlers(staff=officer, ticket_id=ticket_id)}
    assert judge.staff_id not in offered
    with pytest.raises(HandlerComplainedAbout):
        desk.hand(staff=officer, ticket_id=ticket_id, to=judge.staff_id)
    with pytest.raises(HandlerUnknown):
        desk.hand(staff=officer, ticket_id=ticket_id, to=uuid.uuid4())
    with pytest.raises(TicketUnknown):
        desk.ticket(staff=judge, ticket_id=ticket_id)
    assert not desk.queue(staff=judge)


def test_a_complaint_about_the_president_goes_to_the_court_above(court: CourtWorld) -> None:
    president = person(court, StaffRole.PRESIDENT)
    filed = complain(court, court.counsel(), against_name=president.name)
    above = person(court, StaffRole.COMPLAINTS_OFFICER, court_code=ABOVE)
    desk, ticket_id = feedback(court).desk, filed.card.ticket_id
    assert [card.ticket_id for card in desk.queue(staff=above)] == [ticket_id]
    for staff in (president, person(court, StaffRole.COMPLAINTS_OFFICER)):
        with pytest.raises(TicketUnknown):
            desk.ticket(staff=staff, ticket_id=ticket_id)


def test_the_telephone_and_the_hall_write_into_the_same_store(court: CourtWorld) -> None:
    lin, hotline = court.counsel(), person(court, StaffRole.HOTLINE)
    desk = feedback(court).desk
    caller = Caller(licence_no=f" {lin.licence_no} ", name=lin.name)
    new = NewComplaint(kind=Kind.PASS, text="安检不认电子证。", court_code=COURT)
    entered = desk.enter(staff=hotline, caller=caller, new=new)
    assert entered.card.channel is Channel.HOTLINE
    (mine,) = feedback(court).complaints.mine(counsel=lin)
    assert mine.number == entered.card.number
    for text in (f"{mine.number[:4]} {mine.number[4:]}", lin.licence_no):
        assert [card.number for card in desk.search(staff=hotline, text=text)] == [mine.number]
    with pytest.raises(DeedRefused):
        desk.reply(staff=hotline, ticket_id=mine.ticket_id, text="话务员不能答复。")
    desk.mark_major(staff=hotline, ticket_id=mine.ticket_id, note="多名律师反映")
    assert desk.ticket(staff=hotline, ticket_id=mine.ticket_id).card.major
    elsewhere = desk.enter(
        staff=hotline, caller=caller, new=NewComplaint(
            kind=Kind.CASEFILE, text="阅卷约不上。", court_code=ELSEWHERE
        ),
    )  # fmt: skip
    read_back = desk.ticket(staff=hotline, ticket_id=elsewhere.card.ticket_id)
    assert (read_back.card.number, read_back.deeds) == (elsewhere.card.number, frozenset())
    for bad in (Caller(licence_no="123", name="某某"), Caller(licence_no=lin.licence_no, name="")):
        with pytest.raises(FeedbackIncomplete):
            desk.enter(staff=hotline, caller=bad, new=new)


def test_the_platforms_own_desk_is_the_supreme_courts(court: CourtWorld) -> None:
    filed = complain(court, court.counsel(), kind=Kind.SYSTEM, court_code=None)
    assert (filed.card.object_name, filed.card.desk_name) == ("律师服务平台", "最高人民法院")
    with pytest.raises(FeedbackIncomplete):
        complain(court, court.counsel(), kind=Kind.ATTITUDE, court_code=None)


def test_other_peoples_tickets_and_too_many(court: CourtWorld) -> None:
    lin, other = court.counsel(), court.counsel("沈清和", user="other")
    ticket_id = complain(court, lin).card.ticket_id
    for stranger_id in (ticket_id, uuid.uuid4()):
        with pytest.raises(TicketUnknown):
            feedback(court).complaints.ticket(counsel=other, ticket_id=stranger_id)
    with pytest.raises(CaseUnknown):
        complain(court, other, case_id=court.open().case_id)
    assistant = Assistant(assistant_id=uuid.uuid4(), name="某", acts=frozenset(), cases=None)
    helper = Counsel(**{**vars(lin), "assistant": assistant})
    with pytest.raises(ActRefused):
        complain(court, helper)
    for _ in range(4):
        complain(court, lin)
    with pytest.raises(TooMuchFeedback):
        complain(court, lin)
    court.world.clock.step(days=1, minutes=1)
    complain(court, lin)


# --- ratings -------------------------------------------------------------------------------------


def rate(court: CourtWorld, counsel: Counsel, case_id: uuid.UUID, *, stars: int = 5) -> None:
    feedback(court).ratings.rate_case(
        counsel=counsel,
        case_id=case_id,
        phase=Phase.FILING,
        scores=dict.fromkeys(FIVE, stars),
        text="书记员很耐心",
    )


def lawyers(court: CourtWorld, count: int) -> list[Counsel]:
    lin = court.counsel()
    numbers = [str(int(lin.licence_no) + n) for n in range(count)]
    return [Counsel(**{**vars(lin), "licence_no": number}) for number in numbers]


def month_later(court: CourtWorld) -> None:
    court.world.clock.step(days=31)


def test_a_rating_names_nobody_and_is_changed_not_repeated(court: CourtWorld) -> None:
    lin, opened_case = court.counsel(), court.open()
    court.enter(opened_case, lin)
    with pytest.raises(CaseUnknown):
        rate(court, court.counsel("沈清和", user="other"), opened_case.case_id)
    rate(court, lin, opened_case.case_id, stars=1)
    rate(court, lin, opened_case.case_id, stars=2)
    own = feedback(court).ratings.of_case(counsel=lin, case_id=opened_case.case_id)
    assert own.phases[0].scores == {d.value: 2 for d in FIVE}
    assert own.phases[0].text == "书记员很耐心"
    (row,) = court.world.sql("SELECT r::text FROM service_rating r")
    for secret in (
        lin.licence_no,
        str(lin.lawyer_id),
        str(opened_case.case_id),
        "书记员",
        lin.name,
    ):
        assert secret not in row[0]


def test_figures_appear_when_the_month_is_over_and_ten_lawyers_rated(court: CourtWorld) -> None:
    opened_case = court.open()
    people = lawyers(court, 10)
    for counsel in people[:2]:
        court.enter(opened_case, counsel)
        rate(court, counsel, opened_case.case_id)
    for counsel in people[2:]:
        another = court.open()
        court.enter(another, counsel)
        rate(court, counsel, another.case_id, stars=3)
    statistics = feedback(court).statistics
    assert statistics.of_court(code=COURT).months == (), "this month is not over"
    month_later(court)
    (month,) = statistics.of_court(code=COURT).months
    assert (month.ratings, month.tenths["respect"]) == (10, 34)
    rate(court, people[0], opened_case.case_id, stars=1)
    (same,) = statistics.of_court(code=COURT).months
    assert same.tenths == month.tenths, "a change after the counting shows nobody's stars"


def test_nine_lawyers_are_never_shown_and_texts_wait(court: CourtWorld) -> None:
    judge, president = person(court, StaffRole.JUDGE), person(court, StaffRole.PRESIDENT)
    bench = Bench(judge_id=judge.staff_id, judge_name=judge.name)
    cases = []
    people = lawyers(court, 9)
    for counsel in people:
        each = court.open()
        court.enter(each, counsel)
        rate(court, counsel, each.case_id)
        court.casefile.progress.assign(staff=president, case_id=each.case_id, bench=bench)
        court.casefile.progress.advance(
            staff=judge, case_id=each.case_id, to=Stage.CLOSED, closing="判决"
        )
        cases.append(each)
    for _ in range(3):
        month_later(court)
        assert feedback(court).statistics.of_court(code=COURT).months == ()
        assert not feedback(court).ratings.batches(staff=president)
    with pytest.raises(RatingClosed):
        rate(court, people[0], cases[0].case_id)


def test_texts_are_read_in_batches_after_the_delay(court: CourtWorld) -> None:
    judge, president = person(court, StaffRole.JUDGE), person(court, StaffRole.PRESIDENT)
    bench = Bench(judge_id=judge.staff_id, judge_name=judge.name)
    for counsel in lawyers(court, 10):
        each = court.open()
        court.enter(each, counsel)
        rate(court, counsel, each.case_id)
        court.casefile.progress.assign(staff=president, case_id=each.case_id, bench=bench)
        court.casefile.progress.advance(
            staff=judge, case_id=each.case_id, to=Stage.CLOSED, closing="判决"
        )
    court.world.clock.step(days=29)
    assert not feedback(court).ratings.batches(staff=president), "30 days have not passed"
    court.world.clock.step(days=33)
    (batch,) = feedback(court).ratings.batches(staff=president)
    assert batch.texts == ("书记员很耐心",) * 10
    with pytest.raises(DeedRefused):
        feedback(court).ratings.batches(staff=judge)


def test_the_system_is_rated_once_a_month(court: CourtWorld) -> None:
    lin = court.counsel()
    scores = dict.fromkeys(rating_rules.ASKED[Subject.SYSTEM], 4)
    for _ in range(2):
        feedback(court).ratings.rate_system(counsel=lin, scores=scores)
    assert court.world.sql("SELECT count(*) FROM service_rating") == [(1,)]
    month_later(court)
    assert feedback(court).ratings.of_system(counsel=lin).phases[0].scores is None
    with pytest.raises(FeedbackIncomplete):
        feedback(court).ratings.rate_system(counsel=lin, scores={Dimension.EASE: 4})


# --- suggestions ---------------------------------------------------------------------------------


def test_a_suggestion_is_answered_and_published_without_its_author(court: CourtWorld) -> None:
    lin, suggestions = court.counsel(), feedback(court).suggestions
    sent = suggestions.send(counsel=lin, area=Area.SYSTEM, text="字太小，林正衡。", court_code=None)
    clerk = person(court, StaffRole.COMPLAINTS_OFFICER, court_code="最高法")
    assert [each.number for each in suggestions.of_desk(staff=clerk)] == [sent.number]
    answer = Answer(
        state=SuggestionState.CHANGED, reply="已增加长辈版。", title="希望字号更大",
        changed="全部页面增加大字模式。", published=True,
    )  # fmt: skip
    with pytest.raises(SuggestionUnknown):
        suggestions.answer(
            staff=person(court, StaffRole.COMPLAINTS_OFFICER),
            suggestion_id=sent.suggestion_id, answer=answer,
        )  # fmt: skip
    suggestions.answer(staff=clerk, suggestion_id=sent.suggestion_id, answer=answer)
    (shown,) = suggestions.published()
    assert (shown.title, shown.changed) == ("希望字号更大", "全部页面增加大字模式。")
    assert "林正衡" not in str(shown)
    (mine,) = suggestions.mine(counsel=lin)
    assert (mine.state, mine.replied_by) == (SuggestionState.CHANGED, clerk.court_name)


# --- the sealed path -----------------------------------------------------------------------------

SECRET = "审判长收受对方当事人宴请"
CODE = "12345678901234567890"


def new_report(**changes: object) -> NewReport:
    known = {
        "court_code": COURT, "to_superior": False, "about": "某审判长", "text": SECRET,
        "contact": "13800000000", "named": False, "code": CODE,
    }  # fmt: skip
    return NewReport(**{**known, **changes})  # type: ignore[arg-type]


def everything(world: World) -> str:
    """Every row of every table, as text."""
    with psycopg.connect(plain(world.config.database_url)) as connection:
        tables = connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        ).fetchall()
        return "\n".join(
            str(row[0])
            for (table,) in tables
            for row in connection.execute(f'SELECT t::text FROM "{table}" t').fetchall()
        )


def test_a_report_is_opened_by_the_desks_key_alone(court: CourtWorld) -> None:
    lin, inspector = court.counsel(), person(court, StaffRole.DISCIPLINE)
    reports = feedback(court).reports
    before = everything(court.world)
    assert reports.send(counsel=lin, new=new_report()) is ReportState.RECEIVED
    stored = everything(court.world).encode()
    for secret in (SECRET, "某审判长", "13800000000", CODE):
        assert secret.encode() not in stored
        assert secret.encode().hex().encode() not in stored
    for known in (lin.licence_no, str(lin.lawyer_id), str(lin.account_id)):
        assert stored.count(known.encode()) == before.count(known), "nothing new names the lawyer"
    (line,) = reports.of_desk(staff=inspector)
    box = reports.fetch_box(staff=inspector, report_id=line.report_id)
    pem = (court.world.config.data_dir / "keys" / "discipline-private.pem").read_bytes()
    key = load_pem_private_key(pem, password=None)
    words = json.loads(opened(box, key=key, context=str(line.report_id).encode()))  # type: ignore[arg-type]
    assert words == {"about": "某审判长", "text": SECRET, "contact": "13800000000"}
    reports.set_state(staff=inspector, report_id=line.report_id, state=ReportState.VERIFYING)
    assert reports.progress(code=CODE) is ReportState.VERIFYING
    _, acts = reports.report(staff=inspector, report_id=line.report_id)
    assert [act.act for act in acts] == ["fetched", "verifying"]
    named = new_report(named=True, code=CODE[::-1])
    assert reports.send(counsel=lin, new=named) is ReportState.RECEIVED


def test_no_other_role_and_no_other_court_knows_of_a_report(court: CourtWorld) -> None:
    lin, reports = court.counsel(), feedback(court).reports
    reports.send(counsel=lin, new=new_report())
    inspector = person(court, StaffRole.DISCIPLINE)
    (line,) = reports.of_desk(staff=inspector)
    for role in set(StaffRole) - {StaffRole.DISCIPLINE}:
        staff = court.staff(role)
        for attempt in (
            lambda staff=staff: reports.of_desk(staff=staff),
            lambda staff=staff: reports.report(staff=staff, report_id=line.report_id),
            lambda staff=staff: reports.fetch_box(staff=staff, report_id=line.report_id),
            lambda staff=staff: reports.set_state(
                staff=staff, report_id=line.report_id, state=ReportState.CLOSED
            ),
        ):
            with pytest.raises(ActRefused):
                attempt()
        assert reports.waiting_for(staff) == []
    for code in (ELSEWHERE, ABOVE):
        stranger = court.staff(StaffRole.DISCIPLINE, court_code=code)
        assert not reports.of_desk(staff=stranger)
        with pytest.raises(ReportUnknown):
            reports.fetch_box(staff=stranger, report_id=line.report_id)


def test_a_report_to_the_court_above_is_not_seen_below(court: CourtWorld) -> None:
    lin, reports = court.counsel(), feedback(court).reports
    reports.send(counsel=lin, new=new_report(to_superior=True))
    assert not reports.of_desk(staff=court.staff(StaffRole.DISCIPLINE))
    (line,) = reports.of_desk(staff=court.staff(StaffRole.DISCIPLINE, court_code=ABOVE))
    assert line.court_name == "北京市朝阳区人民法院"
    with pytest.raises(FeedbackIncomplete):
        reports.send(
            counsel=lin, new=new_report(court_code="最高法", to_superior=True, code=CODE[::-1])
        )


def test_a_report_sent_twice_is_one_and_four_a_day_are_too_many(court: CourtWorld) -> None:
    lin, reports = court.counsel(), feedback(court).reports
    for _ in range(5):
        reports.send(counsel=lin, new=new_report())
    for n in range(2):
        reports.send(counsel=lin, new=new_report(code=f"{n:020}"))
    with pytest.raises(TooMuchFeedback):
        reports.send(counsel=lin, new=new_report(code=f"{9:020}"))
    assert court.world.sql("SELECT count(*) FROM misconduct_report") == [(3,)]
    with pytest.raises(ReportUnknown):
        reports.progress(code=f"{8:020}")


def test_statistics_count_complaints_of_months_that_are_over(court: CourtWorld) -> None:
    lin, officer = court.counsel(), person(court, StaffRole.COMPLAINTS_OFFICER)
    ids = [complain(court, lin).card.ticket_id for _ in range(2)]
    court.world.clock.step(hours=12)
    feedback(court).desk.reply(staff=officer, ticket_id=ids[0], text="已核实处理。")
    assert not any(found.months for found in feedback(court).statistics.courts())
    month_later(court)
    (found,) = feedback(court).statistics.courts()
    (month,) = found.months
    times = month.complaints
    assert (times.filed, times.answered, times.in_time, times.tenths) == (2, 1, 1, 5)
    assert not month.rated
