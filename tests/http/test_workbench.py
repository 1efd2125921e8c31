"""The workbench: who sees what, and what a form does."""

from __future__ import annotations

import re

import pytest

from app.kernel.principal import StaffRole
from tests.court import CourtWorld
from tests.http.test_cases import submission
from tests.world import World


@pytest.fixture
def court(world: World) -> CourtWorld:
    return CourtWorld(world=world)


def staff_id(world: World, role: StaffRole) -> str:
    return str(world.sql("SELECT id FROM operator_account WHERE role = %s", role.value)[0][0])


@pytest.mark.parametrize("role", StaffRole)
def test_each_role_is_offered_its_own_pages_only(court: CourtWorld, role: StaffRole) -> None:
    pages = court.world.staff(role)
    home = pages.browser.get("/workbench/")
    assert home.status_code == 200
    offered = set(re.findall(r'href="(/workbench/[a-z]*)"', home.text))
    for path in offered:
        assert pages.browser.get(path).status_code == 200, path
    if "/workbench/cases" not in offered:
        assert pages.browser.get("/workbench/cases").status_code == 403
    assert role.label in home.text


def test_a_representation_goes_through_the_workbench(court: CourtWorld) -> None:
    opened = court.open()
    phone = court.world.bound_phone("lin", renew=False)
    phone.call("POST", "/representations", submission(court, phone, court.number_of(opened)))
    officer = court.world.staff(StaffRole.FILING_OFFICER)
    assert "代理关系待核实：1 件" in officer.browser.get("/workbench/").text
    listed = officer.browser.get("/workbench/representations").text
    assert "林正衡" in listed
    row = court.world.sql("SELECT id FROM representation")[0][0]
    path, page = f"/workbench/representations/{row}", "/workbench/representations"
    paper = re.search(rf'href="({page}/{row}/materials/[0-9a-f-]+)"', listed)
    assert paper is not None
    file = officer.browser.get(paper[1])
    assert (file.status_code, file.data[:5]) == (200, b"%PDF-")
    assert officer.browser.get(f"{page}/{row}/materials/{row}").status_code == 404
    elsewhere = court.world.staff(StaffRole.FILING_OFFICER, court_code="310115")
    assert elsewhere.browser.get(paper[1]).status_code == 404
    refused = officer.post(path, page=page, accepted="0", reason="")
    assert "请写明不予通过的理由" in refused.text
    assert officer.post(path, page=page, accepted="1").status_code == 303
    assert phone.call("GET", "/cases").json()["items"][0]["id"] == str(opened.case_id)


def test_a_case_is_assigned_advanced_and_closed(court: CourtWorld) -> None:
    opened = court.open()
    judge = court.world.staff(StaffRole.JUDGE)
    president = court.world.staff(StaffRole.PRESIDENT)
    page = f"/workbench/cases/{opened.case_id}"
    assert judge.browser.get(page).status_code == 403, "not hers yet"
    assert president.post(f"{page}/assign", page=page, judge="nobody").status_code == 200
    done = president.post(f"{page}/assign", page=page, judge=staff_id(court.world, StaffRole.JUDGE))
    assert done.status_code == 303
    assert court.number_of(opened) in judge.browser.get("/workbench/cases").text
    half = judge.post(f"{page}/advance", page=page, to="closed", closing="")
    assert "结案时须选择结案方式" in half.text
    assert judge.post(f"{page}/advance", page=page, to="closed", closing="判决").status_code == 303
    assert "已结案（判决）" in judge.browser.get(page).text
    assert judge.post(f"{page}/seal", page=page, sealed="1").status_code == 303
    assert president.browser.get(page).status_code == 403
    assert court.number_of(opened) not in president.browser.get("/workbench/cases").text


def test_forms_want_their_token_and_staff_sign_out(court: CourtWorld) -> None:
    opened = court.open()
    president = court.world.staff(StaffRole.PRESIDENT)
    path = f"/workbench/cases/{opened.case_id}/assign"
    answer = president.browser.post(path, data={"form_token": "0" * 32})
    assert answer.json is not None
    assert (answer.status_code, answer.json["code"]) == (403, "auth.form_expired")
    assert president.post("/console/sign-out", page="/workbench/").status_code == 303
    assert president.browser.get("/workbench/").status_code == 302
