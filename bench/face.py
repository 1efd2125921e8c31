"""Figures of the face engine, next to face_recognition alone on the same pictures.

Accuracy: every pair of the AT&T set (400 pictures, enlarged three times, with a border) and of the
portrait photos. Both sides get the same pixels; a picture in which a side finds no face fails all
its genuine pairs. Nothing is kept between runs.
"""

from __future__ import annotations

import csv
import importlib
import os
import statistics
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from app.adapters.embedded.face import OpencvFaceEngine
from app.adapters.embedded.face.detector import Detector
from app.adapters.embedded.face.matcher import DISTANCE_FLOOR, Embedding, fuse
from app.ports.face import MatchResult

Figure = dict[str, Any]
Pixels = npt.NDArray[np.uint8]
Scores = npt.NDArray[np.float64]

REPO = Path(__file__).resolve().parents[1]
FACES = Path(os.environ.get("LVZ_SHARED", REPO.parent / "shared")) / "data" / "faces"
FMR = 1e-4
ROUNDS = 9
MISSED = -99.0
THEIR_TOLERANCE = 0.6


def run() -> list[Figure]:
    """Return the figures of the group `face`; none when the shared pictures are absent."""
    if not FACES.exists():
        print("    no pictures: set LVZ_SHARED")
        return []
    engine = OpencvFaceEngine()
    pictures = [*att(), *photos()]
    looked = [look(engine, picture) for picture in pictures]
    return [accuracy(pictures, looked), cost(engine), memory()]


@dataclass(frozen=True)
class Picture:
    """A picture and whose it is."""

    person: str
    pixels: Pixels


@dataclass(frozen=True)
class Looked:
    """What either side made of a picture; None where it found no face."""

    ours: Embedding | None
    theirs: Scores | None


def att() -> Iterator[Picture]:
    """The AT&T Database of Faces, as FACE.md prepares it."""
    with tarfile.open(FACES / "orl" / "att_faces_400.tar.gz") as archive:
        for member in archive.getmembers():
            file = archive.extractfile(member) if member.name.endswith(".pgm") else None
            if file is None:
                continue
            grey = decoded(file.read())
            large = cv2.resize(grey, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
            framed = cv2.copyMakeBorder(large, 20, 20, 20, 20, cv2.BORDER_REPLICATE)
            yield Picture(f"att/{Path(member.name).parent.name}", np.asarray(framed, np.uint8))


def photos() -> Iterator[Picture]:
    """The portraits with an identity in labels.csv, long side 640."""
    with (FACES / "labels.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            path = FACES / row["file"]
            if not row["file"].startswith("faces_") or not path.exists():
                continue
            picture = decoded(path.read_bytes())
            k = min(1.0, 640 / max(picture.shape[:2]))
            small = cv2.resize(picture, None, fx=k, fy=k, interpolation=cv2.INTER_AREA)
            yield Picture(row["identity"], np.asarray(small, np.uint8))


def decoded(data: bytes) -> Pixels:
    """The pixels of a picture file; raises `ValueError` for what is none."""
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if pixels is None:
        raise ValueError("not a picture")
    return np.asarray(pixels, np.uint8)


_detector: list[Detector] = []


def look(engine: OpencvFaceEngine, picture: Picture) -> Looked:
    """Embed a picture with our engine and with face_recognition as its manual says."""
    if not _detector:
        _detector.append(Detector(long_side=640))
    faces = _detector[0].detect(picture.pixels)
    theirs = their_encodings(picture.pixels)
    return Looked(
        ours=engine.embed(picture.pixels, face=faces[0]) if faces else None,
        theirs=theirs[0] if theirs else None,
    )


def their_encodings(pixels: Pixels) -> list[Scores]:
    """face_recognition alone: its own detector, its defaults."""
    rgb = np.ascontiguousarray(pixels[:, :, ::-1])
    found: list[Scores] = importlib.import_module("face_recognition").face_encodings(rgb)
    return found


def accuracy(pictures: list[Picture], looked: list[Looked]) -> Figure:
    """False non-matches at one false match in ten thousand, both sides, all pairs."""
    people = np.array([picture.person for picture in pictures])
    first, second = np.triu_indices(len(people), 1)
    same = people[first] == people[second]
    ours, floors = our_scores(looked, first, second)
    theirs = their_scores(looked, first, second)
    mine, limit = fnmr(np.where(floors, ours, MISSED), same)
    other, their_limit = fnmr(theirs, same)
    accepted, taken = (ours >= 0) & floors, theirs >= -THEIR_TOLERANCE
    return {
        "figure": "face_fnmr_at_fmr_1e4",
        "value": round(mine, 5),
        "unit": "rate",
        "against": "face_recognition alone",
        "ratio": round(other / mine, 2) if mine else None,
        "n": int(same.sum()),
        "note": (
            f"{int(same.sum())} same and {int((~same).sum())} different pairs of {len(people)} "
            f"pictures; ours at s ≥ {limit:.3f}, and at s ≥ 0 with floors FNMR "
            f"{rate(~accepted[same])} FMR {rate(accepted[~same])}; face_recognition "
            f"{other:.4f} at d ≤ {-their_limit:.3f}, and at its default 0.6 FNMR "
            f"{rate(~taken[same])} FMR {rate(taken[~same])}; no face found: ours "
            f"{sum(one.ours is None for one in looked)}, theirs "
            f"{sum(one.theirs is None for one in looked)}"
        ),
    }


def our_scores(
    looked: list[Looked], first: npt.NDArray[np.int64], second: npt.NDArray[np.int64]
) -> tuple[Scores, npt.NDArray[np.bool_]]:
    """The engine's own fused score of every pair, and whether its floors hold."""
    scores = np.full(len(first), MISSED)
    floors = np.zeros(len(first), bool)
    for index, (a, b) in enumerate(zip(first, second, strict=True)):
        one, other = looked[a].ours, looked[b].ours
        if one is not None and other is not None:
            match = fuse(one, [other])
            scores[index], floors[index] = match.score, within(match)
    return scores, floors


def within(match: MatchResult) -> bool:
    """The floors of the decision, checked here once more against the documented number."""
    return match.floors_met and match.distances[0] <= DISTANCE_FLOOR


def their_scores(
    looked: list[Looked], first: npt.NDArray[np.int64], second: npt.NDArray[np.int64]
) -> Scores:
    """The negated face distance of every pair, so that larger is nearer."""
    known = [i for i, one in enumerate(looked) if one.theirs is not None]
    vectors = np.zeros((len(looked), 128))
    vectors[known] = [looked[i].theirs for i in known]
    usable = np.isin(first, known) & np.isin(second, known)
    distance = np.linalg.norm(vectors[first] - vectors[second], axis=1)
    return np.where(usable, -distance, MISSED)


def fnmr(scores: Scores, same: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """The rate of genuine pairs refused when `FMR` of the others are taken, and the limit."""
    impostors = np.sort(scores[~same])[::-1]
    limit = float(impostors[int(FMR * len(impostors))])
    return float((scores[same] <= limit).mean()), limit


def rate(values: npt.NDArray[np.bool_]) -> str:
    """A rate in words."""
    return f"{values.mean():.4%}"


def cost(engine: OpencvFaceEngine) -> Figure:
    """CPU of one match: find and embed the face of a 640-pixel frame, compare with a known one."""
    picture = next(p for p in photos() if max(p.pixels.shape) == 640)
    detector = Detector(long_side=640)
    known = engine.embed(picture.pixels, face=detector.detect(picture.pixels)[0])
    library = importlib.import_module("face_recognition")
    stranger = their_encodings(picture.pixels)[0]

    def ours() -> None:
        fuse(known, [engine.embed(picture.pixels, face=detector.detect(picture.pixels)[0])])

    def theirs() -> None:
        library.face_distance(their_encodings(picture.pixels), stranger)

    spent = [(cpu(ours), cpu(theirs)) for _ in range(ROUNDS)]
    mine, other = (statistics.median(column) for column in zip(*spent, strict=True))
    low, high = min(s[0] for s in spent), max(s[0] for s in spent)
    return {
        "figure": "face_match_cpu_ms",
        "value": round(mine, 1),
        "unit": "ms",
        "against": "face_recognition alone",
        "ratio": round(other / mine, 2),
        "n": ROUNDS,
        "note": f"{low:.0f}–{high:.0f} ms; face_recognition {other:.0f} ms; one thread",
    }


def cpu(work: Callable[[], None]) -> float:
    """Milliseconds of this thread."""
    before = time.thread_time()
    work()
    return (time.thread_time() - before) * 1000


OURS = """
from app.adapters.embedded.face import OpencvFaceEngine
from miniprogram_mock.rig.model import registry_photo
photo, engine = registry_photo(), OpencvFaceEngine()
engine.observe(jpeg=photo)
engine.compare(reference=photo, probes=[photo])
"""
THEIRS = """
import cv2, numpy, face_recognition
from miniprogram_mock.rig.model import registry_photo
pixels = cv2.imdecode(numpy.frombuffer(registry_photo(), numpy.uint8), 1)[:, :, ::-1].copy()
known = face_recognition.face_encodings(pixels)
face_recognition.face_distance(known, known[0])
"""
RSS = "print(next(line.split()[1] for line in open('/proc/self/status') if 'VmRSS' in line))"


def memory() -> Figure:
    """Resident memory of a fresh process after its first observation and comparison."""
    mine, other = resident(OURS), resident(THEIRS)
    return {
        "figure": "face_worker_rss_mb",
        "value": round(mine),
        "unit": "MB",
        "against": "face_recognition alone",
        "ratio": round(other / mine, 2),
        "n": 1,
        "note": f"face_recognition {other:.0f} MB; ours adds landmarks, SFace, YuNet",
    }


def resident(program: str) -> float:
    """Run a program in a process of its own and return its resident megabytes."""
    done = subprocess.run(
        [sys.executable, "-c", program + RSS],
        cwd=REPO,
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout.split()[-1]) / 1024
