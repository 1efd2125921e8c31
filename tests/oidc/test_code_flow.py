"""Signing in by scanning: the code flow of both tiers, from the page to the facts."""

from __future__ import annotations

from miniprogram_mock.client.phone import Phone
from tests.oidc.actors import ACT, CALLBACK, IDENTITY, RelyingPartyClient, claims_of
from tests.world import ORIGIN, World


def test_a_lawyer_signs_in_at_an_ordinary_site(plain: RelyingPartyClient, phone: Phone) -> None:
    flow = plain.begin()
    assert flow.answer.status_code == 200, flow.answer.text
    tokens = flow.tokens(phone)
    assert flow.location.startswith(CALLBACK + "?")
    assert flow.query["state"] == "s" * 16
    assert flow.query["iss"] == ORIGIN
    identity = claims_of(tokens["id_token"])
    assert identity["aud"] == plain.client_id
    assert identity["nonce"] == "n" * 16
    assert identity["acr"] == "urn:lvz:acr:face"  # bound a moment ago, in person
    facts = plain.userinfo(tokens["access_token"])
    assert facts.status_code == 200, facts.text
    assert facts.json is not None
    assert facts.json["name"] == "林正衡"
    assert facts.json["practice_status"] == "practising"
    assert facts.json["sub"] == identity["sub"]
    assert "license_no" not in facts.json
    assert plain.introspect(tokens["access_token"])["active"]


def test_a_court_gets_attributes_with_bound_tokens(fapi: RelyingPartyClient, phone: Phone) -> None:
    flow = fapi.begin(authorization_details=[IDENTITY])
    tokens = flow.tokens(phone, ["name", "practice_status", "license_no"])
    assert tokens["token_type"] == "DPoP"
    assert tokens["authorization_details"][0]["attributes"] == [
        "name",
        "practice_status",
        "license_no",
    ]
    facts = fapi.userinfo(tokens["access_token"]).json
    assert facts is not None
    assert facts["license_no"].isdecimal()
    assert "firm" not in facts, "it was not granted"


def test_an_act_is_confirmed(fapi: RelyingPartyClient, phone: Phone, world: World) -> None:
    flow = fapi.begin(scope="openid", authorization_details=[ACT])
    tokens = flow.tokens(phone)
    (detail,) = tokens["authorization_details"]
    confirmed = claims_of(detail["confirmation"])
    assert (
        confirmed["text"] == "本人确认向北京市朝阳区人民法院申请查阅（2026）京0105民初1234号案卷。"
    )
    assert confirmed["lawyer"]["name"] == "林正衡"
    with world.app.app_context():
        found = world.services.authorization.confirmations.verify(
            public_id=detail["confirmation_id"]
        )
    assert set(found.checks.values()) == {True}


def test_a_refresh_token_rotates_and_a_used_one_ends_everything(
    plain: RelyingPartyClient, phone: Phone
) -> None:
    tokens = plain.begin(scope="openid profile offline_access").tokens(phone)
    first = tokens["refresh_token"]
    second = plain.refresh(first).json
    assert second is not None
    assert plain.introspect(second["access_token"])["active"]
    again = plain.refresh(first)
    assert (again.status_code, (again.json or {})["error"]) == (400, "invalid_grant")
    assert not plain.introspect(second["access_token"])["active"]
    assert plain.refresh(second["refresh_token"]).status_code == 400


def test_the_second_site_asks_nobody_again(plain: RelyingPartyClient, phone: Phone) -> None:
    first = plain.begin()
    first.tokens(phone)
    second = plain.begin(browser=first.browser, prompt="none")
    assert second.answer.status_code == 303, second.answer.text
    assert plain.redeem(second.query["code"], second.verifier).status_code == 200


def test_a_grant_is_seen_and_ended(plain: RelyingPartyClient, phone: Phone) -> None:
    tokens = plain.begin(scope="openid profile offline_access").tokens(phone)
    (grant,) = phone.grants()
    assert grant["requester"]["name"] == "北京某某法律服务平台"
    assert claims_of(phone.receipt(grant["id"])["receipt"])["record_id"] == grant["id"]
    phone.end_grant(grant["id"])
    assert not plain.introspect(tokens["access_token"])["active"]
    assert plain.userinfo(tokens["access_token"]).status_code == 401
    assert plain.refresh(tokens["refresh_token"]).status_code == 400
    assert phone.grants()[0]["ended_by"] == "lawyer"
