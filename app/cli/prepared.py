"""A note that the demo world was made, so that the next start need not look."""

from __future__ import annotations

import hashlib
from pathlib import Path

HERE = Path(__file__).resolve().parent


def already(data_dir: Path, database_url: str) -> bool:
    """Tell whether today's seed was put into that database."""
    note = data_dir / "prepared"
    return note.exists() and note.read_text() == _fingerprint(database_url)


def remember(data_dir: Path, database_url: str) -> None:
    """Write the note."""
    data_dir.mkdir(parents=True, exist_ok=True)
    (data_dir / "prepared").write_text(_fingerprint(database_url))


def _fingerprint(database_url: str) -> str:
    digest = hashlib.sha256(database_url.encode())
    for source in sorted(HERE.glob("seed*.*")):
        digest.update(source.read_bytes())
    return digest.hexdigest()
