"""Without its stores the product refuses quickly, accepts nothing wrongly, and comes back."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

from app.cli.services import Services
from app.ports.ephemeral import EphemeralUnavailable
from miniprogram_mock.client.kiosk import Kiosk
from miniprogram_mock.client.phone import Phone
from miniprogram_mock.client.transport import Refusal
from tests.world import World, now, refusal


@contextmanager
def without_postgres(services: Services) -> Iterator[None]:
    services.postgres.kill()
    try:
        yield
    finally:
        services.postgres.start()


@contextmanager
def without_valkey(services: Services) -> Iterator[None]:
    services.valkey.kill()
    try:
        yield
    finally:
        services.valkey.start()


def outcome(kiosk: Kiosk, text: str) -> str:
    try:
        return str(kiosk.verify(text)["outcome"])
    except Refusal as refused:
        return refused.code


def test_without_postgres_everything_is_refused_within_a_second(
    world: World, services: Services, phone: Phone, kiosk: Kiosk
) -> None:
    kiosk.verify(phone.show(at=now() - 3))
    text, client = phone.show(), world.app.test_client()
    with without_postgres(services):
        for attempt in range(3):
            began = time.monotonic()
            answer = refusal(lambda: kiosk.verify(text))
            took = time.monotonic() - began
            assert (answer.reply.status, answer.code) == (503, "database.unavailable"), attempt
            assert answer.reply.headers["Content-Type"] == "application/problem+json"
            assert took < 1, took
        for answer in (refusal(phone.me), refusal(phone.renew)):
            assert (answer.reply.status, answer.code) == (503, "database.unavailable")
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200
        assert client.get("/.well-known/lvz/keys").status_code == 200
    began, text = time.monotonic(), phone.show()
    while (code := outcome(kiosk, text)) != "accepted":
        assert code == "database.unavailable"
        assert time.monotonic() - began < 5, "not back five seconds after PostgreSQL was"
    phone.renew()
    assert client.get("/readyz").status_code == 200


def test_without_valkey_signed_codes_still_verify(
    world: World, services: Services, phone: Phone, kiosk: Kiosk
) -> None:
    at = now()
    with without_valkey(services):
        for n, form in enumerate(("LVZ1", "LVZ2")):
            text = phone.show(form, at=at - n)
            assert kiosk.verify(text)["outcome"] == "accepted"
            assert refusal(lambda t=text: kiosk.verify(t)).code == "credential.replayed"  # type: ignore[misc]
        answer = refusal(lambda: kiosk.verify(phone.show("LVZ3")))
        assert (answer.reply.status, answer.code) == (429, "credential.too_many_tries")
        phone.renew()
    assert kiosk.verify(phone.show("LVZ3"))["outcome"] == "accepted"


def test_a_flushed_valkey_changes_no_answer(
    world: World, services: Services, phone: Phone, kiosk: Kiosk
) -> None:
    texts = [phone.show(form, at=now() - n) for n, form in enumerate(("LVZ1", "LVZ2", "LVZ3"))]
    for text in texts:
        kiosk.verify(text)
    services.valkey.kill()
    services.valkey.start()
    for text in texts:
        assert refusal(lambda t=text: kiosk.verify(t)).code == "credential.replayed"  # type: ignore[misc]


def test_racing_presentations_are_accepted_once_each(
    world: World, phone: Phone, kiosk: Kiosk
) -> None:
    """200 presentations of 20 codes in three forms at once, from two kiosks."""
    at, other = now(), world.kiosk()
    texts = [phone.show("LVZ1" if n % 2 else "LVZ2", at=at + 4 - n) for n in range(19)]
    texts.append(phone.show("LVZ3", at=at))
    # The short code counts tries; its ten racers get the tries of two minutes.
    handle = phone.credential["short_code"]["handle"]

    def forget_tries() -> None:
        while True:  # here too a full pool only asks for another try
            with suppress(EphemeralUnavailable):
                return world.app.extensions["ephemeral"].delete(f"short-code:{handle}")

    def attempt(n: int) -> tuple[str, str]:
        text, place = texts[n % 20], kiosk if n % 3 else other
        if text.startswith("LVZ3"):
            forget_tries()
        while (code := outcome(place, text)) == "database.unavailable":
            pass  # a full pool says so after a second; the kiosk tries again
        return text, code

    with ThreadPoolExecutor(200) as pool:
        seen = Counter(pool.map(attempt, range(200)))
    for text in texts:
        assert seen[text, "accepted"] == 1, {k[1]: v for k, v in seen.items() if k[0] == text}
    others = {code for (_, code) in seen} - {"accepted"}
    assert others <= {"credential.replayed", "credential.stale", "credential.too_many_tries"}
    rows = world.sql(
        "SELECT count(*), count(DISTINCT (cti, presented_at, form))"
        " FROM verification WHERE accepted"
    )
    assert rows == [(20, 20)]


def test_racing_sign_ins_of_a_new_user(world: World) -> None:
    phones = [world.phone("new", signed_in=False) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        states = list(pool.map(lambda phone: phone.sign_in()["state"], phones))
    assert states == ["unbound"] * 8
    assert world.sql("SELECT count(*) FROM wechat_account") == [(1,)]
