"""The settings as a page for people, written from config.py."""

from __future__ import annotations

from config import SETTINGS

PAGE = """\
# Settings

Environment variables, read once at start by `config.py`; all problems are named at once.
This page is written by `python -m app.cli settings > docs/settings.md`; a test keeps it true.

| variable | default | meaning |
|---|---|---|
{rows}

`ENV=production` refuses whatever serves demonstration only: embedded adapters, generated keys,
private stores, the demo rig and the stand-ins under `/mp/`.
"""


def settings_page() -> str:
    """Return docs/settings.md."""
    rows = (f"| `{s.name}` | {code(s.default)} | {s.meaning} |" for s in SETTINGS)
    return PAGE.format(rows="\n".join(rows))


def code(text: str) -> str:
    """Return a default as code, or a dash."""
    return f"`{text}`" if text else "–"
