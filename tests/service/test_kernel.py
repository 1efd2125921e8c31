"""The kernel on a real database: sealed fields, the outbox, the worker, its doorbell."""

from __future__ import annotations

import itertools
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg import sql

from app.adapters.system.entropy import SystemEntropy
from app.kernel import outbox
from app.kernel.field_crypto import FieldCrypto, FieldUnreadable
from app.kernel.outbox import LEASE, MAX_ATTEMPTS, Message
from app.kernel.unit_of_work import unit_of_work
from app.worker import Doorbell, Worker
from miniprogram_mock.client.kiosk import Kiosk
from tests.conftest import plain
from tests.world import APPID, World, refusal

# --- sealed fields ---------------------------------------------------------------------------


def crypto(key: bytes = bytes(32)) -> FieldCrypto:
    return FieldCrypto(key=key, entropy=SystemEntropy())


def test_a_field_opens_only_where_it_was_sealed() -> None:
    box = crypto()
    key = box.new_data_key()
    sealed = box.seal(b"secret", key=key, aad="lawyer.identity_no:1")
    assert box.open(sealed, key=box.open_data_key(key.wrapped), aad="lawyer.identity_no:1") == (
        b"secret"
    )
    for wrong in (
        lambda: box.open(sealed, key=key, aad="lawyer.identity_no:2"),
        lambda: box.open(sealed, key=key, aad="lawyer.photo:1"),
        lambda: box.open(sealed, key=box.new_data_key(), aad="lawyer.identity_no:1"),
        lambda: box.open(b"", key=key, aad="lawyer.identity_no:1"),
        lambda: crypto(b"1" * 32).open_data_key(key.wrapped),
    ):
        with pytest.raises(FieldUnreadable):
            wrong()


def test_every_byte_of_a_field_counts() -> None:
    box = crypto()
    key = box.new_data_key()
    sealed = box.seal(b"secret", key=key, aad="a")
    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(FieldUnreadable):
            box.open(bytes(changed), key=key, aad="a")


def test_the_same_value_is_sealed_differently_and_found_equally() -> None:
    box = crypto()
    assert box.seal_alone(b"x", aad="a") != box.seal_alone(b"x", aad="a")
    index = box.blind_index(column="lawyer.identity_no", value="1")
    assert index == crypto().blind_index(column="lawyer.identity_no", value="1")
    assert len(index) == 16
    others = {
        box.blind_index(column="lawyer.identity_no", value="2"),
        box.blind_index(column="wechat_account.openid", value="1"),
        crypto(b"1" * 32).blind_index(column="lawyer.identity_no", value="1"),
    }
    assert index not in others
    assert len(others) == 3


def test_two_rows_swapped_do_not_open(world: World) -> None:
    phone, other = world.bound_phone(), world.bound_phone("zhou", name="周明月")
    assert phone.call("GET", "/me/photo").status == 200
    world.sql("UPDATE lawyer a SET photo_sealed = b.photo_sealed FROM lawyer b WHERE a.id <> b.id")
    for victim in (phone, other):
        answer = refusal(lambda v=victim: v.call("GET", "/me/photo"))  # type: ignore[misc]
        assert (answer.reply.status, answer.code) == (500, "internal.field_unreadable")
        assert "tag" not in answer.reply.body.decode().lower()
    world.sql(
        "UPDATE lawyer a SET data_key = b.data_key FROM lawyer b WHERE a.id <> b.id"
    )  # the key moved along: the ciphertext still names its row
    assert refusal(lambda: phone.call("GET", "/me/photo")).reply.status == 500


def everything(world: World) -> bytes:
    """All that a dump of the database would show: every column as text and, raw, as bytes."""
    found = bytearray()
    with psycopg.connect(plain(world.config.database_url), autocommit=True) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        assert len(tables) > 15
        for (name,) in tables:
            query = sql.SQL("SELECT t::text, t.* FROM {} t").format(sql.Identifier(name))
            for row in connection.execute(query):
                for value in row:
                    found += value if isinstance(value, bytes) else repr(value).encode()
                    found += b"\n"
    return bytes(found)


def test_no_canary_in_the_database_or_the_log(
    world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    """A full flow leaves neither identity number, photo, openid, token nor seed in clear."""
    phone, kiosk = world.phone(), world.kiosk()
    person = world.person()
    refusal(lambda: phone.apply(type(person)(**{**vars(person), "name": "林不衡"}), way="officer"))
    world.bind(phone)
    phone.renew()
    done = kiosk.verify(phone.show())
    kiosk.photo(done["verification_id"])
    refusal(lambda: kiosk.verify(phone.show("LVZ3")[:-1] + "x"))
    kiosk.verify(phone.show("LVZ3"))
    phone.call("GET", "/me/photo")
    photo = world.register.find(licence_no=person.licence_no).photo
    seed = phone.credential["short_code"]["seed"]
    canaries = {
        "identity number": person.identity_no.encode(),
        "openid": world.wechat.world.openid(appid=APPID, user="lin").encode(),
        "token": phone._token.encode(),
        "seed": seed.encode(),
        "photo": photo[200:232],
        "photo's head": photo[:24],
    }
    dump = everything(world)
    assert person.licence_no.encode() in dump, "the dump sees what is in clear"
    out, err = capfd.readouterr()
    log = (out + err).encode()
    for name, canary in canaries.items():
        for form in (canary, canary.hex().encode(), repr(canary).encode()[2:-1]):
            assert form not in dump, f"{name} in the database"
            assert form not in log, f"{name} in the log"
    for secret in ("林正衡", "林不衡"):
        assert secret not in out + err


# --- the outbox ------------------------------------------------------------------------------


def enqueue(world: World, *, topic: str = "notice", **payload: Any) -> None:
    with world.app.app_context(), unit_of_work() as tx:
        outbox.enqueue(tx, topic=topic, payload=payload, at=world.clock.now())


def worker(world: World, handler: Callable[[Message], None], *, topic: str = "notice") -> Worker:
    return Worker(app=world.app, clock=world.clock, handlers={topic: handler})


def test_a_message_is_handled_once_when_all_goes_well(world: World) -> None:
    seen: list[int] = []
    for n in range(3):
        enqueue(world, n=n)
    assert worker(world, lambda message: seen.append(message.payload["n"])).drain() == 3
    assert seen == [0, 1, 2]
    assert world.sql("SELECT count(*) FROM outbox_message") == [(0,)]


def test_a_message_leaves_with_its_transaction(world: World) -> None:
    def fail_after_enqueueing() -> None:
        with world.app.app_context(), unit_of_work() as tx:
            outbox.enqueue(tx, topic="notice", payload={}, at=world.clock.now())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_enqueueing()
    assert world.sql("SELECT count(*) FROM outbox_message") == [(0,)]


def test_a_claimed_message_is_nobody_elses_until_the_lease_ends(world: World) -> None:
    enqueue(world, n=1)
    with world.app.app_context(), unit_of_work() as tx:
        first = outbox.claim(tx, topics=["notice"], at=world.clock.now())
    assert first is not None
    seen: list[int] = []
    second = worker(world, lambda message: seen.append(message.attempts))
    assert second.drain() == 0
    world.clock.step(seconds=LEASE.total_seconds())  # the first worker was killed
    assert second.drain() == 1
    assert seen == [2]


def test_two_workers_never_share_a_message(world: World) -> None:
    for n in range(60):
        enqueue(world, n=n)
    seen: list[int] = []
    workers = [worker(world, lambda message: seen.append(message.payload["n"])) for _ in range(4)]
    threads = [threading.Thread(target=each.drain) for each in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == list(range(60))


def test_a_failing_message_comes_back_later_and_at_last_stays_aside(world: World) -> None:
    enqueue(world)
    tries: list[float] = []

    def fail(_: Message) -> None:
        tries.append(world.clock.now().timestamp())
        raise RuntimeError("broken")

    failing = worker(world, fail)
    for _ in range(2 ** (MAX_ATTEMPTS + 1)):
        failing.drain()
        world.clock.step(seconds=1)
    gaps = [b - a for a, b in itertools.pairwise(tries)]
    assert len(tries) == MAX_ATTEMPTS
    assert all(2**n <= gap <= 1.5 * 2**n + 2 for n, gap in enumerate(gaps, start=1)), gaps
    assert world.sql("SELECT dead_at IS NOT NULL FROM outbox_message") == [(True,)]


def test_a_worker_leaves_other_topics_alone(world: World) -> None:
    enqueue(world, topic="liveness", session_id=str(uuid.uuid4()))
    assert worker(world, lambda _: None).drain() == 0


def test_a_notice_that_arrives_twice_is_one(world: World, kiosk: Kiosk) -> None:
    phone = world.phone()
    (account,) = world.sql("SELECT id FROM wechat_account")[0]
    deliver = world.services.notification.fan_out.deliver
    message = Message(
        id=7, topic="notice", payload={"account_id": str(account), "kind": "bound"}, attempts=1
    )
    with world.app.app_context():
        deliver(message)
        deliver(message)
    assert len(phone.call("GET", "/me/notices").json()["items"]) == 1


def test_the_doorbell_wakes_a_waiting_worker(world: World) -> None:
    bell = Doorbell(dsn=world.config.database_url)
    bell.wait(0.01)  # opens the connection
    timer = threading.Timer(0.2, lambda: enqueue(world))
    timer.start()
    began = time.monotonic()
    bell.wait(10)
    took = time.monotonic() - began
    timer.join()
    assert 0.1 < took < 5, took
    began = time.monotonic()
    bell.wait(0.1)
    assert time.monotonic() - began >= 0.09, "nobody rang"
    assert bell._connection is not None
    bell._connection.close()
    bell.wait(0.01)  # a lost connection is opened again
    bell.wait(0.01)
    assert bell._connection is not None
    bell._connection.close()
