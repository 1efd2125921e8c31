"""Events: when they are tried again, and what address is signed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from http_message_signatures import HTTPSignatureComponentResolver
from http_sf.compat import Item
from requests import Request

from app.authorization.rules import webhook as rules


def test_the_delays_grow_and_end() -> None:
    waits = [rules.next_try(n) for n in range(1, 9)]
    assert waits[-1] is None
    known = [wait for wait in waits if wait is not None]
    assert known == sorted(set(known))
    assert sum(known, timedelta()) > timedelta(hours=8), "a night's outage is outlived"


@pytest.mark.parametrize(
    ("status", "taken"),
    [(200, True), (202, True), (204, True), (299, True), (199, False), (300, False), (301, False),
     (400, False), (404, False), (429, False), (500, False), (503, False)],
)  # fmt: skip
def test_only_success_means_taken(status: int, *, taken: bool) -> None:
    assert rules.is_taken(status) is taken


@pytest.mark.parametrize(
    ("url", "signed"),
    [
        ("https://rp.example", "https://rp.example/"),
        ("https://rp.example/", "https://rp.example/"),
        ("https://RP.example:443/a?b=c", "https://rp.example/a?b=c"),
        ("https://rp.example:8443/a", "https://rp.example:8443/a"),
        ("http://localhost:80/", "http://localhost/"),
        ("http://[::1]:8080/hook", "http://[::1]:8080/hook"),
        ("https://rp.example/%E5%BE%8B?q=%2F", "https://rp.example/%E5%BE%8B?q=%2F"),
        ("https://rp.example/a?", "https://rp.example/a"),
    ],
)
def test_the_address_is_signed_as_it_is_called(url: str, signed: str) -> None:
    assert rules.target_uri(url) == signed
    seen = HTTPSignatureComponentResolver(Request("POST", signed).prepare())
    assert seen.resolve(Item("@target-uri")) == signed, "another implementation reads it alike"


def test_an_event_has_the_same_bytes_every_time() -> None:
    at = datetime(2026, 11, 25, 8, 0, 0, 500_000, tzinfo=UTC)
    one = rules.body(event_id="e", kind="t", at=at, data={"b": "律", "a": 1})
    two = rules.body(event_id="e", kind="t", at=at, data={"a": 1, "b": "律"})
    assert one == two
    assert one.decode() == (
        '{"at":"2026-11-25T08:00:00.500Z","data":{"a":1,"b":"律"},"id":"e","type":"t"}'
    )
