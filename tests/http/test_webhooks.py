"""事件推送: over real sockets, to a receiver that checks with the client library and the oracle."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from http_message_signatures import HTTPMessageVerifier, algorithms

from app.authorization.rules import webhook as rules
from app.kernel.unit_of_work import unit_of_work
from app.worker import Deliveries, Worker
from luzheng import Event, MemoryNonces, PlatformKeys, Replayed, SignatureInvalid, WebhookReceiver
from tests.contract.servers import serving
from tests.http.test_partner_api import PlatformKeys as OracleKeys
from tests.http.test_partner_api import checked
from tests.partner import PartnerSystem, enter, problem
from tests.world import World

Received = tuple[dict[str, str], bytes]


@dataclass(kw_only=True)
class Inbox:
    """A relying party's address for events."""

    url: str = ""
    status: str = "204 No Content"
    received: list[Received] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        headers = {
            name.removeprefix("HTTP_").replace("_", "-").lower(): value
            for name, value in environ.items()
            if name.startswith("HTTP_") or name == "CONTENT_TYPE"
        }
        self.received.append((headers, body))
        start(self.status, [("Location", "http://169.254.169.254/")])
        return [b""]


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    made = Inbox()
    with serving(made) as url:
        made.url = f"{url}/events?from=lvz"
        yield made


@pytest.fixture
def system(world: World, inbox: Inbox) -> PartnerSystem:
    return enter(world, webhook_url=inbox.url)


def work(world: World) -> int:
    """What a worker does with events that are due."""
    hooks = world.services.authorization.partners.webhooks
    handlers = {"webhook": hooks.deliver}
    return Worker(app=world.app, clock=world.clock, handlers=handlers).drain()


def receiver(world: World, inbox: Inbox) -> WebhookReceiver:
    jwks = world.app.test_client().get("/.well-known/lvz/jwks.json").json
    return WebhookReceiver(url=inbox.url, keys=PlatformKeys("http://unused", jwks=jwks))


def read(world: World, inbox: Inbox) -> list[Event]:
    """Everything received, verified; then forgotten."""
    reader = receiver(world, inbox)
    events = [reader.receive(headers=headers, body=body) for headers, body in inbox.received]
    inbox.received.clear()
    return events


def subscribe(system: PartnerSystem, name: str = "林正衡") -> dict[str, Any]:
    licence = {"licence_no": system.world.people[name].licence_no}
    answer = system.call("POST", "/subscriptions", licence)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json  # type: ignore[assignment]
    return found


# --- one event ---------------------------------------------------------------------------------


def test_a_test_event_arrives_signed(world: World, system: PartnerSystem, inbox: Inbox) -> None:
    answer = system.call("POST", "/webhook-tests")
    assert answer.status_code == 202
    assert answer.json is not None
    assert work(world) == 1
    headers, body = inbox.received[0]
    assert headers["idempotency-key"] == answer.json["id"]
    assert headers["content-type"] == "application/json"
    oracle = HTTPMessageVerifier(
        signature_algorithm=algorithms.ECDSA_P256_SHA256, key_resolver=OracleKeys(world)
    )
    request = requests.Request("POST", inbox.url, headers=headers, data=body).prepare()
    found = oracle.verify(
        request,
        expect_tag="lvzheng-webhook",
        require_components=("@method", "@target-uri", "content-digest"),
        body=body,
    )
    assert found[0].nonce
    event = read(world, inbox)[0]
    assert (event.id, event.type) == (answer.json["id"], "webhook.test")
    assert event.data == {"client_id": system.client_id}
    assert work(world) == 0


CHANGES: dict[str, tuple[str, str, str]] = {
    "tag": ("signature-input", "lvzheng-webhook", "lvzheng-response"),
    "id": ("idempotency-key", "-", "0"),
    "signature": ("signature", "sig1=:", "sig1=:AA"),
    "key": ("signature-input", 'keyid="', 'keyid="x'),
    "nonce": ("signature-input", 'nonce="', 'nonce="x'),
    "alg": ("signature-input", "ecdsa-p256-sha256", "ed25519"),
    "digest": ("content-digest", "sha-256=:", "sha-256=:A"),
    "components": ("signature-input", '"@target-uri" ', ""),
}


@pytest.mark.parametrize("part", [*CHANGES, "body", "url", "age", "unsigned"])
def test_a_changed_event_is_refused(
    world: World, system: PartnerSystem, inbox: Inbox, part: str
) -> None:
    if part == "age":
        world.clock.step(seconds=-400)
    system.call("POST", "/webhook-tests")
    work(world)
    headers, body = inbox.received[0]
    name, old, new = CHANGES.get(part, ("", "", ""))
    if part in CHANGES:
        assert old in headers[name]
        headers[name] = headers[name].replace(old, new, 1)
    if part == "body":
        body = body.replace(b"webhook.test", b"webhook.tset")
    if part == "unsigned":
        del headers["signature"], headers["signature-input"]
    inbox.url += "&a=1" * (part == "url")
    with pytest.raises(SignatureInvalid):
        receiver(world, inbox).receive(headers=headers, body=body)


def test_a_copied_event_is_refused(world: World, system: PartnerSystem, inbox: Inbox) -> None:
    system.call("POST", "/webhook-tests")
    work(world)
    reader = receiver(world, inbox)
    headers, body = inbox.received[0]
    assert reader.receive(headers=headers, body=body).type == "webhook.test"
    with pytest.raises(Replayed):
        reader.receive(headers=headers, body=body)
    nonces = MemoryNonces()
    assert nonces.add("a", keep_until=0)
    assert nonces.add("a", keep_until=0), "forgotten when it is too old to be accepted"


def test_nothing_is_sent_without_an_address(world: World) -> None:
    silent = enter(world)
    assert problem(silent.call("POST", "/webhook-tests")) == (409, "partner.no_webhook")
    licence = {"licence_no": world.person().licence_no}
    assert problem(silent.call("POST", "/subscriptions", licence)) == (409, "partner.no_webhook")
    with world.app.app_context(), unit_of_work() as tx:
        sent = world.services.authorization.partners.webhooks.enqueue(
            tx, client_id=silent.client_id, type="x", data={}, at=world.clock.now()
        )
    assert sent is None
    assert world.sql("SELECT count(*) FROM webhook_event") == [(0,)]


# --- failures and dead letters -------------------------------------------------------------------


def test_an_event_is_repeated_with_growing_delay_until_it_is_taken(
    world: World, system: PartnerSystem, inbox: Inbox
) -> None:
    inbox.status = "503 Service Unavailable"
    sent = system.call("POST", "/webhook-tests").json
    assert work(world) == 1
    assert work(world) == 0, "not at once again"
    for wait in rules.DELAYS[:3]:
        world.clock.step(seconds=wait.total_seconds() - 1)
        assert work(world) == 0
        world.clock.step(seconds=1.1)
        assert work(world) == 1
    inbox.status = "200 OK"
    world.clock.step(seconds=rules.DELAYS[3].total_seconds() + 1)
    assert work(world) == 1
    bodies = {body for _, body in inbox.received}
    nonces = {headers["signature-input"] for headers, _ in inbox.received}
    assert (len(inbox.received), len(bodies), len(nonces)) == (5, 1, 5)
    assert {h["idempotency-key"] for h, _ in inbox.received} == {sent and sent["id"]}
    world.clock.step(days=1)
    assert work(world) == 0
    rows = world.sql("SELECT attempts, delivered_at IS NULL, dead_at FROM webhook_event")
    assert rows == [(5, False, None)]


@pytest.mark.parametrize("status", ["500 Broken", "302 Found", "404 Not Found", "410 Gone"])
def test_what_is_never_taken_becomes_a_dead_letter(
    world: World, system: PartnerSystem, inbox: Inbox, status: str
) -> None:
    inbox.status = status
    event = system.call("POST", "/webhook-tests").json
    assert event is not None
    tries = work(world)
    for wait in rules.DELAYS:
        world.clock.step(seconds=wait.total_seconds() + 1)
        tries += work(world)
    world.clock.step(days=1)
    assert tries == len(inbox.received) == len(rules.DELAYS) + 1
    assert work(world) == 0
    letters = system.call("GET", "/dead-letters").json
    assert letters is not None
    (letter,) = letters["items"]
    assert (letter["id"], letter["attempts"]) == (event["id"], 8)
    assert letter["failure"] == f"http_{status[:3]}"
    assert letters["next"] is None


def test_a_dead_letter_is_delivered_again_when_asked(
    world: World, system: PartnerSystem, inbox: Inbox
) -> None:
    inbox.status = "500 Broken"
    event = system.call("POST", "/webhook-tests").json
    assert event is not None
    for wait in rules.DELAYS:
        work(world)
        world.clock.step(seconds=wait.total_seconds() + 1)
    work(world)
    path = f"/dead-letters/{event['id']}/redeliver"
    stranger = enter(world, webhook_url=inbox.url)
    assert stranger.call("GET", "/dead-letters").json == {"items": [], "next": None}
    assert problem(stranger.call("POST", path)) == (404, "partner.event_unknown")
    inbox.received.clear()
    inbox.status = "200 OK"
    assert system.call("POST", path).status_code == 202
    assert work(world) == 1
    world.clock.ahead *= 0
    assert problem(system.call("POST", path)) == (404, "partner.event_unknown")
    assert system.call("GET", "/dead-letters").json == {"items": [], "next": None}
    assert len(inbox.received) == 1


def test_dead_letters_come_in_pages(world: World, system: PartnerSystem) -> None:
    for n in range(rules.PAGE + 3):
        world.sql(
            "INSERT INTO webhook_event VALUES"
            " (%s, %s, 'x', '{}', now(), 8, 'http_500', NULL, now() + %s * interval '1 s')",
            uuid.uuid4(), system.client_id, n // 2,
        )  # fmt: skip
    seen: list[str] = []
    following = ""
    while following is not None:
        page = system.call("GET", f"/dead-letters{following and f'?before={following}'}").json
        assert page is not None
        seen += [item["id"] for item in page["items"]]
        following = page["next"]
    assert len(seen) == len(set(seen)) == rules.PAGE + 3


def test_the_kill_switch_stops_events(world: World, system: PartnerSystem, inbox: Inbox) -> None:
    system.call("POST", "/webhook-tests")
    with world.app.app_context():
        world.services.authorization.relying_parties.set_suspended(
            client_id=system.client_id, suspended=True
        )
    work(world)
    assert inbox.received == []
    assert world.sql("SELECT failure FROM webhook_event") == [("no_address",)]


def test_an_address_of_our_own_network_is_not_called(world: World) -> None:
    """Registered as a name; what the name is, shows when it is called."""
    system = enter(world, webhook_url="https://metadata.invalid/latest")
    system.call("POST", "/webhook-tests")
    assert work(world) == 1
    assert world.sql("SELECT failure FROM webhook_event") == [("outside.unavailable",)]
    world.sql("UPDATE relying_party SET webhook_url = 'https://127.0.0.1.nip.example:22/'")
    world.clock.step(seconds=6)
    assert work(world) == 1
    assert world.sql("SELECT failure FROM webhook_event") == [("outside.address_refused",)]


def test_events_of_a_silent_address_wait_without_being_tried(world: World) -> None:
    system = enter(world, webhook_url="http://127.0.0.1:9/hook")  # nobody listens there
    for _ in range(3):
        system.call("POST", "/webhook-tests")
    tried = "SELECT sum(attempts) FROM webhook_event"
    assert work(world) == 3
    assert world.sql(tried) == [(1,)]
    world.clock.step(seconds=10)
    assert work(world) == 1, "the one that was tried is due again, and waits too"
    assert world.sql(tried) == [(1,)]
    world.clock.step(seconds=21)
    assert work(world) == 3
    assert world.sql(tried) == [(2,)]


def test_a_slow_address_keeps_nobody_else_waiting(world: World, inbox: Inbox) -> None:
    free = threading.Event()

    def slow(_environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        free.wait(5)
        start("204 No Content", [])
        return [b""]

    with serving(slow) as address:
        for _ in range(3):
            assert enter(world, webhook_url=address).call("POST", "/webhook-tests").json
        assert enter(world, webhook_url=inbox.url).call("POST", "/webhook-tests").json
        handlers = {"webhook": world.services.authorization.partners.webhooks.deliver}
        running = Deliveries(Worker(app=world.app, clock=world.clock, handlers=handlers))
        running.start()
        began = time.monotonic()
        while not inbox.received and time.monotonic() - began < 4:
            time.sleep(0.02)
        assert len(inbox.received) == 1
        assert time.monotonic() - began < 3
        free.set()
        running.end()
    undelivered = "SELECT count(*) FROM webhook_event WHERE delivered_at IS NULL"
    assert world.sql(undelivered) == [(0,)]


def test_old_events_are_forgotten(world: World, system: PartnerSystem, inbox: Inbox) -> None:
    hooks = world.services.authorization.partners.webhooks
    system.call("POST", "/webhook-tests")
    work(world)
    inbox.status = "500 Broken"
    system.call("POST", "/webhook-tests")
    for wait in rules.DELAYS:
        work(world)
        world.clock.step(seconds=wait.total_seconds() + 1)
    work(world)
    for days, left in ((6, 2), (2, 1), (20, 1), (9, 0)):
        world.clock.step(days=days)
        with world.app.app_context():
            hooks.sweep()
        assert world.sql("SELECT count(*) FROM webhook_event") == [(left,)], days


# --- statuses ------------------------------------------------------------------------------------


def test_a_change_that_the_worker_reads_makes_an_event(
    world: World, system: PartnerSystem, inbox: Inbox
) -> None:
    """沈清和 is bound to no phone here: subscribed licences are asked about all the same."""
    made = subscribe(system, "沈清和")
    assert made["status"] == "practising"
    watch = world.services.authorization.partners.status_watch
    with world.app.app_context():
        assert watch.ask_again() == 0, "just asked"
    world.set_status("suspended", "沈清和")
    world.clock.step(seconds=31)
    with world.app.app_context():
        assert watch.ask_again() == 1
        assert watch.ask_again() == 0
    assert work(world) == 1
    (event,) = read(world, inbox)
    assert event.type == "licence.status_changed"
    assert event.data["licence_no"] == world.people["沈清和"].licence_no
    assert (event.data["previous"], event.data["status"]) == ("practising", "suspended")
    assert event.data["status_label"] == "停止执业"
    world.clock.step(seconds=31)
    with world.app.app_context():
        assert watch.ask_again() == 1
    assert work(world) == 0, "nothing changed"


def test_a_change_that_a_kiosk_meets_makes_an_event(
    world: World, system: PartnerSystem, inbox: Inbox
) -> None:
    phone, kiosk = world.bound_phone(), world.kiosk()
    subscribe(system)
    world.set_status("revoked")
    with pytest.raises(Exception, match=r"credential\.revoked"):
        kiosk.verify(phone.show())
    assert work(world) == 1
    (event,) = read(world, inbox)
    assert event.data["status"] == "revoked"


def test_a_change_that_another_party_meets_makes_an_event(
    world: World, system: PartnerSystem, inbox: Inbox
) -> None:
    subscribe(system)
    world.set_status("transferring")
    other = enter(world)
    assert other.call("GET", f"/licences/{world.person().licence_no}").status_code == 200
    assert work(world) == 1
    assert read(world, inbox)[0].data["status"] == "transferring"


def test_an_event_is_of_the_same_transaction(world: World, system: PartnerSystem) -> None:
    subscribe(system)
    devices = world.services.identity.devices
    world.set_status("suspended")

    class Undone(Exception):
        pass

    def change() -> None:
        with world.app.app_context(), unit_of_work() as tx:
            status = devices.live_status(licence_no=world.person().licence_no)
            devices.note_status(tx, status=status, at=world.clock.now())
            raise Undone

    with pytest.raises(Undone):
        change()
    assert world.sql("SELECT count(*) FROM webhook_event") == [(0,)]
    assert work(world) == 0


def test_subscriptions_are_listed_ended_and_ones_own(
    world: World, system: PartnerSystem, inbox: Inbox
) -> None:
    first, second = subscribe(system), subscribe(system, "沈清和")
    assert subscribe(system)["id"] == first["id"], "again is the same"
    listed = system.call("GET", "/subscriptions").json
    assert listed is not None
    assert [item["id"] for item in listed["items"]] == [second["id"], first["id"]]
    other = enter(world, webhook_url=inbox.url)
    assert subscribe(other)["id"] != first["id"]
    path = f"/subscriptions/{first['id']}"
    assert problem(other.call("DELETE", path)) == (404, "partner.subscription_unknown")
    request = system.signed("DELETE", path)
    answer = system.send(request)
    checked(answer, system, request)
    assert (answer.status_code, answer.data) == (204, b"")
    assert problem(system.call("DELETE", path)) == (404, "partner.subscription_unknown")
    world.set_status("suspended")
    other.call("GET", f"/licences/{world.person().licence_no}")
    assert world.sql("SELECT client_id FROM webhook_event") == [(other.client_id,)]
    assert len(world.sql("SELECT * FROM watched_licence")) == 2
    system.call("DELETE", f"/subscriptions/{second['id']}")
    assert len(world.sql("SELECT * FROM watched_licence")) == 1, "nobody watches it any more"


def test_subscriptions_have_a_cap_and_a_real_licence(world: World, system: PartnerSystem) -> None:
    unknown = {"licence_no": "11101202010999999"}
    assert problem(system.call("POST", "/subscriptions", unknown)) == (
        404, "registry.licence_not_found",
    )  # fmt: skip
    world.sql(
        "INSERT INTO watched_licence SELECT 'n' || n, 'practising', now(), now()"
        " FROM generate_series(1, %s) n", rules.MAX_SUBSCRIPTIONS,
    )  # fmt: skip
    world.sql(
        "INSERT INTO status_subscription SELECT gen_random_uuid(), %s, licence_no, now()"
        " FROM watched_licence", system.client_id,
    )  # fmt: skip
    licence = {"licence_no": world.person().licence_no}
    assert problem(system.call("POST", "/subscriptions", licence)) == (
        409, "partner.too_many_subscriptions",
    )  # fmt: skip
