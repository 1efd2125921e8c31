"""Where the test data that nobody here wrote is found: a folder beside the repository.

`LVZ_SHARED` names another place. A test whose data is absent is skipped, with the reason.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

REPO = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("LVZ_SHARED", REPO.parent / "shared"))


def shared(*parts: str) -> Path:
    """The path of a shared file or folder; skips the test when it is absent."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"shared test data absent: {'/'.join(parts)}")
    return path


def vectors(*parts: str) -> Path:
    """A path below `data/vectors`; skips the test when it is absent."""
    return shared("data", "vectors", *parts)


def load_json(path: Path) -> Any:
    """The content of a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))
