"""What a client is sent back and told, where its library would stumble over it."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from miniprogram_mock.client.phone import Phone
from tests.oidc.actors import ACT, IDENTITY, RelyingPartyClient, plain_client
from tests.world import World


def test_signing_out_keeps_the_address_and_the_state(world: World, phone: Phone) -> None:
    client = plain_client(world, post_logout_redirect_uris=("https://rp.example/bye?from=lvz",))
    flow = client.begin()
    query = {
        "id_token_hint": flow.tokens(phone)["id_token"],
        "post_logout_redirect_uri": "https://rp.example/bye?from=lvz",
        "state": "a b&from=else",
    }
    answer = flow.browser.get(f"/oauth/logout?{urlencode(query)}")
    sent = urlsplit(answer.headers["Location"])
    assert answer.status_code == 303
    assert (sent.netloc, sent.path) == ("rp.example", "/bye")
    assert parse_qsl(sent.query) == [("from", "lvz"), ("state", "a b&from=else")]


def test_what_was_granted_beside_an_act_is_told(fapi: RelyingPartyClient, phone: Phone) -> None:
    flow = fapi.begin(scope="openid", authorization_details=[IDENTITY, ACT])
    identity, act = flow.tokens(phone, ["name", "license_no"])["authorization_details"]
    assert (identity["type"], identity["attributes"]) == ("lawyer_identity", ["name", "license_no"])
    assert (act["type"], act["act"]) == ("practice_act", "casefile_reading")


def test_a_name_asked_for_by_name_is_told(plain: RelyingPartyClient, phone: Phone) -> None:
    asked = {"type": "lawyer_identity", "attributes": ["name"], "purpose": "login"}
    told = plain.begin(scope="openid", authorization_details=[asked]).tokens(phone)
    assert told["authorization_details"] == [asked]
    assert "authorization_details" not in plain.begin(prompt="login").tokens(phone)


def test_a_refused_token_is_told_both_ways_to_show_one(plain: RelyingPartyClient) -> None:
    answer = plain.userinfo("not-a-token")
    challenges = answer.headers.getlist("WWW-Authenticate")
    assert answer.status_code == 401
    assert challenges == [
        'Bearer error="invalid_token"',
        'DPoP algs="ES256 EdDSA", error="invalid_token"',
    ]
