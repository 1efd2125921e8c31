"""律师服务平台 over HTTP: signing in by scanning, what ends a session, and what it may do."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.http.counsel import COOKIE
from app.kernel.principal import OperatorRole
from miniprogram_mock.client.phone import Phone
from tests.portal import PortalPages
from tests.world import ORIGIN, World

PAGE = re.compile(r'data-page="([0-9a-f-]{36})"')


class Desk:
    """A browser on a PC that goes to the portal and waits for a scan."""

    def __init__(self, world: World) -> None:
        self.browser: FlaskClient = world.app.test_client()
        self.page = ""

    def go(self, path: str = "/portal/") -> TestResponse:
        """Follow what a browser follows, as far as the login page."""
        answer = self.browser.get(path, headers={"Accept": "text/html"})
        while answer.status_code in (302, 303):
            answer = self.browser.get(answer.location)
        found = PAGE.search(answer.text)
        self.page = found[1] if found else ""
        return answer

    def scanned_by(self, phone: Phone) -> TestResponse:
        """Be scanned and agreed to; return the portal's answer to the code."""
        return self.browser.get(self.decided(phone))

    def decided(self, phone: Phone) -> str:
        text = self.browser.get(f"/oauth/authorize/{self.page}/status").json["text"]  # type: ignore[index]
        view = phone.scan(text)
        phone.approve(view, None)
        return str(self.browser.get(f"/oauth/authorize/{self.page}/finish").location)

    @property
    def cookie(self) -> str:
        found = self.browser.get_cookie(COOKIE)
        return "" if found is None else found.value


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def standing(pages: PortalPages) -> tuple[int, int]:
    answer = pages.browser.get("/portal/session")
    return answer.status_code, answer.json["left_s"]  # type: ignore[index]


def is_out(pages: PortalPages) -> bool:
    answer = pages.get("/portal/")
    return answer.status_code == 302 and answer.location.startswith("/portal/sign-in?")


# --- signing in --------------------------------------------------------------------------------


def test_a_lawyer_signs_in_by_scanning(world: World, phone: Phone, desk: Desk) -> None:
    login = desk.go("/portal/?from=mail")
    assert "律证·律师服务平台" in login.text
    assert "本平台自己的服务" in login.text
    answer = desk.scanned_by(phone)
    assert (answer.status_code, answer.location) == (303, "/portal/?from=mail")
    cookie = answer.headers["Set-Cookie"]
    assert all(word in cookie for word in ("__Host-lvz_portal=", "HttpOnly", "Secure", "Path=/"))
    assert "SameSite=Lax" in cookie
    home = desk.browser.get("/portal/")
    assert "林正衡律师" in home.text
    assert home.headers["Cache-Control"] == "no-store"
    (row,) = world.sql("SELECT token_sha256, s::text FROM portal_session s")
    assert row[0] == hashlib.sha256(desk.cookie.encode()).digest()
    assert desk.cookie not in row[1]
    (grant,) = phone.grants()
    assert grant["requester"]["name"] == "律证·律师服务平台"
    assert [one["code"] for one in grant["attributes"]] == ["name", "practice_status"]


def test_who_signed_in_elsewhere_still_scans(phone: Phone, desk: Desk) -> None:
    desk.go()
    desk.scanned_by(phone)
    desk.browser.delete_cookie(COOKIE)
    assert "请用“律证”小程序扫码" in desk.go().text


def test_a_session_is_always_a_new_one(world: World, phone: Phone, desk: Desk) -> None:
    """Fixation: a cookie that was there before is not what is signed in, and ends."""
    other = Desk(world)
    other.go()
    other.scanned_by(phone)
    planted = other.cookie
    desk.browser.set_cookie(COOKIE, planted)
    desk.go("/portal/sign-in")
    desk.scanned_by(phone)
    assert desk.cookie not in ("", planted)
    assert other.browser.get("/portal/").status_code == 302
    chosen = "A" * 43
    desk.browser.set_cookie(COOKIE, chosen)
    desk.go("/portal/sign-in")
    desk.scanned_by(phone)
    assert desk.cookie != chosen


def test_a_code_works_in_the_browser_that_asked(world: World, phone: Phone, desk: Desk) -> None:
    desk.go()
    back = desk.decided(phone)
    stranger = world.app.test_client()
    assert stranger.get(back).status_code == 400
    assert COOKIE not in stranger.get(back).headers.get("Set-Cookie", "")
    altered = back.replace("iss=http%3A%2F%2Flocalhost", "iss=https%3A%2F%2Fevil.example")
    assert altered != back
    assert desk.browser.get(altered).status_code == 400
    assert desk.browser.get(back).status_code == 303
    assert desk.browser.get(back).status_code == 400, "and once"


def test_a_refusal_comes_back_to_a_page_that_says_so(phone: Phone, desk: Desk) -> None:
    desk.go()
    text = desk.browser.get(f"/oauth/authorize/{desk.page}/status").json["text"]  # type: ignore[index]
    phone.decline(phone.scan(text))
    back = desk.browser.get(f"/oauth/authorize/{desk.page}/finish").location
    answer = desk.browser.get(back)
    assert answer.status_code == 400
    assert "手机上没有同意" in answer.text
    assert "/portal/sign-in" in answer.text


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/", "//evil.example", "/\\evil.example", "/portal\\@evil.example",
        "/console/", "javascript:alert(1)", "/portalx", "/portal/\r\nSet-Cookie: a=b",
        "/portal/sign-in", "/portal/callback?code=1", "/portal/" + "x" * 400, "",
    ],
)  # fmt: skip
def test_next_leads_nowhere_else(phone: Phone, desk: Desk, wanted: str) -> None:
    answer = desk.browser.get("/portal/sign-in", query_string={"next": wanted})
    desk.go(urlsplit(answer.location)._replace(scheme="", netloc="").geturl())
    assert desk.scanned_by(phone).location == "/portal/"


def test_nobody_else_can_ask_in_our_name(world: World, desk: Desk) -> None:
    """Our registration has no address, no secret and no key: only this process begins a request."""
    desk.go()
    for uri in (f"{ORIGIN}/portal/callback", "https://evil.example/portal/callback"):
        query = {
            "client_id": "lvz-portal", "response_type": "code", "redirect_uri": uri,
            "scope": "openid", "code_challenge": "a" * 43, "code_challenge_method": "S256",
        }  # fmt: skip
        assert desk.browser.get("/oauth/authorize", query_string=query).status_code == 400
    for secret in ("", "lvz-portal", "secret", "None"):
        form = {"client_id": "lvz-portal", "client_secret": secret, "grant_type": "x"}
        assert world.app.test_client().post("/oauth/token", data=form).status_code == 401
    forged = {"client_id": "lvz-portal", "client_assertion": "e30.e30.x", "grant_type": "x"}
    assert world.app.test_client().post("/oauth/token", data=forged).status_code == 401


def test_the_address_follows_where_the_browser_came(world: World, phone: Phone) -> None:
    answer = world.app.test_client().get("/portal/sign-in", base_url="http://10.1.2.3:8123")
    assert answer.location.startswith("http://10.1.2.3:8123/oauth/authorize?")
    uri = parse_qs(urlsplit(answer.location).query)["request_uri"][0]
    digest = hashlib.sha256(uri.removeprefix("urn:ietf:params:oauth:request_uri:").encode())
    (stored,) = world.sql(
        "SELECT request->>'redirect_uri' FROM pushed_request WHERE uri_sha256 = %s", digest.digest()
    )
    assert stored == ("http://10.1.2.3:8123/portal/callback",)


# --- what ends it ------------------------------------------------------------------------------


def test_idle_for_half_an_hour(world: World) -> None:
    pages = world.portal()
    world.clock.step(minutes=29)
    status, left = standing(pages)
    assert status == 200
    assert 50 <= left <= 60
    assert standing(pages)[1] <= 60, "asking how long it lasts prolongs nothing"
    assert pages.api("POST", "/nothing").status_code == 404
    assert pages.get("/portal/").status_code == 200
    world.clock.step(minutes=29)
    assert (
        pages.browser.post(
            "/portal/session", headers={"X-Form-Token": pages.form_token}
        ).status_code
        == 200
    )
    world.clock.step(minutes=31)
    assert standing(pages) == (401, 0)
    assert is_out(pages)


def test_no_longer_than_its_grant_however_busy(world: World) -> None:
    pages = world.portal()
    for _ in range(31):
        world.clock.step(minutes=15)
        assert pages.get("/portal/").status_code == 200
    answer = pages.browser.get("/portal/session").json
    assert answer is not None
    assert answer["prolongable"] is False
    world.clock.step(minutes=16)
    assert is_out(pages)


def test_suspension_ends_it(world: World) -> None:
    pages = world.portal()
    world.sql("UPDATE lawyer SET practice_status = 'suspended'")
    answer = pages.get("/portal/")
    assert answer.status_code == 403
    assert "登记状态不是正常执业" in answer.text
    world.sql("UPDATE lawyer SET practice_status = 'practising'")
    assert is_out(pages), "and it does not come back"


def test_ending_the_grant_on_the_phone_ends_it(phone: Phone, desk: Desk) -> None:
    desk.go()
    desk.scanned_by(phone)
    (grant,) = phone.grants()
    phone.end_grant(grant["id"])
    assert is_out(PortalPages(desk.browser))


def test_the_end_of_the_device_ends_it(world: World, phone: Phone) -> None:
    pages = world.portal()
    phone.call("POST", "/me/device/end", {})
    assert is_out(pages)


def test_moving_to_another_phone_ends_it(world: World) -> None:
    pages = world.portal()
    world.bound_phone("another", renew=False)
    assert is_out(pages)


def test_signing_out(world: World, phone: Phone, desk: Desk) -> None:
    desk.go()
    desk.scanned_by(phone)
    kept, pages = desk.cookie, PortalPages(desk.browser)
    answer = pages.post("/portal/sign-out", page="/portal/")
    assert (answer.status_code, answer.location) == (303, "/portal/signed-out")
    assert desk.cookie == ""
    assert "已退出登录" in pages.get("/portal/signed-out").text
    desk.browser.set_cookie(COOKIE, kept)
    assert is_out(pages)
    assert world.sql("SELECT count(*) FROM browser_session WHERE ended_at IS NULL") == [(0,)]


def test_signing_out_of_a_session_that_is_over(world: World) -> None:
    pages = world.portal()
    token = pages.form_token
    world.clock.step(minutes=31)
    answer = pages.browser.post("/portal/sign-out", data={"form_token": token})
    assert (answer.status_code, answer.location) == (303, "/portal/signed-out")


def test_the_end_of_the_browsers_session_ends_it(desk: Desk, phone: Phone) -> None:
    """Signing out at another party of the same browser, as RP-initiated logout does."""
    desk.go()
    desk.scanned_by(phone)
    desk.browser.get("/oauth/logout")
    assert is_out(PortalPages(desk.browser))


def test_the_switch_at_the_console(world: World) -> None:
    pages = world.portal()
    with world.app.app_context():
        world.services.authorization.relying_parties.set_suspended(
            client_id="lvz-portal", suspended=True
        )
    assert is_out(pages)
    answer = pages.get("/portal/sign-in")
    assert answer.status_code == 503
    assert "电脑端暂停使用" in answer.text


# --- what a cookie may do ----------------------------------------------------------------------


def test_a_form_of_another_session_or_site(world: World) -> None:
    pages, other = world.portal(), world.portal(name="周明月")
    for token in ("", "0" * 32, other.form_token):
        answer = pages.browser.post("/portal/sign-out", data={"form_token": token})
        assert answer.status_code == 403
    token = pages.form_token
    for header in (
        {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):  # fmt: skip
        answer = pages.browser.post("/portal/sign-out", data={"form_token": token}, headers=header)
        assert answer.status_code == 403, header
        assert "确认提交" not in answer.text, "nothing is offered to be sent on"
    for header in ({"Origin": "null"}, {"Origin": ORIGIN}, {"Sec-Fetch-Site": "same-origin"}):
        answer = pages.browser.post("/portal/session", data={"form_token": token}, headers=header)
        assert answer.status_code == 200, header


def test_the_phones_token_opens_the_same_doors(world: World, phone: Phone) -> None:
    """And needs no form token: no browser sends it by itself."""
    client = world.app.test_client()
    headers = {"Authorization": f"Bearer {phone._token}"}
    assert "林正衡律师" in client.get("/portal/", headers=headers).text
    assert client.post("/portal/sign-out", headers=headers).status_code == 303
    stranger = {"Authorization": f"Bearer {world.phone('unbound')._token}"}
    assert client.get("/portal/", headers=stranger).status_code == 409
    with_cookie = world.portal(name="周明月").browser
    assert "林正衡律师" in with_cookie.get("/portal/", headers=headers).text
    forged = {"Authorization": "Bearer x"}
    assert with_cookie.get("/portal/", headers=forged).status_code == 401


def test_what_was_typed_is_not_lost(world: World) -> None:
    pages = world.portal()
    typed = {"form_token": pages.form_token, "text": "第一行\n<b>第二行</b>", "court": "110105"}
    world.clock.step(minutes=31)
    answer = pages.browser.post("/portal/sign-out?x=1", data=typed)
    assert answer.status_code == 401
    for shown in ("第一行\n&lt;b&gt;第二行&lt;/b&gt;", "110105", 'action="/portal/sign-out?x=1"'):
        assert shown in answer.text
    again = world.portal()
    answer = again.browser.post("/portal/sign-out?x=1", data=typed)
    assert answer.status_code == 403
    assert "第一行\n&lt;b&gt;第二行&lt;/b&gt;" in answer.text
    assert f'name="form_token" value="{again.form_token}"' in answer.text
    answer = again.browser.post(
        "/portal/sign-out?x=1", data={**typed, "form_token": again.form_token}
    )
    assert answer.status_code == 303


def test_the_console_marks_our_own_and_leaves_it_alone(world: World) -> None:
    world.portal()
    console = world.console(OperatorRole.BUREAU)
    listed = console.browser.get("/console/relying-parties").text
    assert "律证·律师服务平台" in listed
    assert "本平台" in listed
    here = "/console/relying-parties/lvz-portal"
    assert "修改登记" not in console.browser.get(here).text
    for path in ("edit", "secret"):
        assert console.browser.get(f"{here}/{path}").status_code == 404
        form = {"form_token": console.token("/console/kiosks")}
        assert console.browser.post(f"{here}/{path}", data=form).status_code == 404
