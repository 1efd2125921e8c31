"""docs/relying-party.md from a sandbox client to signing out, as a stranger would follow it.

The platform runs as `make run` starts it, Apache as the guide's blocks write it.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from miniprogram_mock.client.phone import Person
from tests.browser.actors import Lawyer, bind_in_hall, hold_before
from tests.browser.conftest import Launch, desk_context, open_folder, phone_context, watched
from tests.browser.stack import REPO, Stack
from tests.oidc.test_mod_auth_openidc import MODULES, free_port

GUIDE = (REPO / "docs" / "relying-party.md").read_text("utf-8")
STEP = re.compile(r"^### (\d)\. [^\n]+\n(?:(?!^#).)*?^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = {int(number): block for number, block in STEP.findall(GUIDE)}
NEEDED = ("/usr/sbin/apache2", f"{MODULES}/mod_auth_openidc.so", "curl", "openssl", "bash")


@dataclass(frozen=True, kw_only=True)
class Site:
    """The site that the guide makes, on a free port."""

    folder: Path
    port: int
    platform: str

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def do(self, *steps: int) -> None:
        """Run the blocks of these steps in one shell, as they stand."""
        given = {"LVZ": self.platform, "SITE_PORT": str(self.port), "SITE": str(self.folder)}
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", "".join(BLOCKS[step] for step in steps)],
            env={**os.environ, **given}, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    def log(self) -> str:
        """What Apache has to say."""
        return (self.folder / "error.log").read_text("utf-8")


@pytest.fixture
def site(stack: Stack) -> Iterator[Site]:
    missing = [name for name in NEEDED if shutil.which(name) is None and not Path(name).exists()]
    if missing:
        pytest.skip(f"not on this machine: {', '.join(missing)}")
    with open_folder() as folder:
        made = Site(folder=folder / "site", port=free_port(), platform=stack.origin)
        made.do(3, 4, 5, 6, 7)
        try:
            until(made, listening=True)
            yield made
        finally:
            made.do(9)
            until(made, listening=False)


def test_the_guide(launch: Launch, stack: Stack, person: Person, site: Site) -> None:
    phone_browser, camera = launch("phone", width=1280, height=720)
    phone = watched(phone_context(phone_browser).new_page())
    bind_in_hall(Lawyer(phone, camera, stack.origin), person)
    desk_browser, _ = launch("desk")
    desk = watched(desk_context(desk_browser).new_page())

    desk.goto(f"{site.address}/protected/")
    phone.get_by_role("button", name="扫一扫").first.click()
    hold_before(camera, desk, until=phone)
    phone.get_by_text("我的网站").first.wait_for()
    phone.get_by_role("button", name="同意", exact=True).click()
    desk.wait_for_url(f"{site.address}/protected/")
    expect(desk.get_by_role("heading")).to_have_text(f"{person.name}律师，您好")
    expect(desk.locator("#status")).to_have_text("practising")
    assert re.fullmatch(r"[A-Za-z0-9_-]{27}", desk.locator("#user").inner_text())
    sign_out(desk, site)
    unexpected = [line for line in site.log().splitlines() if 'SHOULD be "https"' not in line]
    assert all(":notice]" in line for line in unexpected), unexpected


def sign_out(desk: Page, site: Site) -> None:
    """Leave; both the site and the platform have forgotten the lawyer."""
    desk.get_by_role("link", name="退出").click()
    desk.wait_for_url(f"{site.address}/")
    desk.get_by_role("link", name="律师入口").click()
    desk.locator("svg.login-code path").wait_for(state="attached")
    assert desk.url.startswith(f"{site.platform}/oauth/authorize")


def until(site: Site, *, listening: bool) -> None:
    give_up = time.monotonic() + 10
    while time.monotonic() < give_up:
        with socket.socket() as probe:
            if (probe.connect_ex(("127.0.0.1", site.port)) == 0) is listening:
                return
        time.sleep(0.05)
    raise RuntimeError(site.log())
