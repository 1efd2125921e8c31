"""律师助理 over HTTP: every refusal, both people's phones, and other people's objects."""

from __future__ import annotations

import dataclasses
import time
import uuid
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from app.adapters.embedded.registry_demo import demo_trainees
from app.identity.errors import ActNotGiven, AssistantshipEnded
from app.identity.rules.assistants import DIGIT_TRIES
from app.identity.rules.binding import REFUSALS_ALLOWED
from app.identity.service.assistant_codes import CODES_PER_TEN_MINUTES
from app.kernel.calendar import local_day
from app.kernel.identifiers import identity_check_character
from app.kernel.principal import Counsel
from app.kernel.principal import Phone as PhonePrincipal
from app.kernel.unit_of_work import unit_of_work
from app.ports.registry import TraineeRecord, TraineeStatus
from miniprogram_mock.client.phone import Phone
from miniprogram_mock.client.transport import Refusal
from tests.court import CourtWorld
from tests.world import Switched, World, refusal
from tests.world_fixtures import Build

ACTS = ["case.view", "filing.draft"]
TRAINEES = {trainee.name: trainee for trainee in demo_trainees()}
NOBODYS = "00000000-0000-4000-8000-000000000000"


def scope(world: World, *, days: int = 30, **changes: Any) -> dict[str, Any]:
    until = local_day(world.clock.now()) + timedelta(days=days)
    return {"acts": ACTS, "cases": None, "until": until.isoformat(), **changes}


def invite(world: World, lawyer: Phone, **changes: Any) -> dict[str, Any]:
    body = scope(world, **changes)
    return lawyer.call("POST", "/me/assistant-invitations", body).json()


def accept(phone: Phone, code: str) -> dict[str, Any]:
    return phone.call("POST", "/assistantships", {"code": code}).json()


def apply(phone: Phone, code: str, trainee: TraineeRecord, **changes: Any) -> dict[str, Any]:
    body = {
        "code": code,
        "trainee_no": trainee.trainee_no,
        "name": trainee.name,
        "identity_no": trainee.identity_no,
        **changes,
    }
    return phone.call("POST", "/assistantships/trainee", body).json()


def confirm(lawyer: Phone, invitation: Mapping[str, Any], digits: str) -> dict[str, Any]:
    path = f"/me/assistant-invitations/{invitation['id']}/confirm"
    return lawyer.call("POST", path, {"digits": digits}).json()


def acting(phone: Phone, assistantship_id: str) -> dict[str, Any]:
    return phone.call("GET", "/counsel", None, **{"LVZ-Acting-For": assistantship_id}).json()


def refused_acting(phone: Phone, assistantship_id: str) -> Refusal:
    return refusal(lambda: acting(phone, assistantship_id))


def colleagues(world: World, count: int) -> list[Phone]:
    """Bound phones of lawyers of 林正衡's firm who are not among the demo's people."""
    first = world.people["林正衡"]
    records = []
    for n in range(count):
        body = f"11000019920101{n:03d}"
        number = f"111012015119{n:05d}"
        records.append(
            dataclasses.replace(
                first,
                licence_no=number,
                name="同事" + "甲乙丙丁戊己庚辛壬癸"[n % 10] * (1 + n // 10),
                identity_no=body + identity_check_character(body),
            )
        )
    world.register.add_all(records)
    vars(world).pop("people", None)
    return [world.bound_phone(f"c{n}", name=r.name, renew=False) for n, r in enumerate(records)]


def lawyer_and_assistant(world: World) -> tuple[Phone, Phone, str]:
    lawyer = world.bound_phone("lin", renew=False)
    assistant = world.bound_phone("zhou", name="周明月", renew=False)
    made = accept(assistant, invite(world, lawyer)["code"])
    return lawyer, assistant, made["id"]


def kinds(world: World, phone: Phone) -> list[str]:
    world.deliver_notices()
    return [n["kind"] for n in phone.call("GET", "/me/notices").json()["items"]]


def move(world: World, name: str, firm_of: str) -> None:
    """The register says that a lawyer went to another's firm."""
    there = world.people[firm_of]
    world.register.add(
        dataclasses.replace(
            world.people[name], firm_name=there.firm_name, firm_uscc=there.firm_uscc
        )
    )
    vars(world).pop("people", None)


# --- a lawyer of the same firm -----------------------------------------------------------------


def test_a_colleague_accepts_and_acts(world: World) -> None:
    lawyer = world.bound_phone("lin", renew=False)
    assistant = world.bound_phone("zhou", name="周明月", renew=False)
    invitation = invite(world, lawyer)
    assert len(invitation["code"]) == 8
    typed = f" {invitation['code'][:4].lower()}-{invitation['code'][4:]} "
    offer = assistant.call("POST", "/assistantships/preview", {"code": typed}).json()
    assert (offer["lawyer_name"], offer["as_lawyer"]) == ("林正衡", True)
    assert [act["code"] for act in offer["acts"]] == ACTS
    assert any("特别授权" in line for line in offer["may_not"])

    made = accept(assistant, typed)
    assert (made["name"], made["kind"], made["refusal"]) == ("周明月", "lawyer", "")
    me = acting(assistant, made["id"])
    assert (me["name"], me["assistant"], me["acts"]) == ("林正衡", "周明月", ACTS)
    assert me["licence_no"] == world.people["林正衡"].licence_no

    mine = lawyer.call("GET", "/me/assistants").json()
    assert [a["name"] for a in mine["active"]] == ["周明月"]
    assert (mine["invitations"], mine["limit"]) == ([], 3)
    theirs = assistant.call("GET", "/me/assisting").json()
    assert [a["lawyer_name"] for a in theirs["items"]] == ["林正衡"]
    assert "assistant.accepted" in kinds(world, lawyer)


def test_without_the_header_one_acts_for_oneself(world: World) -> None:
    _lawyer, assistant, _ = lawyer_and_assistant(world)
    me = assistant.call("GET", "/counsel").json()
    assert (me["name"], me["assistant"], me["acts"]) == ("周明月", None, None)
    assert refusal(lambda: world.phone("nobody").call("GET", "/counsel")).code == (
        "identity.not_bound"
    )


def test_an_assistant_does_not_manage_the_lawyers_assistants(world: World) -> None:
    """The lawyer's own pages belong to the lawyer's phone, whatever header comes along."""
    lawyer, assistant, made = lawyer_and_assistant(world)
    header = {"LVZ-Acting-For": made}
    mine = assistant.call("GET", "/me/assistants", None, **header).json()
    assert mine["active"] == []
    path = f"/me/assistants/{made}/end"
    refused = refusal(lambda: assistant.call("POST", path, {}, **header))
    assert (refused.reply.status, refused.code) == (404, "assistant.not_found")
    assert len(lawyer.call("GET", "/me/assistants").json()["active"]) == 1


def test_a_code_works_once(world: World) -> None:
    lawyer = world.bound_phone("lin", renew=False)
    first, second = colleagues(world, 2)
    code = invite(world, lawyer)["code"]
    accept(first, code)
    refused = refusal(lambda: accept(second, code))
    assert (refused.reply.status, refused.code) == (409, "assistant.invitation_closed")
    assert refused.problem["reason_label"] == "邀请已使用"


def test_a_code_lasts_a_day_and_can_be_taken_back(world: World) -> None:
    lawyer = world.bound_phone("lin", renew=False)
    assistant = world.bound_phone("zhou", name="周明月", renew=False)
    taken_back, old = invite(world, lawyer), invite(world, lawyer)
    path = f"/me/assistant-invitations/{taken_back['id']}/withdraw"
    assert lawyer.call("POST", path, {}).status == 204
    assert refusal(lambda: accept(assistant, taken_back["code"])).problem["reason"] == "withdrawn"
    world.clock.step(hours=24)
    assistant.sign_in()
    assert refusal(lambda: accept(assistant, old["code"])).problem["reason"] == "expired"
    assert refusal(lambda: lawyer_again(lawyer).call("POST", path, {})).code == (
        "assistant.invitation_closed"
    )


def lawyer_again(phone: Phone) -> Phone:
    phone.sign_in()
    return phone


def test_unknown_codes_are_few(world: World) -> None:
    phone = world.bound_phone("zhou", name="周明月", renew=False)
    for _ in range(CODES_PER_TEN_MINUTES):
        answer = refusal(lambda: accept(phone, "ABCD2345"))
        assert (answer.reply.status, answer.code) == (404, "assistant.invitation_unknown")
    assert refusal(lambda: accept(phone, "ABCD2345")).code == "auth.rate_limited"


def test_who_cannot_be_an_assistant(world: World) -> None:
    lawyer = world.bound_phone("lin", renew=False)
    code = invite(world, lawyer)["code"]
    refused = refusal(lambda: accept(lawyer, code))
    assert (refused.reply.status, refused.code) == (409, "assistant.own_invitation")
    other = world.bound_phone("ouyang", name="欧阳若水", renew=False)
    refused = refusal(lambda: accept(other, code))
    assert (refused.reply.status, refused.code) == (403, "assistant.other_firm")
    refused = refusal(lambda: accept(world.phone("nobody"), code))
    assert (refused.reply.status, refused.code) == (409, "identity.not_bound")
    suspended = world.bound_phone("zhou", name="周明月", renew=False)
    world.set_status("suspended", "周明月")
    refused = refusal(lambda: accept(suspended, code))
    assert (refused.reply.status, refused.code) == (403, "assistant.not_practising")
    assert refused.problem["status_label"] == "停止执业"
    world.set_status("practising", "周明月")
    world.set_status("suspended", "林正衡")
    assert refusal(lambda: accept(suspended, code)).code == "assistant.lawyer_not_practising"
    world.set_status("practising", "林正衡")
    accept(suspended, code)
    again = invite(world, lawyer)["code"]
    refused = refusal(lambda: accept(suspended, again))
    assert (refused.reply.status, refused.code) == (409, "assistant.already")


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"acts": []}, "assistant.acts_refused", "acts"),
        ({"acts": ["settlement.accept"]}, "assistant.acts_refused", "acts"),
        ({"days": -1}, "assistant.until_refused", "until"),
        ({"days": 400}, "assistant.until_refused", "until"),
        ({"cases": [NOBODYS]}, "assistant.case_not_yours", "cases"),
    ],
)
def test_what_cannot_be_given(world: World, changes: dict[str, Any], code: str, field: str) -> None:
    lawyer, _, made = lawyer_and_assistant(world)
    for refused in (
        refusal(lambda: invite(world, lawyer, **changes)),
        refusal(
            lambda: lawyer.call("POST", f"/me/assistants/{made}/scope", scope(world, **changes))
        ),
    ):
        assert (refused.reply.status, refused.code) == (422, code)
        assert refused.problem["field"] == field


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"acts": "case.view", "until": "2026-12-01"},
        {"acts": ["case.view"], "until": "明天"},
        {"acts": ["case.view"], "until": "2026-12-01", "cases": []},
        {"acts": ["case.view"], "until": "2026-12-01", "cases": ["x"]},
        {"acts": ["case.view"], "until": "2026-12-01", "more": 1},
    ],
)
def test_a_malformed_scope(world: World, body: dict[str, Any]) -> None:
    lawyer = world.bound_phone("lin", renew=False)
    refused = refusal(lambda: lawyer.call("POST", "/me/assistant-invitations", body))
    assert (refused.reply.status, refused.code) == (422, "request.invalid")
    assert refused.problem["errors"]


def test_who_may_invite(world: World) -> None:
    stranger = world.phone("nobody")
    assert refusal(lambda: invite(world, stranger)).code == "identity.not_bound"
    assert refusal(lambda: stranger.call("GET", "/me/assistants")).code == "identity.not_bound"
    lawyer = world.bound_phone("lin", renew=False)
    world.set_status("suspended")
    with world.app.app_context():
        world.services.identity.devices.refresh(licence_no=world.people["林正衡"].licence_no)
    assert refusal(lambda: invite(world, lawyer)).code == "identity.counsel_not_practising"


def test_not_more_than_five_invitations_at_once(world: World) -> None:
    lawyer = world.bound_phone("lin", renew=False)
    made = [invite(world, lawyer) for _ in range(5)]
    assert len({each["code"] for each in made}) == 5
    assert refusal(lambda: invite(world, lawyer)).code == "assistant.too_many_invitations"


# --- three at a time ---------------------------------------------------------------------------


def test_a_fourth_is_refused_and_the_invitation_stays_good(world: World) -> None:
    lawyer = world.bound_phone("lin", renew=False)
    four = colleagues(world, 4)
    made = [accept(phone, invite(world, lawyer)["code"]) for phone in four[:3]]
    code = invite(world, lawyer)["code"]
    refused = refusal(lambda: accept(four[3], code))
    assert (refused.reply.status, refused.code) == (409, "assistant.too_many")
    assert refused.problem["limit"] == 3
    assert lawyer.call("POST", f"/me/assistants/{made[1]['id']}/end", {}).status == 204
    assert accept(four[3], code)["refusal"] == ""
    mine = lawyer.call("GET", "/me/assistants").json()
    assert (len(mine["active"]), len(mine["ended"])) == (3, 1)


def test_twenty_who_accept_at_once(world: World) -> None:
    """Each with a code of their own; three get in, and the codes of the others stay good."""
    lawyer = world.bound_phone("lin", renew=False)
    phones = colleagues(world, 20)
    codes = []
    for _ in range(4):
        codes += [invite(world, lawyer)["code"] for _ in range(5)]
        world.sql("UPDATE assistant_invitation SET expires_at = now() - interval '1 hour'")
    world.sql("UPDATE assistant_invitation SET expires_at = now() + interval '1 hour'")

    def race(n: int) -> str:
        try:
            accept(phones[n], codes[n])
        except Refusal as refused:
            return refused.code
        return "began"

    with ThreadPoolExecutor(20) as pool:
        seen = Counter(pool.map(race, range(20)))
    assert seen == {"began": 3, "assistant.too_many": 17}
    rows = world.sql("SELECT slot FROM assistantship WHERE ended_at IS NULL ORDER BY slot")
    assert rows == [(1,), (2,), (3,)]
    used = world.sql("SELECT count(*) FROM assistant_invitation WHERE used_at IS NOT NULL")
    assert used == [(3,)]


def test_twenty_who_race_for_one_code(world: World) -> None:
    lawyer = world.bound_phone("lin", renew=False)
    phones = colleagues(world, 20)
    code = invite(world, lawyer)["code"]

    def race(phone: Phone) -> str:
        try:
            accept(phone, code)
        except Refusal as refused:
            return refused.code
        return "began"

    with ThreadPoolExecutor(20) as pool:
        seen = Counter(pool.map(race, phones))
    assert seen == {"began": 1, "assistant.invitation_closed": 19}


def test_one_who_ran_out_makes_room(world: World) -> None:
    lawyer = world.bound_phone("lin", renew=False)
    four = colleagues(world, 4)
    for phone in four[:3]:
        accept(phone, invite(world, lawyer, days=0)["code"])
    world.clock.step(days=1)
    for phone in (lawyer, four[3]):
        phone.sign_in()
    assert accept(four[3], invite(world, lawyer)["code"])["refusal"] == ""
    assert kinds(world, lawyer).count("assistant.ended") == 3


# --- trainees ----------------------------------------------------------------------------------


def test_a_trainee_is_known_by_the_register_and_by_the_lawyer(world: World) -> None:
    lawyer, phone = world.bound_phone("lin", renew=False), world.phone("xu")
    invitation = invite(world, lawyer)
    offer = phone.call("POST", "/assistantships/preview", {"code": invitation["code"]}).json()
    assert offer["as_lawyer"] is False
    waiting = apply(phone, invitation["code"], TRAINEES["许知行"])
    assert len(waiting["digits"]) == 6
    assert phone.call("GET", "/me/assisting").json()["items"] == []
    assert "assistant.waiting" in kinds(world, lawyer)

    (shown,) = lawyer.call("GET", "/me/assistants").json()["invitations"]
    assert shown["candidate"] == {
        "name": "许知行",
        "trainee_no": TRAINEES["许知行"].trainee_no,
        "tries_left": DIGIT_TRIES,
    }
    assert waiting["digits"] not in str(shown), "the lawyer must look at the other phone"
    made = confirm(lawyer, invitation, waiting["digits"][:3] + " " + waiting["digits"][3:])
    assert (made["name"], made["kind"]) == ("许知行", "trainee")
    me = acting(phone, made["id"])
    assert (me["name"], me["assistant"]) == ("林正衡", "许知行")
    assert "assistant.confirmed" in kinds(world, phone)
    stored = world.sql("SELECT * FROM trainee")
    assert TRAINEES["许知行"].identity_no not in str(stored), "compared once, and not kept"


def test_a_trainee_whom_the_register_does_not_confirm(world: World) -> None:
    lawyer, phone = world.bound_phone("lin", renew=False), world.phone("xu")
    code = invite(world, lawyer)["code"]
    trainee, other = TRAINEES["许知行"], TRAINEES["方小雨"]
    bodies = set()
    for changes in (
        {"name": "许不行"},
        {"identity_no": other.identity_no},
        {"trainee_no": "11012026999999"},
    ):
        refused = refusal(lambda c=changes: apply(phone, code, trainee, **c))
        assert (refused.reply.status, refused.code) == (403, "identity.no_match")
        bodies.add(repr({k: v for k, v in refused.problem.items() if k != "request_id"}))
    assert len(bodies) == 1, "which part is wrong is never said"
    for changes, expected in (
        ({"trainee_no": "1" * 13}, "assistant.trainee_no_invalid"),
        ({"identity_no": "1" * 18}, "identity.identity_no_invalid"),
    ):
        refused = refusal(lambda c=changes: apply(phone, code, trainee, **c))
        assert (refused.reply.status, refused.code) == (422, expected)
    for _ in range(REFUSALS_ALLOWED - 3):
        refusal(lambda: apply(phone, code, trainee, name="许不行"))
    assert refusal(lambda: apply(phone, code, trainee)).code == "identity.too_many_attempts"


def test_guesses_at_once_are_counted_one_by_one(world: World) -> None:
    lawyer, phone = world.bound_phone("lin", renew=False), world.phone("xu")
    code = invite(world, lawyer)["code"]

    def guess(_: int) -> str:
        return refusal(lambda: apply(phone, code, TRAINEES["许知行"], name="许不行")).code

    with ThreadPoolExecutor(8) as pool:
        seen = Counter(pool.map(guess, range(16)))
    assert seen == {"identity.no_match": 5, "identity.too_many_attempts": 11}


def test_trainees_who_may_not_assist(world: World) -> None:
    lawyer = world.bound_phone("lin", renew=False)
    code = invite(world, lawyer)["code"]
    refused = refusal(lambda: apply(world.phone("song"), code, TRAINEES["宋迟"]))
    assert (refused.reply.status, refused.code) == (403, "assistant.other_firm")
    refused = refusal(lambda: apply(world.phone("duan"), code, TRAINEES["段半途"]))
    assert (refused.reply.status, refused.code) == (403, "assistant.trainee_ended")
    assert refused.problem["status_label"] == "取消实习登记"


def test_digits_are_not_guessed(world: World) -> None:
    lawyer, phone = world.bound_phone("lin", renew=False), world.phone("xu")
    invitation = invite(world, lawyer)
    waiting = apply(phone, invitation["code"], TRAINEES["许知行"])
    wrong = f"{(int(waiting['digits']) + 1) % 1_000_000:06d}"
    for left in range(DIGIT_TRIES - 1, 0, -1):
        refused = refusal(lambda: confirm(lawyer, invitation, wrong))
        assert (refused.reply.status, refused.code) == (422, "assistant.digits_wrong")
        assert refused.problem["tries_left"] == left
    refused = refusal(lambda: confirm(lawyer, invitation, wrong))
    assert (refused.reply.status, refused.code) == (409, "assistant.digits_used_up")
    refused = refusal(lambda: confirm(lawyer, invitation, waiting["digits"]))
    assert (refused.reply.status, refused.code) == (409, "assistant.no_candidate")
    again = apply(phone, invitation["code"], TRAINEES["许知行"])
    assert confirm(lawyer, invitation, again["digits"])["name"] == "许知行"


def test_a_second_trainee_waits_for_the_first(world: World) -> None:
    lawyer, first, second = (
        world.bound_phone("lin", renew=False),
        world.phone("xu"),
        world.phone("fang"),
    )
    invitation = invite(world, lawyer)
    apply(first, invitation["code"], TRAINEES["许知行"])
    refused = refusal(lambda: apply(second, invitation["code"], TRAINEES["方小雨"]))
    assert (refused.reply.status, refused.code) == (409, "assistant.candidate_waiting")
    path = f"/me/assistant-invitations/{invitation['id']}/reject"
    assert lawyer.call("POST", path, {}).status == 204
    assert refusal(lambda: lawyer.call("POST", path, {})).code == "assistant.no_candidate"
    assert "assistant.not_confirmed" in kinds(world, first)
    assert first.call("GET", "/me/assisting").json()["waiting"] == []
    digits = apply(second, invitation["code"], TRAINEES["方小雨"])["digits"]
    assert confirm(lawyer, invitation, digits)["name"] == "方小雨"


def test_a_trainee_struck_off_between_accepting_and_being_confirmed(world: World) -> None:
    lawyer, phone = world.bound_phone("lin", renew=False), world.phone("xu")
    invitation = invite(world, lawyer)
    digits = apply(phone, invitation["code"], TRAINEES["许知行"])["digits"]
    strike_off(world, "许知行")
    assert refusal(lambda: confirm(lawyer, invitation, digits)).code == "assistant.trainee_ended"


def strike_off(world: World, name: str, status: TraineeStatus = TraineeStatus.CANCELLED) -> None:
    world.register.put_trainees([dataclasses.replace(TRAINEES[name], status=status)])


def with_trainee(world: World) -> tuple[Phone, Phone, str]:
    lawyer, phone = world.bound_phone("lin", renew=False), world.phone("xu")
    invitation = invite(world, lawyer)
    digits = apply(phone, invitation["code"], TRAINEES["许知行"])["digits"]
    return lawyer, phone, confirm(lawyer, invitation, digits)["id"]


# --- the end -----------------------------------------------------------------------------------


def test_one_touch_ends_at_once(world: World) -> None:
    lawyer, assistant, made = lawyer_and_assistant(world)
    path = f"/me/assistants/{made}/end"
    assert lawyer.call("POST", path, {}).status == 204
    refused = refused_acting(assistant, made)
    assert (refused.reply.status, refused.code) == (403, "assistant.ended")
    assert refused.problem["reason_label"] == "律师已结束"
    assert lawyer.call("POST", path, {}).status == 204, "ending twice is ending once"
    assert "assistant.ended" in kinds(world, assistant)
    assert assistant.call("GET", "/me/assisting").json()["items"] == []


def test_an_assistant_leaves(world: World) -> None:
    lawyer, assistant, made = lawyer_and_assistant(world)
    assert assistant.call("POST", f"/me/assisting/{made}/leave", {}).status == 204
    assert refused_acting(assistant, made).problem["reason_label"] == "助理已退出"
    assert "assistant.ended" in kinds(world, lawyer)
    assert lawyer.call("GET", "/me/assistants").json()["ended"][0]["end_label"] == "助理已退出"


def test_the_last_day_is_over(world: World) -> None:
    lawyer, assistant, made = lawyer_and_assistant(world)
    world.clock.step(days=31)
    for phone in (lawyer, assistant):
        phone.sign_in()
    assert refused_acting(assistant, made).code == "assistant.expired"
    with world.app.app_context():
        assert world.services.identity.assistants.sweep() == 1
        assert world.services.identity.assistants.sweep() == 0
    assert "assistant.ended" in kinds(world, lawyer)
    assert "assistant.ended" in kinds(world, assistant)


@pytest.mark.parametrize(
    ("who", "code"),
    [("林正衡", "assistant.lawyer_not_practising"), ("周明月", "assistant.not_practising")],
)
def test_a_suspended_licence_interrupts(world: World, who: str, code: str) -> None:
    lawyer, assistant, made = lawyer_and_assistant(world)
    world.set_status("suspended", who)
    world.clock.step(seconds=31)
    refused = refused_acting(assistant, made)
    assert (refused.reply.status, refused.code) == (403, code)
    assert refused.problem["status_label"] == "停止执业"
    shown = lawyer.call("GET", "/me/assistants").json()["active"][0]
    assert (shown["refusal"], bool(shown["refusal_label"])) == (code, True)
    world.set_status("practising", who)
    world.clock.step(seconds=31)
    assert acting(assistant, made)["name"] == "林正衡"


@pytest.mark.parametrize("who", ["林正衡", "周明月"])
def test_another_firm_ends_it(world: World, who: str) -> None:
    lawyer, assistant, made = lawyer_and_assistant(world)
    move(world, who, "沈清和")
    world.clock.step(seconds=31)
    refused = refused_acting(assistant, made)
    assert (refused.code, refused.problem["reason"]) == ("assistant.ended", "firm_changed")
    assert "assistant.ended" in kinds(world, lawyer)
    assert "assistant.ended" in kinds(world, assistant)


def test_a_firm_that_changes_its_name_is_the_same_firm(world: World) -> None:
    _, assistant, made = lawyer_and_assistant(world)
    record = world.people["周明月"]
    world.register.add(dataclasses.replace(record, firm_name="北京演示衡平天下律师事务所"))
    world.clock.step(seconds=31)
    assert acting(assistant, made)["assistant"] == "周明月"


def test_a_trainee_struck_off(world: World) -> None:
    lawyer, phone, made = with_trainee(world)
    strike_off(world, "许知行", TraineeStatus.SUSPENDED)
    world.clock.step(seconds=31)
    assert refused_acting(phone, made).code == "assistant.trainee_ended"
    strike_off(world, "许知行", TraineeStatus.TRAINING)
    world.clock.step(seconds=31)
    assert acting(phone, made)["assistant"] == "许知行"
    strike_off(world, "许知行")
    world.clock.step(seconds=31)
    with world.app.app_context():
        assert world.services.identity.trainees.sync() == 1
    assert refused_acting(phone, made).problem["reason"] == "trainee_ended"
    assert "assistant.ended" in kinds(world, lawyer)


def test_a_lawyer_without_a_phone(world: World) -> None:
    lawyer, assistant, made = lawyer_and_assistant(world)
    lawyer.call("POST", "/me/device/end", {})
    assert refused_acting(assistant, made).code == "assistant.lawyer_not_bound"


def test_a_lawyer_who_assists_goes_on_with_a_new_phone(world: World) -> None:
    _, old, made = lawyer_and_assistant(world)
    new = world.bound_phone("zhou-new", name="周明月", renew=False)
    assert acting(new, made)["assistant"] == "周明月"
    assert refused_acting(old, made).code == "assistant.not_found"


def test_when_the_register_is_silent_its_last_word_counts(build_world: Build, world: World) -> None:
    del world
    silent = build_world(lambda p: dataclasses.replace(p, registry=Switched(p.registry)))
    try:
        lawyer, assistant, made = lawyer_and_assistant(silent)
        silent.clock.step(seconds=31)
        Switched.off = True
        assert acting(assistant, made)["name"] == "林正衡"
        code = invite(silent, lawyer)["code"]
        refused = refusal(lambda: accept(assistant, code))
        assert (refused.reply.status, refused.code) == (503, "registry.unavailable")
    finally:
        Switched.off = False


# --- other people's objects --------------------------------------------------------------------


def test_other_peoples_objects_are_not_there(world: World) -> None:
    lawyer, assistant, made = lawyer_and_assistant(world)
    invitation = invite(world, lawyer)
    stranger = world.bound_phone("ouyang", name="欧阳若水", renew=False)
    for phone in (stranger, assistant):
        for path, body in (
            (f"/me/assistants/{made}/end", {}),
            (f"/me/assistants/{made}/scope", scope(world)),
            (f"/me/assistant-invitations/{invitation['id']}/withdraw", {}),
            (f"/me/assistant-invitations/{invitation['id']}/reject", {}),
            (f"/me/assistant-invitations/{invitation['id']}/confirm", {"digits": "123456"}),
        ):
            refused = refusal(lambda p=path, b=body, w=phone: w.call("POST", p, b))
            assert refused.reply.status == 404, path
    for phone in (stranger, lawyer):
        refused = refusal(lambda w=phone: w.call("POST", f"/me/assisting/{made}/leave", {}))
        assert (refused.reply.status, refused.code) == (404, "assistant.not_found")
        assert refused_acting(phone, made).code == "assistant.not_found"
    assert refused_acting(assistant, NOBODYS).code == "assistant.not_found"
    assert acting(assistant, made)["name"] == "林正衡"


@pytest.mark.parametrize("header", ["x", "1", "", "00000000-0000"])
def test_a_malformed_header(world: World, header: str) -> None:
    phone = world.bound_phone("lin", renew=False)
    refused = refused_acting(phone, header)
    assert (refused.reply.status, refused.code) == (400, "request.malformed")


# --- cases -------------------------------------------------------------------------------------


def test_only_the_lawyers_own_cases_can_be_given_and_only_those_are_seen(world: World) -> None:
    court = CourtWorld(world=world)
    lawyer = world.bound_phone("lin", renew=False)
    assistant = world.bound_phone("zhou", name="周明月", renew=False)
    with world.app.app_context():
        counsel = counsel_of(world, lawyer, None)
        given, kept, foreign = court.open(), court.open(), court.open()
        court.enter(given, counsel)
        court.enter(kept, counsel)
    refused = refusal(lambda: invite(world, lawyer, cases=[str(foreign.case_id)]))
    assert (refused.reply.status, refused.code) == (422, "assistant.case_not_yours")
    assert refused.problem["unknown"] == [str(foreign.case_id)]

    invitation = invite(world, lawyer, cases=[str(given.case_id)])
    (case,) = invitation["cases"]
    offer = assistant.call("POST", "/assistantships/preview", {"code": invitation["code"]}).json()
    assert offer["case_count"] == 1
    assert case["title"] not in str(offer), "what the cases are is told to assistants only"
    made = accept(assistant, invitation["code"])
    assert made["cases"] == [case]

    header = {"LVZ-Acting-For": made["id"]}
    listed = assistant.call("GET", "/cases", None, **header).json()
    assert [c["id"] for c in listed["items"]] == [str(given.case_id)]
    path = f"/cases/{given.case_id}"
    assert assistant.call("GET", path, None, **header).json()["case"]["id"] == str(given.case_id)
    for hidden in (kept, foreign):
        with pytest.raises(Refusal):
            assistant.call("GET", f"/cases/{hidden.case_id}", None, **header)
    assert assistant.call("GET", "/cases").json()["items"] == [], "without the header: their own"


def test_a_case_is_not_seen_without_the_act_or_after_the_end(world: World) -> None:
    court = CourtWorld(world=world)
    lawyer, assistant, made = lawyer_and_assistant(world)
    with world.app.app_context():
        opened = court.open()
        court.enter(opened, counsel_of(world, lawyer, None))
    header = {"LVZ-Acting-For": made}
    paths = ("/cases", f"/cases/{opened.case_id}")
    for path in paths:
        assert assistant.call("GET", path, None, **header).status == 200
    lawyer.call("POST", f"/me/assistants/{made}/scope", scope(world, acts=["filing.draft"]))
    for path in paths:
        refused = refusal(lambda p=path: assistant.call("GET", p, None, **header))
        assert (refused.reply.status, refused.code) == (403, "court.act_refused")
    lawyer.call("POST", f"/me/assistants/{made}/end", {})
    for path in paths:
        refused = refusal(lambda p=path: assistant.call("GET", p, None, **header))
        assert (refused.reply.status, refused.code) == (403, "assistant.ended")


# --- scope and what was done -------------------------------------------------------------------


def test_the_lawyer_gives_more_or_less(world: World) -> None:
    lawyer, assistant, made = lawyer_and_assistant(world)
    body = scope(world, days=5, acts=["material.upload"])
    card = lawyer.call("POST", f"/me/assistants/{made}/scope", body).json()
    assert [act["label"] for act in card["acts"]] == ["上传材料"]
    assert acting(assistant, made)["acts"] == ["material.upload"]
    assert "assistant.changed" in kinds(world, assistant)
    lawyer.call("POST", f"/me/assistants/{made}/end", {})
    refused = refusal(lambda: lawyer.call("POST", f"/me/assistants/{made}/scope", body))
    assert refused.code == "assistant.ended"


def counsel_of(world: World, phone: Phone, assistantship_id: str | None) -> Counsel:
    counsels = world.services.identity.counsels
    known = world.services.identity.sign_in.authenticate(phone._token)
    assert isinstance(known, PhonePrincipal)
    if assistantship_id is None:
        return counsels.of_phone(phone=known)
    return counsels.acting(phone=known, assistantship_id=uuid.UUID(assistantship_id))


def record(world: World, counsel: Counsel, act: str, summary: str = "查看了案件") -> None:
    with unit_of_work() as tx:
        world.services.identity.assistants.record(
            tx, counsel=counsel, act=act, case_id=None, summary=summary
        )


def test_what_was_done_shows_whose_hand_it_was(world: World) -> None:
    lawyer, assistant, made = lawyer_and_assistant(world)
    with world.app.app_context():
        by_assistant = counsel_of(world, assistant, made)
        for n in range(35):
            record(world, by_assistant, "case.view", f"第{n}次查看")
            world.clock.step(seconds=1)
        record(world, counsel_of(world, lawyer, None), "case.view", "律师本人")
    page = lawyer.call("GET", "/me/assistant-acts").json()
    assert len(page["items"]) == 30
    assert page["items"][0] | {"id": "", "at": "", "assistantship_id": ""} == {
        "id": "",
        "at": "",
        "name": "周明月",
        "act_label": "查看案件",
        "summary": "第34次查看",
        "assistantship_id": "",
        "case_id": None,
    }
    rest = lawyer.call("GET", f"/me/assistant-acts?before={page['next']}").json()
    assert [d["summary"] for d in rest["items"]] == [f"第{n}次查看" for n in range(4, -1, -1)]
    assert rest["next"] is None
    assert assistant.call("GET", "/me/assistant-acts").json()["items"] == []
    foreign = f"/me/assistant-acts?before={page['next']}"
    assert assistant.call("GET", foreign).json()["items"] == []


@pytest.mark.parametrize("how", ["ended", "not given"])
def test_nothing_is_done_beyond_what_was_given(world: World, how: str) -> None:
    lawyer, assistant, made = lawyer_and_assistant(world)
    with world.app.app_context():
        counsel = counsel_of(world, assistant, made)
        if how == "ended":  # while the request was on its way
            lawyer.call("POST", f"/me/assistants/{made}/end", {})
            with pytest.raises(AssistantshipEnded):
                record(world, counsel, "case.view")
        else:
            with pytest.raises(ActNotGiven):
                record(world, counsel, "pass.view")
    assert world.sql("SELECT count(*) FROM assistant_act") == [(0,)]


def test_the_ledger_knows_begin_change_and_end(world: World) -> None:
    lawyer, _, made = lawyer_and_assistant(world)
    lawyer.call("POST", f"/me/assistants/{made}/scope", scope(world, days=5))
    lawyer.call("POST", f"/me/assistants/{made}/end", {})
    rows = world.sql(
        "SELECT convert_from(details, 'UTF8') FROM ledger_entry"
        " WHERE kind = 'assistant' AND source_id = %s ORDER BY at",
        uuid.UUID(made),
    )
    assert [act for (text,) in rows for act in ("began", "changed", "ended") if act in text] == [
        "began",
        "changed",
        "ended",
    ]
    assert "周明月" not in str(rows)


def test_the_database_itself_holds_the_three_places(world: World) -> None:
    lawyer, _, made = lawyer_and_assistant(world)
    colleagues(world, 1)
    invite(world, lawyer)
    for slot, broken in ((1, "uq_assistantship_slot_active"), (4, "ck_assistantship_slot")):
        with pytest.raises(psycopg.IntegrityError, match=broken):
            world.sql(
                "INSERT INTO assistantship SELECT gen_random_uuid(), i.id, a.lawyer_id, l.id, NULL,"
                " a.account_id, a.acts, a.cases, %s, a.began_at, a.expires_at, NULL, NULL"
                " FROM assistantship a, assistant_invitation i, lawyer l WHERE a.id = %s"
                " AND i.used_at IS NULL AND l.name LIKE '同事%%'",
                slot,
                uuid.UUID(made),
            )


def test_an_end_waits_for_the_act_in_hand(world: World) -> None:
    """What was done was done under a standing assistantship: the end comes after it."""
    lawyer, assistant, made = lawyer_and_assistant(world)

    def end() -> float:
        lawyer.call("POST", f"/me/assistants/{made}/end", {})
        return time.monotonic()

    with world.app.app_context(), ThreadPoolExecutor(1) as pool:
        counsel = counsel_of(world, assistant, made)
        with unit_of_work() as tx:
            world.services.identity.assistants.record(
                tx, counsel=counsel, act="case.view", case_id=None, summary="查看"
            )
            tx.flush()
            ending = pool.submit(end)
            time.sleep(0.3)
            assert not ending.done()
            finished = time.monotonic()
        assert ending.result(timeout=5) > finished
    assert world.sql("SELECT count(*) FROM assistant_act") == [(1,)]
