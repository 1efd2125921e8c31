"""绿色通道 over HTTP: what for, who was let in, who was not and why."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.kernel.calendar import SHANGHAI
from app.kernel.principal import OperatorRole
from app.verification.service.kiosks import Place
from miniprogram_mock.client.kiosk import Kiosk
from miniprogram_mock.client.phone import Phone
from tests.world import PLACE, World, refusal, scan

ELSEWHERE = Place(
    name="2号安检口",
    court_code="440305",
    court_name="深圳市南山区人民法院",
    place="南门",
    gate=True,
)
CASE = "（2026）京0105民初123号"


@pytest.fixture
def today(world: World) -> str:
    return world.clock.now().astimezone(SHANGHAI).date().isoformat()


def entry(world: World, *, way: str = "code", admitted: bool = True, **more: Any) -> dict[str, Any]:
    """A decision as a kiosk writes it down."""
    return {
        "id": str(uuid.uuid4()),
        "at": world.clock.now().isoformat(),
        "way": way,
        "admitted": admitted,
        "offline": False,
        **more,
    }


def paper(world: World, *, name: str = "林正衡", **more: Any) -> dict[str, Any]:
    record = world.people["林正衡"]
    shown = {"name": name, "licence_no": record.licence_no, "checked": ["photo", "seal"]}
    return entry(world, **{"way": "paper", **shown, **more})


def post(kiosk: Kiosk, *items: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = kiosk.signed("POST", "/api/v1/entries", body={"items": items}).json()
    return answer


def codes(answer: dict[str, Any]) -> list[str]:
    return [flag["code"] for flag in answer["flagged"]]


def log(phone: Phone) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = phone.call("GET", "/me/entries").json()["items"]
    return items


def choose(phone: Phone, today: str, **more: Any) -> dict[str, Any]:
    body = {"court_code": PLACE.court_code, "purpose": "hall", "day": today, **more}
    answer: dict[str, Any] = phone.call("POST", "/me/passes", body).json()
    return answer


def verified(phone: Phone, kiosk: Kiosk) -> tuple[str, str]:
    """A scan that was accepted: its own id and the verification's."""
    scan_id = str(uuid.uuid4())
    return scan_id, kiosk.verify(phone.show(), key=scan_id)["verification_id"]


def errand(kiosk: Kiosk, verification_id: str) -> Any:
    path = f"/api/v1/verifications/{verification_id}/pass"
    return kiosk.signed("GET", path).json()["errand"]


# --- passes ----------------------------------------------------------------------------------


def test_a_hearing_is_told_to_the_kiosk_of_that_court(
    world: World, phone: Phone, kiosk: Kiosk, today: str
) -> None:
    made = choose(phone, today, purpose="hearing", time="14:30", case_reference=CASE)
    assert made["court_name"] == PLACE.court_name
    assert made["purpose_label"] == "开庭"
    assert made["hearing_at"] == f"{today}T06:30:00.000Z"
    began, ended = (datetime.fromisoformat(made[name]) for name in ("valid_from", "valid_until"))
    assert ended - began == timedelta(days=1)
    _, verification_id = verified(phone, kiosk)
    assert errand(kiosk, verification_id) == made
    other = world.kiosk(ELSEWHERE)
    answer = refusal(lambda: errand(other, verification_id))
    assert (answer.reply.status, answer.code) == (404, "verification.not_found")
    phone.renew()
    at = int(world.clock.now().timestamp()) + 1
    elsewhere = other.verify(phone.show(at=at))["verification_id"]
    assert errand(other, elsewhere) is None, "a pass is its court's alone"


def test_without_a_pass_a_code_is_a_general_one(phone: Phone, kiosk: Kiosk) -> None:
    assert errand(kiosk, verified(phone, kiosk)[1]) is None


def test_the_latest_choice_for_a_court_and_day_counts(
    phone: Phone, kiosk: Kiosk, today: str
) -> None:
    choose(phone, today, purpose="casefile")
    last = choose(phone, today, purpose="meeting")
    listed = phone.call("GET", "/me/passes").json()
    assert listed["items"] == [last]
    assert listed["today"] == today
    assert [p["code"] for p in listed["purposes"]] == [
        "hall", "hearing", "casefile", "meeting", "other",
    ]  # fmt: skip
    assert errand(kiosk, verified(phone, kiosk)[1])["purpose"] == "meeting"
    phone.call("POST", f"/me/passes/{last['id']}/end")
    assert phone.call("GET", "/me/passes").json()["items"] == []
    again = refusal(lambda: phone.call("POST", f"/me/passes/{last['id']}/end"))
    assert (again.reply.status, again.code) == (404, "verification.pass_not_found")


def test_a_pass_is_the_lawyers_own(world: World, phone: Phone, kiosk: Kiosk, today: str) -> None:
    made = choose(phone, today)
    other = world.bound_phone("chen", name="周明月")
    assert other.call("GET", "/me/passes").json()["items"] == []
    refused = refusal(lambda: other.call("POST", f"/me/passes/{made['id']}/end"))
    assert refused.code == "verification.pass_not_found"
    stranger = world.phone("stranger")
    for path in ("/me/passes", f"/me/passes/{made['id']}/end"):
        body = {"court_code": PLACE.court_code, "purpose": "hall", "day": today}
        sent = body if path == "/me/passes" else None
        assert refusal(lambda p=path, b=sent: stranger.call("POST", p, b)).code == (
            "identity.not_bound"
        )


def test_courts_that_can_read_a_pass(world: World, phone: Phone, kiosk: Kiosk) -> None:
    world.kiosk(ELSEWHERE)
    found = phone.call("GET", "/pass-courts").json()["items"]
    assert found == [
        {"code": "110105", "name": PLACE.court_name},
        {"code": "440305", "name": ELSEWHERE.court_name},
    ]
    assert [c["code"] for c in phone.call("GET", "/pass-courts?q=%E5%8D%97").json()["items"]] == [
        "440305"
    ]
    assert phone.call("GET", "/pass-courts?q=%25").json()["items"] == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"purpose": "general"}, "request.invalid"),
        ({"purpose": "lunch"}, "request.invalid"),
        ({"day": "2026-02-30"}, "request.invalid"),
        ({"day": "20260101"}, "request.invalid"),
        ({"day": "2026-01-01"}, "verification.pass_day_refused"),
        ({"day": "2099-01-01"}, "verification.pass_day_refused"),
        ({"time": "14:30"}, "verification.pass_time_refused"),
        ({"purpose": "hearing"}, "verification.pass_time_refused"),
        ({"purpose": "hearing", "time": "25:00"}, "request.invalid"),
        ({"purpose": "hearing", "time": "9:00"}, "request.invalid"),
        ({"court_code": "999999"}, "verification.pass_court_unknown"),
        ({"court_code": "\x00"}, "request.invalid"),
        ({"case_reference": ""}, "request.invalid"),
        ({"case_reference": "a\u202eb"}, "request.invalid"),
        ({"case_reference": "x" * 61}, "request.invalid"),
        ({"more": 1}, "request.invalid"),
    ],
    ids=repr,
)
def test_a_pass_that_cannot_be_made(
    phone: Phone, kiosk: Kiosk, today: str, change: dict[str, Any], code: str
) -> None:
    assert kiosk.identity["court_code"] == PLACE.court_code
    answer = refusal(lambda: choose(phone, today, **change))
    assert (answer.reply.status, answer.code) == (422, code)


# --- entries ---------------------------------------------------------------------------------


def test_an_admission_is_seen_by_the_lawyer(
    world: World, phone: Phone, kiosk: Kiosk, today: str
) -> None:
    choose(phone, today, purpose="casefile", case_reference=CASE)
    scan_id, verification_id = verified(phone, kiosk)
    item = entry(world, scan_id=scan_id)
    for _ in range(2):
        assert post(kiosk, item) == {"accepted": [item["id"]], "flagged": []}
    (line,) = log(phone)
    assert line["admitted"]
    assert (line["court_name"], line["place"]) == (PLACE.court_name, PLACE.place)
    assert (line["way_label"], line["purpose_label"]) == ("律证码", "阅卷")
    assert (line["case_reference"], line["reason"], line["offline"]) == (CASE, None, False)
    assert world.sql("SELECT verification_id::text, name FROM entry_record") == [
        (verification_id, "林正衡")
    ]
    assert world.sql("SELECT count(*) FROM ledger_entry WHERE kind = 'entry'") == [(1,)]
    assert world.deliver_notices() == 1, "only that the phone was bound"


def test_a_refused_lawyer_is_told_and_sees_why(world: World, phone: Phone, kiosk: Kiosk) -> None:
    scan_id, _ = verified(phone, kiosk)
    refused = entry(world, admitted=False, reason="other", note="证件破损", scan_id=scan_id)
    post(kiosk, refused)
    post(kiosk, refused)
    (line,) = log(phone)
    assert (line["admitted"], line["reason"], line["reason_label"]) == (False, "other", "其他")
    assert line["note"] == "证件破损"
    world.deliver_notices()
    notices = phone.call("GET", "/me/notices").json()["items"]
    assert [n["title"] for n in notices if n["kind"] == "pass.refused"] == ["通行未获准许"]


def test_a_refused_code_names_its_lawyer(world: World, phone: Phone, kiosk: Kiosk) -> None:
    world.set_status("suspended")
    scan_id = str(uuid.uuid4())
    assert refusal(lambda: kiosk.verify(phone.show(), key=scan_id)).code == "credential.suspended"
    item = entry(world, admitted=False, reason="not_practising", scan_id=scan_id)
    assert post(kiosk, item)["flagged"] == []
    assert [line["reason"] for line in log(phone)] == ["not_practising"]


@pytest.mark.parametrize(
    "change",
    [
        {"admitted": False},
        {"admitted": False, "reason": "他看着不像"},
        {"admitted": False, "reason": "other"},
        {"admitted": False, "reason": "other", "note": "  "},
        {"admitted": False, "reason": "other", "note": "x" * 201},
        {"admitted": True, "reason": "screening_failed"},
        {"admitted": "yes"},
        {"scan_id": None},
        {"scan_id": "1"},
        {"name": "林正衡"},
        {"way": "face"},
        {"way": "paper"},
        {"way": "paper", "name": "林正衡"},
        {"way": "paper", "name": "林正衡", "licence_no": "123", "checked": ["photo"]},
        {"way": "paper", "name": "林正衡", "licence_no": "11101201010123456"},
        {"way": "chip", "name": "林正衡", "licence_no": "11101201010123456", "checked": ["mood"]},
        {"at": "yesterday"},
        {"id": "1"},
        {"purpose": "lunch"},
        {"more": 1},
    ],
    ids=repr,
)
def test_an_entry_that_leaves_a_question_open(
    world: World, kiosk: Kiosk, change: dict[str, Any]
) -> None:
    item = {**entry(world, scan_id=str(uuid.uuid4())), **change}
    answer = refusal(lambda: post(kiosk, item))
    assert (answer.reply.status, answer.code) == (422, "request.invalid")
    assert world.sql("SELECT count(*) FROM entry_record") == [(0,)]


def test_a_printed_licence_is_accepted_and_seen(
    world: World, phone: Phone, kiosk: Kiosk, today: str
) -> None:
    choose(phone, today, purpose="meeting")
    assert post(kiosk, paper(world)) == {"accepted": [log(phone)[0]["id"]], "flagged": []}
    (line,) = log(phone)
    assert (line["way_label"], line["purpose_label"]) == ("纸质执业证", "会见法官")
    post(kiosk, paper(world, way="chip", checked=["photo", "chip_read"]))
    assert {line["way_label"] for line in log(phone)} == {"纸质执业证", "芯片卡"}


def test_a_licence_of_a_lawyer_nobody_knows_is_accepted_too(world: World, kiosk: Kiosk) -> None:
    assert post(kiosk, paper(world))["flagged"] == []
    assert world.sql("SELECT name, lawyer_id FROM entry_record") == [("林正衡", None)]


def test_a_number_with_another_name_enters_nobodys_record(
    world: World, phone: Phone, kiosk: Kiosk
) -> None:
    assert codes(post(kiosk, paper(world, name="王五"))) == ["entry.name_differs"]
    assert log(phone) == []


def test_a_suspended_lawyers_licence_is_flagged(world: World, phone: Phone, kiosk: Kiosk) -> None:
    world.set_status("suspended")
    refusal(lambda: kiosk.verify(phone.show()))
    assert codes(post(kiosk, paper(world))) == ["entry.not_practising"]
    assert post(kiosk, paper(world, admitted=False, reason="not_practising"))["flagged"] == []


def test_a_document_after_a_refused_code(world: World, phone: Phone, kiosk: Kiosk) -> None:
    scan_id = str(uuid.uuid4())
    refusal(lambda: kiosk.verify("LVZ1:JUNK", key=scan_id))
    assert post(kiosk, paper(world, scan_id=scan_id))["flagged"] == []
    assert [line["way"] for line in log(phone)] == ["paper"]


# --- contradictions and repetitions ----------------------------------------------------------


def test_another_courts_kiosk_cannot_use_a_scan(world: World, phone: Phone, kiosk: Kiosk) -> None:
    scan_id, _ = verified(phone, kiosk)
    other = world.kiosk(ELSEWHERE)
    item = entry(world, admitted=False, reason="screening_failed", scan_id=scan_id)
    assert codes(post(other, item)) == ["entry.scan_unknown"]
    assert log(phone) == [], "nothing is written into the record of a lawyer who was not there"


def test_another_kiosk_cannot_take_an_entrys_place(
    world: World, phone: Phone, kiosk: Kiosk
) -> None:
    scan_id, _ = verified(phone, kiosk)
    item = entry(world, scan_id=scan_id)
    post(kiosk, item)
    stolen = {**item, "admitted": False, "reason": "screening_failed"}
    assert codes(post(world.kiosk(ELSEWHERE), stolen)) == ["entry.id_taken"]
    assert [line["admitted"] for line in log(phone)] == [True]


def test_a_scan_is_decided_about_once(world: World, phone: Phone, kiosk: Kiosk) -> None:
    scan_id, _ = verified(phone, kiosk)
    assert codes(post(kiosk, entry(world, scan_id=scan_id))) == []
    assert codes(post(kiosk, entry(world, scan_id=scan_id))) == ["entry.decided_twice"]


def test_letting_a_refused_code_in_is_flagged(world: World, phone: Phone, kiosk: Kiosk) -> None:
    scan_id, text = str(uuid.uuid4()), phone.show()
    kiosk.verify(text)
    refusal(lambda: kiosk.verify(text, key=scan_id))
    assert codes(post(kiosk, entry(world, scan_id=scan_id))) == ["entry.code_refused"]


def test_offline_scan_and_decision_come_together(
    world: World, phone: Phone, kiosk: Kiosk, today: str
) -> None:
    choose(phone, today, purpose="casefile")
    scan_id = str(uuid.uuid4())
    seen = scan(phone.show(), at=world.clock.now(), scan_id=scan_id)
    item = entry(world, scan_id=scan_id, offline=True)
    for _ in range(2):
        kiosk.upload([seen])
        assert post(kiosk, item) == {"accepted": [item["id"]], "flagged": []}
    (line,) = log(phone)
    assert (line["offline"], line["purpose_label"]) == (True, "阅卷")
    assert world.sql("SELECT count(*) FROM entry_record") == [(1,)]


def test_an_offline_entry_on_a_code_that_does_not_stand_is_flagged(
    world: World, phone: Phone, kiosk: Kiosk
) -> None:
    scan_id, text = str(uuid.uuid4()), phone.show()
    world.kiosk(ELSEWHERE).verify(text)
    kiosk.upload([scan(text, at=world.clock.now(), scan_id=scan_id)])
    item = entry(world, scan_id=scan_id, offline=True)
    assert codes(post(kiosk, item)) == ["entry.code_doubted"]


def test_one_bad_entry_refuses_the_batch_and_none_is_lost(
    world: World, phone: Phone, kiosk: Kiosk
) -> None:
    good = paper(world)
    refusal(lambda: post(kiosk, good, {**paper(world), "reason": "other"}))
    assert log(phone) == []
    post(kiosk, good)
    assert len(log(phone)) == 1


def test_pages_of_the_log(world: World, phone: Phone, kiosk: Kiosk) -> None:
    for _ in range(3):
        post(kiosk, *(paper(world) for _ in range(15)))
    seen, before = [], ""
    while before is not None:
        page = phone.call("GET", f"/me/entries{before and f'?before={before}'}").json()
        seen += [item["id"] for item in page["items"]]
        before = page["next"]
    assert len(seen) == len(set(seen)) == 45
    assert log(world.phone("stranger")) == []


# --- gates and the court's page --------------------------------------------------------------


def test_a_gate_is_made_at_the_console(world: World) -> None:
    console = world.console(OperatorRole.BUREAU)
    fields = {"name": "安检口", "court_code": "110105", "court_name": "朝阳", "place": "南门"}
    for more, gate in (({"gate": "1"}, True), ({}, False)):
        answer = console.post("/console/kiosks", page="/console/kiosks", **fields, **more)
        code = answer.text.partition("?enrol=")[2][:16]
        made = Kiosk(world.transport)
        assert made.enrol(code)["gate"] is gate
        assert made.signed("GET", "/api/v1/kiosks/current").json()["gate"] is gate
    assert "放行登记" in console.browser.get("/console/kiosks").text


def test_the_courts_page_shows_refusals_first_and_no_full_number(
    world: World, phone: Phone, kiosk: Kiosk
) -> None:
    number = world.people["林正衡"].licence_no
    post(kiosk, paper(world, admitted=False, reason="prohibited_items"))
    post(kiosk, paper(world))
    post(world.kiosk(ELSEWHERE), paper(world, name="王五", offline=True))
    page = world.console(OperatorRole.BUREAU).browser.get("/console/entries").text
    assert number not in page
    assert f"{number[:5]}********{number[-4:]}" in page
    assert page.index("携带违禁物品") < page.index("王五")
    assert "执业证号与姓名不一致" in page
    one = world.console(OperatorRole.BUREAU).browser.get(
        f"/console/entries?court={PLACE.court_name}"
    )
    assert "王五" not in one.text
    assert world.sql("SELECT DISTINCT act FROM operator_act") == [("entries.view",)]


def test_a_hall_officer_sees_the_own_court_alone(world: World, kiosk: Kiosk) -> None:
    own = Place(name="1", court_code="1", court_name="朝阳法院", place="东门")
    post(world.kiosk(own), paper(world))
    post(world.kiosk(ELSEWHERE), paper(world, name="王五"))
    browser = world.console(OperatorRole.HALL_OFFICER).browser
    for query in ("", f"?court={ELSEWHERE.court_name}"):
        page = browser.get(f"/console/entries{query}").text
        assert "林正衡" in page
        assert "王五" not in page


@pytest.mark.parametrize("day", ["2026-02-30", "tomorrow", "2999-01-01", "1999-01-01", "\x00"])
def test_a_day_that_cannot_be_shown(world: World, day: str) -> None:
    answer = world.console().browser.get("/console/entries", query_string={"day": day})
    assert answer.status_code == 200
    assert "没有这一天的记录" in answer.text
