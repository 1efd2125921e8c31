"""一键核验 over HTTP: the three forms, every refusal, and what the lawyer sees afterwards."""

from __future__ import annotations

import dataclasses
import time
import uuid
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from app.kernel.principal import OperatorRole
from credential.encoding import base45_decode, base45_encode
from credential.issuer import Issuer
from credential.keys import SoftwareSigner
from credential.policy import Policy
from credential.presentation import present, to_text
from credential.verifier import Verifier
from miniprogram_mock.client.encoding import new_key, un_b64u
from miniprogram_mock.client.kiosk import Kiosk
from miniprogram_mock.client.phone import Phone
from tests.world import PLACE, Switched, World, now, refusal, scan
from tests.world_fixtures import Build

NONCE = bytes(range(8))
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
FORMS = ("LVZ1", "LVZ2", "LVZ3")


def refused(kiosk: Kiosk, text: str, nonce: bytes | None = None) -> tuple[int, str]:
    answer = refusal(lambda: kiosk.verify(text, nonce=nonce))
    return answer.reply.status, answer.code


def history(phone: Phone) -> list[tuple[str, str | None]]:
    """What the lawyer sees, newest first: outcome and code."""
    items = phone.call("GET", "/me/verifications").json()["items"]
    assert all(item["reason"] for item in items if item["outcome"] == "refused")
    return [(item["outcome"], item["code"]) for item in items]


# --- accepted --------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_accepted_once(world: World, phone: Phone, kiosk: Kiosk, form: str) -> None:
    text = phone.show(form)
    answer = kiosk.verify(text)
    assert (answer["outcome"], answer["form"]) == ("accepted", form)
    assert answer["lawyer"] == {
        "name": "林正衡",
        "licence_no": world.person().licence_no,
        "firm_name": world.people["林正衡"].firm_name,
        "category": "full_time",
        "category_label": "专职律师",
        "status_label": "正常执业",
    }
    assert answer["has_photo"]
    assert refused(kiosk, text) == (409, "credential.replayed")
    assert refused(world.kiosk(), text) == (409, "credential.replayed")
    assert history(phone) == [("refused", "credential.replayed")] * 2 + [("accepted", None)]


def test_the_same_request_gets_the_same_answer(world: World, phone: Phone, kiosk: Kiosk) -> None:
    text, key = phone.show(), str(uuid.uuid4())
    first = kiosk.verify(text, key=key)
    again = kiosk.verify(text, key=key)
    assert again["verification_id"] == first["verification_id"]
    assert refusal(lambda: kiosk.verify(text, key=str(uuid.uuid4()))).code == "credential.replayed"
    assert refusal(lambda: world.kiosk().verify(text, key=key)).code == "credential.replayed"
    assert world.sql("SELECT count(*) FROM verification WHERE accepted") == [(1,)]


def test_the_same_moment_in_another_form_is_a_replay(phone: Phone, kiosk: Kiosk) -> None:
    at = now()
    kiosk.verify(phone.show("LVZ1", at=at))
    assert refused(kiosk, phone.show("LVZ2", at=at)) == (409, "credential.replayed")


def test_the_other_spelling_of_a_signature_is_a_replay(phone: Phone, kiosk: Kiosk) -> None:
    text = phone.show()
    data = base45_decode(text[5:])
    s = int.from_bytes(data[-32:], "big")
    twin = f"LVZ1:{base45_encode(data[:-32] + (P256_ORDER - s).to_bytes(32, 'big'))}"
    assert twin != text
    kiosk.verify(text)
    assert refused(kiosk, twin) == (409, "credential.replayed")


# --- challenge -------------------------------------------------------------------------------


def test_the_nonce_must_be_the_one_shown(phone: Phone, kiosk: Kiosk) -> None:
    at, own = now(), kiosk.identity["audiences"][1]
    right = phone.show(audience=own, nonce=NONCE, at=at)
    assert refused(kiosk, phone.show(audience=own, at=at - 1), NONCE) == (
        422,
        "credential.wrong_nonce",
    )
    wrong = phone.show(audience=own, nonce=bytes(8), at=at - 2)
    assert refused(kiosk, wrong, NONCE) == (422, "credential.wrong_nonce")
    assert kiosk.verify(right, nonce=NONCE)["outcome"] == "accepted"
    assert history(phone) == [("accepted", None)] + [("refused", "credential.wrong_nonce")] * 2


def test_a_code_for_another_kiosk(world: World, phone: Phone, kiosk: Kiosk) -> None:
    text = phone.show(audience=world.kiosk().identity["audiences"][1])
    assert refused(kiosk, text) == (422, "credential.wrong_audience")
    elsewhere = phone.show(audience="cn.bank", at=now() - 1)
    assert refused(kiosk, elsewhere) == (422, "credential.wrong_audience")
    assert history(phone) == [("refused", "credential.wrong_audience")] * 2


# --- time ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("off", "code"),
    [(-30, "stale"), (-23, "stale"), (14, "from_future"), (3600, "from_future")],
)
def test_a_screenshot_and_a_wrong_clock(phone: Phone, kiosk: Kiosk, off: int, code: str) -> None:
    assert refused(kiosk, phone.show(at=now() + off)) == (422, f"credential.{code}")
    assert history(phone) == [("refused", f"credential.{code}")]


def test_an_ended_credential(world: World, phone: Phone, kiosk: Kiosk) -> None:
    old = phone.credential
    world.sql("UPDATE issued_credential SET revoked_at = now() WHERE cti = %s", un_b64u(old["cti"]))
    assert refused(kiosk, phone.show()) == (403, "credential.device_ended")
    assert history(phone) == [("refused", "credential.device_ended")]


def test_an_expired_credential(world: World, kiosk: Kiosk) -> None:
    phone = world.bound_phone()
    signer = world.app.extensions["ports"].keys.issuer()
    mine = reissue(world, phone, signer, at=now() - 90_000)
    assert refused(kiosk, mine) == (422, "credential.expired")
    early = reissue(world, phone, signer, at=now() + 3600)
    assert refused(kiosk, early) == (422, "credential.not_yet_valid")


# --- forgery ---------------------------------------------------------------------------------


def reissue(world: World, phone: Phone, signer: SoftwareSigner, *, at: int) -> str:
    """The phone's own claims under any signer, presented by the phone now."""
    raw = un_b64u(phone.credential["credential"])
    trust = world.services.issuance.trust
    text = to_text("LVZ1", present(raw, phone.key, audience="cn.court", at=now()))
    real = Verifier(trust).verify(text, policy=policy(), at=now()).credential
    forged = Issuer(signer).issue(
        lawyer=real.lawyer, holder_key=phone.key.public, cti=real.cti, at=at, lifetime=86_400
    )
    return to_text("LVZ1", present(forged.raw, phone.key, audience="cn.court", at=now()))


def policy() -> Policy:
    return Policy(audiences=frozenset({"cn.court"}))


def test_a_forged_issuer(world: World, phone: Phone, kiosk: Kiosk) -> None:
    text = reissue(world, phone, new_key(), at=now() - 10)
    assert refused(kiosk, text) == (422, "credential.unknown_issuer")
    assert history(phone) == [], "nobody writes into a lawyer's history with a forged code"


def test_a_forged_issuer_under_the_right_key_id(world: World, phone: Phone, kiosk: Kiosk) -> None:
    issuer = world.app.extensions["ports"].keys.issuer()
    forger = WithKid(ec.generate_private_key(ec.SECP256R1()), issuer.kid)
    text = reissue(world, phone, forger, at=now() - 10)
    assert refused(kiosk, text) == (422, "credential.bad_issuer_signature")
    assert history(phone) == []


class WithKid(SoftwareSigner):
    """A signer that claims another key's id."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, kid: bytes) -> None:
        super().__init__(key)
        self.kid = kid


def test_another_phone_cannot_present_it(phone: Phone, kiosk: Kiosk) -> None:
    thief = new_key()
    raw = un_b64u(phone.credential["credential"])
    text = to_text("LVZ1", present(raw, thief, audience="cn.court", at=now()))
    assert refused(kiosk, text) == (422, "credential.bad_device_signature")
    assert history(phone) == []


@pytest.mark.parametrize("form", ["LVZ1", "LVZ2"])
def test_no_byte_can_be_changed(world: World, phone: Phone, kiosk: Kiosk, form: str) -> None:
    text = phone.show(form)
    data = base45_decode(text[5:])
    positions = range(0, len(data), 9 if form == "LVZ1" else 4)
    for position in positions:
        changed = bytearray(data)
        changed[position] ^= 1 << (position % 8)
        status, code = refused(kiosk, f"{form}:{base45_encode(bytes(changed))}")
        assert status == 422, (position, code)
        assert code.startswith("credential."), position
    assert world.sql("SELECT count(*) FROM verification WHERE accepted") == [(0,)]
    assert kiosk.verify(text)["outcome"] == "accepted", "the code itself was never used up"


HOSTILE = (
    "",
    " ",
    "\x00",
    "LVZ1:",
    "LVZ2:",
    "LVZ3:",
    "lvz1:ABC",
    "LVZ4:ABC",
    "LVZ1",
    "https://example.org/?a=b",
    "LVZ1:GGW",
    "LVZ1::::",
    "LVZ1:" + "0" * 1195,
    "LVZ1:" + "0" * 1196,
    "LVZ1:\x00\x00",
    "LVZ1:律证码",
    "LVZ2:" + "Z" * 500,
    "LVZ3:AAAAAAAAAAAAAAAA-0000000",
    "LVZ3:AAAAAAAAAAAAAAAA-٣٣٣٣٣٣٣٣",
    "LVZ3:aaaaaaaaaaaaaaaa-00000000",
    "LVZ3:AAAAAAAAAAAAAAAA-00000000",
    "\U0001f600" * 100,
    "'; DROP TABLE verification; --",
    "{{7*7}}",
    "A" * 2000,
)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:24]))
def test_hostile_texts_have_an_answer(kiosk: Kiosk, text: str) -> None:
    status, code = refused(kiosk, text)
    assert status == 422
    assert code in (
        "credential.malformed",
        "credential.unsupported_form",
        "credential.unknown_reference",
    )


@pytest.mark.parametrize(
    "body",
    [
        {"text": "A" * 10_000},
        {"text": None},
        {"text": 5},
        {"text": ["LVZ1:"]},
        {},
        [],
        "LVZ1:",
        {"text": "LVZ1:", "nonce": "short"},
        {"text": "LVZ1:", "nonce": 5},
        {"text": "LVZ1:", "extra": 1},
        {"text": "\ud800"},
    ],
    ids=repr,
)
def test_hostile_bodies_have_an_answer(kiosk: Kiosk, body: object) -> None:
    answer = refusal(lambda: kiosk.signed("POST", "/api/v1/verifications", body=body))
    assert (answer.reply.status, answer.code) in (
        (422, "request.invalid"),
        (400, "request.malformed"),
    )


def test_an_idempotency_key_has_a_shape(phone: Phone, kiosk: Kiosk) -> None:
    for key in ("short", "x" * 65, "with space in it"):
        answer = refusal(lambda k=key: kiosk.verify(phone.show(), key=k))  # type: ignore[misc]
        assert (answer.reply.status, answer.code) == (400, "request.malformed")


# --- status ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("suspended", "suspended"),
        ("transferring", "suspended"),
        ("revoked", "revoked"),
        ("cancelled", "revoked"),
        ("withdrawn", "revoked"),
        ("assessment_pending", "assessment_pending"),
    ],
)
def test_a_status_is_seen_by_the_next_verification(
    world: World, phone: Phone, kiosk: Kiosk, status: str, code: str
) -> None:
    at = now()
    kiosk.verify(phone.show(at=at))
    world.set_status(status)
    began = time.monotonic()
    for n, form in enumerate(FORMS, start=1):
        assert refused(kiosk, phone.show(form, at=at - n)) == (403, f"credential.{code}"), form
    assert time.monotonic() - began < 3
    world.set_status("practising")
    assert kiosk.verify(phone.show(at=at - 5))["outcome"] == "accepted"
    assert history(phone)[1:4] == [("refused", f"credential.{code}")] * 3
    assert world.sql("SELECT practice_status FROM lawyer") == [(status,)]


def test_a_licence_that_the_register_forgot(world: World, phone: Phone, kiosk: Kiosk) -> None:
    file = world.config.data_dir / "registry" / "lawyers.csv"
    number = world.person().licence_no
    lines = [line for line in file.read_text().splitlines(keepends=True) if number not in line]
    file.write_text("".join(lines))
    assert refused(kiosk, phone.show()) == (403, "credential.revoked")


def test_without_the_register_nothing_is_accepted(build_world: Build) -> None:
    world = build_world(lambda ports: dataclasses.replace(ports, registry=Switched(ports.registry)))
    phone, kiosk = world.bound_phone(), world.kiosk()
    text = phone.show()
    Switched.off = True
    try:
        assert refused(kiosk, text) == (503, "registry.unavailable")
    finally:
        Switched.off = False
    assert kiosk.verify(text)["outcome"] == "accepted", "nothing was used up"


# --- short code ------------------------------------------------------------------------------


def test_wrong_digits_five_times_a_minute(world: World, phone: Phone, kiosk: Kiosk) -> None:
    handle = phone.credential["short_code"]["handle"]
    right = phone.show("LVZ3")
    wrong = f"LVZ3:{handle}-" + ("00000000" if not right.endswith("00000000") else "11111111")
    for _ in range(5):
        assert refused(kiosk, wrong) == (422, "credential.short_code_wrong")
    assert refused(kiosk, right) == (429, "credential.too_many_tries")
    assert history(phone)[:2] == [
        ("refused", "credential.too_many_tries"),
        ("refused", "credential.short_code_wrong"),
    ]
    world.app.extensions["ephemeral"].delete(f"short-code:{handle}")
    assert kiosk.verify(right)["outcome"] == "accepted"


def test_a_step_is_used_once_and_never_goes_back(phone: Phone, kiosk: Kiosk) -> None:
    at = now()
    kiosk.verify(phone.show("LVZ3", at=at))
    assert refused(kiosk, phone.show("LVZ3", at=at - 15)) in (
        (409, "credential.replayed"),
        (422, "credential.short_code_wrong"),
    )


def test_an_unknown_handle(kiosk: Kiosk) -> None:
    assert refused(kiosk, "LVZ3:AAAAAAAAAAAAAAAA-12345678") == (
        422,
        "credential.unknown_reference",
    )


# --- kiosks ----------------------------------------------------------------------------------


def test_a_suspended_kiosk_and_a_resumed_one(world: World, phone: Phone, kiosk: Kiosk) -> None:
    bureau, name = world.console(OperatorRole.BUREAU), kiosk.identity["kiosk_id"]
    path = f"/console/kiosks/{name}"
    kiosk.verify(phone.show(at=now() - 1))
    assert bureau.post(f"{path}/suspend", page="/console/kiosks").status_code == 303
    assert refused(kiosk, phone.show()) == (401, "verification.unknown_kiosk")
    assert bureau.post(f"{path}/resume", page="/console/kiosks").status_code == 303
    assert kiosk.verify(phone.show())["outcome"] == "accepted"
    assert bureau.post("/console/kiosks/kno/suspend", page="/console/kiosks").status_code == 401


def test_an_unknown_kiosk(world: World, phone: Phone) -> None:
    stranger = Kiosk(world.transport)
    assert refused(stranger, phone.show()) == (401, "verification.unknown_kiosk")


def test_an_enrolment_code_works_once_for_a_week(world: World) -> None:
    code = world.enrolment_code()
    Kiosk(world.transport).enrol(code)
    for wrong in (code, "NOSUCHCODE", " "):
        answer = refusal(lambda w=wrong: Kiosk(world.transport).enrol(w))  # type: ignore[misc]
        assert (answer.reply.status, answer.code) == (
            403,
            "verification.enrolment_code_invalid",
        )
    late = world.enrolment_code()
    world.sql("UPDATE kiosk_enrolment SET expires_at = now() - interval '1 second'")
    assert refusal(lambda: Kiosk(world.transport).enrol(late)).code == (
        "verification.enrolment_code_invalid"
    )
    (row,) = world.sql("SELECT k::text FROM kiosk_enrolment k WHERE used_at IS NULL")
    assert late not in row[0]


def test_a_kiosk_knows_itself(kiosk: Kiosk) -> None:
    current = kiosk.signed("GET", "/api/v1/kiosks/current").json()
    assert {**current, "server_time_ms": 0} == {**kiosk.identity, "server_time_ms": 0}
    court, own = current["audiences"]
    assert (court, own) == ("cn.court", f"cn.court/{PLACE.court_code}/{current['kiosk_id']}")


# --- the photo -------------------------------------------------------------------------------


def test_the_photo_is_for_the_verifying_kiosk_and_ten_minutes(
    world: World, phone: Phone, kiosk: Kiosk
) -> None:
    done = kiosk.verify(phone.show())["verification_id"]
    expected = world.register.find(licence_no=world.person().licence_no).photo
    assert kiosk.photo(done) == expected
    other = world.kiosk()
    absent = refusal(lambda: other.photo(str(uuid.uuid4())))
    foreign = refusal(lambda: other.photo(done))
    assert (foreign.reply.status, foreign.code) == (404, "verification.not_found")
    assert {**foreign.problem, "request_id": ""} == {**absent.problem, "request_id": ""}
    world.sql("UPDATE verification SET at = at - interval '10 minutes'")
    assert refusal(lambda: kiosk.photo(done)).code == "verification.not_found"


def test_a_refusal_shows_no_photo(world: World, phone: Phone, kiosk: Kiosk) -> None:
    world.set_status("suspended")
    answer = refusal(lambda: kiosk.verify(phone.show()))
    (row,) = world.sql("SELECT id FROM verification WHERE NOT accepted")
    assert refusal(lambda: kiosk.photo(str(row[0]))).code == "verification.not_found"
    assert "林正衡" not in answer.reply.body.decode()


# --- offline ---------------------------------------------------------------------------------


def upload(kiosk: Kiosk, world: World, text: str, scan_id: str, **more: str) -> dict[str, object]:
    return kiosk.upload([scan(text, at=world.clock.now(), scan_id=scan_id, **more)])


def test_an_offline_scan_is_stored_once(world: World, phone: Phone, kiosk: Kiosk) -> None:
    text, name = phone.show(), str(uuid.uuid4())
    for _ in range(2):
        assert upload(kiosk, world, text, name) == {"accepted": [name], "flagged": []}
    (item,) = phone.call("GET", "/me/verifications").json()["items"]
    assert (item["id"], item["offline"], item["outcome"]) == (name, True, "accepted")
    assert item["court_name"] == PLACE.court_name


def test_the_same_code_at_two_kiosks_is_flagged(world: World, phone: Phone, kiosk: Kiosk) -> None:
    text, first, second = phone.show(), str(uuid.uuid4()), str(uuid.uuid4())
    assert upload(kiosk, world, text, first)["flagged"] == []
    other = world.kiosk()
    flags = [{"id": second, "code": "credential.replayed"}]
    for _ in range(2):
        assert upload(other, world, text, second) == {"accepted": [second], "flagged": flags}


def test_a_scan_that_the_server_had_accepted_after_all_is_the_same_event(
    world: World, phone: Phone, kiosk: Kiosk
) -> None:
    name, text = str(uuid.uuid4()), phone.show()
    kiosk.verify(text, key=name)
    answer = upload(kiosk, world, text, name)
    assert answer == {"accepted": [name], "flagged": []}
    items = phone.call("GET", "/me/verifications").json()["items"]
    assert [item["offline"] for item in items] == [False]


def test_a_code_accepted_online_and_offline_is_flagged(
    world: World, phone: Phone, kiosk: Kiosk
) -> None:
    text, name = phone.show(), str(uuid.uuid4())
    world.kiosk().verify(text)
    assert upload(kiosk, world, text, name)["flagged"] == [
        {"id": name, "code": "credential.replayed"}
    ]


def test_a_kiosk_that_accepted_nonsense_is_flagged(
    world: World, phone: Phone, kiosk: Kiosk
) -> None:
    stale, junk = str(uuid.uuid4()), str(uuid.uuid4())
    items = [
        scan(phone.show(), at=world.clock.now() + timedelta(minutes=5), scan_id=stale),
        scan("junk", at=world.clock.now(), scan_id=junk),
        scan("junk", at=world.clock.now(), outcome="refused", scan_id=str(uuid.uuid4())),
    ]
    flags = {flag["id"]: flag["code"] for flag in kiosk.upload(items)["flagged"]}
    assert flags == {stale: "credential.stale", junk: "credential.unsupported_form"}


@pytest.mark.parametrize(
    "change",
    [
        {"at": "2026-11-24T00:00:00"},
        {"at": "0001-01-01T00:00:00Z"},
        {"at": "9999-12-31T23:59:59Z"},
        {"at": "now"},
        {"at": 1},
        {"code": "\x00"},
        {"code": "x" * 65},
        {"outcome": "maybe"},
        {"id": "1"},
    ],
    ids=repr,
)
def test_hostile_scans_have_an_answer(kiosk: Kiosk, change: dict[str, object]) -> None:
    item = {
        "id": str(uuid.uuid4()),
        "text": "LVZ1:",
        "at": "2026-11-24T00:00:00Z",
        "outcome": "refused",
        **change,
    }
    answer = refusal(lambda: kiosk.upload([item]))
    assert (answer.reply.status, answer.code) == (422, "request.invalid")


# --- the lawyer's view -----------------------------------------------------------------------


def test_pages_of_the_history(world: World, phone: Phone, kiosk: Kiosk) -> None:
    lawyer = world.sql("SELECT id FROM lawyer")[0][0]
    for n in range(45):
        world.sql(
            "INSERT INTO verification (id, at, kiosk_id, form, accepted, offline, lawyer_id)"
            " VALUES (%s, now() - %s * interval '1 minute', %s, 'LVZ1', true, false, %s)",
            uuid.uuid4(), n // 2, kiosk.identity["kiosk_id"], lawyer,
        )  # fmt: skip
    seen, before = [], ""
    while before is not None:
        page = phone.call("GET", f"/me/verifications{before and f'?before={before}'}").json()
        seen += [item["id"] for item in page["items"]]
        before = page["next"]
    assert len(seen) == len(set(seen)) == 45


def test_a_history_is_the_present_phones_alone(world: World, phone: Phone, kiosk: Kiosk) -> None:
    second = world.phone("lin-new")
    world.bind(second)
    second.renew()
    kiosk.verify(second.show())
    assert history(second) == [("accepted", None)]
    assert history(phone) == [], "the former phone may be in somebody else's hands"
    assert history(world.phone("stranger")) == []
