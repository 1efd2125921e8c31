"""The browser's stand-in for WeChat's app: files, headers, wx.login, and what production lacks."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from miniprogram_mock import outside
from miniprogram_mock.shell import create_application
from tests.contract.servers import serving

needs_photo = pytest.mark.skipif(
    importlib.util.find_spec("skimage") is None,
    reason="the head's photo comes with scikit-image",
)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    pages = tmp_path / "mp"
    pages.mkdir()
    (pages / "index.html").write_text("<!doctype html><title>律证</title>")
    for name in ("host.js", "zxing.wasm", "app.css", "app.json", "logo.svg", "font.woff2"):
        (pages / name).write_bytes(b"x")
    (tmp_path / "secret.txt").write_text("outside the folder")
    return {"ASSETS_DIR": str(tmp_path), "ENV": "test"}


@pytest.fixture
def browser(environ: dict[str, str]) -> FlaskClient:
    return create_application(environ).test_client()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("", "text/html; charset=utf-8"),
        ("host.js", "text/javascript; charset=utf-8"),
        ("zxing.wasm", "application/wasm"),
        ("app.css", "text/css; charset=utf-8"),
        ("app.json", "application/json"),
        ("logo.svg", "image/svg+xml"),
        ("font.woff2", "font/woff2"),
    ],
)
def test_files_have_their_types_and_the_policy(browser: FlaskClient, name: str, kind: str) -> None:
    with browser.get(f"/{name}") as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    policy = answer.headers["Content-Security-Policy"]
    for part in (
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "worker-src 'self' blob:",
    ):
        assert part in policy.split("; ")
    assert "unsafe-inline" not in policy


def test_unchanged_file_is_not_sent_again(browser: FlaskClient) -> None:
    with browser.get("/host.js") as answer:
        tag = answer.headers["ETag"]
    with browser.get("/host.js", headers={"If-None-Match": tag}) as answer:
        assert answer.status_code == 304


@pytest.mark.parametrize("path", ["/../secret.txt", "/%2e%2e/secret.txt", "/no-such-file"])
def test_nothing_outside_the_folder(browser: FlaskClient, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 404
    assert "Content-Security-Policy" in answer.headers


def test_mounted_without_a_slash_it_sends_to_the_page(environ: dict[str, str]) -> None:
    mounted = Client(DispatcherMiddleware(NotFound(), {"/mp": create_application(environ)}))
    assert mounted.get("/mp").headers["Location"] == "http://localhost/mp/"
    with mounted.get("/mp/") as answer:
        assert answer.status_code == 200
    assert mounted.get("/elsewhere").status_code == 404


class TestLogin:
    def test_code_comes_from_wechats_server(self, environ: dict[str, str]) -> None:
        with serving(outside.create_application({})) as url:
            environ["WECHAT_URL"] = url + "/wechat"
            browser = create_application(environ).test_client()
            first = browser.post("/wechat/login", json={"user": "browser-1"}).get_json()
            second = browser.post("/wechat/login", json={"user": "browser-1"}).get_json()
        assert len(first["code"]) == 32
        assert first["code"] != second["code"]

    def test_address_of_wechat_may_come_later(self, environ: dict[str, str]) -> None:
        browser = create_application(environ).test_client()
        assert browser.post("/wechat/login", json={"user": "u"}).status_code == 503
        with serving(outside.create_application({})) as url:
            environ["WECHAT_URL"] = url + "/wechat"
            assert browser.post("/wechat/login", json={"user": "u"}).status_code == 200
        assert browser.post("/wechat/login", json={"user": "u"}).status_code == 503

    def test_unknown_mini_program(self, environ: dict[str, str]) -> None:
        with serving(outside.create_application({})) as url:
            environ |= {"WECHAT_URL": url + "/wechat", "WECHAT_APPID": "wx9"}
            answer = (
                create_application(environ).test_client().post("/wechat/login", json={"user": "u"})
            )
        assert (answer.status_code, answer.get_json()["errno"]) == (502, 40013)

    @pytest.mark.parametrize("user", ["", "a b", "x" * 65, 7, None, "用户"])
    def test_user_is_an_opaque_id(self, browser: FlaskClient, user: object) -> None:
        assert browser.post("/wechat/login", json={"user": user}).status_code == 422

    def test_body_that_is_no_object(self, browser: FlaskClient) -> None:
        assert browser.post("/wechat/login", data=b"[]").status_code == 422
        assert browser.post("/wechat/login", data=b"x" * 20_000).status_code in (413, 422)


class TestRig:
    def test_absent_in_production(self, environ: dict[str, str]) -> None:
        browser = create_application(environ | {"ENV": "production"}).test_client()
        assert browser.post("/rig/frame", json={}).status_code in (404, 405)

    @pytest.mark.parametrize("body", [[], {"liveness": 1}, {"liveness": None, "elapsed_ms": "x"}])
    def test_wrong_body(self, browser: FlaskClient, body: object) -> None:
        assert browser.post("/rig/frame", json=body).status_code == 422

    @needs_photo
    def test_head_does_what_the_step_asks(self, browser: FlaskClient) -> None:

        def jpeg(step: dict[str, object] | None, elapsed_ms: int) -> bytes:
            body = {"liveness": {"step": step}, "elapsed_ms": elapsed_ms}
            answer = browser.post("/rig/frame", json=body)
            assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
            assert answer.headers["Cache-Control"] == "no-store"
            return answer.get_data()

        def picture(data: bytes) -> npt.NDArray[np.int16]:
            image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
            return np.asarray(image, dtype=np.int16)

        still, again = picture(jpeg(None, 0)), picture(jpeg(None, 0))
        turned = picture(jpeg({"kind": "turn_left"}, 1500))
        assert still.shape == (480, 640, 3)
        assert np.abs(turned - still).mean() > 2 * np.abs(again - still).mean()

    @needs_photo
    @pytest.mark.parametrize(
        "liveness", [{"step": 7}, {"step": {"kind": "blink", "count": "often"}}]
    )
    def test_liveness_that_is_none(self, browser: FlaskClient, liveness: object) -> None:
        body = {"liveness": liveness, "elapsed_ms": 0}
        assert browser.post("/rig/frame", json=body).status_code == 422
