"""Looking at a page as a person and as an assistive technology would."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image
from playwright.sync_api import Page

REPO = Path(__file__).resolve().parents[2]
ARTEFACTS = REPO / "test-artefacts"
AXE = REPO / "build" / "web" / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def look_at(page: Page, name: str) -> None:
    """Keep a screenshot and let axe find nothing."""
    page.wait_for_timeout(250)
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=str(ARTEFACTS / f"{name}.png"), full_page=True)
    violations = axe(page)
    assert not violations, (name, violations)


def axe(page: Page) -> list[tuple[str, list[str]]]:
    """Return what axe finds: rule and the offending elements.

    The script is put in past the page's policy, as an extension would be.
    """
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
    )
    return [
        (violation["id"], [node["html"][:160] for node in violation["nodes"]])
        for violation in found["violations"]
    ]


def codes_in(png: bytes) -> list[str]:
    """Return the texts of the QR codes in a screenshot."""
    with Image.open(io.BytesIO(png)) as image:
        return [found.text for found in zxingcpp.read_barcodes(image.convert("RGB"))]
