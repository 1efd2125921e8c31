"""Real browsers before the real product."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    ViewportSize,
    sync_playwright,
)

from miniprogram_mock.client.console import Console
from miniprogram_mock.client.phone import Person
from tests.browser.actors import Guard, Lawyer
from tests.browser.camera import FakeCamera
from tests.browser.stack import Stack
from tests.world_fixtures import lasting_world, register, wechat, world

__all__ = ["lasting_world", "register", "wechat", "world"]

REPO = Path(__file__).resolve().parents[2]
ARTEFACTS = REPO / "test-artefacts"
PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1440, height=900)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str:
    """Where the browser is; `make test` installs it."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("Chromium is not installed")
    return found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with open_folder() as folder:
        running = Stack(folder)
        yield running
        running.stop()


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that the private stores' unprivileged user can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="luzheng-browser-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


Launch = Callable[..., tuple[Browser, FakeCamera]]


@pytest.fixture
def launch(playwright: Playwright, tmp_path: Path) -> Iterator[Launch]:
    """Start a browser whose camera is a file."""
    browsers: list[Browser] = []
    cameras: list[FakeCamera] = []

    def start(name: str, *, width: int = 640, height: int = 480) -> tuple[Browser, FakeCamera]:
        camera = FakeCamera(tmp_path / f"{name}.y4m", width=width, height=height)
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=[*QUIET, *camera.arguments]
        )
        browsers.append(browser)
        cameras.append(camera)
        return browser, camera

    yield start
    for camera in cameras:
        camera.close()
    for browser in browsers:
        browser.close()


def phone_context(browser: Browser, *, dark: bool = False) -> BrowserContext:
    return browser.new_context(
        viewport=PHONE,
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
        locale="zh-CN",
        color_scheme="dark" if dark else "light",
    )


def desk_context(browser: Browser, *, dark: bool = False) -> BrowserContext:
    return browser.new_context(
        viewport=DESK, locale="zh-CN", color_scheme="dark" if dark else "light"
    )


@pytest.fixture
def lawyer(launch: Launch, stack: Stack) -> Lawyer:
    browser, camera = launch("phone")
    return Lawyer(watched(phone_context(browser).new_page()), camera, stack.origin)


@pytest.fixture
def guard(launch: Launch, stack: Stack) -> Guard:
    browser, camera = launch("kiosk", width=1280, height=720)
    page = desk_context(browser).new_page()
    return Guard(watched(page), camera, stack.origin)


@pytest.fixture
def console(stack: Stack) -> Console:
    desk = Console(stack.origin)
    desk.sign_in("bureau", "bureau-demo-2026")
    return desk


@pytest.fixture
def person(console: Console) -> Person:
    """A practising lawyer of the demo register."""
    first = next(p for p in console.people() if p["practice_status"] == "practising")
    return Person(
        licence_no=first["licence_no"], name=first["name"], identity_no=first["identity_no"]
    )


@pytest.fixture
def callback() -> Iterator[str]:
    """A relying party's page that shows what it was given."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write("<title>依赖方</title><h1>已返回</h1>".encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/cb"
    server.shutdown()
    server.server_close()


def watched(page: Page) -> Page:
    """Let a script error in a page fail the test that sees it."""
    page.set_default_timeout(20_000)
    page.on("pageerror", lambda error: ERRORS.append(str(error)))
    return page


ERRORS: list[str] = []


@pytest.fixture(autouse=True)
def no_script_errors() -> Iterator[None]:
    ERRORS.clear()
    yield
    assert not ERRORS, ERRORS
