"""The OpenID conformance suite's plan oidcc-basic, a test for each module that applies, by name.

Left out: `claims` (announced as unsupported: ClaimsEssential), address, email and phone scopes
(we hold no such claims; unknown scopes are ignored, which `scope_all` shows).
"""

from __future__ import annotations

import time
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from miniprogram_mock.client.phone import Phone
from tests.oidc.actors import CALLBACK, Flow, RelyingPartyClient, claims_of, error
from tests.world import ORIGIN, World


def signed_in(client: RelyingPartyClient, phone: Phone, **changes: Any) -> tuple[Flow, Any]:
    flow = client.begin(**changes)
    return flow, flow.tokens(phone)


def again(client: RelyingPartyClient, flow: Flow, **changes: Any) -> Flow:
    """A second request in the same browser."""
    return client.begin(browser=flow.browser, **changes)


def test_oidcc_server(plain: RelyingPartyClient, phone: Phone, world: World) -> None:
    _, tokens = signed_in(plain, phone)
    identity = claims_of(tokens["id_token"])
    now = world.clock.unix()
    assert identity["iss"] == ORIGIN
    assert identity["aud"] == plain.client_id
    assert now - 60 <= identity["iat"] <= now < identity["exp"]
    assert 0 < len(identity["sub"]) <= 255
    assert tokens["token_type"] == "Bearer"


def test_oidcc_response_type_missing(plain: RelyingPartyClient) -> None:
    assert plain.begin(response_type="").query["error"] == "invalid_request"


def test_oidcc_idtoken_signature(plain: RelyingPartyClient, phone: Phone) -> None:
    """Verified with the published keys, by a library, with the one algorithm announced."""
    _, tokens = signed_in(plain, phone)
    keys = KeySet.import_key_set(plain.http.get("/oauth/jwks").json)  # type: ignore[arg-type]
    token = jwt.decode(tokens["id_token"], keys, algorithms=["ES256"])
    assert token.header["kid"]
    assert token.claims["aud"] == plain.client_id


@pytest.mark.parametrize("way", ["get", "post-header", "post-body"])
def test_oidcc_userinfo(plain: RelyingPartyClient, phone: Phone, way: str) -> None:
    _, tokens = signed_in(plain, phone)
    access, path = tokens["access_token"], "/oauth/userinfo"
    header = {"Authorization": f"Bearer {access}"}
    answer = {
        "get": lambda: plain.http.get(path, headers=header),
        "post-header": lambda: plain.http.post(path, headers=header),
        "post-body": lambda: plain.http.post(path, data={"access_token": access}),
    }[way]()
    assert answer.status_code == 200, answer.text
    assert (answer.json or {})["sub"] == claims_of(tokens["id_token"])["sub"]


def test_oidcc_ensure_request_without_nonce_succeeds_for_code_flow(
    plain: RelyingPartyClient, phone: Phone
) -> None:
    _, tokens = signed_in(plain, phone, nonce="")
    assert "nonce" not in claims_of(tokens["id_token"])


def test_oidcc_scope_profile(plain: RelyingPartyClient, phone: Phone) -> None:
    _, tokens = signed_in(plain, phone, scope="openid profile")
    facts = plain.userinfo(tokens["access_token"]).json or {}
    assert {"sub", "name", "practice_status"} <= set(facts)


def test_oidcc_scope_openid_alone(plain: RelyingPartyClient, phone: Phone) -> None:
    _, tokens = signed_in(plain, phone, scope="openid")
    assert set(plain.userinfo(tokens["access_token"]).json or {}) == {"sub"}


def test_oidcc_scope_all(plain: RelyingPartyClient, phone: Phone) -> None:
    scope = "openid profile email address phone"
    _, tokens = signed_in(plain, phone, scope=scope)
    assert tokens["scope"] == "openid profile"


@pytest.mark.parametrize("display", ["page", "popup"])
def test_oidcc_display(plain: RelyingPartyClient, phone: Phone, display: str) -> None:
    _, tokens = signed_in(plain, phone, display=display)
    assert tokens["id_token"]


def test_oidcc_prompt_login(plain: RelyingPartyClient, phone: Phone) -> None:
    """The lawyer scans again, and the ID token says when."""
    flow, first = signed_in(plain, phone)
    time.sleep(1)
    second_flow = again(plain, flow, prompt="login")
    assert second_flow.answer.status_code == 200, "a page, not a redirect"
    second = second_flow.tokens(phone)
    times = [claims_of(t["id_token"])["auth_time"] for t in (first, second)]
    assert times[1] > times[0]


def test_oidcc_prompt_none_not_logged_in(plain: RelyingPartyClient) -> None:
    flow = plain.begin(prompt="none")
    assert flow.query["error"] == "login_required"
    assert flow.query["state"] == "s" * 16


def test_oidcc_prompt_none_logged_in(plain: RelyingPartyClient, phone: Phone) -> None:
    flow, first = signed_in(plain, phone)
    silent = again(plain, flow, prompt="none")
    second = plain.redeem(silent.query["code"], silent.verifier).json
    assert second is not None
    one, two = (claims_of(t["id_token"]) for t in (first, second))
    assert (one["sub"], one["auth_time"]) == (two["sub"], two["auth_time"])


def test_oidcc_prompt_none_with_another(plain: RelyingPartyClient) -> None:
    assert plain.begin(prompt="none login").query["error"] == "invalid_request"


def test_oidcc_max_age_1(plain: RelyingPartyClient, phone: Phone, world: World) -> None:
    flow, _ = signed_in(plain, phone, max_age="15000")
    world.clock.step(seconds=2)
    second = again(plain, flow, max_age="1")
    assert second.answer.status_code == 200, "a page, not a redirect"


def test_oidcc_max_age_10000(plain: RelyingPartyClient, phone: Phone) -> None:
    flow, first = signed_in(plain, phone)
    second = again(plain, flow, max_age="10000")
    tokens = plain.redeem(second.query["code"], second.verifier).json
    assert tokens is not None
    assert claims_of(tokens["id_token"])["auth_time"] == claims_of(first["id_token"])["auth_time"]


def test_oidcc_ensure_request_with_unknown_parameter_succeeds(
    plain: RelyingPartyClient, phone: Phone
) -> None:
    assert signed_in(plain, phone, extra="foobar")[1]["id_token"]


def test_oidcc_id_token_hint(plain: RelyingPartyClient, phone: Phone, world: World) -> None:
    flow, tokens = signed_in(plain, phone)
    hinted = again(plain, flow, prompt="none", id_token_hint=tokens["id_token"])
    assert "code" in hinted.query
    other = world.bound_phone("other", name="陈守义")
    someone_else = plain.begin(id_token_hint=tokens["id_token"])
    assert someone_else.consent(other)["error"] == "login_required"


@pytest.mark.parametrize(
    "changes",
    [
        {"login_hint": "buffy@example.com"},
        {"ui_locales": "se"},
        {"claims_locales": "se"},
        {"acr_values": "1 2"},
    ],
)
def test_oidcc_ensure_request_with_hints_succeeds(
    plain: RelyingPartyClient, phone: Phone, changes: dict[str, str]
) -> None:
    """LoginHint, UiLocales, ClaimsLocales, AcrValues: voluntary, so none of them fails."""
    assert signed_in(plain, phone, **changes)[1]["id_token"]


def test_oidcc_codereuse(plain: RelyingPartyClient, phone: Phone) -> None:
    flow = plain.begin()
    code = flow.code(phone)
    assert plain.redeem(code, flow.verifier).status_code == 200
    assert error(plain.redeem(code, flow.verifier)) == (400, "invalid_grant")


def test_oidcc_codereuse_30seconds(plain: RelyingPartyClient, phone: Phone, world: World) -> None:
    flow = plain.begin()
    code = flow.code(phone)
    tokens = plain.redeem(code, flow.verifier).json or {}
    world.clock.step(seconds=30)
    assert error(plain.redeem(code, flow.verifier)) == (400, "invalid_grant")
    assert plain.userinfo(tokens["access_token"]).status_code == 401


def test_oidcc_ensure_registered_redirect_uri(plain: RelyingPartyClient) -> None:
    answer = plain.begin(redirect_uri=CALLBACK + "?extra").answer
    assert answer.status_code == 400
    assert "Location" not in answer.headers


def test_oidcc_ensure_post_request_succeeds(plain: RelyingPartyClient) -> None:
    answer = plain.http.post("/oauth/authorize", data=plain.parameters("v" * 43))
    assert answer.status_code == 200
    assert "__Host-lvz_login" in answer.headers["Set-Cookie"]


def test_oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(
    plain: RelyingPartyClient,
) -> None:
    assert plain.begin(request="e30.e30.").query["error"] == "request_not_supported"


def test_oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(
    plain: RelyingPartyClient,
) -> None:
    answer = plain.begin(request_uri="https://rp.example/request").answer
    assert answer.status_code == 400
    assert "Location" not in answer.headers, "nobody is asked to fetch, nor led anywhere"


def test_oidcc_refresh_token(plain: RelyingPartyClient, phone: Phone) -> None:
    _, tokens = signed_in(plain, phone, scope="openid profile offline_access")
    renewed = plain.refresh(tokens["refresh_token"]).json
    assert renewed is not None
    one, two = (claims_of(t["id_token"]) for t in (tokens, renewed))
    for name in ("iss", "sub", "aud", "auth_time"):
        assert one[name] == two[name], name
    assert plain.userinfo(renewed["access_token"]).status_code == 200


def test_oidcc_refresh_token_of_another_client(
    plain: RelyingPartyClient, fapi: RelyingPartyClient, phone: Phone
) -> None:
    _, tokens = signed_in(plain, phone, scope="openid profile offline_access")
    assert error(fapi.refresh(tokens["refresh_token"])) == (400, "invalid_grant")
    assert plain.refresh(tokens["refresh_token"]).status_code == 200, "and nothing was lost"


def test_oidcc_ensure_valid_pkce_succeeds(plain: RelyingPartyClient, phone: Phone) -> None:
    flow = plain.begin()
    assert plain.redeem(flow.code(phone), flow.verifier).status_code == 200


def test_oidcc_config_certification(plain: RelyingPartyClient) -> None:
    found = plain.http.get("/.well-known/openid-configuration").json or {}
    assert found["issuer"] == ORIGIN
    for name in (
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
        "response_types_supported",
        "subject_types_supported",
        "id_token_signing_alg_values_supported",
    ):
        assert found[name], name


def test_oidcc_rp_initiated_logout(plain: RelyingPartyClient, phone: Phone) -> None:
    flow, tokens = signed_in(plain, phone)
    hint = {"id_token_hint": tokens["id_token"]}
    bye = {"post_logout_redirect_uri": "https://rp.example/bye", "state": "x"}
    answer = flow.browser.get("/oauth/logout", query_string={**hint, **bye})
    assert answer.headers["Location"] == "https://rp.example/bye?state=x"
    assert again(plain, flow, prompt="none").query["error"] == "login_required"


@pytest.mark.parametrize(
    "changes",
    [
        {"post_logout_redirect_uri": "https://evil.example/"},
        {"id_token_hint": "e30.e30.AA"},
        {"id_token_hint": ""},
    ],
)
def test_oidcc_rp_initiated_logout_bad_requests(
    plain: RelyingPartyClient, phone: Phone, changes: dict[str, str]
) -> None:
    flow, tokens = signed_in(plain, phone)
    given = {
        "id_token_hint": tokens["id_token"],
        "post_logout_redirect_uri": "https://rp.example/bye",
        **changes,
    }
    answer = flow.browser.get("/oauth/logout", query_string={k: v for k, v in given.items() if v})
    assert answer.status_code == 400
    assert "Location" not in answer.headers
