"""登录 over HTTP, against WeChat's stand-in on a socket."""

from __future__ import annotations

import hashlib

import pytest
import requests

from miniprogram_mock.client.transport import call
from miniprogram_mock.wechat.login import EXCHANGES_A_MINUTE
from tests.world import APPID, World, refusal
from tests.world_fixtures import Build


def sign_in(world: World, code: str) -> str:
    answer = call(world.transport, "POST", "/api/v1/sessions", body={"code": code})
    assert answer.status == 201
    return str(answer.json()["token"])


def code_of_refusal(world: World, code: str) -> tuple[int, str]:
    refused = refusal(lambda: sign_in(world, code))
    return refused.reply.status, refused.code


def test_a_fresh_account_is_unbound(world: World) -> None:
    me = world.phone(signed_in=False).sign_in()
    assert me["state"] == "unbound"
    assert me["lawyer"] is me["device"] is me["pending"] is None
    assert abs(me["server_time_ms"] - world.clock.now().timestamp() * 1000) < 5000


def test_the_same_user_keeps_the_account(world: World) -> None:
    first, again, other = world.phone("lin"), world.phone("lin"), world.phone("zhou")
    first.apply(world.person(), way="officer")
    assert again.me()["state"] == "pending"
    assert other.me()["state"] == "unbound"
    assert world.sql("SELECT count(*) FROM wechat_account") == [(2,)]


def test_an_unknown_code(world: World) -> None:
    assert code_of_refusal(world, "never-given") == (401, "wechat.code_invalid")


def test_a_code_works_once(world: World) -> None:
    code = world.wx_login("lin")
    sign_in(world, code)
    assert code_of_refusal(world, code) == (401, "wechat.code_used")


def test_an_expired_code(world: World) -> None:
    code = world.wx_login("lin")
    requests.post(f"{world.wechat_url}/control/codes", json={}, timeout=5)
    assert code_of_refusal(world, code) == (401, "wechat.code_invalid")


def test_a_blocked_user(world: World) -> None:
    code = world.wx_login("villain")
    body = {"appid": APPID, "user": "villain", "blocked": True}
    requests.post(f"{world.wechat_url}/control/block", json=body, timeout=5)
    assert code_of_refusal(world, code) == (403, "wechat.user_blocked")


def test_wechats_own_rate_limit(world: World) -> None:
    openid = world.wechat.world.openid(appid=APPID, user="busy")
    stamps = world.wechat.logins._exchanges[openid]
    stamps.extend([world.wechat.world.now()] * EXCHANGES_A_MINUTE)
    assert code_of_refusal(world, world.wx_login("busy")) == (429, "wechat.rate_limited")


def test_a_busy_wechat(world: World) -> None:
    code = world.wx_login("lin")
    world.wechat.busy = True
    try:
        assert code_of_refusal(world, code) == (503, "wechat.unavailable")
    finally:
        world.wechat.busy = False


def test_an_absent_wechat(build_world: Build) -> None:
    world = build_world(WECHAT_URL="http://127.0.0.1:9")
    assert code_of_refusal(world, "any") == (503, "wechat.unavailable")


def test_our_own_rate_limit(world: World) -> None:
    ephemeral = world.app.extensions["ephemeral"]
    for _ in range(58):
        ephemeral.incr(key="sign-in:127.0.0.1", ttl=60)
    seen = [code_of_refusal(world, "guess") for _ in range(4)]
    assert seen == [(401, "wechat.code_invalid")] * 2 + [(429, "auth.rate_limited")] * 2


def test_the_token_is_kept_as_a_digest_only(world: World) -> None:
    token = sign_in(world, world.wx_login("lin"))
    (row,) = world.sql("SELECT s::text, token_sha256 FROM login_session s")
    assert token not in row[0]
    assert token.encode().hex() not in row[0]
    assert row[1] == hashlib.sha256(token.encode()).digest()


def test_a_session_lives_twelve_hours(world: World) -> None:
    phone = world.phone()
    world.clock.step(hours=11, minutes=59)
    phone.me()
    world.clock.step(minutes=2)
    refused = refusal(phone.me)
    assert (refused.reply.status, refused.code) == (401, "auth.session_expired")


def test_signing_out_ends_the_token(world: World) -> None:
    phone, other = world.phone(), world.phone()
    assert phone.call("DELETE", "/sessions/current").status == 204
    assert refusal(phone.me).code == "auth.session_expired"
    other.me()


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic abc", "bearer  x", "Bearer \u00e4"]
)
def test_no_token_no_answer(world: World, header: str) -> None:
    answer = world.app.test_client().get("/api/v1/me", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.json is not None
    assert answer.json["code"] in ("auth.required", "auth.session_expired")
