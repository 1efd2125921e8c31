"""Feedback over HTTP: the lawyer's phone, the desk's pages, and who gets in where."""

from __future__ import annotations

import re
from typing import Any

import pytest

from app.court.feedback.rules.desk import ROLES, Deed
from app.kernel.principal import StaffRole
from tests.court import COURT, CourtWorld
from tests.world import World, refusal

COMPLAINT = {"kind": "attitude", "text": "窗口工作人员态度生硬。", "court_code": COURT}
DESK = "/workbench/tickets"


@pytest.fixture
def court(world: World) -> CourtWorld:
    return CourtWorld(world=world)


def test_a_complaint_goes_from_the_phone_over_the_desk_and_back(court: CourtWorld) -> None:
    phone = court.world.bound_phone("lin", renew=False)
    filed = phone.call("POST", "/complaints", COMPLAINT)
    assert filed.status == 201
    ticket = filed.json()["ticket"]
    officer = court.world.staff(StaffRole.COMPLAINTS_OFFICER)
    assert "投诉待答复：1 件" in officer.browser.get("/workbench/").text
    page = f"{DESK}/{ticket['id']}"
    assert "态度生硬" in officer.browser.get(page).text
    short = officer.post(f"{page}/reply", page=page, reply="好")
    assert "请写明查明的情况" in short.text
    assert officer.post(f"{page}/reply", page=page, reply="已核实，向您致歉。").status_code == 303
    seen = phone.call("GET", f"/complaints/{ticket['id']}").json()
    assert (seen["ticket"]["state"], seen["may_judge"]) == ("replied", True)
    assert "查阅" not in [step["kind_name"] for step in seen["steps"]]
    path = f"/complaints/{ticket['id']}/opinion"
    done = phone.call("POST", path, {"satisfied": True}).json()
    assert done["ticket"]["state_name"] == "已办结"
    assert refusal(lambda: phone.call("POST", path, {"satisfied": False})).reply.status == 409
    assert court.world.deliver_notices() >= 1
    kinds = court.world.sql("SELECT kind FROM notice WHERE kind = 'complaint.replied'")
    assert kinds == [("complaint.replied",)]


def test_another_lawyers_tickets_do_not_exist(court: CourtWorld) -> None:
    mine = court.world.bound_phone("lin", renew=False).call("POST", "/complaints", COMPLAINT)
    other = court.world.bound_phone("other", name="沈清和", renew=False)
    path = f"/complaints/{mine.json()['ticket']['id']}"
    bodies: list[tuple[str, str, Any]] = [
        ("GET", path, None),
        ("POST", f"{path}/opinion", {"satisfied": True}),
        ("POST", f"{path}/reopen", {"note": "再来"}),
    ]
    for method, where, body in bodies:
        refused = refusal(lambda m=method, w=where, b=body: other.call(m, w, b))
        assert (refused.reply.status, refused.code) == (404, "feedback.ticket_unknown")
    assert other.call("GET", "/complaints").json()["items"] == []
    where = f"/cases/{court.open().case_id}/ratings"
    assert refusal(lambda: other.call("GET", where)).code == "court.case_unknown"


@pytest.mark.parametrize("role", StaffRole)
def test_every_role_at_every_page(court: CourtWorld, role: StaffRole) -> None:
    """What a role is not for is refused, and a judge sees of a stranger's ticket nothing."""
    phone = court.world.bound_phone("lin", renew=False)
    ticket = phone.call("POST", "/complaints", COMPLAINT).json()["ticket"]["id"]
    report = {
        "court_code": COURT,
        "about": "某",
        "text": "十个字以上的举报内容在此",
        "code": "1" * 20,
    }
    assert phone.call("POST", "/misconduct-reports", report).status == 201
    row = court.world.sql("SELECT id FROM misconduct_report")[0][0]
    staff = court.world.staff(role)
    token = {"form_token": staff.token("/workbench/")}

    def status(method: str, path: str) -> int:
        return staff.browser.open(path, method=method, data=token).status_code

    searches, answers = role in ROLES[Deed.SEARCH], role in ROLES[Deed.REPLY]
    assert status("GET", f"{DESK}/{ticket}") == (200 if searches else 404)
    assert status("GET", f"{DESK}?q=12345678") == (200 if searches else 403)
    assert status("GET", f"{DESK}/new") == (200 if role in ROLES[Deed.ENTER] else 403)
    assert status("POST", f"{DESK}/new") == (200 if role in ROLES[Deed.ENTER] else 403)
    for deed in ("reply", "hand", "escalate", "major"):
        answer = status("POST", f"{DESK}/{ticket}/{deed}")
        assert answer in ((200, 303) if searches else (404,)), deed
    for path in ("/workbench/feedback", "/workbench/suggestions"):
        assert status("GET", path) == (200 if answers else 403), path
    desk, inspector = "/workbench/discipline", role is StaffRole.DISCIPLINE
    for method, path in (
        ("GET", f"{desk}/"), ("GET", f"{desk}/{row}"), ("POST", f"{desk}/{row}/box"),
    ):  # fmt: skip
        assert status(method, path) == (200 if inspector else 403), path
    pages = [staff.browser.get(path).text for path in ("/workbench/", DESK)]
    assert inspector or not any("举报" in page for page in pages)
    offered = set(re.findall(r'href="(/workbench/[a-z/]*)"', pages[0]))
    assert all(staff.browser.get(path).status_code == 200 for path in offered), offered


def test_the_hotline_enters_and_reads_back(court: CourtWorld) -> None:
    phone = court.world.bound_phone("lin", renew=False)
    hotline, page = court.world.staff(StaffRole.HOTLINE), f"{DESK}/new"
    given = {
        "licence_no": court.world.person().licence_no, "name": "林正衡", "kind": "pass",
        "court_code": COURT, "text": "安检不认电子执业证。", "contact": "13900000000",
    }  # fmt: skip
    wrong = hotline.post(page, page=page, **{**given, "licence_no": "123"})
    assert "执业证号有误" in wrong.text
    assert "安检不认电子执业证" in wrong.text, "nothing typed is lost"
    entered = hotline.post(page, page=page, **given)
    assert entered.status_code == 303
    read = hotline.browser.get(entered.location).text
    (item,) = phone.call("GET", "/complaints").json()["items"]
    assert f"{item['number'][:4]} {item['number'][4:]}" in read
    assert item["channel_name"] == "12368热线"
    assert item["number"][:4] in hotline.browser.get(f"{DESK}?q={item['number']}").text


def test_a_suggestion_becomes_public_without_its_author(court: CourtWorld) -> None:
    phone = court.world.bound_phone("lin", renew=False)
    body = {"area": "hall", "text": "请延长窗口午间时间，林正衡。", "court_code": COURT}
    assert phone.call("POST", "/suggestions", body).status == 201
    president = court.world.staff(StaffRole.PRESIDENT)
    row = court.world.sql("SELECT id FROM suggestion")[0][0]
    page = "/workbench/suggestions"
    answer = {
        "state": "changed", "reply": "已调整。", "title": "延长午间窗口时间",
        "changed": "午间安排一个窗口值班。", "published": "1",
    }  # fmt: skip
    assert president.post(f"{page}/{row}", page=page, **answer).status_code == 303
    client = court.world.app.test_client()
    for path in ("/statistics/suggestions", "/api/v1/published-suggestions"):
        text = client.get(path).get_data(as_text=True)
        assert "林正衡" not in text
    assert "午间安排一个窗口值班" in client.get("/statistics/suggestions").text


def test_statistics_are_for_everybody(court: CourtWorld) -> None:
    client = court.world.app.test_client()
    assert client.get("/statistics").status_code == 200
    found = client.get("/api/v1/statistics").json
    assert found == {
        "system": {"court_code": None, "court_name": "律师服务平台", "months": []},
        "courts": [],
    }
    assert client.get(f"/api/v1/statistics/{COURT}").status_code == 200
    assert client.get("/api/v1/statistics/999999").status_code == 404


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"kind": "charm"}, 422, "request.invalid"),
        ({"text": "短"}, 422, "request.invalid"),
        ({"court_code": "999999"}, 404, "court.unknown"),
        ({"court_code": None}, 422, "feedback.incomplete"),
        ({"case_number": "不是案号"}, 422, "court.case_number_invalid"),
        ({"more": 1}, 422, "request.invalid"),
    ],
)
def test_a_bad_complaint_says_why(
    court: CourtWorld, changes: dict[str, Any], status: int, code: str
) -> None:
    phone = court.world.bound_phone("lin", renew=False)
    refused = refusal(lambda: phone.call("POST", "/complaints", {**COMPLAINT, **changes}))
    assert (refused.reply.status, refused.code) == (status, code)
