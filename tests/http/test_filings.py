"""Filings as a lawyer's phone drafts them, and as everybody else must not see them."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from app.kernel.principal import StaffRole
from credential.receipt import Receipt
from miniprogram_mock.client.phone import Phone
from tests.court import CourtWorld
from tests.filing import CLAIMANT, KINDS, PDF, contents
from tests.materials import upload
from tests.world import ConsolePages, World, refusal


@pytest.fixture
def lawyer(world: World) -> Phone:
    CourtWorld(world=world)
    return world.bound_phone(renew=False)


@pytest.fixture
def officer(world: World) -> ConsolePages:
    return world.staff(StaffRole.FILING_OFFICER)


def begin(phone: Phone, kind: str = "civil") -> str:
    return str(phone.call("POST", "/filings", {"kind": kind}).json()["filing"]["id"])


def save(phone: Phone, filing_id: str, section: str, content: Any, *, version: int = 0) -> Any:
    body = {"version": version, "content": content}
    return phone.call("PUT", f"/filings/{filing_id}/sections/{section}", body).json()


def view(phone: Phone, filing_id: str) -> Any:
    return phone.call("GET", f"/filings/{filing_id}").json()


def whole(world: World, phone: Phone) -> str:
    """A draft with everything in it."""
    filing_id = begin(phone)
    ids = tuple(upload(world, phone, PDF, name=f"{k}.pdf", kind=k)["id"] for k in KINDS)
    for section, content in contents(ids=ids).items():
        save(phone, filing_id, section.value, content)
    return filing_id


def submit(phone: Phone, filing_id: str, **body: str) -> Any:
    return phone.call("POST", f"/filings/{filing_id}/submission", body).json()


def test_the_form_is_read_by_the_screens(lawyer: Phone) -> None:
    kinds = lawyer.call("GET", "/filing-forms").json()["items"]
    assert {"civil", "administrative", "prosecution", "appeal", "enforcement"} <= {
        each["kind"] for each in kinds
    }
    for each in kinds:
        form = lawyer.call("GET", f"/filing-forms/{each['kind']}").json()
        assert [step["key"] for step in form["sections"]] == [
            "court", "parties", "claims", "facts", "materials", "agency",
        ]  # fmt: skip
    assert refusal(lambda: lawyer.call("GET", "/filing-forms/nothing")).reply.status == 404


def test_a_draft_is_saved_unfinished_and_says_what_is_missing(lawyer: Phone) -> None:
    filing_id = begin(lawyer)
    saved = save(lawyer, filing_id, "parties", {"items": [{**CLAIMANT, "uscc": "1"}]})
    assert saved["version"] == 1
    wrong = {(each["section"], each["field"]): each["message"] for each in saved["problems"]}
    assert wrong["parties", "items.0.uscc"] == "统一社会信用代码不正确，请核对每一位。"
    refused = refusal(lambda: submit(lawyer, filing_id))
    assert (refused.reply.status, refused.code) == (422, "filing.incomplete")
    assert {"section", "field", "message"} == set(refused.problem["errors"][0])


@pytest.mark.parametrize(
    ("section", "content", "field"),
    [
        ("facts", {"text": "字" * 30_001}, "text"),
        ("facts", {"nothing": 1}, "nothing"),
        ("claims", {"items": [], "claim_fen": -1}, "claim_fen"),
        ("parties", {"items": [{"side": "judge"}]}, "items.0.side"),
        ("materials", {"ids": ["x"]}, "ids.0"),
        ("facts", {"text": "\x00"}, "text"),
        ("court", {"court_code": "999999"}, "court_code"),
    ],
)
def test_what_is_no_section_is_refused_at_its_field(
    lawyer: Phone, section: str, content: Any, field: str
) -> None:
    filing_id = begin(lawyer)
    refused = refusal(lambda: save(lawyer, filing_id, section, content))
    assert (refused.reply.status, refused.code) == (422, "filing.section_malformed")
    assert refused.problem["errors"][0]["field"] == field


def test_the_second_device_is_shown_what_the_first_saved(lawyer: Phone) -> None:
    filing_id = begin(lawyer)
    save(lawyer, filing_id, "facts", {"text": "手机"})
    refused = refusal(lambda: save(lawyer, filing_id, "facts", {"text": "电脑"}))
    assert (refused.reply.status, refused.code) == (409, "filing.section_changed")
    assert refused.problem["current"]["content"] == {"text": "手机"}
    version = refused.problem["current"]["version"]
    assert save(lawyer, filing_id, "facts", {"text": "电脑"}, version=version)["version"] == 2


def test_another_lawyers_filing_is_not_there(world: World, lawyer: Phone) -> None:
    other = world.bound_phone("he", name="周明月", renew=False)
    filing_id = begin(lawyer)
    path = f"/filings/{filing_id}"
    calls: list[tuple[str, str, Any]] = [
        ("GET", path, None),
        ("PUT", f"{path}/sections/facts", {"version": 0, "content": {"text": "x"}}),
        ("DELETE", path, None),
        ("POST", f"{path}/submission", {}),
        ("GET", f"{path}/receipt", None),
        ("POST", f"{path}/withdrawal", None),
        ("POST", f"{path}/mediation-consent", {"given": True}),
        ("POST", f"/fees/{uuid.uuid4()}/relief", {"reason": "困难"}),
    ]
    for method, where, body in calls:
        refused = refusal(lambda m=method, w=where, b=body: other.call(m, w, b))
        assert (refused.reply.status, refused.code) == (404, "filing.unknown"), where
    assert other.call("GET", "/filings").json()["items"] == []
    assert view(lawyer, filing_id)["filing"]["state"] == "draft"


def test_a_phone_that_is_no_lawyer_files_nothing(world: World, lawyer: Phone) -> None:
    stranger = world.phone("nobody")
    assert refusal(lambda: stranger.call("GET", "/filings")).code == "identity.not_bound"


def test_filed_corrected_accepted_and_told(
    world: World, lawyer: Phone, officer: ConsolePages
) -> None:
    filing_id = whole(world, lawyer)
    receipt = submit(lawyer, filing_id)
    proof = lawyer.call("GET", f"/filings/{filing_id}/receipt").json()
    assert proof["receipt"]["receipt_no"] == receipt["receipt_no"]
    assert Receipt.from_json(proof["ledger"]).index >= 0
    page = f"/workbench/filings/{filing_id}"
    assert "买卖合同纠纷" in officer.browser.get("/workbench/filings").text
    answer = officer.post(f"{page}/correct", page=page, reason=["claims.unclear"], days="7")
    assert answer.status_code == 303
    found = view(lawyer, filing_id)
    assert found["corrections"][0]["reasons"][0]["field"] == "items"
    assert [each["section"] for each in found["sections"] if each["editable"]] == ["claims"]
    locked = refusal(lambda: save(lawyer, filing_id, "facts", {"text": "x"}, version=1))
    assert locked.code == "filing.section_locked"
    save(lawyer, filing_id, "claims", {"items": ["支付货款一百万元"]}, version=1)
    submit(lawyer, filing_id)
    bad = officer.post(f"{page}/accept", page=page, procedure="ordinary", fee="1.234")
    assert "最多两位小数" in bad.text
    answer = officer.post(f"{page}/accept", page=page, procedure="summary", fee="6900")
    assert answer.status_code == 303
    found = view(lawyer, filing_id)
    assert found["case_number"].endswith("京0105民初1号")
    assert (found["fee"]["amount_fen"], found["fee"]["state"]) == (690_000, "due")
    cases = lawyer.call("GET", "/cases").json()["items"]
    assert [case["case_number"] for case in cases] == [found["case_number"]]
    assert "已经处理" in officer.post(
        f"{page}/refuse", page="/workbench/representations", ruling="理由" * 20
    ).text  # fmt: skip


def test_only_the_filing_officer_of_the_court_is_at_the_desk(
    world: World, lawyer: Phone, officer: ConsolePages
) -> None:
    filing_id = whole(world, lawyer)
    page = f"/workbench/filings/{filing_id}"
    assert officer.browser.get(page).status_code == 404
    submit(lawyer, filing_id)
    assert officer.browser.get(page).status_code == 200
    for role in (StaffRole.JUDGE, StaffRole.AUDITOR, StaffRole.PRESIDENT):
        assert world.staff(role).browser.get(page).status_code == 403
    elsewhere = world.staff(StaffRole.FILING_OFFICER, court_code="310115")
    assert elsewhere.browser.get(page).status_code == 404
    assert officer.browser.post(f"{page}/accept", data={}).status_code == 403  # without its form
