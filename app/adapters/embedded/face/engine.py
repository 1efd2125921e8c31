"""The face engine of the port, put together."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence

import cv2

from app.adapters.embedded.face.detector import Detector, Found
from app.adapters.embedded.face.image import Image, decode
from app.adapters.embedded.face.landmarks import Landmarker
from app.adapters.embedded.face.matcher import Dlib, Embedding, Sface, fuse
from app.adapters.embedded.face.measures import fingerprint, measure
from app.adapters.embedded.face.weights import LANDMARKER, YUNET
from app.ports.face import FrameObservation, MatchResult, ReferenceUnusable

OBSERVE_SIDE, COMPARE_SIDE = 320, 640  # long sides the detector looks at
REFERENCE_MIN = 64.0  # pixels of face width; measured: below it the error rate rises
REMEMBERED = 16  # embeddings; a session compares some of its frames twice


class OpencvFaceEngine:
    """`FaceEngine` 人脸引擎 on the CPU, one core.

    One instance belongs to one thread (OpenCV's networks are not to be shared); loading takes about
    a second. `dlib` and `sface` switch the matchers (settings FACE_DLIB, FACE_SFACE). Raises
    `WeightsMissing` when a weight file is not the one that was measured, `ValueError` when both
    matchers are off.
    """

    def __init__(self, *, dlib: bool = True, sface: bool = True) -> None:
        if not (dlib or sface):
            raise ValueError("at least one matcher is needed")
        cv2.setNumThreads(1)
        self._detector = Detector(long_side=OBSERVE_SIDE)
        self._careful = Detector(long_side=COMPARE_SIDE)
        self._landmarker = Landmarker()
        self._dlib = Dlib() if dlib else None
        self._sface = Sface() if sface else None
        self._remembered: OrderedDict[bytes, Embedding | None] = OrderedDict()

    @property
    def models(self) -> Mapping[str, str]:
        """Name → SHA-256 of every weight file in use."""
        used = [YUNET, LANDMARKER]
        for matcher in (self._dlib, self._sface):
            used += matcher.weights if matcher else ()
        return {weights.name: weights.sha256 for weights in used}

    def observe(self, *, jpeg: bytes) -> FrameObservation:
        """Measure one frame (about 40 ms); raises `ImageRefused`."""
        image = decode(jpeg)
        faces = self._detector.detect(image)
        measures = None
        if faces:
            marks = self._landmarker.find(image, face=faces[0])
            measures = measure(image, face=faces[0], marks=marks)
        return FrameObservation(
            sha256=hashlib.sha256(jpeg).hexdigest(),
            width=image.shape[1],
            height=image.shape[0],
            faces=len(faces),
            fingerprint=fingerprint(image),
            face=measures,
        )

    def compare(self, *, reference: bytes, probes: Sequence[bytes]) -> MatchResult:
        """Compare (about 130 ms a picture); raises `ImageRefused`, `ReferenceUnusable`."""
        known = self._embed(reference)
        if known is None or known.width < REFERENCE_MIN:
            raise ReferenceUnusable
        found = [self._embed(probe) for probe in probes]
        usable = [embedding for embedding in found if embedding is not None]
        return fuse(known, usable, unusable=len(found) - len(usable))

    def _embed(self, jpeg: bytes) -> Embedding | None:
        """Return the largest face's embedding, None without a face; a few are remembered."""
        name = hashlib.sha256(jpeg).digest()
        if name not in self._remembered:
            image = decode(jpeg)
            faces = self._careful.detect(image)
            self._remembered[name] = self.embed(image, face=faces[0]) if faces else None
            if len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return self._remembered[name]

    def embed(self, image: Image, *, face: Found) -> Embedding:
        """Return the embedding of a detected face; never stored, it lives in this process only."""
        return Embedding(
            width=face.box[2],
            dlib=self._dlib.embed(image, face=face) if self._dlib else None,
            sface=self._sface.embed(image, face=face) if self._sface else None,
        )
