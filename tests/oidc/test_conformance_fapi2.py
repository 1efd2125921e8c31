"""The OpenID conformance suite's plan fapi2-security-profile-final, module by module, by name.

With private_key_jwt and DPoP, unsigned requests, plain responses: the profile of our higher tier.
"""

from __future__ import annotations

import json
import secrets
from typing import Any

import pytest
from werkzeug.test import TestResponse

from miniprogram_mock.client.encoding import new_key
from miniprogram_mock.client.phone import Phone
from tests.oidc.actors import (
    ASSERTION,
    CALLBACK,
    Flow,
    RelyingPartyClient,
    asserted,
    claims_of,
    error,
    fapi_client,
    token_request,
)
from tests.world import ORIGIN, World


def opened(client: RelyingPartyClient, pushed: TestResponse, verifier: str = "v" * 43) -> Flow:
    assert pushed.status_code == 201, pushed.text
    uri = (pushed.json or {})["request_uri"]
    return client.open({"client_id": client.client_id, "request_uri": uri}, verifier=verifier)


def test_happy_flow(fapi: RelyingPartyClient, phone: Phone) -> None:
    flow = fapi.begin()
    tokens = flow.tokens(phone)
    assert flow.query["iss"] == ORIGIN
    assert tokens["token_type"] == "DPoP"
    assert fapi.userinfo(tokens["access_token"]).status_code == 200


def test_user_rejects_authentication(fapi: RelyingPartyClient, phone: Phone) -> None:
    flow = fapi.begin()
    phone.decline(phone.scan(flow.text()))
    answer = flow.finish()
    assert (answer["error"], answer["state"], answer["iss"]) == (
        "access_denied", "s" * 16, ORIGIN
    )  # fmt: skip


def test_discovery_end_point_verification(fapi: RelyingPartyClient) -> None:
    for path in ("openid-configuration", "oauth-authorization-server"):
        found = fapi.http.get(f"/.well-known/{path}").json or {}
        assert found["issuer"] == ORIGIN
        assert found["pushed_authorization_request_endpoint"] == f"{ORIGIN}/oauth/par"
        assert found["authorization_response_iss_parameter_supported"] is True
        assert found["code_challenge_methods_supported"] == ["S256"]
        assert "private_key_jwt" in found["token_endpoint_auth_methods_supported"]
        assert "ES256" in found["dpop_signing_alg_values_supported"]
        assert "none" not in json.dumps(found["id_token_signing_alg_values_supported"])


@pytest.mark.parametrize("kind", ["token", "code id_token", "id_token", "code token"])
def test_ensure_other_response_types_fail(fapi: RelyingPartyClient, kind: str) -> None:
    assert error(fapi.push(response_type=kind)) == (400, "unsupported_response_type")


def test_requests_by_value_fail(fapi: RelyingPartyClient) -> None:
    """PAR is required: a request in the address is turned away."""
    flow = fapi.open(fapi.parameters("v" * 43))
    assert flow.query["error"] == "invalid_request"


# --- authorization codes -----------------------------------------------------------------------


def test_attempt_reuse_authorization_code_after_one_second(
    fapi: RelyingPartyClient, phone: Phone, world: World
) -> None:
    flow = fapi.begin()
    code = flow.code(phone)
    tokens = fapi.redeem(code, flow.verifier).json or {}
    world.clock.step(seconds=1)
    assert error(fapi.redeem(code, flow.verifier)) == (400, "invalid_grant")
    assert fapi.userinfo(tokens["access_token"]).status_code == 401


def test_attempt_to_use_expired_auth_code(
    fapi: RelyingPartyClient, phone: Phone, world: World
) -> None:
    flow = fapi.begin()
    code = flow.code(phone)
    world.clock.step(seconds=61)
    assert error(fapi.redeem(code, flow.verifier)) == (400, "invalid_grant")


def test_ensure_authorization_code_is_bound_to_client(
    fapi: RelyingPartyClient, phone: Phone, world: World
) -> None:
    flow = fapi.begin()
    code = flow.code(phone)
    other = fapi_client(world)
    other.dpop = fapi.dpop
    assert error(other.redeem(code, flow.verifier)) == (400, "invalid_grant")


# --- client assertions -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "fine"),
    [
        ({"exp": -300}, False),
        ({"exp": None}, False),
        ({"sub": None}, False),
        ({"iss": None}, False),
        ({"iss": "someone"}, False),
        ({"aud": "https://evil.example"}, False),
        ({"aud": None}, False),
        ({"aud": [ORIGIN]}, False),  # ArrayAudienceFails
        ({"aud": f"{ORIGIN}/oauth/par"}, False),  # PAREndpointAsAudienceFails
        ({"aud": f"{ORIGIN}/oauth/token"}, False),  # TokenEndpointAsAudienceFails
        ({"jti": None}, False),
        ({"iat": 8}, True),
        ({"nbf": 8}, True),
        ({"iat": 60}, False),
        ({"nbf": 60}, False),
        ({"aud": ORIGIN}, True),
        ({"exp": 3600 * 24 * 365}, False),
    ],
)
def test_client_assertion(
    fapi: RelyingPartyClient, world: World, changes: dict[str, Any], fine: bool
) -> None:
    now = world.clock.unix()
    moved = {
        name: now + value if isinstance(value, int) else value for name, value in changes.items()
    }
    answer = asserted(fapi, fapi.assertion(**moved))
    assert answer.status_code == (200 if fine else 401), answer.text


def test_client_assertion_at_par(fapi: RelyingPartyClient) -> None:
    """The endpoint's own address is no audience there either."""
    data = {
        **fapi.parameters("v" * 43),
        "client_assertion_type": ASSERTION,
        "client_assertion": fapi.assertion(aud=f"{ORIGIN}/oauth/par"),
    }
    answer = fapi.http.post("/oauth/par", data=data, headers=fapi.proof("/oauth/par"))
    assert error(answer) == (401, "invalid_client")


# --- pushed requests ---------------------------------------------------------------------------


def test_par_attempt_reuse_request_uri(fapi: RelyingPartyClient, phone: Phone) -> None:
    pushed = fapi.push("v" * 43)
    flow = opened(fapi, pushed)
    flow.tokens(phone)
    uri = (pushed.json or {})["request_uri"]
    answer = fapi.open({"client_id": fapi.client_id, "request_uri": uri}).answer
    assert answer.status_code == 400


def test_par_reused_before_authentication_completes(fapi: RelyingPartyClient, phone: Phone) -> None:
    """A page that is loaded again before anybody agreed still works."""
    pushed = fapi.push("v" * 43)
    opened(fapi, pushed)
    assert opened(fapi, pushed).tokens(phone)["id_token"]


def test_par_attempt_to_use_expired_request_uri(fapi: RelyingPartyClient, world: World) -> None:
    pushed = fapi.push().json or {}
    assert pushed["expires_in"] <= 90
    world.clock.step(seconds=pushed["expires_in"] + 1)
    given = {"client_id": fapi.client_id, "request_uri": pushed["request_uri"]}
    assert fapi.open(given).answer.status_code == 400


def test_par_request_uri_is_bound_to_client(fapi: RelyingPartyClient, world: World) -> None:
    pushed = fapi.push().json or {}
    other = fapi_client(world)
    given = {"client_id": other.client_id, "request_uri": pushed["request_uri"]}
    assert other.open(given).answer.status_code == 400


def test_par_ensure_reject_request_uri_in_par(fapi: RelyingPartyClient) -> None:
    pushed = fapi.push().json or {}
    answer = fapi.push(request_uri=pushed["request_uri"])
    assert error(answer) == (400, "invalid_request")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_par_ensure_reject_invalid_http_verb(fapi: RelyingPartyClient, method: str) -> None:
    assert fapi.http.open("/oauth/par", method=method).status_code == 405


def test_par_ensure_pkce_required(fapi: RelyingPartyClient) -> None:
    answer = fapi.push(code_challenge="", code_challenge_method="")
    assert error(answer) == (400, "invalid_request")


def test_par_plain_pkce_rejected(fapi: RelyingPartyClient) -> None:
    assert error(fapi.push(code_challenge_method="plain")) == (400, "invalid_request")


def test_incorrect_pkce_code_verifier_rejected(fapi: RelyingPartyClient, phone: Phone) -> None:
    flow = fapi.begin()
    assert error(fapi.redeem(flow.code(phone), "w" * 43)) == (400, "invalid_grant")


def test_par_without_duplicate_parameters(fapi: RelyingPartyClient, phone: Phone) -> None:
    """Only client_id and request_uri stand in the address; what else stands there is ignored."""
    uri = (fapi.push("v" * 43).json or {})["request_uri"]
    given = {
        "client_id": fapi.client_id,
        "request_uri": uri,
        "redirect_uri": "https://evil.example/cb",
        "scope": "openid nonsense",
        "state": "another",
    }
    flow = fapi.open(given, verifier="v" * 43)
    flow.tokens(phone)
    assert flow.location.startswith(CALLBACK + "?")
    assert flow.query["state"] == "s" * 16


def test_par_refuses_what_is_unregistered(fapi: RelyingPartyClient) -> None:
    answer = fapi.push(redirect_uri="https://evil.example/cb")
    assert error(answer) == (400, "invalid_request")


# --- DPoP --------------------------------------------------------------------------------------


@pytest.mark.parametrize("away", [-10, 10])
def test_dpop_iat_ten_seconds_away_is_fine(
    fapi: RelyingPartyClient, world: World, away: int
) -> None:
    proof = fapi.proof("/oauth/token", iat=world.clock.unix() + away)
    assert token_request(fapi, proof).status_code == 200


def test_check_dpop_proof_nbf_exp(fapi: RelyingPartyClient, world: World) -> None:
    now = world.clock.unix()
    fine = fapi.proof("/oauth/token", nbf=now - 5, exp=now + 60)
    assert token_request(fapi, fine).status_code == 200
    for changes in ({"exp": now - 1}, {"nbf": now + 3600}):
        answer = token_request(fapi, fapi.proof("/oauth/token", **changes))
        assert error(answer) == (400, "invalid_dpop_proof")


def test_ensure_mismatched_dpop_jkt_fails(fapi: RelyingPartyClient) -> None:
    """`dpop_jkt` in the request against the proof that came with it."""
    answer = fapi.push(dpop_jkt="A" * 43)
    assert answer.status_code == 400
    assert (answer.json or {})["error"] in ("invalid_request", "invalid_dpop_proof")


def test_dpop_authorization_code_binding(fapi: RelyingPartyClient, phone: Phone) -> None:
    """By `dpop_jkt` alone, without a proof at the pushed request."""
    jkt, verifier = fapi.jkt, "v" * 43
    given = fapi.parameters(verifier, dpop_jkt=jkt)
    del given["client_id"]
    flow = opened(fapi, fapi.post("/oauth/par", dpop=False, **given), verifier)
    code = flow.code(phone)
    own, fapi.dpop = fapi.dpop, new_key()
    assert error(fapi.redeem(code, verifier)) == (400, "invalid_dpop_proof")
    fapi.dpop = own
    assert fapi.redeem(code, verifier).status_code == 200


def test_dpop_proof_at_par_binds_the_code(fapi: RelyingPartyClient, phone: Phone) -> None:
    flow = fapi.begin()
    code = flow.code(phone)
    fapi.dpop = new_key()
    assert error(fapi.redeem(code, flow.verifier)) == (400, "invalid_dpop_proof")


def test_ensure_holder_of_key_required(fapi: RelyingPartyClient, phone: Phone) -> None:
    flow = fapi.begin()
    code = flow.code(phone)
    given = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": flow.verifier,
    }
    answer = fapi.post("/oauth/token", dpop=False, **given)
    assert error(answer) == (400, "invalid_dpop_proof")
    assert fapi.redeem(code, flow.verifier).status_code == 200, "the code was not spent"


# --- nonce, state, scope -----------------------------------------------------------------------


@pytest.mark.parametrize("length", [64, 384])
def test_ensure_authorization_request_with_a_long_nonce(
    fapi: RelyingPartyClient, phone: Phone, length: int
) -> None:
    nonce = secrets.token_hex(length // 2)
    assert claims_of(fapi.begin(nonce=nonce).tokens(phone)["id_token"])["nonce"] == nonce


def test_ensure_authorization_request_with_long_state(
    fapi: RelyingPartyClient, phone: Phone
) -> None:
    state = secrets.token_hex(500)
    assert fapi.begin(state=state).consent(phone)["state"] == state


def test_without_state(fapi: RelyingPartyClient, phone: Phone) -> None:
    assert "state" not in fapi.begin(state="").consent(phone)


def test_without_nonce(fapi: RelyingPartyClient, phone: Phone) -> None:
    assert "nonce" not in claims_of(fapi.begin(nonce="").tokens(phone)["id_token"])


def test_ensure_other_scope_order_succeeds(fapi: RelyingPartyClient, phone: Phone) -> None:
    assert fapi.begin(scope="profile openid").tokens(phone)["id_token"]


def test_refresh_token(fapi: RelyingPartyClient, phone: Phone) -> None:
    """Bound to the key: another key gets nothing, the true one still does."""
    tokens = fapi.begin(scope="openid profile offline_access").tokens(phone)
    own, fapi.dpop = fapi.dpop, new_key()
    assert error(fapi.refresh(tokens["refresh_token"])) == (400, "invalid_dpop_proof")
    fapi.dpop = own
    renewed = fapi.refresh(tokens["refresh_token"]).json
    assert renewed is not None
    assert fapi.userinfo(renewed["access_token"]).status_code == 200
