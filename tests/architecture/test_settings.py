"""docs/settings.md says what config.py does."""

from __future__ import annotations

from pathlib import Path

from app.cli.settings import settings_page

REPO = Path(__file__).resolve().parents[2]


def test_the_page_is_what_config_says() -> None:
    page = (REPO / "docs" / "settings.md").read_text(encoding="utf-8")
    assert page == settings_page(), "python -m app.cli settings > docs/settings.md"
