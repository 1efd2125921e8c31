"""Filings on a real database: drafted, submitted, judged, and registered by the law itself."""

from __future__ import annotations

import dataclasses
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from app.court.casefile.errors import ActRefused, CaseUnknown
from app.court.casefile.rules.events import EventKind
from app.court.casefile.rules.policy import Act
from app.court.casefile.rules.stages import Procedure
from app.court.casefile.service.clocks import TOPIC
from app.court.filing.errors import (
    ConsentMissing,
    CorrectionRefused,
    DecisionIncomplete,
    DuplicateFiling,
    FeeClosed,
    FilingClosed,
    FilingIncomplete,
    FilingUnknown,
    PaymentMismatch,
    SectionChanged,
    SectionLocked,
)
from app.court.filing.rules.forms import FilingKind, Section
from app.court.filing.rules.states import State
from app.court.filing.service.records import DECISION
from app.court.filing.service.review import BY_LAW
from app.kernel import calendar
from app.kernel.principal import Assistant, Staff, StaffRole
from app.ports.payment import CallbackForged, NewOrder
from app.worker import Worker
from tests.court import CourtWorld
from tests.filing import FilingWorld, contents
from tests.world import World

OFFICER = StaffRole.FILING_OFFICER


@pytest.fixture
def filing(world: World) -> Iterator[FilingWorld]:
    court = CourtWorld(world=world)
    phone = world.bound_phone("lin", renew=False)
    token = phone._token
    assert token is not None
    with world.app.app_context():
        counsel = world.services.identity.counsels.by_token(token)
        yield FilingWorld(court=court, phone=phone, counsel=counsel)


@pytest.fixture
def officer(filing: FilingWorld) -> Staff:
    return filing.court.staff(OFFICER)


def ring(filing: FilingWorld) -> None:
    world = filing.court.world
    handlers = {TOPIC: world.services.casefile.clocks.handle}
    Worker(app=world.app, clock=world.clock, handlers=handlers).drain()


def accept(filing: FilingWorld, officer: Staff, filing_id: uuid.UUID) -> str:
    return filing.services.review.accept(
        staff=officer, filing_id=filing_id, procedure=Procedure.ORDINARY, fee_fen=None
    )


def test_a_filing_becomes_a_case_of_its_lawyer(filing: FilingWorld, officer: Staff) -> None:
    filing_id = filing.draft()
    receipt = filing.submit(filing_id)
    assert receipt.receipt_no.startswith("110105-")
    assert len(receipt.materials) == 5
    assert all(len(each["sha256"]) == 64 for each in receipt.materials)
    waiting = filing.services.review.queue(staff=officer).waiting
    assert [card.filing_id for card in waiting] == [filing_id]
    number = accept(filing, officer, filing_id)
    year = calendar.local_day(filing.court.world.clock.now()).year
    assert number == f"（{year}）京0105民初1号"
    view = filing.view(filing_id)
    assert (view.card.state, view.case_number) == (State.ACCEPTED, number)
    assert (view.fee.amount_fen, view.fee.state) == (1_380_000, "due")
    detail = filing.court.casefile.cases.detail(who=filing.counsel, case_id=view.card.case_id)
    assert detail.parties[0].agents[0].lawyer_name == filing.counsel.name
    assert detail.powers == {"settle"}
    assert {event.kind for event in detail.events} >= {EventKind.ACCEPTED, EventKind.FEE_NOTICE}
    assert "起诉一方" not in detail.card.title
    assert [clock.track for clock in detail.clocks] == ["交纳受理费"]
    told = filing.court.world.sql(
        "SELECT payload->>'kind' FROM outbox_message WHERE topic = 'notice'"
    )
    # registered, and what to pay, which is urgent
    assert {kind for (kind,) in told} >= {"case.news", "case.urgent"}


def test_what_is_personal_lies_sealed(filing: FilingWorld) -> None:
    filing.draft()
    stored = filing.court.world.sql("SELECT content_sealed FROM filing_section")
    assert len(stored) == len(Section)
    assert not [row for row in stored if "王小乙".encode() in row[0] or b"11010519" in row[0]]


def test_the_ledger_proves_when_it_was_received(filing: FilingWorld) -> None:
    filing_id = filing.draft()
    submitted = filing.submit(filing_id)
    found, proof = filing.services.submissions.receipt(counsel=filing.counsel, filing_id=filing_id)
    assert found == submitted
    assert proof is not None
    entries = filing.court.world.services.ledger.entries
    assert entries.proves(proof.to_json(), kind="filing")


def test_an_incomplete_draft_is_kept_and_not_submitted(filing: FilingWorld) -> None:
    drafts = filing.services.drafts
    filing_id = drafts.begin(counsel=filing.counsel, kind=FilingKind.CIVIL)
    saved = filing.save(filing_id, Section.PARTIES, {"items": [{"side": "claimant"}]})
    assert saved.version == 1
    with pytest.raises(FilingIncomplete) as refused:
        filing.submit(filing_id)
    errors = refused.value.extra["errors"]
    assert isinstance(errors, list)
    found = {(each["section"], each["field"]) for each in errors}
    assert {("court", "court_code"), ("parties", "items.0.name"), ("facts", "text")} <= found
    assert filing.view(filing_id).card.state is State.DRAFT


def test_two_devices_lose_nothing(filing: FilingWorld) -> None:
    filing_id = filing.draft(ids=())
    whole = contents()
    first = filing.save(filing_id, Section.FACTS, {"text": "手机上写的事实。" * 5}, version=1)
    assert first.version == 2
    with pytest.raises(SectionChanged) as refused:
        filing.save(filing_id, Section.FACTS, {"text": "电脑上写的事实。" * 5}, version=1)
    current = refused.value.extra["current"]
    assert isinstance(current, dict)
    assert current["version"] == 2
    assert current["content"] == {"text": "手机上写的事实。" * 5}
    other = {**whole[Section.CLAIMS], "claim_fen": 5}
    assert filing.save(filing_id, Section.CLAIMS, other, version=1).version == 2
    again = filing.save(filing_id, Section.FACTS, {"text": "手机上写的事实。" * 5}, version=1)
    assert again.version == 2


def test_an_assistant_drafts_and_does_not_submit(filing: FilingWorld) -> None:
    helper = Assistant(
        assistant_id=uuid.uuid4(),
        name="小陈",
        acts=frozenset({Act.FILING_DRAFT.value}),
        cases=None,
    )
    filing_id = filing.draft()
    acting = dataclasses.replace(filing.counsel, assistant=helper)
    content = {"text": "助理补充的事实与理由，合同签订于二零二五年三月一日。"}
    filing.services.drafts.save(
        counsel=acting, filing_id=filing_id, section=Section.FACTS, content=content, version=1
    )
    with pytest.raises(ActRefused):
        filing.services.submissions.submit(counsel=acting, filing_id=filing_id)
    facts = next(s for s in filing.view(filing_id).sections if s.section is Section.FACTS)
    assert facts.saved_by == f"{filing.counsel.name}律师的助理小陈"


def test_another_lawyers_filing_does_not_exist(filing: FilingWorld, officer: Staff) -> None:
    filing_id = filing.draft()
    other = dataclasses.replace(filing.counsel, licence_no="1" * 17)
    with pytest.raises(FilingUnknown):
        filing.services.drafts.detail(counsel=other, filing_id=filing_id)
    with pytest.raises(FilingUnknown):
        filing.services.submissions.submit(counsel=other, filing_id=filing_id)
    with pytest.raises(FilingUnknown):
        filing.services.drafts.discard(counsel=other, filing_id=filing_id)
    with pytest.raises(FilingUnknown):  # a draft is nobody's business at the court
        filing.services.review.detail(staff=officer, filing_id=filing_id)
    filing.submit(filing_id)
    elsewhere = filing.court.staff(OFFICER, court_code="310115")
    with pytest.raises(FilingUnknown):
        filing.services.review.detail(staff=elsewhere, filing_id=filing_id)
    for role in set(StaffRole) - {OFFICER}:
        with pytest.raises(ActRefused):
            filing.services.review.detail(staff=filing.court.staff(role), filing_id=filing_id)


def test_the_same_matter_is_pointed_out_with_its_number(
    filing: FilingWorld, officer: Staff
) -> None:
    ids = filing.materials()
    first, second = filing.draft(ids=ids), filing.draft(ids=ids)
    receipt = filing.submit(first)
    with pytest.raises(DuplicateFiling) as refused:
        filing.submit(second)
    assert refused.value.extra["numbers"] == [receipt.receipt_no]
    number = accept(filing, officer, first)
    with pytest.raises(DuplicateFiling) as refused:
        filing.submit(second)
    assert refused.value.extra["numbers"] == [number]
    filing.submit(second, reason="另一份合同项下的货款")
    seen = filing.services.review.detail(staff=officer, filing_id=second)
    assert seen.duplicate_reason == "另一份合同项下的货款"
    third = filing.draft(ids=ids, court={"cause": "民间借贷纠纷"})
    filing.submit(third)


def test_all_defects_at_once_and_nothing_new_later(filing: FilingWorld, officer: Staff) -> None:
    filing_id = filing.draft()
    filing.submit(filing_id)
    review = filing.services.review
    first = ["claims.unclear", "materials.evidence"]
    due = review.correct(staff=officer, filing_id=filing_id, reasons=first, days=7, note="")
    view = filing.view(filing_id)
    assert (view.card.state, view.card.due_on) == (State.CORRECTION, due)
    assert view.open_sections == {Section.CLAIMS, Section.MATERIALS}
    with pytest.raises(SectionLocked):
        filing.save(filing_id, Section.FACTS, {"text": "不能改"}, version=1)
    filing.save(filing_id, Section.CLAIMS, {"items": ["支付货款一百万元"]}, version=1)
    filing.court.world.clock.step(days=2)
    filing.submit(filing_id)
    begun = filing.court.world.sql(
        "SELECT state, begins_on FROM case_clock WHERE purpose = %s ORDER BY begins_on", DECISION
    )
    today = calendar.local_day(filing.court.world.clock.now())
    assert begun == [("stopped", today - timedelta(days=2)), ("running", today)]
    with pytest.raises(CorrectionRefused) as refused:
        review.correct(staff=officer, filing_id=filing_id, reasons=["facts.text"], days=7, note="")
    assert "一次性" in str(refused.value.extra["message"])
    review.correct(staff=officer, filing_id=filing_id, reasons=first[:1], days=7, note="")


def test_what_is_not_corrected_in_time_goes_back(filing: FilingWorld, officer: Staff) -> None:
    filing_id = filing.draft()
    filing.submit(filing_id)
    review = filing.services.review
    review.correct(staff=officer, filing_id=filing_id, reasons=["court.cause"], days=3, note="")
    with pytest.raises(DecisionIncomplete):
        review.give_back(staff=officer, filing_id=filing_id)
    filing.court.world.clock.step(days=12)
    review.give_back(staff=officer, filing_id=filing_id)
    assert filing.view(filing_id).card.state is State.RETURNED


def test_a_refusal_needs_its_reasons(filing: FilingWorld, officer: Staff) -> None:
    filing_id = filing.draft()
    filing.submit(filing_id)
    review = filing.services.review
    with pytest.raises(DecisionIncomplete):
        review.refuse(staff=officer, filing_id=filing_id, ruling="不行")
    ruling = (
        "本院经审查认为，起诉人与本案没有直接利害关系，依照民事诉讼法第一百二十二条，不予受理。"
    )
    review.refuse(staff=officer, filing_id=filing_id, ruling=ruling)
    assert filing.view(filing_id).ruling == ruling
    with pytest.raises(FilingClosed):
        accept(filing, officer, filing_id)


def test_of_fifty_decisions_exactly_one_wins(filing: FilingWorld, officer: Staff) -> None:
    filing_id = filing.draft()
    filing.submit(filing_id)
    review, app = filing.services.review, filing.court.world.app

    def decide(turn: int) -> str:
        with app.app_context():
            try:
                if turn % 3 == 0:
                    accept(filing, officer, filing_id)
                elif turn % 3 == 1:
                    review.refuse(staff=officer, filing_id=filing_id, ruling="理由充分。" * 5)
                else:
                    review.correct(
                        staff=officer,
                        filing_id=filing_id,
                        reasons=["facts.text"],
                        days=7,
                        note="",
                    )
            except FilingClosed:
                return "closed"
            return "won"

    with ThreadPoolExecutor(10) as pool:
        outcome = Counter(pool.map(decide, range(50)))
    assert outcome == {"won": 1, "closed": 49}
    cases = filing.court.world.sql("SELECT count(*) FROM court_case")[0][0]
    assert cases == (1 if filing.view(filing_id).card.state is State.ACCEPTED else 0)


def test_what_is_not_decided_in_time_registers_itself(filing: FilingWorld, officer: Staff) -> None:
    filing_id = filing.draft()
    filing.submit(filing_id)
    due = filing.view(filing_id).card.due_on
    world = filing.court.world
    ends = calendar.end_of_day(due)
    world.clock.ahead += ends - timedelta(minutes=5) - world.clock.now()
    ring(filing)
    assert filing.view(filing_id).card.state is State.SUBMITTED
    assert filing.services.review.queue(staff=officer).waiting[0].urgent
    world.clock.step(minutes=10)
    ring(filing)
    view = filing.view(filing_id)
    assert (view.card.state, view.decided_by) == (State.ACCEPTED, BY_LAW)
    assert view.case_number is not None
    assert "民初1号" in view.case_number
    assert [c.filing_id for c in filing.services.review.queue(staff=officer).by_law] == [filing_id]


@pytest.mark.parametrize("kind", [FilingKind.APPEAL, FilingKind.ENFORCEMENT])
def test_where_registration_does_not_apply_no_clock_runs(
    filing: FilingWorld, kind: FilingKind
) -> None:
    kinds = ("complaint", "application", "identity", "power_of_attorney", "firm_letter")
    ids = filing.materials(*kinds, "evidence", "judgment")
    filing_id = filing.draft(kind, ids=ids, court={"basis": "（2025）京0105民初9号"})
    filing.submit(filing_id)
    assert filing.view(filing_id).card.due_on is None
    assert filing.court.world.sql("SELECT count(*) FROM case_clock") == [(0,)]


def test_mediation_only_with_consent_and_never_longer_than_its_time(
    filing: FilingWorld, officer: Staff
) -> None:
    filing_id = filing.draft()
    filing.submit(filing_id)
    review = filing.services.review
    with pytest.raises(ConsentMissing):
        review.mediate(staff=officer, filing_id=filing_id)
    filing.services.submissions.consent(counsel=filing.counsel, filing_id=filing_id, given=True)
    review.mediate(staff=officer, filing_id=filing_id)
    due = filing.view(filing_id).card.due_on
    world = filing.court.world
    world.clock.ahead += calendar.end_of_day(due) + timedelta(minutes=5) - world.clock.now()
    ring(filing)
    view = filing.view(filing_id)
    assert view.card.state is State.SUBMITTED
    assert view.card.due_on > due


def test_nobody_pays_and_the_judge_is_asked(filing: FilingWorld, officer: Staff) -> None:
    filing_id = filing.draft()
    filing.submit(filing_id)
    accept(filing, officer, filing_id)
    fee = filing.view(filing_id).fee
    world = filing.court.world
    world.clock.ahead += calendar.end_of_day(fee.due_on) + timedelta(minutes=5) - world.clock.now()
    ring(filing)
    view = filing.view(filing_id)
    assert view.fee.state == "overdue"
    detail = filing.court.casefile.cases.detail(who=filing.counsel, case_id=view.card.case_id)
    assert detail.card.closing is None
    assert "按撤诉处理" in detail.events[0].summary


def test_relief_stops_the_clock_of_the_fee(filing: FilingWorld, officer: Staff) -> None:
    filing_id = filing.draft()
    filing.submit(filing_id)
    accept(filing, officer, filing_id)
    fee = filing.view(filing_id).fee
    notices = filing.services.fee_notices
    other = dataclasses.replace(filing.counsel, licence_no="1" * 17)
    with pytest.raises(FilingUnknown):
        notices.relief(counsel=other, fee_id=fee.fee_id, reason="经济困难")
    notices.relief(counsel=filing.counsel, fee_id=fee.fee_id, reason="经济困难")
    filing.court.world.clock.step(days=20)
    ring(filing)
    assert filing.view(filing_id).fee.state == "relief"


def test_a_withdrawn_filing_is_not_registered_by_any_clock(filing: FilingWorld) -> None:
    filing_id = filing.draft()
    filing.submit(filing_id)
    filing.services.submissions.withdraw(counsel=filing.counsel, filing_id=filing_id)
    filing.court.world.clock.step(days=30)
    ring(filing)
    assert filing.view(filing_id).card.state is State.WITHDRAWN


def test_materials_of_a_filing_are_read_by_its_officer_alone(
    filing: FilingWorld, officer: Staff
) -> None:
    ids = filing.materials()
    filing_id = filing.draft(ids=ids)
    filing.submit(filing_id)
    review, wanted = filing.services.review, uuid.UUID(ids[0])
    content = review.material(staff=officer, filing_id=filing_id, material_id=wanted)
    assert b"".join(content.pieces).startswith(b"%PDF")
    (other,) = filing.materials("other")
    with pytest.raises(FilingUnknown):
        review.material(staff=officer, filing_id=filing_id, material_id=uuid.UUID(other))


def test_a_case_is_not_seen_before_it_is_ones_own(filing: FilingWorld, officer: Staff) -> None:
    filing_id = filing.draft()
    filing.submit(filing_id)
    accept(filing, officer, filing_id)
    case_id = filing.view(filing_id).card.case_id
    other = dataclasses.replace(filing.counsel, licence_no="1" * 17)
    with pytest.raises(CaseUnknown):
        filing.court.casefile.cases.detail(who=other, case_id=case_id)


def test_a_fee_is_paid_once_whatever_the_cashier_repeats(
    filing: FilingWorld, officer: Staff
) -> None:
    filing_id = filing.draft()
    filing.submit(filing_id)
    accept(filing, officer, filing_id)
    payments, fee = filing.services.payments, filing.view(filing_id).fee
    desk = filing.court.world.app.extensions["ports"].payment
    url = payments.begin(counsel=filing.counsel, fee_id=fee.fee_id)
    assert payments.begin(counsel=filing.counsel, fee_id=fee.fee_id) == url
    order = desk.shown(dict(parse_qsl(urlsplit(url).query)))
    assert order.amount_fen == fee.amount_fen
    body, signature = desk.pay(order)
    for wrong in (f"{signature[:-1]}0" if signature[-1] != "0" else f"{signature[:-1]}1", ""):
        with pytest.raises(CallbackForged):
            payments.take(body=body, signature=wrong)
    less = desk.pay(dataclasses.replace(order, amount_fen=1))
    with pytest.raises(PaymentMismatch):
        payments.take(body=less[0], signature=less[1])
    assert filing.view(filing_id).fee.state == "due"
    for _ in range(3):
        payments.take(body=body, signature=signature)
    paid = filing.view(filing_id).fee
    assert paid.state == "paid"
    assert paid.receipt_no
    entries = filing.court.world.sql("SELECT count(*) FROM ledger_entry WHERE kind = 'fee'")
    assert entries == [(1,)]
    with pytest.raises(FeeClosed):
        payments.begin(counsel=filing.counsel, fee_id=fee.fee_id)
    filing.court.world.clock.step(days=20)
    ring(filing)
    assert filing.view(filing_id).fee.state == "paid"


def test_a_link_that_the_cashier_did_not_make(filing: FilingWorld) -> None:
    desk = filing.court.world.app.extensions["ports"].payment
    url = desk.order(NewOrder(order_id=uuid.uuid4(), amount_fen=100, title="受理费"))
    said = dict(parse_qsl(urlsplit(url).query))
    with pytest.raises(CallbackForged):
        desk.shown({**said, "fen": "1"})
