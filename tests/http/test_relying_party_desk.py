"""依赖方 at the operator's desk: registering, changing, secrets, the switch, reports."""

from __future__ import annotations

import html
import io
import json
import re
import uuid
from typing import Any

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from app.authorization.rules.relying_party import MAX_LOGO
from app.authorization.service.relying_parties import PAGE
from app.kernel.principal import OperatorRole
from miniprogram_mock.client.encoding import new_key
from tests.oidc.actors import CALLBACK, USCC, RelyingPartyClient, fapi_client, plain_client
from tests.world import ConsolePages, World, refusal

HOME = "/console/relying-parties"
NEW = f"{HOME}/new"
SECRET = re.compile(r'id="client-secret">([^<]+)<')
CLIENT = re.compile(r'id="client-id">([^<]+)<')
NUMBER = re.compile(r'name="number" value="([0-9a-f]+)"')
TYPED: dict[str, Any] = {
    "legal_name": "北京市朝阳区人民法院",
    "uscc": USCC,
    "domain": "court.example.cn",
    "kind": "web",
    "tier": "plain",
    "auth_method": "client_secret_basic",
    "redirect_uris": f"{CALLBACK}\n\n  https://rp.example/cb2  ",
    "post_logout_redirect_uris": "https://rp.example/bye",
    "attributes": ["name", "practice_status"],
    "purposes": ["login", "filing"],
    "quota_per_minute": "120",
}


def png(side: int = 8) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((side, side), 90).save(out, "PNG")
    return out.getvalue()


def public_jwks() -> str:
    return json.dumps({"keys": [{**new_key().public.to_jwk(), "kid": "k1"}]})


def strong(**changes: Any) -> dict[str, Any]:
    """What is typed for the higher tier."""
    return {
        **TYPED,
        "tier": "fapi",
        "auth_method": "private_key_jwt",
        "jwks": public_jwks(),
        "attributes": ["name", "license_no", "photo"],
        "purposes": ["filing"],
        "other_purposes": "seal_use 调用电子签章",
        "acts": ["casefile_reading"],
        **changes,
    }


@pytest.fixture
def console(world: World) -> ConsolePages:
    return world.console(OperatorRole.BUREAU)


def send(console: ConsolePages, **fields: Any) -> TestResponse:
    return console.post(HOME, page=NEW, **fields)


def registered(console: ConsolePages, **fields: Any) -> tuple[str, str | None]:
    """Register; return the code and the secret, as the page shows them."""
    answer = send(console, **(fields or TYPED))
    assert answer.status_code == 200, answer.text
    client, secret = CLIENT.search(answer.text), SECRET.search(answer.text)
    assert client is not None
    return client[1], None if secret is None else secret[1]


def row(world: World, client_id: str, *columns: str) -> tuple[Any, ...]:
    found = world.sql(
        f"SELECT {', '.join(columns)} FROM relying_party WHERE client_id = %s", client_id
    )
    return found[0]


def acts(world: World) -> list[tuple[Any, ...]]:
    return world.sql("SELECT act, subject, reason FROM operator_act ORDER BY at")


def client(world: World, client_id: str, secret: str | None) -> RelyingPartyClient:
    registration = plain_client(world).registration
    return RelyingPartyClient(
        world=world, client_id=client_id, secret=secret, registration=registration
    )


def errors_beside(answer: TestResponse) -> dict[str, str]:
    """The sentences beside the fields."""
    found = re.findall(r'id="(\w+)-error"><svg.*?</svg><span>([^<]+)</span>', answer.text)
    return dict(found)


# --- the list --------------------------------------------------------------------------------


def test_nobody_is_registered_yet(console: ConsolePages) -> None:
    text = console.browser.get(HOME).text
    assert "还没有登记依赖方" in text
    assert f'<a href="{HOME}" aria-current="page">' in text


def test_the_list_shows_who_what_and_how_many_reports(world: World, console: ConsolePages) -> None:
    court = fapi_client(world)
    report(world, court.client_id)
    text = console.browser.get(HOME).text
    for word in ("北京市朝阳区人民法院", USCC, "网站或信息系统", "高安全级", "正常", "1 次"):
        assert word in text
    assert "还没有登记依赖方" not in text


def test_a_developers_client_is_marked(world: World, console: ConsolePages) -> None:
    with world.app.app_context():
        parties = world.services.authorization.relying_parties
        made = parties.register(registration=plain_client(world).registration, sandbox=True)
        parties.set_suspended(client_id=made.client_id, suspended=True)
    for path in (HOME, f"{HOME}/{made.client_id}"):
        states = re.findall(r"</svg>(正常|已停用|测试)</span>", console.browser.get(path).text)
        assert states[:2] == ["已停用", "测试"]


def test_the_list_has_pages_and_is_searched(world: World, console: ConsolePages) -> None:
    for number in range(PAGE + 1):
        plain_client(world, legal_name=f"第{number:03d}律师服务平台")
        world.clock.step(seconds=1)
    first, second = (console.browser.get(f"{HOME}?page={n}").text for n in (1, 2))
    assert "第050律师服务平台" in first
    assert "第000律师服务平台" not in first
    assert "第000律师服务平台" in second
    assert "第 2 页，共 2 页" in second
    for odd in ("99", "0", "-1", "x", "9" * 30):
        assert "页，共 2 页" in console.browser.get(f"{HOME}?page={odd}").text
    found = console.browser.get(HOME, query_string={"q": "第007"}).text
    assert "第007律师服务平台" in found
    assert "第008律师服务平台" not in found
    for nothing in ("查无此名", "%", "_\\", "<b>"):
        text = console.browser.get(HOME, query_string={"q": nothing}).text
        assert f"没有找到与“{html.escape(nothing)}”相符的依赖方" in text


# --- registering -----------------------------------------------------------------------------


def test_an_operator_registers_a_relying_party(world: World, console: ConsolePages) -> None:
    answer = send(console, **{**TYPED, "uscc": f" {USCC.lower()} "})
    assert answer.headers["Cache-Control"] == "no-store"
    assert "只显示这一次" in answer.text
    client_id, secret = CLIENT.findall(answer.text)[0], SECRET.findall(answer.text)[0]
    assert row(world, client_id, "legal_name", "uscc", "redirect_uris", "purposes") == (
        "北京市朝阳区人民法院",
        USCC,
        [CALLBACK, "https://rp.example/cb2"],
        [{"code": "login", "text": "登录"}, {"code": "filing", "text": "网上立案"}],
    )
    assert row(world, client_id, "quota_per_minute", "sandbox") == (120, False)
    assert acts(world) == [("relying_party.register", client_id, "北京市朝阳区人民法院")]
    detail = console.browser.get(f"{HOME}/{client_id}").text
    assert secret not in detail
    assert secret not in console.browser.get(f"{HOME}/{client_id}/edit").text


def test_the_secret_that_was_shown_opens_the_door(world: World, console: ConsolePages) -> None:
    party = client(world, *registered(console))
    assert party.begin(scope="openid").answer.status_code == 200
    assert party.post("/oauth/introspect", token="x").status_code == 200
    party.secret = "another"
    assert party.post("/oauth/introspect", token="x").status_code == 401


def test_the_higher_tier_is_registered_with_its_key(world: World, console: ConsolePages) -> None:
    client_id, secret = registered(console, **strong())
    assert secret is None
    tier, attributes, purposes, allowed = row(
        world, client_id, "tier", "attributes", "purposes", "acts"
    )
    assert (tier, attributes, allowed) == (
        "fapi",
        ["name", "license_no", "photo"],
        ["casefile_reading"],
    )
    assert purposes[-1] == {"code": "seal_use", "text": "调用电子签章"}
    detail = console.browser.get(f"{HOME}/{client_id}").text
    for word in ("姓名、执业证号、登记照片", "查阅案卷", "调用电子签章", "私钥签名", "P-256"):
        assert word in detail
    assert f"{client_id}/secret" not in detail
    assert console.browser.get(f"{HOME}/{client_id}/secret").status_code == 404
    assert console.post(f"{HOME}/{client_id}/secret", page=NEW).status_code == 404


def test_a_terminal_is_registered_with_its_place(world: World, console: ConsolePages) -> None:
    fields = strong(kind="device", redirect_uris="", place="第一看守所会见登记处")
    client_id, _ = registered(console, **fields)
    assert row(world, client_id, "kind", "place", "redirect_uris") == (
        "device",
        "第一看守所会见登记处",
        [],
    )


def test_a_reload_of_the_answer_registers_nobody_twice(world: World, console: ConsolePages) -> None:
    number = NUMBER.findall(console.browser.get(NEW).text)[0]
    client_id, secret = registered(console, **TYPED, number=number)
    again = send(console, **TYPED, number=number)
    assert again.status_code == 303
    assert again.location == f"{HOME}/{client_id}"
    assert world.sql("SELECT count(*) FROM relying_party") == [(1,)]
    page = console.browser.get(again.location).text
    assert "没有重复办理" in page
    assert str(secret) not in page


WRONG: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"legal_name": ""}, {"legal_name": "请填写登记的全称"}),
    ({"legal_name": "名" * 81}, {"legal_name": "请填写登记的全称"}),
    ({"legal_name": "正常\u202e名称"}, {"legal_name": "请填写登记的全称"}),
    ({"uscc": USCC[:-1] + "0"}, {"uscc": "统一社会信用代码有误，请核对两位校验码"}),
    ({"domain": "https://court.example.cn/"}, {"domain": "请填写网站域名，例如 court.example.cn"}),
    ({"quota_per_minute": "很多"}, {"quota_per_minute": "每分钟额度须为1到100000"}),
    ({"quota_per_minute": "٣"}, {"quota_per_minute": "每分钟额度须为1到100000"}),
    ({"quota_per_minute": "9" * 12}, {"quota_per_minute": "每分钟额度须为1到100000"}),
    ({"attributes": ["name", "photo"]}, {"attributes": "普通级只能取得姓名和执业状态"}),
    ({"acts": ["casefile_reading"]}, {"acts": "执业行为确认须为高安全级"}),
    ({"webhook_url": "http://rp.example/e"}, {"webhook_url": "事件推送地址有误"}),
    ({"auth_method": "private_key_jwt"}, {"jwks": "公钥或公钥网址填且只填一项"}),
    ({"tier": "fapi"}, {"auth_method": "高安全级与终端须用私钥签名证明身份"}),
]


@pytest.mark.parametrize(("changes", "errors"), WRONG, ids=[next(iter(e)) for _, e in WRONG])
def test_what_is_wrong_is_said_beside_the_field(
    world: World, console: ConsolePages, changes: dict[str, Any], errors: dict[str, str]
) -> None:
    answer = send(console, **{**TYPED, **changes})
    assert answer.status_code == 422
    assert errors_beside(answer) == errors
    (name,) = errors
    assert f'<a href="#{name}">{errors[name]}</a>' in answer.text
    assert world.sql("SELECT count(*) FROM relying_party") == [(0,)]
    assert acts(world) == [], "what was not done is not written down"


BAD_URIS = (
    "",
    "http://court.example.cn/cb",
    "https://court.example.cn/cb#x",
    "https://user@court.example.cn/cb",
    "javascript:alert(1)",
    "\n".join(f"https://court.example.cn/{n}" for n in range(21)),
)


@pytest.mark.parametrize("uris", BAD_URIS)
def test_a_wrong_redirect_uri(console: ConsolePages, uris: str) -> None:
    answer = send(console, **{**TYPED, "redirect_uris": uris})
    assert list(errors_beside(answer)) == ["redirect_uris"]


BAD_PURPOSES = ("filing", "网上立案", "Filing 网上立案", "login 重复的代码", "a b\nA c")


@pytest.mark.parametrize("purposes", BAD_PURPOSES)
def test_a_wrong_purpose(console: ConsolePages, purposes: str) -> None:
    answer = send(console, **{**TYPED, "other_purposes": purposes})
    assert list(errors_beside(answer)) == ["purposes"]
    assert html.escape(purposes) in answer.text


def test_at_least_one_purpose(console: ConsolePages) -> None:
    answer = send(console, **{**TYPED, "purposes": []})
    assert list(errors_beside(answer)) == ["purposes"]


PRIVATE = {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43, "d": "A" * 43, "kid": "1"}
PUBLIC = {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43, "kid": "1"}
BAD_KEYS = (
    "不是JSON",
    "[]",
    "[" * 19_000,
    json.dumps({"keys": []}),
    json.dumps({"keys": [PRIVATE]}),
    json.dumps({"keys": [{**PUBLIC, "kid": "a\x00"}]}),
    json.dumps({"keys": [{**PUBLIC, "kid": "\ud800"}]}),
    json.dumps({"keys": [{**PUBLIC, "use": float("nan")}]}),
    '{"keys": [' + json.dumps(PUBLIC)[:-1] + ', "n": 1e999}]}',
)


@pytest.mark.parametrize("jwks", BAD_KEYS, ids=range(len(BAD_KEYS)))
def test_a_wrong_key_set(world: World, console: ConsolePages, jwks: str) -> None:
    answer = send(console, **strong(jwks=jwks))
    assert errors_beside(answer) == {"jwks": "公钥须为 P-256 或 Ed25519 的 JWKS"}
    assert world.sql("SELECT count(*) FROM relying_party") == [(0,)]


def test_nothing_typed_is_lost(console: ConsolePages) -> None:
    logo = png()
    typed = strong(uscc="123", legal_name='甲"<b>乙', logo=(io.BytesIO(logo), "logo.png"))
    jwks = typed["jwks"]
    answer = send(console, **typed)
    text = html.unescape(answer.text)
    assert answer.status_code == 422
    assert "<b>乙" not in answer.text
    for word in (
        'value="甲"<b>乙"',
        'value="123"',
        CALLBACK,
        jwks,
        "seal_use 调用电子签章",
        'value="fapi" checked',
        'value="private_key_jwt" checked',
        'value="photo" checked',
        'value="casefile_reading" checked',
    ):
        assert word in text, word
    assert 'value="firm" checked' not in text
    kept = re.findall(r'name="logo_kept" value="([^"]+)"', text)
    fields = {k: v for k, v in typed.items() if k != "logo"}
    client_id, _ = registered(console, **{**fields, "uscc": USCC}, logo_kept=kept[0])
    assert console.browser.get(f"/oauth/logo/{client_id}").data == logo
    assert f'src="/oauth/logo/{client_id}"' in console.browser.get(f"{HOME}/{client_id}").text


BAD_LOGOS = (b"GIF89a", png()[:4] + b"x", png(300))


@pytest.mark.parametrize("logo", BAD_LOGOS, ids=["gif", "not png", "large"])
def test_a_wrong_logo_is_refused_and_not_sent_back(console: ConsolePages, logo: bytes) -> None:
    assert len(logo) < 100 or len(logo) > MAX_LOGO
    answer = send(console, **TYPED, logo=(io.BytesIO(logo), "logo.png"))
    assert errors_beside(answer) == {"logo": "标志须为 PNG 图片，不超过 64KB"}
    assert 'name="logo_kept"' not in answer.text


@pytest.mark.parametrize(
    "forged", [{"tier": "gold"}, {"kind": ""}, {"auth_method": "none"}, {"logo_kept": "%"}]
)
def test_what_no_form_of_ours_sends(world: World, console: ConsolePages, forged: Any) -> None:
    assert send(console, **{**TYPED, **forged}).status_code == 400
    answer = send(console, **{**TYPED, "attributes": ["name", "salary"], "purposes": ["spying"]})
    assert set(errors_beside(answer)) == {"attributes", "purposes"}
    assert world.sql("SELECT count(*) FROM relying_party") == [(0,)]


# --- changing --------------------------------------------------------------------------------


def test_the_form_of_a_registered_party_saves_it_as_it_was(
    world: World, console: ConsolePages
) -> None:
    logo = png()
    client_id, _ = registered(console, **strong(logo=(io.BytesIO(logo), "logo.png")))
    before = world.sql("SELECT * FROM relying_party")
    path = f"{HOME}/{client_id}/edit"
    shown = sent_back(console.browser.get(path).text)
    answer = console.post(path, page=path, **shown)
    assert (answer.status_code, answer.location) == (303, f"{HOME}/{client_id}")
    assert "没有改动" in console.browser.get(answer.location).text
    assert len(acts(world)) == 1
    answer = console.post(path, page=path, **{**shown, "place": "一层大厅"})
    assert "登记信息已保存" in console.browser.get(answer.location).text
    assert acts(world)[-1] == ("relying_party.change", client_id, "终端所在位置")
    world.sql("UPDATE relying_party SET place = ''")
    assert world.sql("SELECT * FROM relying_party") == before, "all else was saved as it was"


def test_what_operators_did_is_on_the_desk(world: World, console: ConsolePages) -> None:
    client_id, _ = registered(console)
    path = f"{HOME}/{client_id}"
    changes = {"quota_per_minute": "60", "domain": "new.example.cn"}
    console.post(f"{path}/edit", page=f"{path}/edit", **{**TYPED, **changes})
    rotated(console, client_id)
    console.post(f"{path}/suspend", page=f"{path}/suspend", reason="私钥外泄<演练>")
    page = console.browser.get(path).text
    for words in (
        "<td>登记</td><td>操作员</td>",
        "<td>修改登记</td><td>操作员</td><td>网站域名、接口额度</td>",
        "<td>更换密钥</td><td>操作员</td><td>—</td>",
        "<td>停用</td><td>操作员</td><td>私钥外泄&lt;演练&gt;</td>",
    ):
        assert words in page
    plain = plain_client(world)
    assert "没有操作记录" in console.browser.get(f"{HOME}/{plain.client_id}").text


def test_a_change_is_in_force_at_once(world: World, console: ConsolePages) -> None:
    client_id, secret = registered(console)
    party = client(world, client_id, secret)
    path = f"{HOME}/{client_id}/edit"
    changed = {**TYPED, "redirect_uris": "https://rp.example/new"}
    assert console.post(path, page=path, **changed).status_code == 303
    assert party.begin().answer.status_code == 400
    assert party.begin(redirect_uri="https://rp.example/new").answer.status_code == 200


def test_a_wrong_change_changes_nothing(world: World, console: ConsolePages) -> None:
    client_id, _ = registered(console)
    path = f"{HOME}/{client_id}/edit"
    answer = console.post(path, page=path, **{**TYPED, "uscc": "1", "domain": "new.example.cn"})
    assert answer.status_code == 422
    assert list(errors_beside(answer)) == ["uscc"]
    assert "new.example.cn" in answer.text
    assert row(world, client_id, "uscc", "domain") == (USCC, "court.example.cn")


def test_from_secret_to_key_and_back(world: World, console: ConsolePages) -> None:
    client_id, secret = registered(console)
    path = f"{HOME}/{client_id}/edit"
    by_key = {**TYPED, "auth_method": "private_key_jwt", "jwks": public_jwks()}
    assert console.post(path, page=path, **by_key).status_code == 303
    assert row(world, client_id, "secret_sha256") == (None,)
    assert console.post(path, page=path, **TYPED).status_code == 303
    assert "还没有密钥" in console.browser.get(f"{HOME}/{client_id}").text
    party = client(world, client_id, secret)
    assert party.post("/oauth/introspect", token="x").status_code == 401
    party.secret = rotated(console, client_id)
    assert party.post("/oauth/introspect", token="x").status_code == 200


# --- the secret ------------------------------------------------------------------------------


def rotated(console: ConsolePages, client_id: str, **fields: Any) -> str:
    path = f"{HOME}/{client_id}/secret"
    answer = console.post(path, page=path, **fields)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return str(SECRET.findall(answer.text)[0])


def test_a_new_secret_replaces_the_old_one(world: World, console: ConsolePages) -> None:
    client_id, old = registered(console)
    asked = console.browser.get(f"{HOME}/{client_id}/secret").text
    assert "旧密钥失效" in asked
    party = client(world, client_id, old)
    number = NUMBER.findall(asked)[0]
    new = rotated(console, client_id, number=number)
    assert party.post("/oauth/introspect", token="x").status_code == 401
    party.secret = new
    assert party.post("/oauth/introspect", token="x").status_code == 200
    again = console.post(f"{HOME}/{client_id}/secret", page=NEW, number=number)
    assert again.status_code == 303, "a reload draws no second one"
    assert party.post("/oauth/introspect", token="x").status_code == 200
    assert [act[0] for act in acts(world)] == ["relying_party.register", "relying_party.secret"]


# --- the switch ------------------------------------------------------------------------------


@pytest.fixture
def party(world: World) -> RelyingPartyClient:
    return plain_client(world)


def switch(console: ConsolePages, party: RelyingPartyClient, act: str, reason: str) -> TestResponse:
    path = f"{HOME}/{party.client_id}/{act}"
    return console.post(path, page=path, reason=reason)


def test_a_suspended_party_is_refused_everywhere(
    world: World, console: ConsolePages, party: RelyingPartyClient
) -> None:
    phone = world.bound_phone()
    tokens = party.begin().tokens(phone)
    waiting = party.begin()
    shown = waiting.text()
    answer = switch(console, party, "suspend", "多名律师举报")
    assert (answer.status_code, answer.location) == (303, f"{HOME}/{party.client_id}")
    page = console.browser.get(answer.location).text
    assert "”已停用。" in page
    assert "起停用，它的请求和令牌全部失效" in page
    assert party.begin().answer.status_code == 401
    assert party.userinfo(tokens["access_token"]).status_code == 401
    assert party.post("/oauth/introspect", token="x").status_code == 401
    assert party.refresh(tokens.get("refresh_token", "x")).status_code == 401
    assert refusal(lambda: phone.scan(shown)).code == "scan.closed"
    assert acts(world) == [("relying_party.suspend", party.client_id, "多名律师举报")]


def test_a_resumed_party_works_again(
    world: World, console: ConsolePages, party: RelyingPartyClient
) -> None:
    tokens = party.begin().tokens(world.bound_phone())
    switch(console, party, "suspend", "核实情况")
    assert "已停用" in console.browser.get(HOME).text
    answer = switch(console, party, "resume", "核实无误")
    assert "已恢复，它可以重新发起请求" in console.browser.get(answer.location).text
    assert party.userinfo(tokens["access_token"]).status_code == 200
    assert party.begin().answer.status_code == 200
    assert acts(world)[-1] == ("relying_party.resume", party.client_id, "核实无误")


@pytest.mark.parametrize("act", ["suspend", "resume"])
def test_the_switch_wants_a_reason(
    world: World, console: ConsolePages, party: RelyingPartyClient, act: str
) -> None:
    answer = switch(console, party, act, "  ")
    assert answer.status_code == 422
    assert errors_beside(answer) == {"reason": "请写明原因"}
    assert party.begin().answer.status_code == 200
    assert acts(world) == []


def test_what_will_happen_is_said_first(console: ConsolePages, party: RelyingPartyClient) -> None:
    for act, sentence in (("suspend", "已发给它的令牌全部失效"), ("resume", "重新发起登录")):
        assert sentence in console.browser.get(f"{HOME}/{party.client_id}/{act}").text
    for unknown in ("explode", "logo", "%00"):
        assert console.browser.get(f"{HOME}/{party.client_id}/{unknown}").status_code == 404


# --- reports and dead letters ----------------------------------------------------------------


def report(world: World, client_id: str, place: str = "诉讼服务大厅 203.0.113.7") -> None:
    world.sql(
        "INSERT INTO abuse_report VALUES (%s, %s, %s, %s, %s, %s)",
        *(uuid.uuid4(), client_id, uuid.uuid4(), uuid.uuid4(), place, world.clock.now()),
    )


def test_a_lawyers_report_is_on_the_desk(
    world: World, console: ConsolePages, party: RelyingPartyClient
) -> None:
    assert "没有律师举报" in console.browser.get(f"{HOME}/{party.client_id}").text
    phone = world.bound_phone()
    phone.decline(phone.scan(party.begin().text()), reason="not_mine")
    page = console.browser.get(f"{HOME}/{party.client_id}").text
    assert "律师举报“不是我发起的”（1）" in page
    assert "127.0.0.1" in page
    assert "1 次" in console.browser.get(HOME).text


def test_the_newest_reports_are_shown(
    world: World, console: ConsolePages, party: RelyingPartyClient
) -> None:
    for number in range(51):
        report(world, party.client_id, place=f"地点{number:02d}")
        world.clock.step(seconds=1)
    page = console.browser.get(f"{HOME}/{party.client_id}").text
    assert "（51）" in page
    assert "地点50" in page
    assert "地点00" not in page
    assert "只列出最近 50 次" in page


def test_dead_letters_are_counted(world: World, console: ConsolePages) -> None:
    party = plain_client(world, webhook_url="https://rp.example/events")
    other = plain_client(world, webhook_url="https://rp.example/events")
    for owner, dead in ((party, True), (party, True), (party, False), (other, True)):
        world.sql(
            "INSERT INTO webhook_event (id, client_id, type, data, at, attempts, dead_at)"
            " VALUES (%s, %s, 'grant.ended', '{}', now(), 9, %s)",
            *(uuid.uuid4(), owner.client_id, world.clock.now() if dead else None),
        )
    assert "2 件" in console.browser.get(f"{HOME}/{party.client_id}").text


# --- who may ---------------------------------------------------------------------------------


def test_only_the_form_that_was_shown_counts(
    world: World, console: ConsolePages, party: RelyingPartyClient
) -> None:
    another = world.console(OperatorRole.BUREAU).token(NEW)
    path = f"{HOME}/{party.client_id}"
    for token in ("", "0" * 32, another):
        for target in (HOME, f"{path}/edit", f"{path}/secret", f"{path}/suspend"):
            data = {**TYPED, "reason": "x", "form_token": token}
            answer = console.browser.post(target, data=data)
            assert answer.status_code == 403, target
            assert answer.json is not None
            assert answer.json["code"] == "auth.form_expired"
    assert world.sql("SELECT count(*) FROM relying_party") == [(1,)]
    assert party.begin().answer.status_code == 200


def test_a_hall_officer_has_no_business_here(world: World, party: RelyingPartyClient) -> None:
    officer = world.console(OperatorRole.HALL_OFFICER)
    token = officer.token("/console/hall")
    path = f"{HOME}/{party.client_id}"
    assert HOME not in officer.browser.get("/console/hall").text
    for target in (HOME, NEW, path, f"{path}/edit", f"{path}/suspend", f"{path}/secret"):
        assert officer.browser.get(target).status_code == 403, target
    for target in (HOME, f"{path}/edit", f"{path}/suspend", f"{path}/resume", f"{path}/secret"):
        data = {**TYPED, "reason": "x", "form_token": token}
        assert officer.browser.post(target, data=data).status_code == 403, target
    assert party.begin().answer.status_code == 200
    assert acts(world) == []


def test_a_party_that_does_not_exist(console: ConsolePages) -> None:
    for path in ("rp-none", "rp-none/edit", "rp-none/suspend", "rp-none/secret", "%00"):
        assert console.browser.get(f"{HOME}/{path}").status_code == 404, path
    for act in ("edit", "suspend", "resume", "secret"):
        answer = console.post(f"{HOME}/rp-none/{act}", page=NEW, **TYPED, reason="x")
        assert answer.status_code == 404, act


def sent_back(page: str) -> dict[str, Any]:
    """What a browser would send from the form as it is shown."""
    text = {
        name: html.unescape(value).lstrip("\n")
        for name, value in re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>([^<]*)<', page)
    }
    lines = {
        name: html.unescape(value)
        for name, value in re.findall(
            r'<input class="input[^>]* name="(\w+)" value="([^"]*)"', page
        )
    }
    ticked: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="(\w+)" value="([^"]*)" checked', page):
        ticked.setdefault(name, []).append(value)
    return {**text, **lines, **ticked}
