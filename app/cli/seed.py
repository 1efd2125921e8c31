"""The demo world: what `make run` puts into an empty installation."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path

from flask import Flask
from PIL import Image

from app.bootstrap import seed_registry
from app.supervision.pages.console import SupervisionServices

# The one demo face: NASA's public-domain portrait that scikit-image ships, cropped to an ID photo.
PORTRAIT = "data/astronaut.png"
CROP = (130, 0, 330, 250)
PHOTO_WIDTH = 300


def seed(app: Flask) -> None:
    """Fill an empty installation; leave one that has people in it as it is."""
    config = app.extensions["config"]
    if config.production:
        return
    seed_registry(config, photo=portrait())
    supervision: SupervisionServices = app.extensions["supervision"]
    with app.app_context():
        for operator in supervision.accounts:
            supervision.operators.create(operator=operator)


def portrait() -> bytes:
    """Return the demo face as a registry photo (JPEG)."""
    spec = importlib.util.find_spec("skimage")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("scikit-image is not installed; run make run again")
    with Image.open(Path(spec.submodule_search_locations[0]) / PORTRAIT) as image:
        face = image.convert("RGB").crop(CROP)
    height = PHOTO_WIDTH * face.height // face.width
    out = io.BytesIO()
    face.resize((PHOTO_WIDTH, height), Image.Resampling.LANCZOS).save(out, "JPEG", quality=88)
    return out.getvalue()
