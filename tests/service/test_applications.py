"""Applications on a real database: made, answered, reconsidered, overdue."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterator

import pytest

from app.court.applications.errors import (
    ApplicationClosed,
    ApplicationInvalid,
    ApplicationLate,
    ApplicationOpen,
    ApplicationUnknown,
    NoReconsideration,
)
from app.court.applications.rules.kinds import Kind
from app.court.applications.rules.states import State
from app.court.applications.service.applications import Applications
from app.court.applications.service.values import Answer, ApplicationView
from app.court.casefile.errors import (
    ActRefused,
    CaseUnknown,
    FunctionNotOffered,
    PeriodRefused,
    StageRefused,
)
from app.court.casefile.rules.representation import Power
from app.court.casefile.rules.stages import Stage
from app.court.casefile.service.cases import Opened
from app.court.casefile.service.clocks import TOPIC
from app.court.casefile.service.progress import EVIDENCE, Bench
from app.kernel.principal import Counsel, Staff, StaffRole
from app.kernel.unit_of_work import unit_of_work
from app.worker import Worker
from tests.court import CourtWorld
from tests.rules.test_applications import filled
from tests.world import World


@dataclasses.dataclass
class Scene:
    """A lawyer with a special power in a case that a judge handles."""

    court: CourtWorld
    lin: Counsel
    opened: Opened
    judge: Staff

    @property
    def made(self) -> Applications:
        return self.court.world.services.applications.applications

    def submit(self, kind: Kind, **changes: object) -> ApplicationView:
        return self.made.submit(
            counsel=self.lin,
            case_id=self.opened.case_id,
            kind=kind,
            fields=filled(kind, **changes),
        )

    def answer(
        self, view: ApplicationView, to: State, *, by: Staff | None = None, days: int = 0
    ) -> None:
        self.made.decide(
            staff=by or self.judge,
            application_id=view.application_id,
            answer=Answer(to=to, words="理由成立", days=days),
        )

    def state(self, view: ApplicationView) -> State:
        found = self.made.of_case(counsel=self.lin, case_id=self.opened.case_id)
        return next(v.state for v in found if v.application_id == view.application_id)

    def work(self) -> None:
        clocks = self.court.casefile.clocks
        Worker(
            app=self.court.world.app,
            clock=self.court.world.clock,
            handlers={TOPIC: clocks.handle},
        ).drain()


@pytest.fixture
def scene(world: World) -> Iterator[Scene]:
    court = CourtWorld(world=world)
    world.sql("UPDATE court_function SET status = 'available'")
    lin, opened = court.counsel(), court.open()
    court.enter(opened, lin, powers=(Power.WAIVE,))
    judge = court.staff(StaffRole.JUDGE, person=7)
    with world.app.app_context():
        bench = Bench(judge_id=judge.staff_id, judge_name="周法官")
        court.casefile.progress.assign(
            staff=court.staff(StaffRole.PRESIDENT), case_id=opened.case_id, bench=bench
        )
        yield Scene(court, lin, opened, judge)


@pytest.mark.parametrize("kind", [k for k in Kind if k not in (Kind.REFUND, Kind.RECUSAL)])
def test_each_kind_is_made_and_answered(scene: Scene, kind: Kind) -> None:
    if kind is Kind.EVIDENCE_EXTENSION:
        scene.court.casefile.progress.set_evidence_period(
            staff=scene.judge, case_id=scene.opened.case_id, days=30
        )
    view = scene.submit(kind)
    assert view.state is State.SUBMITTED
    waiting = scene.made.waiting(staff=scene.judge)
    assert [found.application_id for found, _card in waiting] == [view.application_id]
    scene.answer(view, State.GRANTED, days=10)
    assert scene.state(view) is State.GRANTED
    assert scene.made.waiting(staff=scene.judge) == []
    detail = scene.court.casefile.cases.detail(who=scene.lin, case_id=scene.opened.case_id)
    assert any("准许" in event.summary for event in detail.events)
    with pytest.raises(ApplicationClosed):
        scene.answer(view, State.REFUSED)
    kinds = scene.court.world.sql("SELECT count(*) FROM ledger_entry WHERE kind = 'application'")
    assert kinds == [(2,)]
    stored = scene.court.world.sql("SELECT fields_sealed FROM application")[0][0]
    assert "写明事实".encode() not in stored


def test_withdrawal_needs_its_power_and_closes_the_case(scene: Scene) -> None:
    plain = scene.court.open()
    scene.court.enter(plain, scene.lin)
    with pytest.raises(ActRefused) as refused:
        scene.made.submit(
            counsel=scene.lin, case_id=plain.case_id, kind=Kind.WITHDRAWAL,
            fields=filled(Kind.WITHDRAWAL),
        )  # fmt: skip
    assert refused.value.extra["rule"] == "power"
    view = scene.submit(Kind.WITHDRAWAL)
    scene.answer(view, State.GRANTED)
    card = scene.court.casefile.cases.detail(who=scene.lin, case_id=scene.opened.case_id).card
    assert (card.stage, card.closing) == (Stage.CLOSED, "准予撤诉")
    with pytest.raises(StageRefused):
        scene.submit(Kind.MEDIATION)
    assert scene.submit(Kind.REFUND).state is State.SUBMITTED


def test_an_extension_applies_to_all_and_moves_the_clock(scene: Scene) -> None:
    progress, case_id = scene.court.casefile.progress, scene.opened.case_id
    with pytest.raises(PeriodRefused):
        progress.set_evidence_period(staff=scene.judge, case_id=case_id, days=14)
    first = progress.set_evidence_period(staff=scene.judge, case_id=case_id, days=15)
    view = scene.submit(Kind.EVIDENCE_EXTENSION)
    with pytest.raises(ApplicationInvalid):
        scene.answer(view, State.GRANTED)
    scene.answer(view, State.GRANTED, days=10)
    with unit_of_work() as tx:
        period = scene.court.casefile.clocks.newest(tx, subject_id=case_id, purpose=EVIDENCE)
    assert period is not None
    assert (period.due_on - first).days >= 10
    scene.court.world.clock.step(days=(first - scene.court.world.clock.now().date()).days + 1)
    scene.work()
    assert scene.court.world.sql("SELECT state FROM case_clock WHERE purpose = 'evidence'") == [
        ("running",)
    ], "the old end has moved"


def test_after_the_evidence_period_it_is_too_late(scene: Scene) -> None:
    scene.court.casefile.progress.set_evidence_period(
        staff=scene.judge, case_id=scene.opened.case_id, days=15
    )
    scene.court.world.clock.step(days=40)
    for kind in (Kind.APPRAISAL, Kind.INVESTIGATION, Kind.EVIDENCE_EXTENSION):
        with pytest.raises(ApplicationLate) as late:
            scene.submit(kind)
        assert "举证期限" in str(late.value.extra["sentence"])
    assert scene.submit(Kind.MEDIATION)


def test_a_recusal_of_a_judge_is_the_presidents(scene: Scene) -> None:
    president = scene.court.staff(StaffRole.PRESIDENT)
    view = scene.submit(Kind.RECUSAL, office="judge")
    assert scene.made.waiting(staff=scene.judge) == []
    with pytest.raises(ActRefused):
        scene.answer(view, State.REFUSED)
    scene.answer(view, State.REFUSED, by=president)
    scene.made.reconsider(counsel=scene.lin, application_id=view.application_id, words="请复议")
    assert scene.state(view) is State.RECONSIDERING
    scene.answer(view, State.UPHELD, by=president)
    with pytest.raises(ApplicationClosed):
        scene.made.reconsider(counsel=scene.lin, application_id=view.application_id, words="再次")


def test_preservation_with_security_and_reconsideration_in_time(scene: Scene) -> None:
    view = scene.submit(Kind.PRESERVATION)
    scene.answer(view, State.SECURITY_DEMANDED)
    scene.made.give_security(
        counsel=scene.lin, application_id=view.application_id, words="已提交保单保函"
    )
    scene.answer(view, State.REFUSED)
    scene.court.world.clock.step(days=20)
    with pytest.raises(NoReconsideration):
        scene.made.reconsider(counsel=scene.lin, application_id=view.application_id, words="复议")
    mediation = scene.submit(Kind.MEDIATION)
    scene.answer(mediation, State.REFUSED)
    with pytest.raises(NoReconsideration):
        scene.made.reconsider(
            counsel=scene.lin, application_id=mediation.application_id, words="复议"
        )


def test_what_the_court_does_not_offer_is_refused_with_the_other_way(scene: Scene) -> None:
    scene.court.world.sql(
        "UPDATE court_function SET status = 'unavailable', fallback = '请到大厅。'"
        " WHERE function = 'mediation'"
    )
    with pytest.raises(FunctionNotOffered) as refused:
        scene.submit(Kind.MEDIATION)
    assert "请到大厅。" in str(refused.value.extra["notice"])


def test_one_undecided_application_of_a_kind_and_withdrawing_it(scene: Scene) -> None:
    view = scene.submit(Kind.MEDIATION)
    with pytest.raises(ApplicationOpen):
        scene.submit(Kind.MEDIATION)
    scene.made.withdraw(counsel=scene.lin, application_id=view.application_id)
    assert scene.submit(Kind.MEDIATION).application_id != view.application_id
    with pytest.raises(ApplicationClosed):
        scene.answer(view, State.GRANTED)


def test_other_peoples_applications(scene: Scene) -> None:
    view = scene.submit(Kind.MEDIATION)
    other = dataclasses.replace(scene.lin, licence_no="11101202010000002")
    for work in (
        lambda: scene.made.withdraw(counsel=other, application_id=view.application_id),
        lambda: scene.made.withdraw(counsel=scene.lin, application_id=uuid.uuid4()),
    ):
        with pytest.raises(ApplicationUnknown):
            work()
    with pytest.raises(CaseUnknown):
        scene.made.of_case(counsel=other, case_id=scene.opened.case_id)
    elsewhere = scene.court.staff(StaffRole.JUDGE, court_code="310115")
    with pytest.raises(CaseUnknown):
        scene.answer(view, State.GRANTED, by=elsewhere)
    colleague = scene.court.staff(StaffRole.JUDGE, person=8)
    with pytest.raises(ActRefused):
        scene.answer(view, State.GRANTED, by=colleague)
    assert scene.made.waiting(staff=colleague) == []


def test_a_court_that_does_not_answer_is_told_and_so_is_the_lawyer(scene: Scene) -> None:
    scene.submit(Kind.MEDIATION)
    scene.court.world.clock.step(days=12)
    scene.work()
    detail = scene.court.casefile.cases.detail(who=scene.lin, case_id=scene.opened.case_id)
    assert any("答复期限已过" in event.summary for event in detail.events)
    assert not any("还剩" in event.summary for event in detail.events), "the court's own reminder"
