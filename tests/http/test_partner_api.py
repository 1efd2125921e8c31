"""接口动态鉴权: relying parties' requests, signed by somebody else's RFC 9421 code, and refusals.

The oracle is the package `http-message-signatures`: it signs what we check and checks what we sign.
"""

from __future__ import annotations

import base64
import dataclasses
import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from http_message_signatures import HTTPMessageVerifier, InvalidSignature, algorithms
from http_message_signatures.resolvers import MappingKeyResolver
from werkzeug.test import TestResponse

from app.ports.errors import Unavailable
from credential.keys import PublicKey
from miniprogram_mock.client.phone import Phone
from tests.partner import BARE, COVERED, PartnerSystem, enter, jwk, problem
from tests.world import World, refusal, scan
from tests.world_fixtures import Build

INVALID = (401, "auth.signature_invalid")
REPLAYED = (401, "auth.signature_replayed")
ANSWER = ("@status", "content-digest", '"@method";req', '"@target-uri";req')


@pytest.fixture
def system(world: World) -> PartnerSystem:
    return enter(world)


def licence_path(world: World) -> str:
    return f"/licences/{world.person().licence_no}"


# --- who may, and who may not ----------------------------------------------------------------


@pytest.mark.parametrize("curve", ["P-256", "Ed25519"])
def test_both_algorithms_are_accepted(world: World, curve: str) -> None:
    key = (
        ec.generate_private_key(ec.SECP256R1())
        if curve == "P-256"
        else ed25519.Ed25519PrivateKey.generate()
    )
    answer = enter(world, key=key).call("GET", licence_path(world))
    assert (answer.status_code, answer.json and answer.json["status"]) == (200, "practising")


def test_a_request_is_used_once(world: World, system: PartnerSystem) -> None:
    request = system.signed("GET", licence_path(world))
    assert system.send(request).status_code == 200
    assert problem(system.send(request)) == REPLAYED


def test_a_flushed_cache_lets_nothing_in_twice(world: World, system: PartnerSystem) -> None:
    request = system.signed("GET", licence_path(world))
    assert system.send(request).status_code == 200
    world.app.extensions["ephemeral"]._redis.flushall()
    assert problem(system.send(request)) == REPLAYED


def test_a_nonce_is_one_for_all_keys_of_a_party(world: World) -> None:
    first, second = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    jwks = {"keys": [jwk(first, "k1"), jwk(second, "k2")]}
    system = enter(world, key=first, jwks=jwks)
    nonce = "n" * 22
    assert system.call("GET", licence_path(world), nonce=nonce).status_code == 200
    rolled = PartnerSystem(world=world, client_id=system.client_id, key=second, kid="k2")
    assert problem(rolled.call("GET", licence_path(world), nonce=nonce)) == REPLAYED
    assert rolled.call("GET", licence_path(world)).status_code == 200
    other = enter(world)
    assert other.call("GET", licence_path(world), nonce=nonce).status_code == 200


def test_a_changed_body_query_method_or_place_is_refused(
    world: World, system: PartnerSystem
) -> None:
    def post() -> requests.PreparedRequest:
        return system.signed("POST", "/verifications", body={"text": "LVZ1:x"})

    changed = post()
    changed.body = json.dumps({"text": "LVZ1:y"}).encode()
    assert problem(system.send(changed)) == INVALID
    stripped = post()
    stripped.body = b""
    assert problem(system.send(stripped)) == INVALID
    query = system.signed("GET", "/subscriptions?before=a")
    query.url = f"{str(query.url)[:-1]}b"
    assert problem(system.send(query)) == INVALID
    method = system.signed("GET", "/subscriptions")
    method.method = "DELETE"
    method.url = f"{method.url}/00000000-0000-4000-8000-000000000000"
    assert problem(system.send(method)) == INVALID
    place = system.signed("GET", "", url="http://evil.example/api/v1/partner/dead-letters")
    place.url = "http://localhost/api/v1/partner/dead-letters"
    assert problem(system.send(place)) == INVALID


@pytest.mark.parametrize(
    ("ahead", "lives", "fine"),
    [
        (-55, None, True), (-65, None, False), (4, None, True), (10, None, False),
        (0, 30, True), (-20, 30, True), (-40, 30, False), (-5, 3, False), (0, 86_400, True),
        (-65, 86_400, False),
    ],
)  # fmt: skip
def test_the_life_of_a_signature(
    world: World, system: PartnerSystem, ahead: int, lives: int | None, *, fine: bool
) -> None:
    created = world.clock.now() + timedelta(seconds=ahead)
    life = {} if lives is None else {"expires": created + timedelta(seconds=lives)}
    answer = system.call("GET", licence_path(world), created=created, **life)
    if fine:
        assert answer.status_code == 200
    else:
        assert problem(answer) == INVALID


@pytest.mark.parametrize(
    "more",
    [
        {"tag": "lvzheng-webhook"},
        {"nonce": "short"},
        {"label": "sig2"},
        {"covered": BARE},
        {"covered": (*COVERED, "content-type")},
        {"covered": ("@target-uri", "@method", "content-digest")},
        {"key": ec.generate_private_key(ec.SECP256R1())},
        {"key": ed25519.Ed25519PrivateKey.generate()},
    ],
    ids=repr,
)
def test_another_profile_or_key_is_refused(system: PartnerSystem, more: dict[str, Any]) -> None:
    answer = system.call("POST", "/verifications", {"text": "LVZ1:x"}, **more)
    assert problem(answer) == INVALID


def test_the_algorithm_is_the_keys_own(world: World, system: PartnerSystem) -> None:
    """Whatever `alg` says: with a P-256 key registered, nothing else is tried."""
    request = system.signed("GET", licence_path(world))
    given = request.headers["Signature-Input"]
    for name in ("ed25519", "hmac-sha256", "rsa-v1_5-sha256", "none"):
        request.headers["Signature-Input"] = given.replace("ecdsa-p256-sha256", name)
        assert problem(system.send(request)) == INVALID
    bound = {"keys": [jwk(system.key, "k1", alg="EdDSA")]}
    confused = enter(world, key=system.key, jwks=bound)
    assert problem(confused.call("GET", licence_path(world))) == INVALID
    sealing = enter(world, key=system.key, jwks={"keys": [jwk(system.key, "k1", use="enc")]})
    assert problem(sealing.call("GET", licence_path(world))) == INVALID


@pytest.mark.parametrize(
    "key_id",
    ["{client}#k2", "{client}#", "{client}", "{client}#k1#k1", "#k1", "{client}#../k1",
     "{client}#http://evil.example/k1"],
)  # fmt: skip
def test_an_unknown_key(world: World, system: PartnerSystem, key_id: str) -> None:
    key_id = key_id.format(client=system.client_id)
    answer = system.call("GET", licence_path(world), key_id=key_id)
    unknown = (401, "partner.unknown")
    assert problem(answer) == (unknown if key_id.startswith("#") else INVALID)


def test_the_kill_switch(world: World, system: PartnerSystem) -> None:
    parties = world.services.authorization.relying_parties
    assert system.call("GET", licence_path(world)).status_code == 200
    with world.app.app_context():
        parties.set_suspended(client_id=system.client_id, suspended=True)
    assert problem(system.call("GET", licence_path(world))) == (401, "partner.unknown")
    with world.app.app_context():
        parties.set_suspended(client_id=system.client_id, suspended=False)
    assert system.call("GET", licence_path(world)).status_code == 200


def test_a_party_without_keys_cannot_sign(world: World) -> None:
    plain = {"tier": "plain", "auth_method": "client_secret_basic", "attributes": ("name",)}
    system = enter(world, jwks=None, **plain)
    assert problem(system.call("GET", licence_path(world))) == INVALID


def test_a_kiosk_and_a_partner_are_not_each_other(world: World, system: PartnerSystem) -> None:
    kiosk = world.kiosk()
    headers = kiosk.sign("GET", "/api/v1/partner/dead-letters", b"")
    answer = world.app.test_client().get("/api/v1/partner/dead-letters", headers=headers)
    assert problem(answer) == (401, "partner.unknown")
    url = "http://localhost/api/v1/kiosks/current"
    assert problem(system.send(system.signed("GET", "", url=url))) == (
        401,
        "verification.unknown_kiosk",
    )


# --- quota -----------------------------------------------------------------------------------


def test_a_quota_is_of_the_minute_and_says_when(world: World) -> None:
    system = enter(world, quota_per_minute=3)
    world.clock.step(seconds=61 - world.clock.now().second)  # the beginning of a minute
    for _ in range(3):
        assert system.call("GET", licence_path(world)).status_code == 200
    answer = system.call("GET", licence_path(world))
    assert problem(answer) == (429, "partner.quota_exceeded")
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    checked(answer, system)
    assert enter(world).call("GET", licence_path(world)).status_code == 200, "others go on"
    world.clock.step(seconds=int(answer.headers["Retry-After"]))
    assert system.call("GET", licence_path(world)).status_code == 200


def test_a_copied_request_uses_up_nobodys_quota(world: World) -> None:
    system = enter(world, quota_per_minute=2)
    world.clock.step(seconds=61 - world.clock.now().second)
    request = system.signed("GET", licence_path(world))
    assert system.send(request).status_code == 200
    for _ in range(5):
        assert problem(system.send(request)) == REPLAYED
    assert system.call("GET", licence_path(world)).status_code == 200


class NoCache:
    """A cache that is down."""

    def __getattr__(self, name: str) -> Any:
        def fail(*_args: object, **_kwargs: object) -> Any:
            raise Unavailable(name)

        return fail


def test_without_the_cache_the_database_refuses_and_the_process_counts(build_world: Build) -> None:
    world = build_world(lambda ports: dataclasses.replace(ports, ephemeral=NoCache()))
    system = enter(world, quota_per_minute=3)
    world.clock.step(seconds=61 - world.clock.now().second)
    request = system.signed("GET", licence_path(world))
    assert system.send(request).status_code == 200
    assert problem(system.send(request)) == REPLAYED
    for _ in range(2):
        assert system.call("GET", licence_path(world)).status_code == 200
    assert problem(system.call("GET", licence_path(world))) == (429, "partner.quota_exceeded")


# --- answers are signed ----------------------------------------------------------------------


class Answer:
    """An answer and its request, as the other implementation reads them."""

    def __init__(self, answer: TestResponse, request: requests.PreparedRequest) -> None:
        self.status_code = answer.status_code
        self.headers = dict(answer.headers)
        self.request = request


def platform_key(world: World, kid: str) -> Any:
    document = world.app.test_client().get("/.well-known/lvz/jwks.json").json
    assert document is not None
    key = next(key for key in document["keys"] if key["kid"] == kid)

    def number(name: str) -> int:
        return int.from_bytes(base64.urlsafe_b64decode(key[name] + "="), "big")

    return ec.EllipticCurvePublicNumbers(number("x"), number("y"), ec.SECP256R1()).public_key()


class PlatformKeys(MappingKeyResolver):
    def __init__(self, world: World) -> None:
        self._world = world

    def resolve_public_key(self, key_id: str) -> Any:
        return platform_key(self._world, key_id)


def checked(
    answer: TestResponse,
    system: PartnerSystem,
    request: requests.PreparedRequest | None = None,
) -> None:
    """The other implementation finds the answer in order."""
    if request is None:
        incoming = answer.request
        url = f"http://localhost{incoming.path}"
        query = incoming.query_string.decode()
        request = requests.Request(
            incoming.method, f"{url}?{query}" if query else url, headers=dict(incoming.headers)
        ).prepare()
    verifier = HTTPMessageVerifier(
        signature_algorithm=algorithms.ECDSA_P256_SHA256, key_resolver=PlatformKeys(system.world)
    )
    verifier.max_clock_skew = timedelta(minutes=10)
    found = verifier.verify(
        Answer(answer, request),
        expect_tag="lvzheng-response",
        require_components=[*ANSWER, '"signature";req;key="sig1"'],
        body=answer.data,
    )
    assert len(found) == 1


def test_answers_and_refusals_are_signed(world: World, system: PartnerSystem) -> None:
    for method, path, body, status in (
        ("GET", licence_path(world), None, 200),
        ("GET", "/licences/11101202010999999", None, 404),
        ("POST", "/verifications", {"text": "LVZ9:x"}, 422),
        ("POST", "/verifications", {"wrong": 1}, 422),
        ("GET", "/subscriptions?before=00000000-0000-4000-8000-000000000000", None, 200),
        ("DELETE", "/subscriptions/00000000-0000-4000-8000-000000000000", None, 404),
        ("POST", "/webhook-tests", None, 409),
    ):
        request = system.signed(method, path, body=body)
        answer = system.send(request)
        assert answer.status_code == status, (method, path, answer.text)
        checked(answer, system, request)
    asked = system.signed("HEAD", licence_path(world))
    answer = system.send(asked)
    assert (answer.status_code, answer.data) == (200, b"")
    checked(answer, system, asked)
    request = system.signed("GET", licence_path(world))
    system.send(request)
    checked(system.send(request), system, request)  # also that it was replayed


@pytest.mark.parametrize("part", ["body", "status", "method", "url", "signature", "digest"])
def test_a_changed_answer_is_found(world: World, system: PartnerSystem, part: str) -> None:
    request = system.signed("GET", licence_path(world))
    answer = system.send(request)
    checked(answer, system, request)
    other = system.signed("GET", licence_path(world))
    if part == "body":
        answer.data = answer.data.replace(b"practising", b"suspended")
    elif part == "status":
        answer.status_code = 201
    elif part == "method":
        request.method = "POST"
    elif part == "url":
        request.url = f"{request.url}?a=1"
    elif part == "signature":
        request.headers["Signature"] = other.headers["Signature"]
    else:
        answer.headers["Content-Digest"] = "sha-256=:" + "A" * 43 + "=:"
    with pytest.raises(InvalidSignature):
        checked(answer, system, request)


def test_nobody_else_gets_a_signature(world: World, phone: Phone, system: PartnerSystem) -> None:
    unsigned = world.app.test_client().get("/api/v1/partner/dead-letters")
    assert problem(unsigned) == INVALID
    assert "Signature" not in unsigned.headers
    stranger = system.call("GET", "/dead-letters", key=ec.generate_private_key(ec.SECP256R1()))
    assert "Signature" not in stranger.headers
    assert "Signature" not in world.app.test_client().get("/api/v1/time").headers


def test_the_key_is_published(world: World, system: PartnerSystem) -> None:
    answer = system.call("GET", licence_path(world))
    kid = answer.headers["Signature-Input"].split('keyid="')[1].split('"')[0]
    published = PublicKey.from_cryptography(platform_key(world, kid))
    assert published == world.app.extensions["ports"].keys.issuer().public


# --- what is asked ---------------------------------------------------------------------------


def test_a_code_is_verified_once_and_the_lawyer_sees_by_whom(
    world: World, phone: Phone, system: PartnerSystem
) -> None:
    text = phone.show()
    answer = system.call("POST", "/verifications", {"text": text})
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    assert answer.json["lawyer"] == {
        "name": "林正衡",
        "licence_no": world.person().licence_no,
        "firm_name": world.people["林正衡"].firm_name,
        "category": world.people["林正衡"].category,
        "status": "practising",
        "status_label": "正常执业",
    }
    again = system.call("POST", "/verifications", {"text": text})
    assert problem(again) == (409, "credential.replayed")
    elsewhere = world.kiosk()
    assert refusal(lambda: elsewhere.verify(text)).code == "credential.replayed"
    records = phone.call("GET", "/me/verifications").json()["items"]
    assert [(r["court_name"], r["place"], r["kiosk_name"], r["outcome"]) for r in records] == [
        ("北京市朝阳区人民法院", "诉讼服务大厅东门", "1号鉴证终端", "refused"),
        ("北京市第一看守所", "kss.example.cn", "接口核验", "refused"),
        ("北京市第一看守所", "kss.example.cn", "接口核验", "accepted"),
    ]


def test_a_code_that_a_kiosk_accepted_offline_too_is_flagged(
    world: World, phone: Phone, system: PartnerSystem
) -> None:
    text = phone.show()
    assert system.call("POST", "/verifications", {"text": text}).status_code == 200
    scan_id = str(uuid.uuid4())
    item = scan(text, at=world.clock.now(), scan_id=scan_id)
    assert world.kiosk().upload([item])["flagged"] == [
        {"id": scan_id, "code": "credential.replayed"}
    ]


def test_the_same_request_again_gets_its_answer_again(phone: Phone, system: PartnerSystem) -> None:
    text = phone.show()
    same = {"headers": {"Idempotency-Key": "0123456789abcdef"}}
    first = system.call("POST", "/verifications", {"text": text}, **same)
    second = system.call("POST", "/verifications", {"text": text}, **same)
    assert first.status_code == second.status_code == 200
    assert first.json is not None
    assert second.json is not None
    assert first.json["verification_id"] == second.json["verification_id"]
    other = enter(system.world)
    stolen = other.call("POST", "/verifications", {"text": text}, **same)
    assert problem(stolen) == (409, "credential.replayed")


@pytest.mark.parametrize("form", ["LVZ2", "LVZ3"])
def test_the_other_forms(phone: Phone, system: PartnerSystem, form: str) -> None:
    text = phone.show(form=form)
    answer = system.call("POST", "/verifications", {"text": text})
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    assert answer.json["form"] == form


def test_a_plain_party_is_told_name_and_status_only(world: World, phone: Phone) -> None:
    system = enter(world, tier="plain", attributes=("name", "practice_status"))
    answer = system.call("POST", "/verifications", {"text": phone.show()})
    assert answer.json is not None
    lawyer = answer.json["lawyer"]
    assert {name for name, value in lawyer.items() if value is not None} == {
        "name", "status", "status_label",
    }  # fmt: skip


def test_a_licence_says_its_status_and_nothing_else(world: World, system: PartnerSystem) -> None:
    world.set_status("suspended")
    answer = system.call("GET", licence_path(world))
    assert answer.json is not None
    assert set(answer.json) == {"licence_no", "status", "status_label", "as_of"}
    assert answer.json["status_label"] == "停止执业"
    for unknown in ("11101202010999999", "1", "a b", "律"):
        assert problem(system.call("GET", f"/licences/{unknown}")) == (
            404,
            "registry.licence_not_found",
        )
    nothing = enter(world, attributes=("name",))
    assert problem(nothing.call("GET", licence_path(world))) == (
        403,
        "partner.attribute_not_registered",
    )


def test_idempotent_posts_of_partners(world: World) -> None:
    system = enter(world, webhook_url="http://127.0.0.1:9/hook")
    same = {"headers": {"Idempotency-Key": "test-event-0001"}}
    first = system.call("POST", "/webhook-tests", **same)
    second = system.call("POST", "/webhook-tests", **same)
    assert first.status_code == second.status_code == 202
    assert first.json == second.json
    checked(second, system)
    other = enter(world, webhook_url="http://127.0.0.1:9/hook")
    third = other.call("POST", "/webhook-tests", **same)
    assert third.json != first.json
