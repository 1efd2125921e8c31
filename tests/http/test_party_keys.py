"""Keys at an address: believed for five minutes, asked for again at most once a minute."""

from __future__ import annotations

import dataclasses
import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from app.ports import Ports
from app.ports.outside_web import AddressRefused, Delivery, OutsideAnswer, OutsideUnavailable
from tests.partner import PartnerSystem, enter, jwk, problem
from tests.world import World
from tests.world_fixtures import Build

ADDRESS = "https://kss.example.cn/jwks"
INVALID = (401, "auth.signature_invalid")
UNAVAILABLE = (503, "partner.keys_unavailable")


class Site:
    """What stands at the address."""

    def __init__(self) -> None:
        self.answer: Any = OutsideUnavailable("down")
        self.asked: list[str] = []

    def publish(self, *keys: dict[str, str]) -> None:
        self.answer = OutsideAnswer(status=200, body=json.dumps({"keys": keys}).encode())

    def get(self, *, url: str) -> OutsideAnswer:
        self.asked.append(url)
        if isinstance(self.answer, Exception):
            raise self.answer
        answer: OutsideAnswer = self.answer
        return answer

    def post(self, delivery: Delivery) -> OutsideAnswer:
        raise AssertionError(delivery)


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def system(build_world: Build, site: Site) -> PartnerSystem:
    def change(ports: Ports) -> Ports:
        return dataclasses.replace(ports, outside_web=site)

    return enter(build_world(change), jwks=None, jwks_uri=ADDRESS)


def ask(system: PartnerSystem, **more: Any) -> int | tuple[int, str]:
    answer = system.call("GET", "/dead-letters", **more)
    return 200 if answer.status_code == 200 else problem(answer)


def test_keys_are_fetched_once_in_five_minutes(system: PartnerSystem, site: Site) -> None:
    site.publish(jwk(system.key, "k1"))
    for _ in range(3):
        assert ask(system) == 200
    assert site.asked == [ADDRESS]
    system.world.clock.step(seconds=299)
    assert ask(system) == 200
    assert len(site.asked) == 1
    system.world.clock.step(seconds=2)
    assert ask(system) == 200
    assert len(site.asked) == 2


def test_an_unknown_name_asks_again_once_a_minute(system: PartnerSystem, site: Site) -> None:
    site.publish(jwk(system.key, "k1"))
    assert ask(system) == 200
    for n in range(5):
        assert ask(system, key_id=f"{system.client_id}#unknown{n}") == INVALID
    assert len(site.asked) == 1, "just asked"
    system.world.clock.step(seconds=61)
    for n in range(5):
        assert ask(system, key_id=f"{system.client_id}#unknown{n}") == INVALID
    assert len(site.asked) == 2


def test_a_rolled_key_is_found(system: PartnerSystem, site: Site) -> None:
    site.publish(jwk(system.key, "k1"))
    assert ask(system) == 200
    following = ec.generate_private_key(ec.SECP256R1())
    site.publish(jwk(system.key, "k1"), jwk(following, "k2"))
    system.world.clock.step(seconds=61)
    rolled = PartnerSystem(world=system.world, client_id=system.client_id, key=following, kid="k2")
    assert ask(rolled) == 200
    site.publish(jwk(following, "k2"))
    system.world.clock.step(seconds=301)
    assert ask(system) == INVALID, "the old one is gone"
    assert ask(rolled) == 200


def test_nothing_old_is_believed_when_the_address_is_silent(
    system: PartnerSystem, site: Site
) -> None:
    site.publish(jwk(system.key, "k1"))
    assert ask(system) == 200
    site.answer = OutsideUnavailable("down")
    system.world.clock.step(seconds=61)
    assert ask(system, key_id=f"{system.client_id}#unknown") == INVALID
    assert ask(system) == 200, "a stranger's question does not shut the party out"
    system.world.clock.step(seconds=240)
    assert ask(system) == UNAVAILABLE
    asked = len(site.asked)
    assert ask(system) == UNAVAILABLE
    assert len(site.asked) == asked, "not at once again"
    site.publish(jwk(system.key, "k1"))
    system.world.clock.step(seconds=61)
    assert ask(system) == 200


def private(key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    return {**jwk(key, "k1"), "d": "x" * 43}


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: OutsideAnswer(status=404, body=b'{"keys": []}'),
        lambda _: OutsideAnswer(status=302, body=b""),
        lambda _: OutsideAnswer(status=200, body=b""),
        lambda _: OutsideAnswer(status=200, body=b"[" * 50_000),
        lambda _: OutsideAnswer(status=200, body=b"\xff"),
        lambda _: OutsideAnswer(status=200, body=b"[]"),
        lambda _: OutsideAnswer(status=200, body=b'{"keys": {}}'),
        lambda _: OutsideAnswer(status=200, body=b'{"keys": [1]}'),
        lambda key: OutsideAnswer(
            status=200, body=json.dumps({"keys": [jwk(key, "k1"), jwk(key, "k1")]}).encode()
        ),
        lambda key: OutsideAnswer(status=200, body=json.dumps({"keys": [private(key)]}).encode()),
        lambda _: AddressRefused("address"),
    ],
)
def test_what_is_no_key_set_is_none(
    system: PartnerSystem, site: Site, answer: Callable[[Any], Any]
) -> None:
    site.answer = answer(system.key)
    assert ask(system) == UNAVAILABLE


def test_a_point_off_the_curve_is_no_key(system: PartnerSystem, site: Site) -> None:
    site.publish({**jwk(system.key, "k1"), "y": "A" * 43})
    assert ask(system) == INVALID


def test_another_address_is_read_at_once(system: PartnerSystem, site: Site, world: World) -> None:
    site.publish(jwk(system.key, "k1"))
    assert ask(system) == 200
    world.sql("UPDATE relying_party SET jwks_uri = 'https://new.example.cn/jwks'")
    assert ask(system) == 200
    assert site.asked == [ADDRESS, "https://new.example.cn/jwks"]


def test_nobody_waits_long_behind_a_slow_address(system: PartnerSystem, site: Site) -> None:
    """A stranger's invented name makes one thread read; known keys serve the others meanwhile."""
    site.publish(jwk(system.key, "k1"))
    assert ask(system) == 200
    system.world.clock.step(seconds=61)
    free, reading = threading.Event(), threading.Event()
    known = site.answer

    def slow(*, url: str) -> OutsideAnswer:
        site.asked.append(url)
        reading.set()
        free.wait(10)
        return known  # type: ignore[no-any-return]

    site.get = slow  # type: ignore[method-assign]
    stranger = system.signed("GET", "/dead-letters", key_id=f"{system.client_id}#unknown")
    held = threading.Thread(target=system.send, args=(stranger,))
    held.start()
    assert reading.wait(5)
    began = time.monotonic()
    assert ask(system) == 200
    assert time.monotonic() - began < 0.9
    assert ask(system, key_id=f"{system.client_id}#other") == INVALID
    assert time.monotonic() - began < 3
    free.set()
    held.join()
    assert len(site.asked) == 2
