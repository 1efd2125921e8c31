"""The two stand-ins in one process, and rules of theirs that our own clients never meet."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256
from flask.testing import FlaskClient

from miniprogram_mock import outside
from miniprogram_mock.wechat.refusal import Refusal
from miniprogram_mock.wechat.server import WechatServer, create_application
from miniprogram_mock.wechat.tokens import Tokens
from miniprogram_mock.wechat.world import World
from tests.contract.servers import SteppedClock, serving

APPID, SECRET = "wx0000000000000001", "demo-secret"
LAWYERS = (
    "\ufeff执业证号,姓名,公民身份号码,执业机构,统一社会信用代码,执业类别,执业状态,状态日期\n"
    "11101201110900001,林正衡,110000198503120015,北京演示衡平律师事务所,31110105DEM0000142,"
    "专职律师,停止执业,2026-11-01\n"
)


def refused(errcode: int) -> AbstractContextManager[object]:
    return pytest.raises(Refusal, match=f"^{errcode} ")


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def server(clock: SteppedClock) -> WechatServer:
    apps = {APPID: SECRET, "wx0000000000000002": "other-secret"}
    return WechatServer(World(apps=apps, now=clock.seconds))


@pytest.fixture
def tokens(server: WechatServer) -> Tokens:
    return server.tokens


@pytest.fixture
def api(server: WechatServer) -> FlaskClient:
    return create_application(server).test_client()


class TestOneProcess:
    def test_both_answer_under_their_prefix(self, tmp_path: Path) -> None:
        (tmp_path / "lawyers.csv").write_text(LAWYERS, encoding="utf-8")
        environ = {"REGISTRY_FOLDER": str(tmp_path), "REGISTRY_TOKEN": "t"}
        with serving(outside.create_application(environ)) as url:
            status = requests.get(
                f"{url}/registry/lawyers/11101201110900001/status",
                headers={"Authorization": "Bearer t"},
                timeout=5,
            ).json()
            token = requests.post(
                f"{url}/wechat/cgi-bin/stable_token",
                json={"grant_type": "client_credential", "appid": APPID, "secret": SECRET},
                timeout=5,
            ).json()
            assert requests.get(f"{url}/healthz", timeout=5).text == "ok\n"
            assert requests.get(f"{url}/", timeout=5).status_code == 404
        assert status["status"] == "suspended"
        assert token["expires_in"] == 7200


class TestStableToken:
    def test_same_token_until_five_minutes_before_its_end(
        self, tokens: Tokens, clock: SteppedClock
    ) -> None:
        first, life = tokens.stable(appid=APPID, force=False)
        assert (len(first), life) == (512, 7200)
        clock.step(6899)
        assert tokens.stable(appid=APPID, force=False) == (first, 301)
        clock.step(1)
        second, life = tokens.stable(appid=APPID, force=False)
        assert (second != first, life) == (True, 7200)
        assert tokens.check(first) == tokens.check(second) == APPID
        clock.step(300)
        with refused(42001):
            tokens.check(first)
        assert tokens.check(second) == APPID

    def test_force_kills_the_one_before_but_not_within_30_seconds(
        self, tokens: Tokens, clock: SteppedClock
    ) -> None:
        first, _ = tokens.stable(appid=APPID, force=True)
        clock.step(29)
        assert tokens.stable(appid=APPID, force=True)[0] == first
        clock.step(1)
        second, _ = tokens.stable(appid=APPID, force=True)
        assert second != first
        with refused(40001):
            tokens.check(first)

    def test_twenty_forces_a_day(self, tokens: Tokens, clock: SteppedClock) -> None:
        for _ in range(20):
            tokens.stable(appid=APPID, force=True)
            clock.step(30)
        with refused(45009):
            tokens.stable(appid=APPID, force=True)
        assert tokens.stable(appid=APPID, force=False)
        clock.step(86_400)
        assert tokens.stable(appid=APPID, force=True)

    def test_ten_thousand_a_minute(self, tokens: Tokens, clock: SteppedClock) -> None:
        for _ in range(10_000):
            tokens.stable(appid=APPID, force=False)
        with refused(45011):
            tokens.stable(appid=APPID, force=False)
        clock.step(60)
        assert tokens.stable(appid=APPID, force=False)

    def test_plain_tokens_kill_each_other_but_not_the_stable_one(self, tokens: Tokens) -> None:
        stable, _ = tokens.stable(appid=APPID, force=False)
        first, _ = tokens.plain(appid=APPID)
        second, _ = tokens.plain(appid=APPID)
        with refused(40001):
            tokens.check(first)
        assert tokens.check(second) == tokens.check(stable) == APPID

    def test_no_token(self, tokens: Tokens) -> None:
        with refused(41001):
            tokens.check("")


class TestLogin:
    def test_code_of_another_mini_program(self, server: WechatServer) -> None:
        code = server.logins.login(appid=APPID, user="lin")
        with refused(40029):
            server.logins.exchange(appid="wx0000000000000002", js_code=code)
        assert server.logins.exchange(appid=APPID, js_code=code)["openid"]

    def test_openid_differs_between_mini_programs_and_survives_a_restart(
        self, server: WechatServer
    ) -> None:
        here = server.world.openid(appid=APPID, user="lin")
        assert len(here) == 28
        assert here != server.world.openid(appid="wx0000000000000002", user="lin")
        assert here == World(apps={APPID: SECRET}).openid(appid=APPID, user="lin")
        assert server.world.check_openid(appid=APPID, openid=here) == here
        with refused(40003):
            server.world.check_openid(appid="wx0000000000000002", openid=here)

    @pytest.mark.parametrize(
        ("change", "errcode"),
        [
            ({"appid": ""}, 41002),
            ({"secret": ""}, 41004),
            ({"appid": "wx9"}, 40013),
            ({"secret": "wrong"}, 40125),
            ({"js_code": ""}, 41008),
            ({"grant_type": "x"}, 40002),
        ],
    )
    def test_parameters(self, api: FlaskClient, change: dict[str, str], errcode: int) -> None:
        query = {
            "appid": APPID,
            "secret": SECRET,
            "js_code": "c",
            "grant_type": "authorization_code",
        }
        answer = api.get("/sns/jscode2session", query_string=query | change)
        assert (answer.status_code, answer.mimetype) == (200, "text/plain")
        assert json.loads(answer.data)["errcode"] == errcode

    def test_reset_gives_a_new_session_key(self, server: WechatServer, api: FlaskClient) -> None:
        code = server.logins.login(appid=APPID, user="lin")
        session = server.logins.exchange(appid=APPID, js_code=code)
        token, _ = server.tokens.stable(appid=APPID, force=False)
        key = base64.b64decode(session["session_key"])
        query = {
            "access_token": token,
            "openid": session["openid"],
            "signature": hmac.new(key, b"", hashlib.sha256).hexdigest(),
            "sig_method": "hmac_sha256",
        }
        reset = json.loads(api.get("/wxa/resetusersessionkey", query_string=query).data)
        assert reset["session_key"] != session["session_key"]
        again = json.loads(api.get("/wxa/checksession", query_string=query).data)
        assert again["errcode"] == 87009

    def test_codes_expire_when_told(self, server: WechatServer, api: FlaskClient) -> None:
        code = server.logins.login(appid=APPID, user="lin")
        assert api.post("/control/codes", json={}).get_json() == {"expired": 1}
        with refused(40029):
            server.logins.exchange(appid=APPID, js_code=code)


def test_body_that_is_no_json(api: FlaskClient) -> None:
    for body in (b"", b"nonsense", b"[]"):
        answer = api.post("/cgi-bin/stable_token", data=body)
        assert (answer.status_code, json.loads(answer.data)["errcode"]) == (200, 47001)


def test_soter_signs_with_a_salt_of_twenty(server: WechatServer) -> None:
    signed = server.soter.sign(openid="o", challenge="c", mode="fingerPrint")
    public = server.soter._keys["o"].public_key()
    pss = padding.PSS(mgf=padding.MGF1(SHA256()), salt_length=20)
    signature = base64.b64decode(signed["resultJSONSignature"])
    public.verify(signature, signed["resultJSON"].encode(), pss, SHA256())
    assert server.soter.sign(openid="o", challenge="c" * 513, mode="facial") == {"errCode": 90004}
    assert server.soter.sign(openid="o", challenge="c", mode="voice") == {"errCode": 90003}
