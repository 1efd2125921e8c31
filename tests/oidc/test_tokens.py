"""What a code and a refresh token are exchanged for, and what refuses them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from werkzeug.test import TestResponse

from miniprogram_mock.client.phone import Phone
from tests.oidc.actors import RelyingPartyClient, plain_client
from tests.world import World

OFFLINE = "openid profile offline_access"
RACERS = 8


def refused(answer: TestResponse) -> str:
    assert answer.status_code == 400, answer.text
    return str((answer.json or {})["error"])


def race(ask: Callable[[], TestResponse]) -> list[TestResponse]:
    with ThreadPoolExecutor(RACERS) as pool:
        return list(pool.map(lambda _: ask(), range(RACERS)))


def check_ended(client: RelyingPartyClient, answers: list[TestResponse], phone: Phone) -> None:
    """At most one of the racers was given tokens, and the losers ended them."""
    given = [answer.json or {} for answer in answers if answer.status_code == 200]
    assert len(given) == 1
    assert {refused(answer) for answer in answers if answer.status_code != 200} == {"invalid_grant"}
    assert not client.introspect(given[0]["access_token"])["active"]
    assert not client.introspect(given[0]["refresh_token"])["active"]
    assert phone.grants()[0]["ended_by"] == "replay"


def test_a_code_that_many_redeem_at_once(plain: RelyingPartyClient, phone: Phone) -> None:
    flow = plain.begin(scope=OFFLINE)
    code = flow.code(phone)
    check_ended(plain, race(lambda: plain.redeem(code, flow.verifier)), phone)


def test_a_refresh_token_that_many_use_at_once(plain: RelyingPartyClient, phone: Phone) -> None:
    first = plain.begin(scope=OFFLINE).tokens(phone)["refresh_token"]
    check_ended(plain, race(lambda: plain.refresh(first)), phone)


def test_a_code_that_comes_back_ends_what_it_gave(plain: RelyingPartyClient, phone: Phone) -> None:
    flow = plain.begin(scope=OFFLINE)
    code = flow.code(phone)
    tokens = plain.redeem(code, flow.verifier).json or {}
    assert plain.introspect(tokens["access_token"])["active"]
    assert refused(plain.redeem(code, "not even the verifier")) == "invalid_grant"
    assert not plain.introspect(tokens["access_token"])["active"]
    assert refused(plain.refresh(tokens["refresh_token"])) == "invalid_grant"


@pytest.mark.parametrize(
    "changes",
    [{"code_verifier": "w" * 43}, {"redirect_uri": "https://rp.example/cb2"}],
    ids=["verifier", "redirect_uri"],
)
def test_a_wrong_redemption_leaves_the_code(
    plain: RelyingPartyClient, phone: Phone, changes: dict[str, str]
) -> None:
    flow = plain.begin()
    code = flow.code(phone)
    assert refused(plain.redeem(code, flow.verifier, **changes)) == "invalid_grant"
    assert plain.redeem(code, flow.verifier).status_code == 200


def test_another_client_gets_nothing_and_ends_nothing(
    plain: RelyingPartyClient, phone: Phone, world: World
) -> None:
    flow = plain.begin(scope=OFFLINE)
    code, other = flow.code(phone), plain_client(world)
    assert refused(other.redeem(code, flow.verifier)) == "invalid_grant"
    tokens = plain.redeem(code, flow.verifier).json or {}
    assert refused(other.redeem(code, flow.verifier)) == "invalid_grant"
    assert refused(other.refresh(tokens["refresh_token"])) == "invalid_grant"
    assert other.introspect(tokens["access_token"]) == {"active": False}
    assert plain.introspect(tokens["access_token"])["active"]


def test_an_old_code_and_an_old_refresh_token(
    plain: RelyingPartyClient, phone: Phone, world: World
) -> None:
    late = plain.begin(scope=OFFLINE)
    flow = plain.begin(scope=OFFLINE)
    code, tokens = late.code(phone), flow.tokens(phone)
    world.clock.step(seconds=61)
    assert refused(plain.redeem(code, late.verifier)) == "invalid_grant"
    assert plain.refresh(tokens["refresh_token"]).status_code == 200
    world.clock.step(days=31)
    newest = world.sql("SELECT count(*) FROM issued_token WHERE used_at IS NULL")[0][0]
    assert refused(plain.refresh(tokens["refresh_token"])) == "invalid_grant"
    assert newest == world.sql("SELECT count(*) FROM issued_token WHERE used_at IS NULL")[0][0]


def test_a_lawyer_who_was_suspended_gets_no_tokens(
    plain: RelyingPartyClient, phone: Phone, world: World
) -> None:
    flow = plain.begin(scope=OFFLINE)
    tokens = flow.tokens(phone)
    again = plain.begin(browser=flow.browser, prompt="none", scope=OFFLINE)
    world.sql("UPDATE lawyer SET practice_status = 'suspended'")
    assert refused(plain.redeem(again.query["code"], again.verifier)) == "invalid_grant"
    assert refused(plain.refresh(tokens["refresh_token"])) == "invalid_grant"


def test_a_grant_that_was_ended_gives_nothing_more(plain: RelyingPartyClient, phone: Phone) -> None:
    flow = plain.begin()
    code = flow.code(phone)
    phone.end_grant(phone.grants()[0]["id"])
    assert refused(plain.redeem(code, flow.verifier)) == "invalid_grant"


def test_a_refresh_is_never_wider(plain: RelyingPartyClient, phone: Phone) -> None:
    first = plain.begin(scope="openid offline_access").tokens(phone)["refresh_token"]
    assert refused(plain.refresh(first, scope="openid profile")) == "invalid_scope"
    assert plain.refresh(first, scope="openid").status_code == 200
