"""Attacks on scanning and on the provider, each by name; every one must come to nothing."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import TestResponse

from app.authorization.rules.jose import b64u
from app.authorization.rules.relying_party import Kind
from miniprogram_mock.client.encoding import new_key
from miniprogram_mock.client.phone import Phone
from tests.oidc.actors import (
    ACT,
    CALLBACK,
    DEVICE_GRANT,
    IDENTITY,
    RelyingPartyClient,
    asserted,
    claims_of,
    error,
    fapi_client,
    jws,
    plain_client,
    token_request,
)
from tests.world import ORIGIN, World, refusal

# --- the code on the screen --------------------------------------------------------------------


def test_qrljacking_the_code_goes_to_the_browser_that_began_only(
    plain: RelyingPartyClient, phone: Phone
) -> None:
    """The attacker shows their own page's code to a lawyer: the lawyer's browser gets nothing."""
    attackers = plain.begin()
    phone.approve(phone.scan(attackers.text()))
    lawyers = plain.http
    plain.begin(browser=lawyers)  # the lawyer's browser has a cookie of its own
    path = f"/oauth/authorize/{attackers.page}"
    assert attackers.status(lawyers).status_code == 404
    assert lawyers.get(f"{path}/finish").status_code == 404
    assert plain.http.get(f"{path}/finish").status_code == 404


def test_qrljacking_the_phone_says_from_where_it_was_begun(
    plain: RelyingPartyClient, phone: Phone
) -> None:
    view = phone.scan(plain.begin().text())
    assert "127.0.0.1" in view["place"]
    assert any("127.0.0.1" in line for line in view["statement"]), "and it is signed"


def test_session_fixation_a_planted_cookie_is_worth_nothing_after_signing_in(
    plain: RelyingPartyClient, phone: Phone
) -> None:
    """Another's login cookie in the lawyer's browser does not carry the attacker's session."""
    attackers, victims = plain.http, plain.http
    attackers_flow = plain.begin(browser=attackers)
    planted = attackers.get_cookie("__Host-lvz_login")
    assert planted is not None
    victims.set_cookie("__Host-lvz_login", planted.value, secure=True)
    flow = plain.begin(browser=victims)
    flow.tokens(phone)
    assert victims.get_cookie("__Host-lvz_session") is not None
    assert attackers.get_cookie("__Host-lvz_session") is None
    silent = plain.begin(browser=attackers, prompt="none")
    assert silent.query["error"] == "login_required"
    assert attackers_flow.status().json is not None


def test_session_fixation_the_session_is_new_at_every_sign_in(
    plain: RelyingPartyClient, phone: Phone
) -> None:
    browser = plain.http
    seen = set()
    for _ in range(2):
        plain.begin(browser=browser, prompt="login").tokens(phone)
        cookie = browser.get_cookie("__Host-lvz_session")
        assert cookie is not None
        seen.add(cookie.value)
    assert len(seen) == 2


def test_tickets_are_not_guessed(plain: RelyingPartyClient, phone: Phone) -> None:
    text = plain.begin().text()
    ticket, step, mac = text.rpartition("/s/")[2].split(".")
    for guess in (
        f"{b64u(secrets.token_bytes(16))}.{step}.{mac}",
        f"{ticket}.{step}.{b64u(secrets.token_bytes(len(mac) * 3 // 4))}",
        f"{ticket}.{int(step) + 1}.{mac}",
    ):
        assert refusal(lambda guess=guess: phone.scan(f"{ORIGIN}/s/{guess}")).code == "scan.unknown"


def test_scanning_is_limited(plain: RelyingPartyClient, phone: Phone) -> None:
    text = f"{ORIGIN}/s/{b64u(bytes(16))}.0.{b64u(bytes(12))}"
    codes = Counter(refusal(lambda: phone.scan(text)).code for _ in range(35))
    assert codes == {"scan.unknown": 30, "auth.rate_limited": 5}


@pytest.mark.parametrize("age", [10.1, 30, 60])
def test_a_relayed_ticket_is_too_old(
    world: World, plain: RelyingPartyClient, phone: Phone, age: float
) -> None:
    text = plain.begin().text()
    world.clock.step(seconds=age)
    assert refusal(lambda: phone.scan(text)).code == "scan.stale"


@pytest.mark.parametrize("scene", [1012, 1013, 1048, 1049])
def test_a_forwarded_picture_is_refused(
    plain: RelyingPartyClient, phone: Phone, scene: int
) -> None:
    text = plain.begin().text()
    found = refusal(lambda: phone.scan(text, source="launch", scene=scene))
    assert found.code == "scan.not_camera"


def test_a_second_scanner_is_refused_and_both_are_told(
    world: World, plain: RelyingPartyClient, phone: Phone
) -> None:
    other = world.bound_phone("other", name="陈守义")
    flow = plain.begin()
    text = flow.text()
    view = phone.scan(text)
    assert refusal(lambda: other.scan(text)).code == "scan.taken"
    assert phone.scan_view(view["id"])["second_scan"]
    assert (flow.status().json or {})["second_scan"]
    assert refusal(lambda: other.scan_view(view["id"])).code == "scan.unknown"
    assert refusal(lambda: other.approve(view)).code == "scan.unknown"


def test_the_number_is_tried_three_times(fapi: RelyingPartyClient, phone: Phone) -> None:
    flow = fapi.begin(scope="openid", authorization_details=[ACT])
    view = phone.scan(flow.text())
    wrong = next(str(n) for n in range(10, 100) if str(n) != view["number"])
    for _ in range(3):
        flow.post("number", {"number": wrong})
    flow.post("number", {"number": view["number"]})
    assert (flow.status().json or {})["state"] == "failed"
    assert refusal(lambda: phone.approve(view)).code == "scan.closed"
    assert flow.finish()["error"] == "access_denied"


def test_without_the_number_nothing_is_signed(fapi: RelyingPartyClient, phone: Phone) -> None:
    view = phone.scan(fapi.begin(scope="openid", authorization_details=[ACT]).text())
    assert refusal(lambda: phone.approve(view)).code == "scan.number_missing"


def test_another_sites_form_cannot_answer_the_page(plain: RelyingPartyClient, phone: Phone) -> None:
    flow = plain.begin()
    phone.scan(flow.text())
    path = f"/oauth/authorize/{flow.page}"
    for what in ("number", "cancel"):
        assert flow.browser.post(f"{path}/{what}", data={"number": "12"}).status_code == 403
    assert (flow.status().json or {})["state"] == "claimed"


# --- what is signed ----------------------------------------------------------------------------


def signed_as(phone: Phone, view: dict[str, Any], lines: list[str], granted: list[str]) -> str:
    """Sign these lines whatever the screen shows; the code of the refusal."""
    iat = int(time.time())
    text = "\n".join([*lines, f"granted:{','.join(sorted(granted))}", f"iat:{iat}"])
    body = {"granted": granted, "iat": iat, "signature": b64u(phone.key.sign(text.encode()))}
    path = f"/scans/{view['id']}/approve"
    return refusal(lambda: phone.call("POST", path, body)).code


def test_consent_altered_between_showing_and_signing(
    fapi: RelyingPartyClient, phone: Phone
) -> None:
    view = phone.scan(fapi.begin(authorization_details=[IDENTITY]).text())
    lines, granted = view["statement"], [item["code"] for item in view["attributes"]]
    for at, line in enumerate(lines):
        altered = [*lines[:at], line + "x", *lines[at + 1 :]]
        assert signed_as(phone, view, altered, granted) == "authorization.consent_altered", line
    for altered in (lines[:-1], lines[1:], [*lines, "x"], list(reversed(lines)), []):
        assert signed_as(phone, view, altered, granted) == "authorization.consent_altered"
    assert phone.approve(view)["state"] == "approved", "and the true words still do"


def test_the_phone_signs_only_what_it_shows(fapi: RelyingPartyClient, phone: Phone) -> None:
    """A server that shows one thing and asks a signature for another is refused by the phone."""
    view = phone.scan(fapi.begin(authorization_details=[IDENTITY]).text())
    for name, value in (
        ("statement", [*view["statement"], "act:x"]),
        ("requester", {**view["requester"], "name": "另一家单位"}),
        ("attributes", view["attributes"][:1]),
    ):
        with pytest.raises(ValueError, match="not what is to be signed"):
            phone.approve({**view, name: value})


def test_granting_what_was_not_asked_or_less_than_is_needed(
    fapi: RelyingPartyClient, phone: Phone
) -> None:
    view = phone.scan(fapi.begin(authorization_details=[IDENTITY]).text())
    required = [a["code"] for a in view["attributes"] if a["required"]]
    for granted in ([*required, "photo"], required[:-1], [*required, "nonsense"]):
        found = refusal(lambda granted=granted: phone.approve(view, granted))
        assert found.code == "authorization.consent_altered", granted


def test_a_signature_of_another_phone(
    world: World, plain: RelyingPartyClient, phone: Phone
) -> None:
    view = phone.scan(plain.begin().text())
    own, phone.key = phone.key, new_key()
    assert refusal(lambda: phone.approve(view)).code == "authorization.consent_altered"
    phone.key = own
    assert phone.approve(view)["state"] == "approved"


def test_attributes_that_are_not_registered_are_not_even_pushed(world: World) -> None:
    modest = fapi_client(world, attributes=("name", "practice_status"))
    answer = modest.push(authorization_details=[IDENTITY])
    assert error(answer) == (400, "invalid_authorization_details")
    acts = fapi_client(world, acts=())
    answer = acts.push(scope="openid", authorization_details=[ACT])
    assert error(answer) == (400, "invalid_authorization_details")


def test_an_ordinary_client_gets_no_more_than_name_and_status(
    plain: RelyingPartyClient,
) -> None:
    for asked in (IDENTITY, ACT):
        flow = plain.begin(authorization_details=[asked])
        assert flow.query["error"] == "invalid_authorization_details"


# --- redirects ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "uri",
    [
        "https://evil.example/cb",
        "https://rp.example/cb/../evil",
        "https://rp.example/cb?x=1",
        "https://rp.example/cb#x",
        "https://rp.example/CB",
        "https://rp.example:443/cb",
        "http://rp.example/cb",
        "https://rp.example/cb/",
        "https://user@rp.example/cb",
        "",
    ],
)
def test_redirect_swaps_lead_nowhere(plain: RelyingPartyClient, uri: str) -> None:
    given = {**plain.parameters("v" * 43), "redirect_uri": uri}
    answer = plain.open(given).answer
    assert answer.status_code == 400
    assert "Location" not in answer.headers


def test_redirect_swap_between_the_page_and_the_redemption(
    plain: RelyingPartyClient, phone: Phone
) -> None:
    flow = plain.begin()
    code = flow.code(phone)
    answer = plain.redeem(code, flow.verifier, redirect_uri="https://rp.example/cb2")
    assert error(answer) == (400, "invalid_grant")


def test_mix_up_the_answer_names_its_issuer(plain: RelyingPartyClient, phone: Phone) -> None:
    assert plain.begin().consent(phone)["iss"] == ORIGIN
    refused = plain.begin(scope="openid nonsense")
    assert "error" not in refused.query or refused.query["iss"] == ORIGIN
    assert plain.begin(response_type="token").query["iss"] == ORIGIN


def test_mix_up_a_code_of_one_client_is_useless_to_another(
    world: World, plain: RelyingPartyClient, phone: Phone
) -> None:
    flow = plain.begin()
    code = flow.code(phone)
    other = plain_client(world)
    assert error(other.redeem(code, flow.verifier)) == (400, "invalid_grant")


# --- PKCE --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge": "", "code_challenge_method": ""},
        {"code_challenge": ""},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": ""},
        {"code_challenge": "short"},
    ],
)
def test_pkce_downgrade(
    plain: RelyingPartyClient, fapi: RelyingPartyClient, changes: dict[str, str]
) -> None:
    assert plain.begin(**changes).query["error"] == "invalid_request"
    assert error(fapi.push(**changes)) == (400, "invalid_request")


def test_a_verifier_that_does_not_fit(plain: RelyingPartyClient, phone: Phone) -> None:
    flow = plain.begin()
    code = flow.code(phone)
    assert error(plain.redeem(code, "w" * 43)) == (400, "invalid_grant")
    for verifier in (None, ""):
        assert error(plain.redeem(code, "", code_verifier=verifier))[0] == 400


# --- codes and tokens --------------------------------------------------------------------------


def test_code_replay_revokes_what_it_gave(plain: RelyingPartyClient, phone: Phone) -> None:
    flow = plain.begin(scope="openid profile offline_access")
    code = flow.code(phone)
    tokens = plain.redeem(code, flow.verifier).json
    assert tokens is not None
    assert error(plain.redeem(code, flow.verifier)) == (400, "invalid_grant")
    assert not plain.introspect(tokens["access_token"])["active"]
    assert error(plain.refresh(tokens["refresh_token"])) == (400, "invalid_grant")
    assert plain.userinfo(tokens["access_token"]).status_code == 401


def race(work: list[Any]) -> list[TestResponse]:
    """Do all at the same moment."""
    gate = threading.Barrier(len(work))

    def one(call: Any) -> TestResponse:
        gate.wait()
        answer: TestResponse = call()
        return answer

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(one, work))


def test_racing_redemptions_one_wins(plain: RelyingPartyClient, phone: Phone) -> None:
    flow = plain.begin()
    code = flow.code(phone)
    answers = race([lambda: plain.redeem(code, flow.verifier)] * 6)
    assert sorted(Counter(a.status_code for a in answers).items()) == [(200, 1), (400, 5)]


def test_racing_refreshes_one_wins_at_most(plain: RelyingPartyClient, phone: Phone) -> None:
    tokens = plain.begin(scope="openid profile offline_access").tokens(phone)
    answers = race([lambda: plain.refresh(tokens["refresh_token"])] * 6)
    assert Counter(a.status_code for a in answers)[200] == 1
    (won,) = (a.json for a in answers if a.status_code == 200)
    assert won is not None
    assert not plain.introspect(won["access_token"])["active"], "the reuse ended everything"


def test_racing_finishes_give_one_code(plain: RelyingPartyClient, phone: Phone) -> None:
    flow = plain.begin()
    phone.approve(phone.scan(flow.text()))
    cookie = flow.browser.get_cookie("__Host-lvz_login")
    assert cookie is not None

    def finish() -> TestResponse:
        browser = plain.http
        browser.set_cookie("__Host-lvz_login", cookie.value, secure=True)
        return browser.get(f"/oauth/authorize/{flow.page}/finish")

    answers = race([finish] * 6)
    assert sorted(a.status_code for a in answers) == [303, 404, 404, 404, 404, 404]


def test_a_device_code_is_taken_once(world: World, phone: Phone) -> None:
    terminal = fapi_client(world, kind=Kind.DEVICE, place="北京市朝阳区人民法院立案大厅 3 号窗口")
    begun = terminal.post("/oauth/device_authorization", scope="openid profile").json
    assert begun is not None
    phone.approve(phone.scan(begun["verification_uri_complete"]))

    def take() -> TestResponse:
        return terminal.post(
            "/oauth/token", grant_type=DEVICE_GRANT, device_code=begun["device_code"]
        )

    answers = race([take] * 4)
    assert sorted(Counter(a.status_code for a in answers).items()) == [(200, 1), (400, 3)]
    assert error(take()) == (400, "invalid_grant")


def test_only_enrolled_terminals_begin_at_a_terminal(
    plain: RelyingPartyClient, fapi: RelyingPartyClient
) -> None:
    for client in (plain, fapi):
        answer = client.post("/oauth/device_authorization", scope="openid profile")
        assert error(answer) == (400, "unauthorized_client")


# --- proofs and assertions ---------------------------------------------------------------------


def test_dpop_replay(fapi: RelyingPartyClient) -> None:
    proof = fapi.proof("/oauth/token")
    assert token_request(fapi, proof).status_code == 200
    assert error(token_request(fapi, proof)) == (400, "invalid_dpop_proof")


def test_dpop_replay_with_a_malleated_signature(fapi: RelyingPartyClient) -> None:
    """The proof is remembered by its `jti`: (r, -s) is as valid a signature of the same words."""
    proof = fapi.proof("/oauth/token")["DPoP"]
    assert token_request(fapi, {"DPoP": proof}).status_code == 200
    head, body, signature = proof.split(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    other = (order - int.from_bytes(raw[32:])).to_bytes(32)
    twin = f"{head}.{body}.{b64u(raw[:32] + other)}"
    assert error(token_request(fapi, {"DPoP": twin})) == (400, "invalid_dpop_proof")


@pytest.mark.parametrize(
    "changes",
    [
        {"htm": "GET"},
        {"htu": f"{ORIGIN}/oauth/par"},
        {"htu": "https://evil.example/oauth/token"},
        {"jti": None},
        {"iat": None},
        {"iat": "now"},
        {"iat": 1},
        {"htm": None},
        {"htu": None},
        {"nbf": 99999999999},
        {"exp": 1},
    ],
)
def test_dpop_proofs_of_something_else(fapi: RelyingPartyClient, changes: dict[str, Any]) -> None:
    proof = fapi.proof("/oauth/token", **changes)
    assert error(token_request(fapi, proof)) == (400, "invalid_dpop_proof")


def test_dpop_a_stolen_token_is_worth_nothing(fapi: RelyingPartyClient, phone: Phone) -> None:
    tokens = fapi.begin().tokens(phone)
    stolen = tokens["access_token"]
    for headers in (
        {"Authorization": f"Bearer {stolen}"},
        {"Authorization": f"DPoP {stolen}"},
    ):
        assert fapi.http.get("/oauth/userinfo", headers=headers).status_code == 401
    fapi.dpop = new_key()
    assert fapi.userinfo(stolen).status_code == 401


def test_dpop_a_stolen_code_is_worth_nothing(fapi: RelyingPartyClient, phone: Phone) -> None:
    flow = fapi.begin()
    code = flow.code(phone)
    fapi.dpop = new_key()
    assert error(fapi.redeem(code, flow.verifier)) == (400, "invalid_dpop_proof")


@pytest.mark.parametrize("broken", ["", "a", "a.b.c", "e30.e30.", "{}", "é.é.é", "a" * 9000])
def test_dpop_headers_that_are_no_proofs(fapi: RelyingPartyClient, broken: str) -> None:
    answer = token_request(fapi, {"DPoP": broken.encode().decode("latin-1")})
    assert error(answer) == (400, "invalid_dpop_proof")


def test_jti_replay_of_an_assertion(fapi: RelyingPartyClient) -> None:
    assertion = fapi.assertion()
    assert asserted(fapi, assertion).status_code == 200
    assert error(asserted(fapi, assertion)) == (401, "invalid_client")


def forged(client: RelyingPartyClient, header: dict[str, Any], signature: bytes) -> str:
    good = client.assertion().split(".")[1]
    return f"{b64u(json.dumps(header).encode())}.{good}.{b64u(signature)}"


def test_alg_confusion(world: World, fapi: RelyingPartyClient) -> None:
    """None, a MAC made with the public key, another curve's name, another key's algorithm."""
    body = fapi.assertion().split(".")[1]
    for alg in ("none", "None", "", "HS256", "RS256", "ES384", "EdDSA", "PS256"):
        header = {"alg": alg, "kid": "k1"}
        head = b64u(json.dumps(header).encode())
        secret = json.dumps(fapi.key.public.to_jwk()).encode()
        mac = hmac.digest(secret, f"{head}.{body}".encode(), "sha256")
        for signature in (b"", mac, fapi.key.sign(f"{head}.{body}".encode())):
            answer = asserted(fapi, f"{head}.{body}.{b64u(signature)}")
            assert error(answer) == (401, "invalid_client"), alg


def test_kid_and_key_injection(fapi: RelyingPartyClient) -> None:
    """A header cannot bring its own key along, nor lead us to one."""
    mallory = new_key()
    now = fapi.world.clock.unix()
    claims = {
        "iss": fapi.client_id,
        "sub": fapi.client_id,
        "aud": ORIGIN,
        "iat": now,
        "exp": now + 60,
    }
    jwk = {k: mallory.public.to_jwk()[k] for k in ("kty", "crv", "x", "y")}
    for extra in (
        {"kid": "k1", "jwk": jwk},
        {"kid": "k1", "jku": "https://evil.example/jwks.json"},
        {"kid": "k1", "x5u": "https://evil.example/cert.pem"},
        {"kid": "../../etc/passwd"},
        {"kid": "k1' OR '1'='1"},
        {"kid": ["k1"]},
        {"kid": {"a": 1}},
        {"kid": 1},
        {"kid": "k1", "crit": ["exp"]},
        {},
    ):
        made = jws(mallory, {"alg": "ES256", **extra}, {**claims, "jti": secrets.token_hex(8)})
        assert error(asserted(fapi, made)) == (401, "invalid_client"), extra


def test_a_secret_does_not_stand_in_for_a_key(fapi: RelyingPartyClient) -> None:
    """Everywhere, not at the token endpoint alone."""
    for path in ("token", "par", "introspect", "revoke"):
        answer = fapi.http.post(
            f"/oauth/{path}",
            data={"client_id": fapi.client_id, "client_secret": "", "token": "x"},
        )
        assert error(answer) == (401, "invalid_client"), path


def test_ways_to_authenticate_are_not_mixed(plain: RelyingPartyClient) -> None:
    form = {"client_id": plain.client_id, "client_secret": plain.secret or ""}
    answer = plain.post("/oauth/token", grant_type="client_credentials", **form)
    assert answer.status_code in (400, 401)
    assert answer.json is not None


def test_parameters_in_the_address_or_twice_are_refused(plain: RelyingPartyClient) -> None:
    _, auth = plain.credentials()
    data = {"grant_type": "client_credentials"}
    answer = plain.http.post("/oauth/token?scope=party", data=data, headers=auth)
    assert error(answer) == (400, "invalid_request")
    twice = plain.http.post(
        "/oauth/token",
        data="grant_type=client_credentials&grant_type=client_credentials",
        content_type="application/x-www-form-urlencoded",
        headers=auth,
    )
    assert error(twice) == (400, "invalid_request")


def test_secrets_codes_and_tokens_are_not_in_the_database(
    world: World, plain: RelyingPartyClient, phone: Phone
) -> None:
    flow = plain.begin(scope="openid profile offline_access")
    code = flow.code(phone)
    tokens = plain.redeem(code, flow.verifier).json
    assert tokens is not None
    tables = [name for (name,) in world.sql(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
    )]  # fmt: skip
    kept = "".join(str(world.sql(f"SELECT * FROM {table}")) for table in tables)
    for hidden in (
        code,
        plain.secret or "",
        *(tokens[t] for t in ("access_token", "refresh_token")),
    ):
        assert hidden
        assert hidden not in kept


def test_a_suspended_party_gets_nothing_more(
    world: World, plain: RelyingPartyClient, phone: Phone
) -> None:
    flow = plain.begin(scope="openid profile offline_access")
    tokens = flow.tokens(phone)
    with world.app.app_context():
        world.services.authorization.relying_parties.set_suspended(
            client_id=plain.client_id, suspended=True
        )
    assert error(plain.refresh(tokens["refresh_token"])) == (401, "invalid_client")
    assert plain.userinfo(tokens["access_token"]).status_code == 401
    assert plain.open(plain.parameters("v" * 43)).answer.status_code in (400, 401)


def test_a_suspended_lawyer_gets_no_new_tokens(
    world: World, plain: RelyingPartyClient, phone: Phone
) -> None:
    tokens = plain.begin(scope="openid profile offline_access").tokens(phone)
    world.set_status("suspended")
    facts = plain.userinfo(tokens["access_token"])
    assert (facts.json or {})["practice_status"] != "practising"
    assert error(plain.refresh(tokens["refresh_token"])) == (400, "invalid_grant")
    view = phone.scan(plain.begin().text())
    assert refusal(lambda: phone.approve(view)).code == "authorization.not_practising"


def test_the_state_is_given_back_escaped(plain: RelyingPartyClient, phone: Phone) -> None:
    state = "a&error=x#y\r\nz"
    flow = plain.begin(state=state)
    flow.consent(phone)
    query = parse_qs(urlsplit(flow.location).query)
    assert query["state"] == [state]
    assert "error" not in query
    assert flow.location.startswith(CALLBACK + "?")


def test_access_tokens_are_for_ten_minutes_at_most(
    world: World, plain: RelyingPartyClient, phone: Phone
) -> None:
    tokens = plain.begin().tokens(phone)
    assert tokens["expires_in"] <= 600
    claims = claims_of(tokens["access_token"])
    assert claims["exp"] - claims["iat"] <= 600
    world.clock.step(seconds=601)
    assert not plain.introspect(tokens["access_token"])["active"]
