"""Every failure has a row in the published catalogue, every row a failure, and each is rendered."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

import app as product
from app.errors import AppError
from app.http.catalogue import CATALOGUE
from app.http.problems import BY_STATUS
from credential.errors import CredentialError
from tests.world import ConsolePages

SHAPE = re.compile(r"[a-z]+(\.[a-z_]+)?")


def leaves(root: type[Exception]) -> Iterator[type[Exception]]:
    for child in root.__subclasses__():
        yield child
        yield from leaves(child)


def raised_codes() -> set[str]:
    for module in pkgutil.walk_packages(product.__path__, "app."):
        if not module.name.startswith(("app.cli", "app.adapters.embedded.face")):
            importlib.import_module(module.name)
    errors = {*leaves(AppError), *leaves(CredentialError), AppError, CredentialError}
    return {
        error.code for error in errors if error.__module__.split(".")[0] in ("app", "credential")
    }  # type: ignore[attr-defined]


def test_every_error_has_a_row_and_every_row_an_error() -> None:
    at_the_edge = {*BY_STATUS.values(), "request.invalid", "request.rejected"}
    assert raised_codes() - set(CATALOGUE) == set()
    assert set(CATALOGUE) - raised_codes() - at_the_edge == set()


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_row_is_a_chinese_sentence(code: str) -> None:
    status, sentence = CATALOGUE[code]
    assert SHAPE.fullmatch(code)
    assert 400 <= status < 600
    assert sentence.endswith("。")
    assert not re.search(r"[A-Za-z]{4,}", sentence.replace("JSON", ""))


@pytest.fixture
def broken(app: Flask) -> FlaskClient:
    """The product with two views that fail."""

    @app.get("/healthz/boom")
    @app.get("/api/boom")
    def boom() -> str:
        raise RuntimeError("the secret reason")

    return app.test_client()


def test_the_unexpected_says_nothing(broken: FlaskClient) -> None:
    answer = broken.get("/api/boom", headers={"X-Request-Id": "req-12345678"})
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert answer.json == {
        "type": "/problems/internal",
        "title": CATALOGUE["internal"][1],
        "status": 500,
        "code": "internal",
        "request_id": "req-12345678",
    }
    page = broken.get("/healthz/boom", headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype) == (500, "text/html")
    assert "secret" not in page.text + answer.text


@pytest.mark.parametrize(
    ("method", "path", "body", "kind", "status", "code"),
    [
        ("GET", "/api/v1/nothing", b"", "", 404, "request.not_found"),
        ("DELETE", "/api/v1/time", b"", "", 405, "request.method_not_allowed"),
        ("POST", "/api/v1/sessions", b"{", "application/json", 400, "request.malformed"),
        ("POST", "/api/v1/sessions", b"", "application/json", 400, "request.malformed"),
        ("POST", "/api/v1/sessions", b"\xff\xfe", "application/json", 400, "request.malformed"),
        ("POST", "/api/v1/sessions", b"code=1", "application/x-www-form-urlencoded", 415,
         "request.unsupported_type"),
        ("POST", "/api/v1/sessions", b"{}", "", 415, "request.unsupported_type"),
        ("POST", "/api/v1/sessions", b'{"code": "' + b"x" * 1_300_000 + b'"}',
         "application/json", 413, "request.too_large"),
        ("POST", "/api/v1/sessions", b"{}", "application/json", 422, "request.invalid"),
        ("POST", "/api/v1/sessions", b"[" * 100_000, "application/json", 400,
         "request.malformed"),
        ("POST", "/api/v1/sessions", b'{"code": ' + b"9" * 10_000 + b"}", "application/json", 400,
         "request.malformed"),
        ("POST", "/api/v1/sessions", b'{"code": "\\ud800"}', "application/json", 422,
         "request.invalid"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_request(
    client: FlaskClient, method: str, path: str, body: bytes, kind: str, status: int, code: str
) -> None:
    answer = client.open(path, method=method, data=body, content_type=kind or None)
    assert answer.json is not None, answer.text[:200]
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.mimetype == "application/problem+json"
    assert answer.json["title"] == CATALOGUE[code][1]
    if status == 405:
        assert "GET" in answer.headers["Allow"]


def test_fields_are_named_in_chinese(client: FlaskClient) -> None:
    answer = client.post("/api/v1/sessions", json={"extra": 1})
    assert answer.json is not None
    found = {error["field"]: error["message"] for error in answer.json["errors"]}
    assert found == {"code": "必填", "extra": "不认识的字段"}


def test_a_page_gets_a_page(client: FlaskClient) -> None:
    html = {"Accept": "text/html,application/xhtml+xml"}
    for path in ("/nothing", "/console/nothing", "/problems/nothing"):
        answer = client.get(path, headers=html)
        assert (answer.status_code, answer.mimetype) == (404, "text/html"), path
        assert "没有找到您要的内容" in answer.text
    assert client.get("/api/v1/nothing", headers=html).mimetype == "application/problem+json"
    assert client.get("/nothing").mimetype == "application/problem+json"


def test_each_code_has_its_page(client: FlaskClient) -> None:
    for code in ("credential.stale", "internal"):
        answer = client.get(f"/problems/{code}")
        assert answer.status_code == 200
        assert CATALOGUE[code][1] in answer.text


@pytest.mark.parametrize("given", ["short", "x" * 65, "with space", "<script>", "好" * 8])
def test_a_hostile_request_id_is_replaced(client: FlaskClient, given: str) -> None:
    answer = client.get("/api/v1/time", headers={"X-Request-Id": given.encode().decode("latin-1")})
    assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["X-Request-Id"])


def test_hostile_forms_have_an_answer(app: Flask) -> None:
    console = ConsolePages(app)
    for name in ("\x00", "x" * 10_000, "律" * 100, "' OR 1=1"):
        path = "/console/sign-in"
        answer = console.post(path, page=path, username=name, password="\x00" + name)
        assert answer.status_code == 200, name[:10]
        assert "账号或密码不正确" in answer.text


def test_invented_methods_and_paths_do_not_grow_the_metrics(client: FlaskClient) -> None:
    for n in range(20):
        client.open(f"/invented/{n}", method=f"INVENTED{n}")
    text = client.get("/metrics").text
    assert "INVENTED" not in text
    assert "/invented/" not in text
    assert 'method="other",route="unmatched"' in text
