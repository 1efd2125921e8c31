"""Cases, representation and clocks on a real database."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from app.court.casefile.errors import (
    ActRefused,
    CaseUnknown,
    PartyUnknown,
    PlaceMalformed,
    RepresentationClosed,
    RepresentationExists,
    RepresentationUnknown,
    StageRefused,
    TooManyAgents,
)
from app.court.casefile.rules.events import EventKind, News
from app.court.casefile.rules.policy import Act
from app.court.casefile.rules.representation import Authority, Power, State
from app.court.casefile.rules.stages import Stage
from app.court.casefile.service.cases import PAGE, CaseQuery, Told
from app.court.casefile.service.clocks import TOPIC, NewClock, Ringing
from app.court.casefile.service.progress import Bench
from app.court.casefile.service.representations import Mandate
from app.kernel.principal import Assistant, Counsel, StaffRole
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ports.registry import PracticeStatus, StatusRecord
from app.worker import Worker
from tests.court import COURT, MANDATE, CourtWorld
from tests.world import World

ELSEWHERE = "310115"


@pytest.fixture
def court(world: World) -> Iterator[CourtWorld]:
    made = CourtWorld(world=world)
    with world.app.app_context():
        yield made


def test_the_case_space_has_every_court_and_only_ones_own(court: CourtWorld) -> None:
    lin = court.counsel()
    mine = [court.open(), court.open(court_code=ELSEWHERE)]
    court.open()
    for opened in mine:
        court.enter(opened, lin)
    page = court.casefile.cases.space(counsel=lin, query=CaseQuery())
    assert [card.case_id for card in page.cases] == [mine[1].case_id, mine[0].case_id]
    assert {card.court_code for card in page.cases} == {COURT, ELSEWHERE}
    assert page.following is None
    number = court.number_of(mine[0])
    found = court.casefile.cases.space(counsel=lin, query=CaseQuery(text=number))
    assert [card.case_number for card in found.cases] == [number]


def test_pages_follow_each_other_without_loss(court: CourtWorld) -> None:
    lin = court.counsel()
    opened = [court.open() for _ in range(PAGE + 3)]
    for each in opened:
        court.enter(each, lin)
    first = court.casefile.cases.space(counsel=lin, query=CaseQuery())
    assert (len(first.cases), first.following is None) == (PAGE, False)
    second = court.casefile.cases.space(counsel=lin, query=CaseQuery(after=first.following))
    seen = [card.case_id for card in (*first.cases, *second.cases)]
    assert sorted(seen) == sorted(each.case_id for each in opened)
    with pytest.raises(PlaceMalformed):
        court.casefile.cases.space(counsel=lin, query=CaseQuery(after="zz-00"))


def test_a_stranger_cannot_tell_whether_a_case_exists(court: CourtWorld) -> None:
    opened = court.open()
    lin = court.counsel()
    for case_id in (opened.case_id, uuid.uuid4()):
        with pytest.raises(CaseUnknown):
            court.casefile.cases.detail(who=lin, case_id=case_id)
    for role in StaffRole:
        stranger = court.staff(role, court_code=ELSEWHERE)
        with pytest.raises(CaseUnknown):
            court.casefile.cases.detail(who=stranger, case_id=opened.case_id)


def test_a_case_is_shown_with_its_parties_events_and_agents(court: CourtWorld) -> None:
    lin, opened = court.counsel(), court.open()
    court.enter(opened, lin, powers=(Power.SETTLE,))
    detail = court.casefile.cases.detail(who=lin, case_id=opened.case_id)
    assert [party.name for party in detail.parties] == ["北京甲科技有限公司", "王小乙"]
    assert detail.parties[0].agents[0].lawyer_name == "林正衡"
    assert detail.powers == {"settle"}
    with unit_of_work() as tx:
        sealed = court.casefile.cases.details_of_party(tx, party_id=opened.party_ids[0])
    assert sealed == {"phone": "010-00000001"}
    stored = court.world.sql("SELECT details_sealed FROM case_party WHERE position = 0")[0][0]
    assert b"010-00000001" not in stored


def submit(court: CourtWorld, counsel: Counsel, number: str, *, party: str = "王小乙") -> uuid.UUID:
    mandate = Mandate(authority=Authority.GENERAL, material_ids=(court.paper(counsel),))
    view = court.casefile.representations.submit(
        counsel=counsel, court_code=COURT, number=number, party_name=party, mandate=mandate
    )
    return view.representation_id


def test_a_representation_is_verified_by_the_court(court: CourtWorld) -> None:
    lin, opened = court.counsel(), court.open()
    told: list[Told] = []
    court.casefile.cases.on_news.append(lambda _tx, news: told.append(news))
    representation_id = submit(
        court, lin, court.number_of(opened).replace("（", "(").replace("）", ")")
    )
    assert court.casefile.cases.space(counsel=lin, query=CaseQuery()).cases == ()
    officer = court.staff(StaffRole.FILING_OFFICER)
    waiting = court.casefile.representations.waiting(staff=officer)
    assert [view.representation_id for view in waiting] == [representation_id]
    court.casefile.representations.decide(
        staff=officer, representation_id=representation_id, accepted=True, reason=""
    )
    assert court.casefile.cases.detail(who=lin, case_id=opened.case_id).card.title
    assert told[-1].licence_nos == (lin.licence_no,)
    assert State.EFFECTIVE.label in told[-1].news.summary
    with pytest.raises(RepresentationClosed):
        court.casefile.representations.decide(
            staff=officer, representation_id=representation_id, accepted=False, reason="重复"
        )
    court.world.deliver_notices()
    pushed = court.world.sql("SELECT count(*) FROM notice WHERE kind LIKE 'case.%%'")
    assert pushed == [(1,)], "pushed, not polled"
    entries = court.world.sql("SELECT count(*) FROM ledger_entry WHERE kind = 'representation'")
    assert entries == [(1,)]
    court.casefile.cases.on_news.pop()


def test_who_may_not_hand_in_and_who_may_not_decide(court: CourtWorld) -> None:
    lin, opened = court.counsel(), court.open()
    number = court.number_of(opened)
    with pytest.raises(PartyUnknown):
        submit(court, lin, number, party="别人")
    with pytest.raises(CaseUnknown):
        submit(court, lin, number.replace("号", "999号"))
    representation_id = submit(court, lin, number)
    with pytest.raises(RepresentationExists):
        submit(court, lin, number)
    elsewhere = court.staff(StaffRole.FILING_OFFICER, court_code=ELSEWHERE)
    with pytest.raises(CaseUnknown):
        court.casefile.representations.decide(
            staff=elsewhere, representation_id=representation_id, accepted=True, reason=""
        )
    with pytest.raises(ActRefused):
        court.casefile.representations.decide(
            staff=court.staff(StaffRole.AUDITOR),
            representation_id=representation_id,
            accepted=True,
            reason="",
        )
    other = dataclasses.replace(lin, licence_no="1" * 17)
    with pytest.raises(RepresentationUnknown):
        court.casefile.representations.end(
            counsel=other, representation_id=representation_id, reason="不是我的"
        )


def test_a_party_never_gets_a_third_agent_even_in_a_race(court: CourtWorld) -> None:
    lin, opened = court.counsel(), court.open()
    number, app = court.number_of(opened), court.world.app
    lawyers = [dataclasses.replace(lin, licence_no=f"111012020{i:08d}") for i in range(8)]

    papers = {each.licence_no: court.paper(each) for each in lawyers}

    def hand_in(counsel: Counsel) -> bool:
        mandate = dataclasses.replace(MANDATE, material_ids=(papers[counsel.licence_no],))
        with app.app_context():
            try:
                court.casefile.representations.submit(
                    counsel=counsel,
                    court_code=COURT,
                    number=number,
                    party_name="王小乙",
                    mandate=mandate,
                )
            except TooManyAgents:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(hand_in, lawyers)) == 2


def test_a_suspended_licence_suspends_at_once_and_restores(court: CourtWorld) -> None:
    lin, opened = court.counsel(), court.open()
    court.enter(opened, lin)
    devices = court.world.services.identity.devices

    def note(status: PracticeStatus) -> None:
        at = court.world.clock.now()
        record = StatusRecord(licence_no=lin.licence_no, status=status, as_of=at)
        with unit_of_work() as tx:
            devices.note_status(tx, status=record, at=at)

    note(PracticeStatus.SUSPENDED)
    with pytest.raises(CaseUnknown):
        court.casefile.cases.detail(who=lin, case_id=opened.case_id)
    note(PracticeStatus.PRACTISING)
    assert court.casefile.cases.detail(who=lin, case_id=opened.case_id)


def test_the_same_firm_on_both_sides_is_pointed_out(court: CourtWorld) -> None:
    lin, opened = court.counsel(), court.open()
    court.enter(opened, lin)
    colleague = dataclasses.replace(lin, licence_no="11101202010000001", name="同所律师")
    submit(court, colleague, court.number_of(opened))
    waiting = court.casefile.representations.waiting(staff=court.staff(StaffRole.FILING_OFFICER))
    assert [view.conflict for view in waiting] == [True]


def test_a_general_authority_carries_no_special_power(court: CourtWorld) -> None:
    lin, opened = court.counsel(), court.open()
    court.enter(opened, lin)
    explain = court.casefile.cases.explain
    decision = explain(who=lin, act=Act.CLAIM_WITHDRAW, case_id=opened.case_id)
    assert (decision.allowed, decision.rule) == (False, "power")
    second = court.open()
    court.enter(second, lin, powers=(Power.WAIVE,))
    assert explain(who=lin, act=Act.CLAIM_WITHDRAW, case_id=second.case_id).allowed
    with pytest.raises(Exception, match=r".*") as refused:
        court.casefile.representations.submit(
            counsel=lin,
            court_code=COURT,
            number=court.number_of(opened),
            party_name="王小乙",
            mandate=Mandate(authority=Authority.SPECIAL, material_ids=MANDATE.material_ids),
        )
    assert "powers" in str(getattr(refused.value, "extra", ""))


def test_an_assistant_sees_the_cases_that_were_given(court: CourtWorld) -> None:
    lin = court.counsel()
    given, other = court.open(), court.open()
    for opened in (given, other):
        court.enter(opened, lin)
    helper = Assistant(
        assistant_id=uuid.uuid4(),
        name="助理",
        acts=frozenset({Act.CASE_VIEW.value}),
        cases=frozenset({given.case_id}),
    )
    acting = dataclasses.replace(lin, assistant=helper)
    cards = court.casefile.cases.space(counsel=acting, query=CaseQuery()).cases
    assert [card.case_id for card in cards] == [given.case_id]
    with pytest.raises(ActRefused) as refused:
        court.casefile.cases.detail(who=acting, case_id=other.case_id)
    assert refused.value.extra["rule"] == "assistant.case"


def test_judges_see_their_own_and_the_court_its_list(court: CourtWorld) -> None:
    opened = court.open()
    court.open()
    judge = court.staff(StaffRole.JUDGE, person=7)
    president = court.staff(StaffRole.PRESIDENT)
    cases, progress = court.casefile.cases, court.casefile.progress
    assert cases.of_court(staff=judge, query=CaseQuery()).cases == ()
    bench = Bench(judge_id=judge.staff_id, judge_name="周法官")
    progress.assign(staff=president, case_id=opened.case_id, bench=bench)
    assert [c.case_id for c in cases.of_court(staff=judge, query=CaseQuery()).cases] == [
        opened.case_id
    ]
    assert len(cases.of_court(staff=president, query=CaseQuery()).cases) == 2
    progress.advance(staff=judge, case_id=opened.case_id, to=Stage.TRIAL)
    with pytest.raises(StageRefused):
        progress.advance(staff=judge, case_id=opened.case_id, to=Stage.CLOSED)
    progress.advance(staff=judge, case_id=opened.case_id, to=Stage.CLOSED, closing="判决")
    with pytest.raises(StageRefused):
        progress.advance(staff=judge, case_id=opened.case_id, to=Stage.TRIAL)
    progress.seal(staff=judge, case_id=opened.case_id, sealed=True)
    with pytest.raises(ActRefused) as refused:
        cases.detail(who=president, case_id=opened.case_id)
    assert refused.value.extra["rule"] == "sealed"
    assert len(cases.of_court(staff=president, query=CaseQuery()).cases) == 1


def test_undisclosed_events_stay_with_the_court(court: CourtWorld) -> None:
    lin, opened = court.counsel(), court.open()
    court.enter(opened, lin)
    with unit_of_work() as tx:
        court.casefile.cases.tell(
            tx,
            case_id=opened.case_id,
            news=News(kind=EventKind.OTHER, summary="内部", by="法院", disclosed=False),
            at=court.world.clock.now(),
        )
    detail = court.casefile.cases.detail(who=lin, case_id=opened.case_id)
    assert "内部" not in [event.summary for event in detail.events]
    inside = court.casefile.cases.detail(
        who=court.staff(StaffRole.FILING_OFFICER), case_id=opened.case_id
    )
    assert "内部" in [event.summary for event in inside.events]


def test_a_clock_rings_before_and_after_unless_it_was_met(court: CourtWorld) -> None:
    rung: list[Ringing] = []

    def ring(_tx: Tx, ringing: Ringing, _at: datetime) -> None:
        rung.append(ringing)

    clocks = court.casefile.clocks
    clocks.on_ring["test"] = ring
    worker = Worker(app=court.world.app, clock=court.world.clock, handlers={TOPIC: clocks.handle})
    late, met = uuid.uuid4(), uuid.uuid4()
    for subject in (late, met):
        with unit_of_work() as tx:
            clocks.start(
                tx,
                NewClock(
                    rule_id="D07",
                    began_at=court.world.clock.now(),
                    purpose="test",
                    subject_id=subject,
                ),
            )
    worker.drain()
    assert rung == []
    with unit_of_work() as tx:
        clocks.meet(tx, subject_id=met, purpose="test", at=court.world.clock.now())
    court.world.clock.step(days=15)
    worker.drain()
    assert [(r.subject_id, r.days_left) for r in rung] == [(late, 3), (late, 1), (late, None)]
    states = court.world.sql("SELECT state FROM case_clock ORDER BY state")
    assert states == [("met",), ("passed",)]
