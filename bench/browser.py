"""Group `browser`: how long a guard waits, and how long a phone needs to draw a new code.

The real product, two real browsers: the phone's page is photographed, the picture is held before
the kiosk's camera, and the clock stops when the verdict is green.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from miniprogram_mock.client.console import Console
from miniprogram_mock.client.phone import Person
from tests.browser.actors import Guard, Lawyer
from tests.browser.camera import FakeCamera
from tests.browser.conftest import QUIET, chromium, desk_context, open_folder, phone_context
from tests.browser.stack import Stack

SCANS = 15
DRAWS = 12
BLANK = 1.3  # seconds without a code before the kiosk looks for a new one


def run() -> list[dict[str, Any]]:
    """Measure both figures against one running product."""
    with open_folder() as folder, sync_playwright() as playwright:
        stack = Stack(folder)
        try:
            return _measure(playwright, stack, folder)
        finally:
            stack.stop()


def _measure(playwright: Playwright, stack: Stack, folder: Path) -> list[dict[str, Any]]:
    phone_camera = FakeCamera(folder / "phone.y4m")
    kiosk_camera = FakeCamera(folder / "kiosk.y4m", width=1280, height=720)
    try:
        phone = _launch(playwright, phone_camera)
        kiosk = _launch(playwright, kiosk_camera)
        lawyer = Lawyer(phone_context(phone).new_page(), phone_camera, stack.origin)
        guard = Guard(desk_context(kiosk).new_page(), kiosk_camera, stack.origin)
        _bind(lawyer, stack)
        guard.enrol(Console(stack.origin).kiosk_code())
        return [_phone_to_green(lawyer, guard), _draw(lawyer.page)]
    finally:
        phone_camera.close()
        kiosk_camera.close()


def _launch(playwright: Playwright, camera: FakeCamera) -> Browser:
    return playwright.chromium.launch(executable_path=chromium(), args=[*QUIET, *camera.arguments])


def _bind(lawyer: Lawyer, stack: Stack) -> None:
    """Bind at the hall: the face is not what is measured here."""
    people = Console(stack.origin).people()
    first = next(person for person in people if person["practice_status"] == "practising")
    page = lawyer.page
    lawyer.sign_in()
    page.get_by_role("button", name="绑定律师执业证").click()
    lawyer.fill_in(
        Person(licence_no=first["licence_no"], name=first["name"], identity_no=first["identity_no"])
    )
    page.get_by_role("button", name="到法院服务大厅人工核验").click()
    page.locator(".hall__code").wait_for()
    code = "".join(c for c in page.locator(".hall__code").inner_text() if c.isdigit())
    officer = Console(stack.origin)
    officer.sign_in("hall", "hall-demo-2026")
    officer.confirm_in_hall(code)
    page.get_by_role("button", name="已核验，查看结果").click()
    page.locator(".plate").wait_for()


def _phone_to_green(lawyer: Lawyer, guard: Guard) -> dict[str, Any]:
    seconds = []
    for _ in range(SCANS):
        _await_new_code(lawyer.page)
        kind, took = guard.scan(lawyer.code_picture())
        if kind != "accepted":
            raise RuntimeError(guard.words())
        seconds.append(took)
        guard.dismiss()
        time.sleep(BLANK)
    return _figure("phone_to_green_s", statistics.median(seconds), "s", seconds)


def _draw(page: Page) -> dict[str, Any]:
    drawn = []
    for _ in range(DRAWS):
        _await_new_code(page)
        drawn.append(float(page.evaluate("() => globalThis.__lvzLastDraw.draw_ms")))
    return _figure("phone_draw_ms", statistics.median(drawn), "ms", drawn)


def _await_new_code(page: Page) -> None:
    page.evaluate("() => { globalThis.__lvzLastDraw = null }")
    page.wait_for_function("() => globalThis.__lvzLastDraw", timeout=15_000)


def _figure(name: str, value: float, unit: str, all_of: list[float]) -> dict[str, Any]:
    return {
        "figure": name,
        "value": round(value, 3),
        "unit": unit,
        "against": "–",
        "ratio": None,
        "n": len(all_of),
        "note": f"median; {min(all_of):.3f} … {max(all_of):.3f}",
    }
