"""Whether the schema is current, asked without loading the product."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
_REVISION = re.compile(r"^revision(?:: str)? = [\"'](.+?)[\"']", re.MULTILINE)
_PREVIOUS = re.compile(r"^down_revision(?:: .+?)? = [\"'](.+?)[\"']", re.MULTILINE)


def heads() -> set[str]:
    """Return the revisions that no other revision follows."""
    texts = [p.read_text(encoding="utf-8") for p in (MIGRATIONS / "versions").glob("*.py")]
    revisions = {found for text in texts for found in _REVISION.findall(text)}
    return revisions - {found for text in texts for found in _PREVIOUS.findall(text)}


def is_current(database_url: str) -> bool:
    """Tell whether the database has exactly the newest revision; False when it cannot say."""
    url = database_url.replace("postgresql+psycopg://", "postgresql://", 1)
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            found = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    except psycopg.Error:
        return False
    return {version for (version,) in found} == heads()
