"""`Idempotency-Key`: one answer for one key, another body refused, a failure gives it back."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta
from typing import Any

from app.kernel import idempotency
from app.kernel.unit_of_work import unit_of_work
from miniprogram_mock.client.encoding import proof
from miniprogram_mock.client.phone import Phone
from tests.world import World, refusal


def issue(phone: Phone, world: World, key: str, **changes: Any) -> dict[str, Any]:
    iat = changes.pop("iat", world.clock.unix())
    body = {
        "device_id": phone.device_id,
        "iat": iat,
        "signature": proof(phone.key, "issue", phone.device_id, iat),
        **changes,
    }
    return phone.call("POST", "/credentials", body, **{"Idempotency-Key": key}).json()


def fixed(phone: Phone, world: World, iat: int) -> dict[str, Any]:
    """One body, so that every send is the same request."""
    return {
        "device_id": phone.device_id,
        "iat": iat,
        "signature": proof(phone.key, "issue", phone.device_id, iat),
    }


def test_the_same_key_gets_the_same_answer(world: World, phone: Phone) -> None:
    body, key = fixed(phone, world, world.clock.unix() + 30), {"Idempotency-Key": "k" * 36}
    first = phone.call("POST", "/credentials", body, **key)
    again = phone.call("POST", "/credentials", body, **key)
    assert (again.status, again.body) == (first.status, first.body) == (201, first.body)
    assert world.sql("SELECT count(*) FROM issued_credential") == [(2,)]


def test_another_body_is_refused(world: World, phone: Phone) -> None:
    key = str(uuid.uuid4())
    issue(phone, world, key, iat=world.clock.unix() + 20)
    answer = refusal(lambda: issue(phone, world, key, iat=world.clock.unix() + 21))
    assert (answer.reply.status, answer.code) == (422, "idempotency.key_reused")


def test_a_failure_gives_the_key_back(world: World, phone: Phone) -> None:
    key, body = str(uuid.uuid4()), fixed(phone, world, world.clock.unix() + 20)
    world.set_status("suspended")
    header = {"Idempotency-Key": key}
    assert refusal(lambda: phone.call("POST", "/credentials", body, **header)).code == (
        "issuance.not_practising"
    )
    world.set_status("practising")
    assert phone.call("POST", "/credentials", body, **header).status == 201


def test_keys_of_two_accounts_never_meet(world: World, phone: Phone) -> None:
    other, key = world.bound_phone("zhou", name="周明月"), "shared-by-accident"
    first = issue(phone, world, key, iat=world.clock.unix() + 20)
    second = issue(other, world, key, iat=world.clock.unix() + 20)
    assert first["cti"] != second["cti"]


def test_while_the_first_is_under_way(world: World, phone: Phone) -> None:
    (account,) = world.sql("SELECT account_id FROM device")[0]
    body, key = fixed(phone, world, world.clock.unix() + 20), "under-way"
    claim(world, f"{account} POST /api/v1/credentials", key)
    header = {"Idempotency-Key": key}
    world.sql("UPDATE idempotency_record SET request_sha256 = sha256(%s)", encoded(body))
    answer = refusal(lambda: phone.call("POST", "/credentials", body, **header))
    assert (answer.reply.status, answer.code) == (409, "idempotency.in_progress")
    world.sql("UPDATE idempotency_record SET claimed_at = claimed_at - interval '61 seconds'")
    assert phone.call("POST", "/credentials", body, **header).status == 201, "its process died"


def encoded(body: object) -> bytes:
    import json  # noqa: PLC0415 - as the client writes it

    return json.dumps(body).encode()


def claim(world: World, scope: str, key: str) -> None:
    with world.app.app_context(), unit_of_work() as tx:
        idempotency.claim(
            tx,
            scope=scope,
            key=key,
            request_sha256=bytes(32),
            at=world.clock.now(),
            crypto=world.app.extensions["field_crypto"],
        )


def test_answers_are_sealed_and_forgotten_after_a_day(world: World, phone: Phone) -> None:
    body, header = fixed(phone, world, world.clock.unix() + 20), {"Idempotency-Key": "sealed-key"}
    issued = phone.call("POST", "/credentials", body, **header).json()
    (row,) = world.sql("SELECT r::text, answer FROM idempotency_record r")
    assert issued["short_code"]["seed"] not in row[0]
    assert issued["short_code"]["seed"].encode() not in bytes(row[1])
    world.sql(
        "UPDATE idempotency_record SET claimed_at = claimed_at - interval '24 hours 1 second'"
    )
    answer = refusal(lambda: phone.call("POST", "/credentials", body, **header))
    assert answer.code == "identity.device_proof_replayed", "asked anew"


def test_a_key_given_back_between_two_looks(world: World) -> None:
    """Claim and release racing: the loser is told to wait, never an error of ours."""
    crypto, at = world.app.extensions["field_crypto"], world.clock.now()
    failures: list[BaseException] = []

    def work() -> None:
        with world.app.app_context():
            for _ in range(40):
                try:
                    with unit_of_work() as tx:
                        idempotency.claim(
                            tx, scope="s", key="k", request_sha256=b"x", at=at, crypto=crypto
                        )
                    with unit_of_work() as tx:
                        idempotency.release(tx, scope="s", key="k")
                except idempotency.IdempotencyInProgress:
                    pass
                except BaseException as error:  # noqa: BLE001 - reported below
                    failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures[0]
    assert timedelta(0) == world.clock.ahead
