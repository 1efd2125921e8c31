"""Terminals and desktops: the device grant (RFC 8628) with a code that changes on their screen."""

from __future__ import annotations

import hmac
import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.authorization.rules.jose import b64u
from app.authorization.rules.relying_party import Kind
from miniprogram_mock.client.phone import Phone
from tests.oidc.actors import ACT, DEVICE_GRANT, RelyingPartyClient, claims_of, error, fapi_client
from tests.world import ORIGIN, World, refusal

PLACE = "北京市朝阳区人民法院立案大厅 3 号窗口"


@pytest.fixture
def terminal(world: World) -> RelyingPartyClient:
    return fapi_client(world, kind=Kind.DEVICE, place=PLACE)


def begin(terminal: RelyingPartyClient, **changes: Any) -> dict[str, Any]:
    given = {"scope": "openid profile", **changes}
    answer = terminal.post("/oauth/device_authorization", **given)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json or {}
    return body


def collect(terminal: RelyingPartyClient, begun: dict[str, Any]) -> TestResponse:
    return terminal.post("/oauth/token", grant_type=DEVICE_GRANT, device_code=begun["device_code"])


def drawn(begun: dict[str, Any], *, at_ms: int) -> str:
    """The code as a terminal draws it by itself, from what it was given once."""
    qr = begun["lvz_qr"]
    step = (at_ms - qr["started_at_ms"]) // qr["step_ms"]
    message = f"lvz-scan:v1:{qr['ticket']}:{step}".encode()
    mac = hmac.digest(bytes.fromhex(qr["secret"]), message, "sha256")[:16]
    return f"{ORIGIN}/s/{qr['ticket']}.{step}.{b64u(mac)}"


def test_the_terminal_draws_the_code_itself(
    world: World, terminal: RelyingPartyClient, phone: Phone
) -> None:
    begun = begin(terminal)
    now = int(world.clock.now().timestamp() * 1000)
    started = begun["lvz_qr"]["started_at_ms"]
    assert drawn(begun, at_ms=started) == begun["verification_uri_complete"]
    world.clock.step(seconds=20)
    assert refusal(lambda: phone.scan(begun["verification_uri_complete"])).code == "scan.stale"
    view = phone.scan(drawn(begun, at_ms=now + 20_000))
    assert view["place"] == PLACE, "where it stands, from the register"
    phone.approve(view)
    tokens = collect(terminal, begun).json or {}
    assert claims_of(tokens["id_token"])["aud"] == terminal.client_id


def test_waiting_and_asking_too_often(world: World, terminal: RelyingPartyClient) -> None:
    begun = begin(terminal)
    assert error(collect(terminal, begun)) == (400, "authorization_pending")
    assert error(collect(terminal, begun)) == (400, "slow_down")
    world.clock.step(seconds=begun["interval"])
    assert error(collect(terminal, begun)) == (400, "authorization_pending")
    world.clock.step(seconds=begun["expires_in"])
    assert error(collect(terminal, begun)) == (400, "expired_token")


def test_a_no_is_told(terminal: RelyingPartyClient, phone: Phone) -> None:
    begun = begin(terminal)
    phone.decline(phone.scan(begun["verification_uri_complete"]))
    assert error(collect(terminal, begun)) == (400, "access_denied")


def test_a_device_code_is_its_terminals_own(
    world: World, terminal: RelyingPartyClient, phone: Phone
) -> None:
    begun = begin(terminal)
    phone.approve(phone.scan(begun["verification_uri_complete"]))
    other = fapi_client(world, kind=Kind.DEVICE, place="另一处")
    assert error(collect(other, begun)) == (400, "invalid_grant")
    assert collect(terminal, begun).status_code == 200


def test_an_act_at_a_terminal(terminal: RelyingPartyClient, phone: Phone) -> None:
    """No number is typed there: the lawyer stands before it, and the code on it changes."""
    begun = begin(terminal, scope="openid", authorization_details=json.dumps([ACT]))
    view = phone.scan(begun["verification_uri_complete"])
    assert view["number"] is None
    phone.approve(view)
    (detail,) = (collect(terminal, begun).json or {})["authorization_details"]
    assert claims_of(detail["confirmation"])["act"]["code"] == "casefile_reading"


def test_a_terminal_has_no_browser(terminal: RelyingPartyClient) -> None:
    assert error(terminal.push()) == (400, "unauthorized_client")
    assert terminal.open(terminal.parameters("v" * 43)).answer.status_code == 400
