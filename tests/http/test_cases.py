"""Cases and representations over HTTP: shapes, codes, other people's objects."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from app.court.casefile.rules.representation import Power
from miniprogram_mock.client.phone import Phone
from tests import files
from tests.court import COURT, CourtWorld
from tests.materials import upload
from tests.world import World, refusal


@pytest.fixture
def court(world: World) -> CourtWorld:
    return CourtWorld(world=world)


def submission(court: CourtWorld, phone: Phone, number: str, **changes: Any) -> dict[str, Any]:
    body = {
        "court_code": COURT,
        "case_number": number,
        "party_name": "王小乙",
        "authority": "special",
        "powers": ["settle"],
        "material_ids": [upload(court.world, phone, files.pdf())["id"]],
    }
    return {**body, **changes}


def test_an_unbound_phone_has_no_cases(court: CourtWorld) -> None:
    phone = court.world.phone("somebody")
    assert refusal(lambda: phone.call("GET", "/cases")).code == "identity.not_bound"


def test_a_suspended_lawyer_is_told_why(court: CourtWorld) -> None:
    phone = court.world.bound_phone("lin", renew=False)
    court.world.sql("UPDATE lawyer SET practice_status = 'suspended'")
    refused = refusal(lambda: phone.call("GET", "/cases"))
    assert refused.code == "identity.counsel_not_practising"
    assert refused.problem["status_label"] == "停止执业"


def test_a_lawyer_reads_a_case(court: CourtWorld) -> None:
    lin = court.counsel()
    opened = court.open()
    court.enter(opened, lin, powers=(Power.SETTLE,))
    phone = court.world.phone("lin")
    found = phone.call("GET", f"/cases/{opened.case_id}").json()
    assert found["case"]["stage_name"] == "已立案"
    assert found["powers"] == ["settle"]
    assert [party["name"] for party in found["parties"]] == ["北京甲科技有限公司", "王小乙"]
    asked = f"/cases/{opened.case_id}/permission?act="
    assert phone.call("GET", f"{asked}settlement.sign").json()["allowed"] is True
    refused = phone.call("GET", f"{asked}claim.withdraw").json()
    assert (refused["allowed"], refused["rule"]) == (False, "power")
    assert "特别授权" in refused["sentence"]


def test_another_lawyers_objects_do_not_exist(court: CourtWorld) -> None:
    lin = court.counsel()
    opened = court.open()
    court.enter(opened, lin)
    mine = court.world.phone("lin").call("GET", "/representations").json()["items"][0]["id"]
    other = court.world.bound_phone("other", name="沈清和", renew=False)
    for path in (f"/cases/{opened.case_id}", f"/cases/{opened.case_id}/permission?act=case.view"):
        assert refusal(lambda path=path: other.call("GET", path)).code == "court.case_unknown"
    end = refusal(lambda: other.call("POST", f"/representations/{mine}/end", {"reason": "不做了"}))
    assert end.code == "court.representation_unknown"
    assert other.call("GET", "/cases").json()["items"] == []


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"case_number": "不是案号"}, "court.case_number_invalid", None),
        ({"party_name": "没有此人"}, "court.party_unknown", None),
        ({"court_code": "310115"}, "court.case_unknown", None),
        ({"powers": []}, "court.representation_incomplete", "powers"),
        ({"authority": "general"}, "court.representation_incomplete", "powers"),
        ({"material_ids": []}, "court.representation_incomplete", "material_ids"),
        ({"material_ids": [str(uuid.UUID(int=5))]}, "court.material_unknown", None),
        ({"powers": ["everything"]}, "request.invalid", None),
    ],
)
def test_a_bad_submission_names_what_is_wrong(
    court: CourtWorld, changes: dict[str, Any], code: str, field: str | None
) -> None:
    opened = court.open()
    phone = court.world.bound_phone("lin", renew=False)
    body = submission(court, phone, court.number_of(opened), **changes)
    refused = refusal(lambda: phone.call("POST", "/representations", body))
    assert refused.code == code
    assert field is None or refused.problem["field"] == field


def test_what_is_not_verified_shows_nothing_of_the_case(court: CourtWorld) -> None:
    opened = court.open()
    phone = court.world.bound_phone("lin", renew=False)
    body = submission(court, phone, court.number_of(opened))
    view = phone.call("POST", "/representations", body).json()
    assert (view["case_title"], view["state_name"]) == ("", "待法院核实")
    again = refusal(lambda: phone.call("POST", "/representations", body))
    assert again.code == "court.representation_exists"
    reason = {"reason": "委托人另行委托"}
    assert phone.call("POST", f"/representations/{view['id']}/end", reason).status == 204
