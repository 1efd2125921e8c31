"""The demo world: what `make run` puts into an empty installation."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path

from flask import Flask
from PIL import Image

from app.bootstrap import seed_registry
from app.court.casefile.service import CasefileServices
from app.court.casefile.service.courts import CourtQuery, Courts
from app.supervision.pages.console import SupervisionServices

# The one demo face: NASA's public-domain portrait that scikit-image ships, cropped to an ID photo.
PORTRAIT = "data/astronaut.png"
CROP = (130, 0, 330, 250)
PHOTO_WIDTH = 300

HERE = Path(__file__).resolve().parent
COURTS = "seed_courts.csv"
FUNCTIONS = "seed_court_functions.csv"


def seed(app: Flask) -> None:
    """Fill an empty installation; leave one that has people in it as it is."""
    config = app.extensions["config"]
    if config.production:
        return
    seed_registry(config, photo=portrait())
    supervision: SupervisionServices = app.extensions["supervision"]
    casefile: CasefileServices = app.extensions["casefile"]
    with app.app_context():
        seed_courts(casefile.courts)
        for operator in supervision.accounts:
            supervision.operators.create(operator=operator)


def seed_courts(courts: Courts) -> None:
    """Load the courts of the demonstration where there is none; raises on a bad table.

    The courts are real; what they can do online is invented, and says so in its source.
    """
    if courts.page(query=CourtQuery()).courts:
        return
    for load, name in ((courts.load_courts, COURTS), (courts.load_functions, FUNCTIONS)):
        report = load(text=(HERE / name).read_text(encoding="utf-8"))
        if report.errors:
            raise RuntimeError(f"{name}: {report.errors[0]}")


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
