"""Who may call what: every route has a written access, and that access is enforced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app import create_app, urls
from app.kernel.database import db
from app.kernel.principal import Access, OperatorRole, StaffRole
from config import Config
from credential.keys import SoftwareSigner
from miniprogram_mock.client.encoding import new_key
from miniprogram_mock.client.phone import Phone
from tests.partner import enter
from tests.world import ConsolePages, World
from tests.world_fixtures import lasting_world, register, wechat, world

__all__ = ["lasting_world", "register", "wechat", "world"]

EXAMPLES = {"uuid": "00000000-0000-4000-8000-000000000000", "int": "0"}
# Flask's own files and APIFlask's own document.
OWN = {"static", "openapi.spec"}


def routes(app: Flask) -> Iterator[tuple[str, Rule]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, rule


def url(rule: Rule) -> str:
    def example(found: re.Match[str]) -> str:
        return EXAMPLES.get((found[1] or "").rstrip(":"), "example")

    return re.sub(r"<(\w+:)?\w+>", example, rule.rule)


def access(app: Flask, rule: Rule) -> Access | None:
    blueprint = rule.endpoint.rpartition(".")[0]
    demand: Access | None = app.extensions["access"].get(blueprint)
    return demand


def test_every_route_has_a_written_access(app: Flask) -> None:
    found = list(routes(app))
    assert len(found) > 40
    silent = [f"{m} {r.rule}" for m, r in found if r.endpoint not in OWN and access(app, r) is None]
    assert not silent, silent


def test_nobody_gets_in_where_somebody_is_asked_for(app: Flask) -> None:
    client, tried = app.test_client(), 0
    for method, rule in routes(app):
        demand = access(app, rule)
        if rule.endpoint in OWN or demand is Access.PUBLIC:
            continue
        answer = client.open(url(rule), method=method)
        tried += 1
        if demand in (Access.OPERATOR, Access.STAFF):
            assert answer.status_code == 302, (method, rule.rule)
            assert answer.location == "/console/sign-in"
        elif rule.rule.startswith("/portal/"):
            assert is_asked_to_sign_in(answer, method), (method, rule.rule)
        else:
            assert answer.status_code == 401, (method, rule.rule)
            assert answer.json is not None
            assert answer.json["code"] in ("auth.required", "auth.signature_invalid")
    assert tried > 25


def is_asked_to_sign_in(answer: TestResponse, method: str) -> bool:
    """A page of the portal leads to the scan; a form without content says that it is over."""
    if method == "GET":
        return answer.status_code == 302 and answer.location.startswith("/portal/sign-in?next=")
    return (answer.status_code, answer.location) == (303, "/portal/signed-out")


def bearer(phone: Phone) -> dict[str, str]:
    return {"Authorization": f"Bearer {phone._token}"}


def test_one_kind_of_caller_is_not_another(world: World) -> None:
    """A phone's token opens no kiosk's and no operator's door, and the other way round."""
    phone, kiosk, partner = world.phone(), world.kiosk(), enter(world)
    client = world.app.test_client()
    for method, rule in routes(world.app):
        demand, path = access(world.app, rule), url(rule)
        if demand is Access.KIOSK:
            for headers in (bearer(phone), partner.headers(method, path, b"")):
                assert client.open(path, method=method, headers=headers).status_code == 401, path
        elif demand in (Access.PHONE, Access.COUNSEL):
            headers = kiosk.sign(method, path, b"")
            answer = client.open(path, method=method, headers=headers)
            out = path.startswith("/portal/") and is_asked_to_sign_in(answer, method)
            assert out or answer.status_code == 401, path
        elif demand is Access.PARTNER:
            for headers in (bearer(phone), kiosk.sign(method, path, b"")):
                assert client.open(path, method=method, headers=headers).status_code == 401, path
            headers = partner.headers(method, path, b"")
            assert client.open(path, method=method, headers=headers).status_code != 401, path
        elif demand in (Access.OPERATOR, Access.STAFF):
            assert client.open(path, method=method, headers=bearer(phone)).status_code == 302, path


def test_a_courts_people_and_operators_keep_to_their_own_desks(world: World) -> None:
    judge = world.staff(StaffRole.JUDGE).browser
    bureau = world.console(OperatorRole.BUREAU).browser
    tried = 0
    for method, rule in routes(world.app):
        demand = access(world.app, rule)
        other = {Access.OPERATOR: judge, Access.STAFF: bureau}.get(demand or Access.PUBLIC)
        if other is not None:
            assert other.open(url(rule), method=method).status_code == 403, rule.rule
            tried += 1
    assert tried > 20


def test_every_form_of_the_console_wants_its_token(world: World) -> None:
    client, tried = world.console(OperatorRole.BUREAU).browser, 0
    for method, rule in routes(world.app):
        if method == "POST" and rule.rule.startswith("/console/"):
            answer = client.post(url(rule), data={"form_token": "0" * 32})
            assert answer.status_code == 403, rule.rule
            assert answer.json is not None
            assert answer.json["code"] == "auth.form_expired", rule.rule
            tried += 1
    assert tried >= 8


def test_every_unsafe_request_by_the_portals_cookie_wants_its_token(world: World) -> None:
    pages, tried = world.portal(), 0
    for method, rule in routes(world.app):
        if access(world.app, rule) is Access.COUNSEL and method not in ("GET", "HEAD"):
            headers = {"X-Form-Token": "0" * 32}
            answer = pages.browser.open(url(rule), method=method, headers=headers)
            assert answer.status_code == 403, rule.rule
            assert answer.json is not None
            assert answer.json["code"] == "auth.form_expired", rule.rule
            tried += 1
    assert tried >= 2


def test_a_hall_officer_cannot_do_the_bureaus_work(world: World) -> None:
    console = world.console(OperatorRole.HALL_OFFICER)
    token = console.token("/console/hall")
    kiosk = world.kiosk().identity["kiosk_id"]
    licence = world.person().licence_no
    for path in (
        "/console/kiosks",
        f"/console/kiosks/{kiosk}/suspend",
        f"/console/kiosks/{kiosk}/resume",
        "/console/registry/lawyers",
        f"/console/registry/{licence}/status",
        "/console/registry/import",
    ):
        data = {"form_token": token, "status": "revoked", "name": "x", "court_code": "1"}
        answer = console.browser.post(path, data=data)
        assert answer.status_code == 403, path
        assert answer.json is not None
        assert answer.json["code"] == "auth.forbidden", path
    assert world.register.status(licence_no=licence).status == "practising"
    assert world.sql("SELECT count(*) FROM operator_act") == [(0,)]


def test_a_forged_operator_cookie(world: World) -> None:
    world.console()
    operator = world.sql("SELECT id FROM operator_account")[0][0]
    client = world.app.test_client()
    signer = world.app.session_interface.get_signing_serializer(world.app)  # type: ignore[attr-defined]
    real = signer.dumps({"operator_id": str(operator)})
    client.set_cookie("session", real)
    assert client.get("/console/hall").status_code == 200
    for forged in (real[:-2] + "xx", "e30.x.y", "", "x" * 4000):
        client.set_cookie("session", forged)
        assert client.get("/console/hall").status_code == 302, forged[:20]
    client.set_cookie("session", signer.dumps({"operator_id": EXAMPLES["uuid"]}))
    assert client.get("/console/hall").status_code == 302, "an operator who is gone"


def test_signing_in_and_out_of_the_console(world: World) -> None:
    world.operator(OperatorRole.HALL_OFFICER)
    console = ConsolePages(world.app)
    answer = console.sign_in("hall_officer")
    assert (answer.status_code, answer.location) == (303, "/console/")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert console.browser.get("/console/").location == "/console/hall"
    assert console.post("/console/sign-out", page="/console/hall").status_code == 303
    assert console.browser.get("/console/hall").status_code == 302
    path = "/console/sign-in"
    for username in ("hall_officer", "nobody"):
        wrong = console.post(path, page=path, username=username, password="wrong")
        assert "账号或密码不正确" in wrong.text
    for _ in range(10):
        world.app.extensions["ephemeral"].incr(key="console-sign-in:hall_officer", ttl=60)
    assert "操作过于频繁" in console.sign_in("hall_officer").text


@pytest.mark.parametrize("path", ["/", "/console/sign-in", "/problems/internal", "/healthz"])
def test_pages_carry_the_security_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "microphone=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("path", ["/api/v1/time", "/api/v1/me", "/api/v1/nothing"])
def test_answers_of_the_api_are_not_stored(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Request-Id"]


@pytest.fixture
def production(clean_database: str, redis_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The product with real settings; the outside systems need not answer."""
    for name in ("issuer.pem", "root.pem"):
        signer: SoftwareSigner = new_key()
        (tmp_path / name).write_bytes(signer.to_pem())
    config = Config.from_env(production_settings(clean_database, redis_url, tmp_path))
    application = create_app(config)
    yield application
    with application.app_context():
        db.engine.dispose()


def production_settings(database_url: str, redis_url: str, folder: Path) -> dict[str, str]:
    return {
        "ENV": "production",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "DATA_DIR": str(folder),
        "REGISTRY": "http",
        "REGISTRY_URL": "https://registry.example",
        "WECHAT_URL": "https://api.weixin.qq.com",
        "WECHAT_SECRET": "a real one",
        "WECHAT_TEMPLATES": "none",
        "MAIL_URL": "smtps://lvz:secret@mail.example",
        "MAIL_FROM": "律证 <notice@lvz.example>",
        "FIELD_KEY": "A" * 43 + "=",
        "SECRET_KEY": "s" * 32,
        "ISSUER_KEY_FILE": str(folder / "issuer.pem"),
        "ROOT_KEY_FILE": str(folder / "root.pem"),
        "PAIRWISE_KEY": "A" * 43 + "=",
        "PROVIDER_KEY_DIR": str(folder / "provider"),
        "MATERIALS_DIR": str(folder / "materials"),
        "VIRUS_SCAN": "clamd",
        "LEDGER_KEY_FILE": str(folder / "ledger.pem"),
        "PUBLIC_URL": "https://lvz.example",
        "LOG_LEVEL": "WARNING",
    }


def test_production_has_no_demo_doors(production: Flask) -> None:
    demo = [mount.prefix for mount in urls.DEMO_URLS]
    found = [rule.rule for _, rule in routes(production)]
    assert demo
    assert not [rule for rule in found for prefix in demo if rule.startswith(prefix)]
    client = production.test_client()
    assert client.post("/demo/kiosk-enrolment").status_code == 404
    assert client.get("/demo/people").status_code == 404
    answer = client.get("/console/sign-in")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "demo-2026" not in answer.text + client.get("/").text
