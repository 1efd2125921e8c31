"""接口动态鉴权: kiosk requests signed by somebody else's RFC 9421 code, and every way to fail.

The oracle is the package `http-message-signatures`; our own client signs in the other tests.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from http_message_signatures import HTTPMessageSigner, algorithms
from http_message_signatures.resolvers import MappingKeyResolver
from werkzeug.test import TestResponse

from credential.keys import SoftwareSigner
from miniprogram_mock.client.kiosk import Kiosk
from miniprogram_mock.client.phone import Phone
from tests.world import ORIGIN, World, refusal
from tests.world_fixtures import Build

KEY = ec.generate_private_key(ec.SECP256R1())
URL = f"{ORIGIN}/api/v1/verifications"
COVERED = ("@method", "@target-uri", "content-digest")


@pytest.fixture
def kiosk_id(world: World) -> str:
    kiosk = Kiosk(world.transport, key=SoftwareSigner(KEY))
    return str(kiosk.enrol(world.enrolment_code())["kiosk_id"])


def signed(
    key_id: str,
    *,
    method: str = "POST",
    url: str = URL,
    body: object = None,
    covered: tuple[str, ...] = COVERED,
    key: ec.EllipticCurvePrivateKey = KEY,
    **parameters: Any,
) -> requests.PreparedRequest:
    """A request signed by the other implementation."""
    request = requests.Request(method, url, json=body).prepare()
    if request.body:
        data = request.body if isinstance(request.body, bytes) else request.body.encode()
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        request.headers["Content-Digest"] = f"sha-256=:{digest}:"
    signer = HTTPMessageSigner(
        signature_algorithm=algorithms.ECDSA_P256_SHA256,
        key_resolver=MappingKeyResolver(public_keys={}, private_keys={key_id: key}),
    )
    values = {
        "created": datetime.now(tz=UTC),
        "nonce": secrets.token_urlsafe(16),
        "tag": "lvzheng-api",
        "label": "sig1",
        **parameters,
    }
    signer.sign(
        request,
        key_id=key_id,
        covered_component_ids=covered,
        use_existing_digest=bool(request.body),
        **values,
    )
    return request


def send(world: World, request: requests.PreparedRequest) -> TestResponse:
    assert request.method is not None
    assert request.url is not None
    return world.app.test_client().open(
        request.url.removeprefix(ORIGIN),
        method=request.method,
        headers=dict(request.headers),
        data=request.body,
    )


def code_of(answer: TestResponse) -> tuple[int, str]:
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    return answer.status_code, answer.json["code"]


INVALID = (401, "auth.signature_invalid")


def test_another_implementation_signs_what_we_accept(
    world: World, phone: Phone, kiosk_id: str
) -> None:
    answer = send(world, signed(kiosk_id, body={"text": phone.show()}))
    assert (answer.status_code, answer.json and answer.json["outcome"]) == (200, "accepted")
    current = signed(
        kiosk_id, method="GET", url=f"{ORIGIN}/api/v1/kiosks/current", covered=COVERED[:2]
    )
    assert send(world, current).status_code == 200


def test_a_query_is_covered(world: World, kiosk_id: str) -> None:
    url = f"{ORIGIN}/api/v1/kiosks/current?a=1&b=%E5%BE%8B"
    request = signed(kiosk_id, method="GET", url=url, covered=COVERED[:2])
    assert send(world, request).status_code == 200
    request = signed(kiosk_id, method="GET", url=url, covered=COVERED[:2])
    request.url = url.replace("a=1", "a=2")
    assert code_of(send(world, request)) == INVALID


def test_a_signature_is_used_once(world: World, phone: Phone, kiosk_id: str) -> None:
    request = signed(kiosk_id, body={"text": phone.show()})
    assert send(world, request).status_code == 200
    assert code_of(send(world, request)) == (401, "auth.signature_replayed")


@pytest.mark.parametrize(("age", "fine"), [(55, True), (65, False), (-4, True), (-10, False)])
def test_a_signature_lives_a_minute(world: World, kiosk_id: str, age: int, *, fine: bool) -> None:
    created = datetime.now(tz=UTC) - timedelta(seconds=age)
    answer = send(world, signed(kiosk_id, body={"text": "x"}, created=created))
    assert code_of(answer) == ((422, "credential.unsupported_form") if fine else INVALID)


@pytest.mark.parametrize(
    "parameters",
    [
        {"tag": "other"},
        {"nonce": "short"},
        {"label": "sig2"},
        {"covered": ("@method", "@target-uri")},
        {"covered": ("@target-uri", "@method", "content-digest")},
        {"covered": ("@method", "@target-uri", "content-digest", "content-type")},
        {"covered": ("@method", "@path", "content-digest")},
        {"expires": datetime(2030, 1, 1, tzinfo=UTC)},
        {"key": ec.generate_private_key(ec.SECP256R1())},
    ],
    ids=repr,
)
def test_another_profile_is_refused(
    world: World, kiosk_id: str, parameters: dict[str, Any]
) -> None:
    assert code_of(send(world, signed(kiosk_id, body={"text": "x"}, **parameters))) == INVALID


def test_a_changed_body_method_or_place_is_refused(world: World, kiosk_id: str) -> None:
    changed = signed(kiosk_id, body={"text": "x"})
    changed.body = json.dumps({"text": "y"}).encode()
    assert code_of(send(world, changed)) == INVALID
    stripped = signed(kiosk_id, body={"text": "x"})
    stripped.body = b""
    assert code_of(send(world, stripped)) == INVALID
    elsewhere = signed(kiosk_id, body={"items": []})
    elsewhere.url = f"{URL}/offline"
    assert code_of(send(world, elsewhere)) == INVALID
    other_host = signed(kiosk_id, url="http://evil.example/api/v1/verifications", body={"text": ""})
    other_host.url = URL
    assert code_of(send(world, other_host)) == INVALID


def test_an_unsigned_request(world: World) -> None:
    assert code_of(world.app.test_client().post("/api/v1/verifications", json={"text": "x"})) == (
        INVALID
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Signature-Input", ""),
        ("Signature-Input", "sig1=()"),
        ("Signature-Input", 'sig1=("@method" "@target-uri");created="abc";nonce="'
         + "n" * 22 + '";keyid="k";alg="ecdsa-p256-sha256";tag="lvzheng-api"'),
        ("Signature-Input", 'sig1=("@method");created=99999999999999999999'),
        ("Signature-Input", "sig1=" + "(" * 5000),
        ("Signature-Input", 'sig1=("@method" "@target-uri")' + ";a=1" * 2000),
        ("Signature", ""),
        ("Signature", "sig1=:" + "A" * 88 + ":"),
        ("Signature", "sig1=:" + "=" * 88 + ":"),
        ("Signature", "sig1=:\u00e9:"),
        ("Content-Digest", "sha-256=:" + "A" * 43 + "=:"),
        ("Content-Digest", "md5=:AAAA:"),
    ],
    ids=lambda text: text[:48],
)  # fmt: skip
def test_hostile_headers_have_an_answer(world: World, kiosk_id: str, name: str, value: str) -> None:
    request = signed(kiosk_id, body={"text": "x"})
    request.headers[name] = value
    assert code_of(send(world, request)) == INVALID


def test_a_query_of_raw_bytes_has_an_answer(world: World, kiosk_id: str) -> None:
    url = f"{ORIGIN}/api/v1/kiosks/current"
    request = signed(kiosk_id, method="GET", url=url, covered=COVERED[:2])
    answer = world.app.test_client().get(
        "/api/v1/kiosks/current",
        headers=dict(request.headers),
        environ_overrides={"QUERY_STRING": "a=\xff\xfe"},
    )
    assert code_of(answer) == INVALID


def test_another_kiosks_signature(world: World, kiosk_id: str) -> None:
    other = world.kiosk().identity["kiosk_id"]
    assert code_of(send(world, signed(other, body={"text": "x"}))) == INVALID


def test_the_public_origin_is_what_is_signed(build_world: Build) -> None:
    world = build_world(PUBLIC_URL="https://lvz.example")
    kiosk = world.kiosk()
    assert refusal(lambda: kiosk.verify("x")).code == "auth.signature_invalid"
    world.transport.origin = "https://lvz.example"
    assert refusal(lambda: kiosk.verify("x")).code == "credential.unsupported_form"
