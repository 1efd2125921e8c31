"""签发 over HTTP: proof of possession, the 30 days, the status, and what verifiers fetch."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from app.identity.rules.binding import FACE_VALID_FOR
from credential.claims import PracticeType
from credential.keys import Algorithm, PublicKey
from credential.policy import Policy
from credential.presentation import present, to_text
from credential.status import Status, StatusList
from credential.trust import TrustList
from credential.verifier import Verifier
from miniprogram_mock.client.encoding import new_key, proof, un_b64u
from miniprogram_mock.client.kiosk import Kiosk
from miniprogram_mock.client.phone import Phone
from tests.world import Switched, World, refusal
from tests.world_fixtures import Build


def root_key(kiosk: Kiosk) -> PublicKey:
    return PublicKey.from_compressed(Algorithm.ES256, un_b64u(kiosk.identity["root_key"]))


def trust(world: World, kiosk: Kiosk) -> TrustList:
    """The issuer keys as a kiosk learns them: the published set under the enrolled root key."""
    published = world.app.test_client().get("/.well-known/lvz/keys")
    assert published.status_code == 200
    assert published.mimetype == "application/cose"
    return TrustList.decode(published.data, root=root_key(kiosk), at=world.clock.unix())


def statuses(world: World, kiosk: Kiosk) -> StatusList:
    published = world.app.test_client().get("/.well-known/lvz/status/1")
    assert published.mimetype == "application/statuslist+cwt"
    return StatusList.decode(published.data, trust=trust(world, kiosk), at=world.clock.unix())


# --- the credential --------------------------------------------------------------------------


def test_a_credential_verifies_with_the_library_alone(
    world: World, phone: Phone, kiosk: Kiosk
) -> None:
    issued = phone.credential
    raw = un_b64u(issued["credential"])
    longest = 192 + len("林正衡".encode()) - len("四个汉字".encode())
    assert longest - 4 <= len(raw) <= longest, "a small status index takes fewer bytes"
    at = world.clock.unix()
    text = to_text("LVZ1", present(raw, phone.key, audience="cn.court", at=at))
    verified = Verifier(trust(world, kiosk)).verify(
        text,
        policy=Policy(audiences=frozenset({"cn.court"})),
        at=at,
        status=statuses(world, kiosk),
    )
    claims = verified.credential.lawyer
    assert (claims.name, str(claims.licence_no)) == ("林正衡", world.person().licence_no)
    assert claims.practice_type is PracticeType.FULL_TIME
    assert verified.status is Status.VALID
    assert verified.credential.holder_key.compressed() == phone.key.public.compressed()
    expires = datetime.fromisoformat(issued["expires_at"]).timestamp()
    assert verified.credential.expires_at == expires
    assert issued["cti"] == issued["cti"].strip("=")
    assert un_b64u(issued["cti"]) == verified.credential.cti


def test_a_credential_lives_a_day(world: World, phone: Phone) -> None:
    issued = phone.credential
    begins, renews, ends = (
        datetime.fromisoformat(issued[k]) for k in ("issued_at", "renew_after", "expires_at")
    )
    assert ends - begins == timedelta(hours=24)
    assert begins < renews < ends
    assert (issued["audience"], issued["short_code"]["digits"]) == ("cn.court", 8)


def test_renewing_keeps_the_short_code_and_changes_the_cti(world: World, phone: Phone) -> None:
    first, second = dict(phone.credential), phone.renew()
    assert first["cti"] != second["cti"]
    assert first["short_code"] == second["short_code"]


# --- proof of possession ---------------------------------------------------------------------


def test_a_proof_works_once_and_only_forward(world: World, phone: Phone) -> None:
    iat = world.clock.unix() + 60
    world.issue(phone, iat=iat)
    for again in (iat, iat - 1, iat - 60):
        answer = refusal(lambda i=again: world.issue(phone, iat=i))  # type: ignore[misc]
        assert (answer.reply.status, answer.code) == (409, "identity.device_proof_replayed")
    world.issue(phone, iat=iat + 1)


def test_the_same_proof_at_once_issues_once(world: World, phone: Phone) -> None:
    iat = world.clock.unix() + 60

    def attempt(_: int) -> str:
        try:
            world.issue(phone, iat=iat)
        except Exception as error:  # noqa: BLE001 - counted below
            return str(getattr(error, "code", error))
        return "issued"

    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(attempt, range(8)))
    assert seen.count("issued") == 1, seen
    assert seen.count("identity.device_proof_replayed") == 7, seen


@pytest.mark.parametrize("off", [-121, 121])
def test_an_old_or_early_proof(world: World, phone: Phone, off: int) -> None:
    answer = refusal(lambda: world.issue(phone, iat=world.clock.unix() + off))
    assert (answer.reply.status, answer.code) == (422, "identity.device_proof_invalid")


def test_a_proof_by_another_key(world: World, phone: Phone) -> None:
    thief = Phone(world.transport, wx_login=lambda: world.wx_login("lin"), key=new_key())
    thief.sign_in()
    thief.device_id = phone.device_id
    answer = refusal(lambda: world.issue(thief))
    assert (answer.reply.status, answer.code) == (422, "identity.device_proof_invalid")


def test_another_accounts_device(world: World, phone: Phone) -> None:
    other = world.bound_phone("zhou", name="周明月", renew=False)
    iat = world.clock.unix()
    body = {
        "device_id": phone.device_id,
        "iat": iat,
        "signature": proof(phone.key, "issue", phone.device_id, iat),
    }
    answer = refusal(lambda: other.call("POST", "/credentials", body))
    assert (answer.reply.status, answer.code) == (403, "identity.device_ended")


def test_an_unbound_account(world: World) -> None:
    stranger = world.phone("stranger")
    stranger.device_id = "00000000-0000-4000-8000-000000000000"
    answer = refusal(lambda: world.issue(stranger))
    assert (answer.reply.status, answer.code) == (409, "identity.not_bound")


# --- the 30 days and the status --------------------------------------------------------------


def test_after_thirty_days_the_person_is_verified_again(world: World) -> None:
    phone = world.bound_phone(renew=False)
    world.clock.step(seconds=FACE_VALID_FOR.total_seconds() - 3600)
    phone.sign_in()
    issued = world.issue(phone)
    due = datetime.fromisoformat(phone.me()["device"]["face_due_at"])
    assert datetime.fromisoformat(issued["expires_at"]) <= due, "never outlives the person check"
    assert due - datetime.fromisoformat(issued["expires_at"]) < timedelta(seconds=2)
    world.clock.step(seconds=3600)
    answer = refusal(lambda: world.issue(phone))
    assert (answer.reply.status, answer.code) == (403, "issuance.face_due")
    body = world.application(phone, world.person())  # the officer verifies the person as well
    code = phone.call("POST", "/bindings", body).json()["hall_code"]
    with world.app.app_context():
        world.services.identity.bindings.decide_in_hall(hall_code=code, confirmed=True)
    phone.me()
    world.issue(phone)


@pytest.mark.parametrize("status", ["suspended", "revoked", "cancelled", "transferring"])
def test_a_change_of_status_stops_issuing_at_once(world: World, phone: Phone, status: str) -> None:
    world.set_status(status)
    answer = refusal(phone.renew)
    assert (answer.reply.status, answer.code) == (403, "issuance.not_practising")
    assert answer.problem["status"] == 403, "the HTTP status stays the HTTP status"
    assert answer.problem["status_label"]
    world.set_status("practising")
    phone.renew()


def test_without_the_register_nothing_is_issued(build_world: Build) -> None:
    world = build_world(lambda ports: dataclasses.replace(ports, registry=Switched(ports.registry)))
    phone = world.bound_phone()
    Switched.off = True
    try:
        answer = refusal(phone.renew)
    finally:
        Switched.off = False
    assert (answer.reply.status, answer.code) == (503, "registry.unavailable")
    phone.renew()


# --- published documents ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "listed"),
    [
        ("suspended", Status.SUSPENDED),
        ("transferring", Status.SUSPENDED),
        ("revoked", Status.INVALID),
        ("assessment_pending", Status.ASSESSMENT),
    ],
)
def test_the_status_list_follows_within_a_minute(
    build_world: Build, status: str, listed: Status
) -> None:
    world = build_world()
    world.bound_phone(renew=False)
    kiosk = world.kiosk()
    (index,) = world.sql("SELECT status_index FROM lawyer")[0]
    assert statuses(world, kiosk).lookup(index) is Status.VALID
    world.set_status(status)
    world.clock.step(seconds=31)  # a worker reads statuses that are older than half a minute
    with world.app.app_context():
        assert world.services.identity.devices.sync_statuses() == 1
    world.clock.step(seconds=61)
    assert statuses(world, kiosk).lookup(index) is listed


def test_documents_are_cached_by_their_content(world: World) -> None:
    client = world.app.test_client()
    first = client.get("/.well-known/lvz/keys")
    assert first.headers["Cache-Control"] == "public, max-age=60"
    again = client.get("/.well-known/lvz/keys", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_jwks_names_the_same_key(world: World, kiosk: Kiosk) -> None:
    answer = world.app.test_client().get("/.well-known/lvz/jwks.json")
    assert answer.json is not None
    (jwk,) = answer.json["keys"]
    assert (jwk["kty"], jwk["crv"], jwk["use"]) == ("EC", "P-256", "sig")
    assert "d" not in jwk
    assert trust(world, kiosk).to_jwks(at=world.clock.unix())["keys"] == [jwk]
