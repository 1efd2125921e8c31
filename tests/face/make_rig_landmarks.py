"""Writes miniprogram_mock/rig/landmarks.json: the mesh of the one photo the demo rig moves.

Run from the repository's root: python -m tests.face.make_rig_landmarks
The rig itself needs no network: it may not import `app`, and ships the 478 points instead.
"""

import hashlib
import importlib.util
import json
from pathlib import Path

import cv2
import numpy as np

from app.adapters.embedded.face.detector import Detector
from app.adapters.embedded.face.landmarks import Landmarker

TARGET = Path("miniprogram_mock/rig/landmarks.json")


def photo() -> Path:
    spec = importlib.util.find_spec("skimage")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "data" / "astronaut.png"


def main() -> None:
    path = photo()
    image = np.asarray(cv2.imread(str(path), cv2.IMREAD_COLOR), dtype=np.uint8)
    face = Detector(long_side=512).detect(image)[0]
    marks = Landmarker().find(image, face=face)
    points = [[round(float(value), 2) for value in point] for point in marks.mesh]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    head = {
        "picture": "skimage/data/astronaut.png",
        "credit": "Eileen Collins, NASA, public domain",
        "sha256": digest,
        "unit": "pixels of the picture: x to the right, y down, z away from the camera",
    }
    body = ",\n".join("    " + json.dumps(point) for point in points)
    start = json.dumps(head, indent=2).removesuffix("\n}")
    TARGET.write_text(f'{start},\n  "points": [\n{body}\n  ]\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
