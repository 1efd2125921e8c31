"""绑定 over HTTP: every refusal, the hall officer's pages, and moving to a second phone."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.identity.rules.binding import HALL_CODE_LIFE, REFUSALS_ALLOWED
from app.kernel.identifiers import identity_check_character
from app.kernel.principal import OperatorRole
from miniprogram_mock.client.encoding import b64u, new_key, proof
from miniprogram_mock.client.kiosk import Kiosk
from miniprogram_mock.client.phone import Person, Phone
from miniprogram_mock.client.transport import Refusal
from tests.world import World, refusal


def apply(phone: Phone, world: World, person: Person, **changes: Any) -> dict[str, Any]:
    body = {**world.application(phone, person), **changes}
    return phone.call("POST", "/bindings", body).json()


def refused(phone: Phone, world: World, person: Person, **changes: Any) -> Refusal:
    return refusal(lambda: apply(phone, world, person, **changes))


def another_identity_no(identity_no: str) -> str:
    """A well-formed number of somebody born the same day."""
    first = identity_no[:14] + ("917" if identity_no[14:17] != "917" else "919")
    return first + identity_check_character(first)


# --- what was typed --------------------------------------------------------------------------


def test_a_wrong_check_digit(world: World) -> None:
    person = world.person()
    last = "1" if person.identity_no[-1] != "1" else "2"
    answer = refused(
        world.phone(), world, replace(person, identity_no=person.identity_no[:-1] + last)
    )
    assert (answer.reply.status, answer.code) == (422, "identity.identity_no_invalid")


@pytest.mark.parametrize("number", ["1", "1" * 17, "99999999999999999", "一二三", "1" * 100])
def test_a_licence_number_of_no_such_shape(world: World, number: str) -> None:
    answer = refused(world.phone(), world, replace(world.person(), licence_no=number))
    assert (answer.reply.status, answer.code) == (422, "identity.licence_no_invalid")


def test_which_part_is_wrong_is_never_said(world: World) -> None:
    person = world.person()
    wrong = {
        "name": replace(person, name="林不衡"),
        "number": replace(person, identity_no=another_identity_no(person.identity_no)),
        "somebody else's": replace(person, identity_no=world.person("周明月").identity_no),
        "unknown licence": replace(person, licence_no="11101201110999999"),
    }
    bodies = {}
    for part, claim in wrong.items():
        answer = refused(world.phone(), world, claim)
        assert (answer.reply.status, answer.code) == (403, "identity.no_match"), part
        bodies[part] = {k: v for k, v in answer.problem.items() if k != "request_id"}
    assert len({repr(body) for body in bodies.values()}) == 1


def test_people_type_as_their_keyboards_do(world: World) -> None:
    person = world.person("阿依古丽·买买提")
    wide = "".join(chr(ord(c) + 0xFEE0) for c in person.licence_no)
    typed = replace(
        person,
        name=" 阿依古丽•买买提 ",
        licence_no=wide,
        identity_no=f" {person.identity_no[:6]} {person.identity_no[6:].lower()}",
    )
    assert apply(world.phone(), world, typed)["state"] == "officer_pending"


# --- attempts --------------------------------------------------------------------------------


def test_five_attempts_an_hour(world: World) -> None:
    phone, wrong = world.phone(), replace(world.person(), name="林不衡")
    began = world.clock.now()
    for _ in range(REFUSALS_ALLOWED):
        assert refused(phone, world, wrong).code == "identity.no_match"
        world.clock.step(seconds=60)
    answer = refused(phone, world, wrong)
    assert (answer.reply.status, answer.code) == (429, "identity.too_many_attempts")
    retry_at = datetime.fromisoformat(answer.problem["retry_at"])
    assert abs(retry_at - began - timedelta(hours=1)) < timedelta(seconds=5)
    assert refused(phone, world, world.person()).code == "identity.too_many_attempts"
    world.clock.step(hours=1)
    assert apply(phone, world, world.person())["state"] == "officer_pending"


def test_another_account_is_not_locked_out(world: World) -> None:
    guesser, wrong = world.phone("guesser"), replace(world.person(), name="林不衡")
    for _ in range(REFUSALS_ALLOWED + 1):
        refused(guesser, world, wrong)
    assert apply(world.phone("lin"), world, world.person())["state"] == "officer_pending"


def test_attempts_at_once_are_counted_one_by_one(world: World) -> None:
    phone, wrong = world.phone(), replace(world.person(), name="林不衡")
    body = world.application(phone, wrong)

    def guess(_: int) -> str:
        return refusal(lambda: phone.call("POST", "/bindings", body)).code

    with ThreadPoolExecutor(16) as pool:
        seen = Counter(pool.map(guess, range(32)))
    assert seen["identity.no_match"] == REFUSALS_ALLOWED, seen
    assert seen["identity.too_many_attempts"] == 32 - REFUSALS_ALLOWED


def test_a_typing_error_is_no_attempt(world: World) -> None:
    phone = world.phone()
    for _ in range(REFUSALS_ALLOWED + 1):
        refused(phone, world, replace(world.person(), identity_no="110101199001011234"))
    assert apply(phone, world, world.person())["state"] == "officer_pending"


# --- status, consent, proof, photo -----------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "label"),
    [
        ("suspended", "停止执业"),
        ("cancelled", "注销"),
        ("revoked", "吊销"),
        ("withdrawn", "撤销许可"),
        ("transferring", "变更执业机构中"),
        ("assessment_pending", "年度考核未参加或暂缓"),
    ],
)
def test_only_a_practising_lawyer_binds(world: World, status: str, label: str) -> None:
    world.set_status(status)
    answer = refused(world.phone(), world, world.person())
    assert (answer.reply.status, answer.code) == (403, "identity.not_practising")
    assert answer.problem["status_label"] == label


@pytest.mark.parametrize(
    "consent", [None, {"version": "2020-01", "sha256": "0" * 64}], ids=["none", "old"]
)
def test_the_face_needs_consent_to_the_present_text(
    world: World, consent: dict[str, str] | None
) -> None:
    answer = refused(world.phone(), world, world.person(), way="face", consent=consent)
    assert (answer.reply.status, answer.code) == (422, "identity.consent_required")


def test_the_consent_is_kept_with_its_text(world: World) -> None:
    phone = world.phone()
    phone.call("POST", "/bindings", world.application(phone, world.person(), way="face"))
    sha256 = phone.call("GET", "/consents/face").json()["sha256"]
    assert world.sql("SELECT kind, text_sha256, withdrawn_at FROM consent") == [
        ("face", sha256, None)
    ]
    assert phone.call("POST", "/me/consents/face/withdraw").status == 204
    assert world.sql("SELECT count(*) FROM consent WHERE withdrawn_at IS NULL") == [(0,)]


@pytest.mark.parametrize("off", [-121, 121, -86_400])
def test_an_old_or_early_device_proof(world: World, off: int) -> None:
    phone = world.phone()
    body = world.application(phone, world.person())
    iat = body["device"]["iat"] + off
    body["device"] |= {"iat": iat, "signature": proof(phone.key, "bind", phone.public, iat)}
    answer = refusal(lambda: phone.call("POST", "/bindings", body))
    assert (answer.reply.status, answer.code) == (422, "identity.device_proof_invalid")


def test_a_device_proof_by_another_key_or_for_another_purpose(world: World) -> None:
    phone = world.phone()
    body = world.application(phone, world.person())
    iat = body["device"]["iat"]
    for signature in (
        proof(new_key(), "bind", phone.public, iat),
        proof(phone.key, "kiosk", phone.public, iat),
        proof(phone.key, "bind", phone.public, iat - 1),
    ):
        body["device"]["signature"] = signature
        assert refusal(lambda: phone.call("POST", "/bindings", body)).code == (
            "identity.device_proof_invalid"
        )


def test_a_key_that_is_no_point(world: World) -> None:
    phone = world.phone()
    body = world.application(phone, world.person())
    body["device"]["public_key"] = b64u(b"\x02" + b"\xff" * 32)
    answer = refusal(lambda: phone.call("POST", "/bindings", body))
    assert (answer.reply.status, answer.code) == (422, "identity.device_proof_invalid")


def test_without_a_photo_the_officer_remains(world: World) -> None:
    phone, person = world.phone(), world.person("沈清和")
    face = world.application(phone, person, way="face")
    answer = refusal(lambda: phone.call("POST", "/bindings", face))
    assert (answer.reply.status, answer.code) == (409, "identity.photo_missing")
    assert apply(phone, world, person)["hall_code"]


# --- the application afterwards --------------------------------------------------------------


def test_from_the_face_to_the_officer(world: World) -> None:
    phone = world.phone()
    opened = phone.call("POST", "/bindings", world.application(phone, world.person(), way="face"))
    binding = opened.json()
    assert (binding["state"], binding["hall_code"]) == ("face_required", None)
    switched = phone.call("POST", f"/bindings/{binding['binding_id']}/officer").json()
    assert len(switched["hall_code"]) == 12
    again = phone.call("POST", f"/bindings/{binding['binding_id']}/officer").json()
    assert again["hall_code"] == switched["hall_code"]
    assert phone.me()["pending"]["hall_code"] == switched["hall_code"]


def test_a_newer_application_replaces_the_older(world: World) -> None:
    phone = world.phone()
    first, second = (apply(phone, world, world.person()) for _ in range(2))
    assert phone.me()["pending"]["binding_id"] == second["binding_id"]
    path = f"/bindings/{first['binding_id']}/officer"
    assert refusal(lambda: phone.call("POST", path)).code == "identity.binding_closed"


def test_cancelling(world: World) -> None:
    phone = world.phone()
    binding = apply(phone, world, world.person())
    path = f"/bindings/{binding['binding_id']}"
    assert phone.call("DELETE", path).status == 204
    assert phone.me()["state"] == "unbound"
    assert refusal(lambda: phone.call("DELETE", path)).code == "identity.binding_closed"
    page = world.console().browser.get("/console/hall", query_string={"code": binding["hall_code"]})
    assert "大厅核验码不存在或已过期" in page.text


def test_other_peoples_applications_do_not_exist(world: World) -> None:
    binding = apply(world.phone("lin"), world, world.person())
    stranger = world.phone("stranger")
    for method, path in (("DELETE", ""), ("POST", "/officer")):
        url = f"/bindings/{binding['binding_id']}{path}"
        answer = refusal(lambda m=method, u=url: stranger.call(m, u))  # type: ignore[misc]
        assert (answer.reply.status, answer.code) == (404, "identity.binding_not_found")


# --- the hall --------------------------------------------------------------------------------


def confirm(world: World, hall_code: str, **fields: str) -> Any:
    page = f"/console/hall?code={hall_code}"
    fields = {"hall_code": hall_code, "checked": "1", **fields}
    return world.console().post("/console/hall/confirm", page=page, **fields)


def test_the_officer_binds_the_phone(world: World) -> None:
    phone = world.phone()
    binding = apply(phone, world, world.person())
    console = world.console()
    page = console.browser.get("/console/hall", query_string={"code": binding["hall_code"]}).text
    assert "林正衡" in page
    assert "data:image/jpeg;base64," in page
    assert world.person().identity_no not in page, "only a masked number is shown"
    answer = console.post(
        "/console/hall/confirm",
        page=f"/console/hall?code={binding['hall_code']}",
        hall_code=binding["hall_code"],
        checked="1",
    )
    assert answer.status_code == 303
    me = phone.me()
    assert (me["state"], me["lawyer"]["name"], me["pending"]) == ("bound", "林正衡", None)
    phone.renew()
    assert world.kiosk().verify(phone.show())["lawyer"]["name"] == "林正衡"
    acts = world.sql("SELECT act, subject FROM operator_act")
    assert acts == [("hall.confirm", binding["hall_code"][-4:])]
    world.deliver_notices()
    assert [n["kind"] for n in phone.call("GET", "/me/notices").json()["items"]] == ["bound"]


def test_the_officer_must_say_that_documents_were_checked(world: World) -> None:
    phone = world.phone()
    binding = apply(phone, world, world.person())
    assert confirm(world, binding["hall_code"], checked="0").status_code == 200
    assert phone.me()["state"] == "pending"


def test_the_officer_refuses(world: World) -> None:
    phone = world.phone()
    code = apply(phone, world, world.person())["hall_code"]
    answer = world.console().post(
        "/console/hall/refuse",
        page=f"/console/hall?code={code}",
        hall_code=code,
        reason="not_same_person",
        note="照片不符",
    )
    assert answer.status_code == 303
    assert phone.me()["state"] == "unbound"
    assert world.sql("SELECT act, reason FROM operator_act") == [
        ("hall.refuse", "本人与照片不一致 照片不符")
    ]
    world.deliver_notices()
    notices = phone.call("GET", "/me/notices").json()["items"]
    assert [n["kind"] for n in notices] == ["hall_refused"]


def test_a_stale_or_foreign_form_is_refused(world: World) -> None:
    phone = world.phone()
    code = apply(phone, world, world.person())["hall_code"]
    console = world.console()
    for token in ("", "0" * 32, world.console().token("/console/hall")):
        answer = console.browser.post(
            "/console/hall/confirm",
            data={"hall_code": code, "checked": "1", "form_token": token},
        )
        assert answer.status_code == 403
        assert answer.json is not None
        assert answer.json["code"] == "auth.form_expired"
    assert phone.me()["state"] == "pending"


@pytest.mark.parametrize("code", ["000000000000", "", "x", "٣" * 12, "0" * 5000])
def test_a_wrong_hall_code(world: World, code: str) -> None:
    answer = world.console().post(
        "/console/hall/confirm", page="/console/hall?code=1", hall_code=code, checked="1"
    )
    assert answer.status_code == 200
    assert world.sql("SELECT count(*) FROM device") == [(0,)]


def test_a_hall_code_lives_a_week(world: World) -> None:
    phone = world.phone()
    code = apply(phone, world, world.person())["hall_code"]
    world.clock.step(seconds=HALL_CODE_LIFE.total_seconds())
    assert "大厅核验码不存在或已过期" in confirm(world, code).text
    assert world.phone().me()["state"] == "unbound"


def test_a_hall_code_works_once(world: World) -> None:
    code = apply(world.phone(), world, world.person())["hall_code"]
    assert confirm(world, code).status_code == 303
    assert "大厅核验码不存在或已过期" in confirm(world, code).text


def test_the_officer_cannot_bind_who_was_suspended_meanwhile(world: World) -> None:
    phone = world.phone()
    code = apply(phone, world, world.person())["hall_code"]
    console = world.console()
    token = console.token("/console/hall")
    world.set_status("suspended")
    answer = console.browser.post(
        "/console/hall/confirm",
        data={"hall_code": code, "checked": "1", "form_token": token},
    )
    assert "不是正常执业" in answer.text
    assert phone.me()["state"] == "pending"


def test_the_hall_code_is_not_stored_in_clear(world: World) -> None:
    code = apply(world.phone(), world, world.person())["hall_code"]
    (row,) = world.sql("SELECT b::text FROM binding b")
    assert code not in row[0]
    assert code.encode().hex() not in row[0]


# --- a second phone --------------------------------------------------------------------------


def test_a_binding_moves_to_a_second_phone(world: World, phone: Phone, kiosk: Kiosk) -> None:
    assert kiosk.verify(phone.show())["outcome"] == "accepted"
    second = world.phone("lin-new")
    world.bind(second)
    for form in ("LVZ1", "LVZ2", "LVZ3"):
        answer = refusal(lambda f=form: kiosk.verify(phone.show(f)))  # type: ignore[misc]
        assert (answer.reply.status, answer.code) == (403, "credential.device_ended"), form
    answer = refusal(phone.renew)
    assert answer.code in ("identity.not_bound", "identity.device_ended")
    assert phone.call("GET", "/me").json()["state"] == "other_device"
    second.renew()
    assert kiosk.verify(second.show())["outcome"] == "accepted"
    world.deliver_notices()
    notices = phone.call("GET", "/me/notices").json()["items"]
    assert notices[0]["kind"] == "device_moved"
    assert not notices[0]["read"]
    assert phone.call("GET", "/me").json()["unread_notices"] == len(notices)
    assert phone.call("POST", "/me/notices/read").status == 204
    assert phone.call("GET", "/me").json()["unread_notices"] == 0


def test_a_phone_is_one_lawyers_at_a_time(world: World, phone: Phone, kiosk: Kiosk) -> None:
    former = phone.show()
    world.bind(phone, name="周明月")
    assert phone.me()["lawyer"]["name"] == "周明月"
    assert refusal(lambda: kiosk.verify(former)).code == "credential.device_ended"


def test_ending_the_own_device(world: World, phone: Phone, kiosk: Kiosk) -> None:
    text = phone.show()
    assert phone.call("POST", "/me/device/end").status == 204
    assert refusal(lambda: kiosk.verify(text)).code == "credential.device_ended"
    assert phone.call("GET", "/me").json()["state"] == "unbound"
    assert refusal(lambda: phone.call("POST", "/me/device/end")).code == "identity.not_bound"
    assert refusal(lambda: phone.call("GET", "/me/photo")).code == "identity.not_bound"


def test_the_own_photo(world: World, phone: Phone) -> None:
    answer = phone.call("GET", "/me/photo")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.body == world.register.find(licence_no=world.person().licence_no).photo
    nobody = world.bound_phone("shen", name="沈清和")
    assert refusal(lambda: nobody.call("GET", "/me/photo")).code == "identity.photo_missing"


def test_a_hall_officer_has_no_business_with_kiosks_and_register(world: World) -> None:
    officer, bureau = world.console(), world.console(OperatorRole.BUREAU)
    for path in ("/console/kiosks", "/console/registry"):
        assert officer.browser.get(path).status_code == 403
        assert bureau.browser.get(path).status_code == 200
