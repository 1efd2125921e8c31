"""A lawyer at a phone and a guard at a kiosk, as Playwright drives them."""

from __future__ import annotations

import re
import time
from typing import Any, Protocol

from playwright.sync_api import Page, Response

from miniprogram_mock.client.console import Console
from miniprogram_mock.client.phone import Person
from tests.browser.camera import FakeCamera

FRAME_SECONDS = 0.09
COLOURS = ("#ff0000", "#00ff00", "#0000ff", "#ffffff", "#000000")


class Performer(Protocol):
    """Whatever stands before the phone's camera."""

    def frame(self, *, liveness: dict[str, Any] | None, elapsed_ms: int) -> bytes:
        """Return the JPEG that the camera would take now."""
        ...


class Lawyer:
    """Uses the mini-program on a phone whose camera the test feeds."""

    def __init__(self, page: Page, camera: FakeCamera, origin: str) -> None:
        self.page = page
        self._camera = camera
        self.origin = origin
        self._answer: Response | None = None
        self._view: dict[str, Any] | None = None
        self.story: list[str] = []
        page.on("response", self._remember)

    def sign_in(self) -> None:
        self.page.goto(f"{self.origin}/mp/")
        self.page.get_by_role("button", name="微信登录").click()

    def fill_in(self, person: Person) -> None:
        for label, value in (
            ("律师执业证号", person.licence_no),
            ("姓名", person.name),
            ("居民身份证号码", person.identity_no),
        ):
            self.page.get_by_label(label, exact=False).first.fill(value)

    def agree_and_go_to_face_check(self) -> None:
        self.page.get_by_role("checkbox").check()
        self.page.get_by_role("button", name="同意并进行人脸核验").click()

    def pass_face_check(self, performer: Performer, *, patience: float = 140) -> str:
        """Film the performer until the page says how it ended; return "passed" or "failed"."""
        lit = {colour: _lit(performer, colour) for colour in COLOURS}
        self._answer = self._view = None  # of a check before, on a page that is gone
        self.page.get_by_role("button", name="打开摄像头，开始核验").click()
        give_up = time.monotonic() + patience
        number, shown_at = 0, time.monotonic()
        while time.monotonic() < give_up:
            begun = time.monotonic()
            ended = self._ended()
            if ended:
                return ended
            view = self._liveness()
            step = (view or {}).get("step") or {}
            if step.get("no", 0) != number:
                number, shown_at = step.get("no", 0), time.monotonic()
            elapsed = int((time.monotonic() - shown_at) * 1000)
            if step.get("kind") == "flash":
                # Light needs no time: the face has the colour that the screen shows now.
                self._camera.show_jpeg(lit.get(self._screen_colour(), lit["#000000"]))
                continue
            self._camera.show_jpeg(performer.frame(liveness=view, elapsed_ms=elapsed))
            time.sleep(max(0.0, FRAME_SECONDS - (time.monotonic() - begun)))
        raise AssertionError(f"the face check did not end: {self.page.inner_text('body')[:300]}")

    def code_picture(self) -> bytes:
        """Return a screenshot of the code, as a camera would see the plate."""
        return self.page.locator(".plate").screenshot()

    def _ended(self) -> str:
        if self.page.get_by_text("核验通过", exact=True).is_visible():
            return "passed"
        if self.page.get_by_text("这一次没有通过").is_visible():
            return "failed"
        return ""

    def _screen_colour(self) -> str:
        """Return the colour that fills the screen, "" without one."""
        return _hex(
            self.page.evaluate(
                "() => { const f = document.querySelector('.flash');"
                " return f ? getComputedStyle(f).backgroundColor : '' }"
            )
        )

    def _remember(self, response: Response) -> None:
        if "/api/v1/liveness" in response.url and response.status < 400:
            self._answer = response

    def _liveness(self) -> dict[str, Any] | None:
        answer, self._answer = self._answer, None
        if answer is not None:
            self._view = answer.json()
            self._tell(self._view)
        return self._view

    def _tell(self, view: dict[str, Any]) -> None:
        """Keep what was asked and hinted, for a failure's message."""
        step, hint = view["step"] or {}, view["hint"] or {}
        line = f"{step.get('no')} {step.get('kind')} {hint.get('code', '')} {view['result'] or ''}"
        if not self.story or self.story[-1] != line:
            self.story.append(line)


class Guard:
    """Uses the kiosk page; its camera is a file that the test fills."""

    def __init__(self, page: Page, camera: FakeCamera, origin: str) -> None:
        self.page = page
        self.camera = camera
        self._origin = origin

    def enrol(self, code: str) -> None:
        self.page.goto(f"{self._origin}/kiosk/?enrol={code}")
        self.page.locator("#scan-view").wait_for(state="visible", timeout=15_000)

    def scan(self, picture: bytes, *, patience: float = 10) -> tuple[str, float]:
        """Hold a picture before the camera; return the verdict's colour and the seconds."""
        self.dismiss()
        begun = time.monotonic()
        self.camera.show_screen(picture)
        self.page.locator("#verdict").wait_for(state="visible", timeout=patience * 1000)
        took = time.monotonic() - begun
        self.camera.show_nothing()
        return self.page.locator("#verdict").get_attribute("data-kind") or "", took

    def words(self) -> str:
        return self.page.locator("#verdict").inner_text()

    def dismiss(self) -> None:
        close = self.page.locator("#verdict-close")
        if close.is_visible():
            close.click()
            self.page.locator("#verdict").wait_for(state="hidden")


def bind_in_hall(lawyer: Lawyer, person: Person, *, elder: bool = False) -> None:
    """Sign in on the phone and bind, confirmed by the demo's hall officer."""
    lawyer.page.goto(f"{lawyer.origin}/mp/")
    if elder:
        lawyer.page.get_by_role("button", name="切换到长辈版（大字）").click()
    lawyer.page.get_by_role("button", name="微信登录").click()
    lawyer.page.get_by_role("button", name="绑定律师执业证").click()
    lawyer.fill_in(person)
    lawyer.agree_and_go_to_face_check()
    lawyer.page.get_by_role("button", name=re.compile("换一种方式")).click()
    lawyer.page.locator(".hall__code").wait_for()
    code = re.sub(r"\D", "", lawyer.page.locator(".hall__code").inner_text())
    officer = Console(lawyer.origin)
    officer.sign_in("hall", "hall-demo-2026")
    officer.confirm_in_hall(code)
    lawyer.page.get_by_role("button", name="已核验，查看结果").click()
    lawyer.page.locator(".plate").wait_for()


def next_code(lawyer: Lawyer) -> None:
    """Wait until the phone has drawn another code."""
    before = lawyer.code_picture()
    give_up = time.monotonic() + 12
    while time.monotonic() < give_up:
        time.sleep(0.3)
        if lawyer.page.locator(".plate img").count() and lawyer.code_picture() != before:
            return
    raise AssertionError("the code did not change")


def hold_before(camera: FakeCamera, screen: Page, *, until: Page) -> None:
    """Hold the phone before a screen until it has read the code of the moment."""
    for _ in range(20):
        camera.show_screen(screen.screenshot())
        if until.get_by_text("谁在请求").is_visible():
            break
        until.wait_for_timeout(400)
    camera.show_nothing()
    until.get_by_text("谁在请求").wait_for()


def _lit(performer: Performer, colour: str) -> bytes:
    step = {"no": 0, "kind": "flash", "count": 1, "colours": [colour], "colour_ms": 400}
    return performer.frame(liveness={"step": step}, elapsed_ms=1)


def _hex(css: str) -> str:
    numbers = [int(part) for part in css.strip("rgba()").split(",")[:3] if part.strip().isdigit()]
    return "#" + "".join(f"{value:02x}" for value in numbers) if len(numbers) == 3 else ""
