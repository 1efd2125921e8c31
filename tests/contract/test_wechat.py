"""The WeChat port: our client against the stand-in server on a real socket."""

from __future__ import annotations

import base64
import json
import socket
import threading
import time
from typing import Any

import pytest
import requests
from flask import Flask, Response

from app.adapters.embedded.ephemeral import EmbeddedEphemeral
from app.adapters.http.client import HttpClient, Remote
from app.adapters.http.wechat import HttpWechat, WechatAccount, cert_hash
from app.adapters.redis.ephemeral import RedisEphemeral
from app.adapters.system.clock import monotonic
from app.ports.ephemeral import Ephemeral
from app.ports.wechat import (
    FaceOutcome,
    WechatCodeInvalid,
    WechatCodeUsed,
    WechatMessageRefused,
    WechatMisconfigured,
    WechatPerson,
    WechatRateLimited,
    WechatRequestRejected,
    WechatUnavailable,
    WechatUserBlocked,
)
from miniprogram_mock.wechat.server import WechatServer, create_application
from miniprogram_mock.wechat.world import World
from tests.contract.servers import Serve, SteppedClock

APPID, SECRET = "wx0000000000000001", "demo-secret"
PERSON = WechatPerson(name="张三", identity_no="310101199801011234")
DATA = {"thing1": "北京市第一中级人民法院", "time2": "2026-11-24 09:00", "thing3": "东门"}


class Wechat:
    """The stand-in, its phone doors, and our client of it."""

    def __init__(self, serve: Serve, clock: SteppedClock) -> None:
        self.clock = clock
        self.server = WechatServer(World(apps={APPID: SECRET}, now=clock.seconds))
        self.url = serve(create_application(self.server))
        self.ephemeral = EmbeddedEphemeral(monotonic=clock.seconds)
        self.client = self.connect()

    def connect(
        self, *, ephemeral: Ephemeral | None = None, secret: str = SECRET, appid: str = APPID
    ) -> HttpWechat:
        remote = Remote(base_url=self.url, unavailable=WechatUnavailable)
        return HttpWechat(
            client=HttpClient(remote=remote, monotonic=monotonic),
            account=WechatAccount(appid=appid, secret=secret),
            ephemeral=ephemeral or self.ephemeral,
            sleep=lambda seconds: time.sleep(seconds / 10),
        )

    def phone(self, action: str, **fields: object) -> dict[str, Any]:
        body = {"appid": APPID, "user": "lin", **fields}
        answer: dict[str, Any] = requests.post(
            f"{self.url}/phone/{action}", json=body, timeout=5
        ).json()
        return answer

    def control(self, action: str, **fields: object) -> None:
        body = {"appid": APPID, "user": "lin", **fields}
        assert requests.post(f"{self.url}/control/{action}", json=body, timeout=5).ok

    def code(self) -> str:
        return str(self.phone("login")["code"])

    def openid(self) -> str:
        return self.client.code_to_session(js_code=self.code()).openid


@pytest.fixture
def wechat(serve: Serve, clock: SteppedClock) -> Wechat:
    return Wechat(serve, clock)


class TestLogin:
    def test_code_gives_the_same_openid_each_time(self, wechat: Wechat) -> None:
        first = wechat.client.code_to_session(js_code=wechat.code())
        second = wechat.client.code_to_session(js_code=wechat.code())
        assert first.openid == second.openid
        assert first.session_key != second.session_key
        assert first.unionid is None
        assert first.session_key not in repr(first)

    def test_code_works_once(self, wechat: Wechat) -> None:
        code = wechat.code()
        wechat.client.code_to_session(js_code=code)
        with pytest.raises(WechatCodeUsed):
            wechat.client.code_to_session(js_code=code)

    def test_code_lives_five_minutes(self, wechat: Wechat) -> None:
        fresh, old = wechat.code(), wechat.code()
        wechat.clock.step(299)
        wechat.client.code_to_session(js_code=fresh)
        wechat.clock.step(1)
        with pytest.raises(WechatCodeInvalid):
            wechat.client.code_to_session(js_code=old)

    @pytest.mark.parametrize("code", ["", "guess", "x" * 2000])
    def test_no_such_code(self, wechat: Wechat, code: str) -> None:
        with pytest.raises(WechatCodeInvalid):
            wechat.client.code_to_session(js_code=code)

    def test_blocked_user(self, wechat: Wechat) -> None:
        wechat.control("block", blocked=True)
        code = wechat.code()
        with pytest.raises(WechatUserBlocked):
            wechat.client.code_to_session(js_code=code)
        wechat.control("block", blocked=False)
        assert wechat.client.code_to_session(js_code=code).openid

    def test_a_hundred_a_minute(self, wechat: Wechat) -> None:
        for _ in range(100):
            wechat.client.code_to_session(js_code=wechat.code())
        with pytest.raises(WechatRateLimited):
            wechat.client.code_to_session(js_code=wechat.code())
        wechat.clock.step(60)
        assert wechat.client.code_to_session(js_code=wechat.code()).openid

    def test_busy(self, wechat: Wechat) -> None:
        wechat.control("busy", busy=True)
        with pytest.raises(WechatUnavailable):
            wechat.client.code_to_session(js_code=wechat.code())

    @pytest.mark.parametrize(("appid", "secret"), [(APPID, "wrong"), ("wx9", SECRET), ("", "")])
    def test_wrong_credentials_are_an_operators_matter(
        self, wechat: Wechat, appid: str, secret: str
    ) -> None:
        client = wechat.connect(
            appid=appid, secret=secret, ephemeral=EmbeddedEphemeral(monotonic=monotonic)
        )
        with pytest.raises(WechatMisconfigured):
            client.code_to_session(js_code=wechat.code())
        with pytest.raises(WechatMisconfigured):
            client.session_is_current(openid="o", session_key="AAAA")

    def test_only_the_newest_session_key_is_current(self, wechat: Wechat) -> None:
        old = wechat.client.code_to_session(js_code=wechat.code())
        assert wechat.client.session_is_current(openid=old.openid, session_key=old.session_key)
        new = wechat.client.code_to_session(js_code=wechat.code())
        assert not wechat.client.session_is_current(openid=old.openid, session_key=old.session_key)
        assert wechat.client.session_is_current(openid=new.openid, session_key=new.session_key)
        assert not wechat.client.session_is_current(openid=new.openid, session_key="no base64!")


class TestToken:
    def test_one_token_serves_many_calls(self, wechat: Wechat) -> None:
        openid = wechat.openid()
        for _ in range(5):
            wechat.client.session_is_current(openid=openid, session_key="AAAA")
        assert wechat.server.tokens._apps[APPID].day[1] == 1

    @pytest.mark.parametrize("errcode", [40001, 40014, 42001])
    def test_rejected_token_is_replaced_once(self, wechat: Wechat, errcode: int) -> None:
        openid = wechat.openid()
        wechat.client.session_is_current(openid=openid, session_key="AAAA")
        wechat.control("token", errcode=errcode)
        assert wechat.client.session_is_current(openid=openid, session_key="AAAA") is False
        assert len(wechat.server.tokens._apps[APPID].forced) == 1

    def test_token_killed_by_another_program(self, wechat: Wechat) -> None:
        openid = wechat.openid()
        wechat.client.session_is_current(openid=openid, session_key="AAAA")
        wechat.clock.step(60)
        wechat.server.tokens.stable(appid=APPID, force=True)
        assert wechat.client.session_is_current(openid=openid, session_key="AAAA") is False
        forced = wechat.server.tokens._apps[APPID].forced
        assert len(forced) == 1, "the newer token was there for the asking; no force of ours"

    def test_long_life_renews_without_an_error(self, wechat: Wechat) -> None:
        openid = wechat.openid()
        for _ in range(20):
            wechat.client.session_is_current(openid=openid, session_key="AAAA")
            wechat.clock.step(1500)
        assert not wechat.server.tokens._apps[APPID].forced

    def test_twice_rejected_is_given_up(self, serve: Serve, clock: SteppedClock) -> None:
        calls = []
        app = Flask("stubborn")

        @app.post("/cgi-bin/stable_token")
        def token() -> dict[str, Any]:
            calls.append("token")
            return {"access_token": f"t{len(calls)}", "expires_in": 7200}

        @app.get("/wxa/checksession")
        def check() -> dict[str, Any]:
            calls.append("check")
            return {"errcode": 40001, "errmsg": "invalid credential"}

        wechat = Wechat(serve, clock)
        wechat.url = serve(app)
        with pytest.raises(WechatMisconfigured):
            wechat.connect().session_is_current(openid="o", session_key="AAAA")
        assert calls == ["token", "check", "token", "check"]

    def test_many_threads_fetch_one_token(self, wechat: Wechat) -> None:
        openid, failures = wechat.openid(), []
        clients = [wechat.connect() for _ in range(3)]
        barrier = threading.Barrier(12)

        def call(client: HttpWechat) -> None:
            barrier.wait()
            try:
                client.session_is_current(openid=openid, session_key="AAAA")
            except Exception as problem:  # noqa: BLE001 - carried to the main thread
                failures.append(problem)

        threads = [threading.Thread(target=call, args=(clients[n % 3],)) for n in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert wechat.server.tokens._apps[APPID].day[1] == 1

    def test_works_without_the_store_of_short_lived_values(self, wechat: Wechat) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            away = RedisEphemeral(url=f"redis://127.0.0.1:{free.getsockname()[1]}/0")
        client = wechat.connect(ephemeral=away)
        openid = wechat.openid()
        for _ in range(3):
            assert client.session_is_current(openid=openid, session_key="AAAA") is False

    def test_a_failed_fetch_does_not_hold_up_the_next(self, wechat: Wechat) -> None:
        openid = wechat.openid()
        wechat.control("busy", busy=True)
        with pytest.raises(WechatUnavailable):
            wechat.client.session_is_current(openid=openid, session_key="AAAA")
        wechat.control("busy", busy=False)
        assert wechat.ephemeral.get(f"wechat:token-flight:{APPID}") is None
        assert wechat.client.session_is_current(openid=openid, session_key="AAAA") is False

    def test_a_fetcher_that_died_does_not_stop_the_others(self, wechat: Wechat) -> None:
        openid = wechat.openid()
        assert wechat.ephemeral.claim(key=f"wechat:token-flight:{APPID}", value="1", ttl=5)
        assert wechat.client.session_is_current(openid=openid, session_key="AAAA") is False


class TestSubscribeMessage:
    def send(self, wechat: Wechat, openid: str, change: dict[str, Any] | None = None) -> None:
        message = {"template_id": "LVZ-VERIFIED", "page": "pages/records/index?id=1", "data": DATA}
        wechat.client.send_subscribe_message(openid=openid, **{**message, **(change or {})})

    def test_one_grant_is_one_message(self, wechat: Wechat) -> None:
        openid = wechat.openid()
        with pytest.raises(WechatMessageRefused):
            self.send(wechat, openid)
        wechat.phone("subscribe", template_id="LVZ-VERIFIED")
        self.send(wechat, openid)
        with pytest.raises(WechatMessageRefused):
            self.send(wechat, openid)
        sent = requests.get(f"{wechat.url}/control/messages", timeout=5).json()["messages"]
        assert [(m["openid"], m["data"]) for m in sent] == [(openid, DATA)]

    @pytest.mark.parametrize(
        ("change", "errcode"),
        [
            ({"template_id": "other"}, 40037),
            ({"page": "/pages/records"}, 41030),
            ({"data": DATA | {"thing1": "字" * 21}}, 47003),
            ({"data": {"thing1": "少了两项"}}, 47003),
            ({"data": DATA | {"thing3": ""}}, 47003),
        ],
    )
    def test_wrong_content(self, wechat: Wechat, change: dict[str, Any], errcode: int) -> None:
        openid = wechat.openid()
        wechat.phone("subscribe", template_id="LVZ-VERIFIED")
        with pytest.raises(WechatRequestRejected) as refusal:
            self.send(wechat, openid, change)
        assert refusal.value.extra["errcode"] == errcode
        self.send(wechat, openid)  # the refused one did not use up the grant

    def test_openid_of_another_mini_program(self, wechat: Wechat) -> None:
        with pytest.raises(WechatRequestRejected) as refusal:
            self.send(wechat, "o" + "A" * 27)
        assert refusal.value.extra["errcode"] == 40003


class TestFace:
    def test_hash_of_the_documented_example(self) -> None:
        assert cert_hash(PERSON) == (
            "3c241f7ff324977aeb91f173bb2a7b06569e6fd784d5573db34a636d8671108b"
        )

    def test_passes_only_after_the_phone_did_it(self, wechat: Wechat) -> None:
        openid = wechat.openid()
        ticket = wechat.client.open_face_verification(
            openid=openid, out_seq_no="seq-0001", person=PERSON
        )
        assert ticket.expires_in == 3600
        assert len(ticket.verify_id) <= 256

        def result() -> FaceOutcome:
            return wechat.client.face_verification_result(
                openid=openid, out_seq_no="seq-0001", verify_id=ticket.verify_id, person=PERSON
            )

        assert not result().passed
        wechat.phone("face", verify_id=ticket.verify_id, verify_ret=90004)
        assert (result().passed, result().verify_ret) == (False, 90004)
        wechat.phone("face", verify_id=ticket.verify_id)
        assert (result().passed, result().verify_ret) == (True, 10000)

    @pytest.mark.parametrize(
        "change",
        [
            {"openid": "other"},
            {"out_seq_no": "seq-0002"},
            {"verify_id": "x"},
            {"person": WechatPerson(name="李四", identity_no=PERSON.identity_no)},
            {"person": WechatPerson(name="张三", identity_no="310101199801011235")},
        ],
    )
    def test_result_of_something_else(self, wechat: Wechat, change: dict[str, Any]) -> None:
        openid = wechat.openid()
        other = wechat.client.code_to_session(
            js_code=wechat.phone("login", user="other")["code"]
        ).openid
        ticket = wechat.client.open_face_verification(
            openid=openid, out_seq_no="seq-0001", person=PERSON
        )
        wechat.phone("face", verify_id=ticket.verify_id)
        if "openid" in change:
            change = {"openid": other}
        right = {
            "openid": openid,
            "out_seq_no": "seq-0001",
            "verify_id": ticket.verify_id,
            "person": PERSON,
        }
        with pytest.raises(WechatRequestRejected):
            wechat.client.face_verification_result(**{**right, **change})

    @pytest.mark.parametrize("out_seq_no", ["1234", "x" * 33, "有汉字的号", "seq 0001"])
    def test_sequence_number_form(self, wechat: Wechat, out_seq_no: str) -> None:
        with pytest.raises(WechatRequestRejected):
            wechat.client.open_face_verification(
                openid=wechat.openid(), out_seq_no=out_seq_no, person=PERSON
            )

    def test_sequence_number_is_used_once(self, wechat: Wechat) -> None:
        openid = wechat.openid()
        wechat.client.open_face_verification(openid=openid, out_seq_no="seq-0001", person=PERSON)
        with pytest.raises(WechatRequestRejected):
            wechat.client.open_face_verification(
                openid=openid, out_seq_no="seq-0001", person=PERSON
            )

    def test_ticket_lives_an_hour(self, wechat: Wechat) -> None:
        openid = wechat.openid()
        ticket = wechat.client.open_face_verification(
            openid=openid, out_seq_no="seq-0001", person=PERSON
        )
        wechat.clock.step(3600)
        assert wechat.phone("face", verify_id=ticket.verify_id)["errcode"] == 40097


class TestSoter:
    def test_signature_of_the_users_own_phone(self, wechat: Wechat) -> None:
        openid = wechat.openid()
        signed = wechat.phone("soter", challenge="c" * 43, mode="fingerPrint")
        text, signature = signed["resultJSON"], signed["resultJSONSignature"]
        assert json.loads(text)["raw"] == "c" * 43
        check = wechat.client.soter_signature_is_valid
        assert check(openid=openid, result_json=text, signature=signature)
        assert not check(openid=openid, result_json=text + " ", signature=signature)
        flipped = bytearray(base64.b64decode(signature))
        flipped[0] ^= 1
        other = base64.b64encode(flipped).decode()
        assert not check(openid=openid, result_json=text, signature=other)
        assert not check(openid=openid, result_json=text, signature="no base64!")
        stranger = wechat.client.code_to_session(
            js_code=wechat.phone("login", user="other")["code"]
        ).openid
        assert not check(openid=stranger, result_json=text, signature=signature)

    def test_counter_grows(self, wechat: Wechat) -> None:
        counters = [
            json.loads(wechat.phone("soter", challenge="c", mode="facial")["resultJSON"])["counter"]
            for _ in range(3)
        ]
        assert counters == sorted(set(counters))

    def test_phone_without_soter(self, wechat: Wechat) -> None:
        wechat.control("soter", absent=True)
        assert wechat.phone("soter", challenge="c", mode="facial") == {"errCode": 90001}


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b""),
        (200, b"<html>proxy</html>"),
        (200, b"[]"),
        (200, b"{}"),
        (200, b'{"openid":"o"}'),
        (200, b'{"openid":1,"session_key":2}'),
        (200, b'{"errcode":"40029"}'),
        (502, b'{"openid":"o","session_key":"k"}'),
    ],
)
def test_nonsense_is_no_session(
    serve: Serve, clock: SteppedClock, status: int, body: bytes
) -> None:
    app = Flask("nonsense")

    @app.get("/sns/jscode2session")
    def answer() -> Response:
        return Response(body, status=status, content_type="text/plain")

    wechat = Wechat(serve, clock)
    wechat.url = serve(app)
    with pytest.raises(WechatUnavailable):
        wechat.connect().code_to_session(js_code="c")


def test_unknown_error_number_is_a_refusal(serve: Serve, clock: SteppedClock) -> None:
    app = Flask("new-rule")

    @app.get("/sns/jscode2session")
    def answer() -> dict[str, Any]:
        return {"errcode": 49999, "errmsg": "something new"}

    wechat = Wechat(serve, clock)
    wechat.url = serve(app)
    with pytest.raises(WechatRequestRejected) as refusal:
        wechat.connect().code_to_session(js_code="c")
    assert refusal.value.extra["errcode"] == 49999
