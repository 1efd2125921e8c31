"""What a liveness session 活体检测 remembers between two batches of frames: small, frozen, JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from app.identity.rules.liveness_plan import Plan, Step
from app.ports.face import FrameObservation, Rgb


class Phase(StrEnum):
    """Frames are wanted; all steps were seen and faces must be compared; it is over."""

    COLLECTING = "collecting"
    DECIDING = "deciding"
    FAILED = "failed"


class FlashVerdict(StrEnum):
    """What the colours on the face say."""

    UNSEEN = "unseen"
    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One frame of a batch: `t` ms of the phone's monotonic clock, `shown` the colour's index."""

    t: int
    shown: int
    seen: FrameObservation


@dataclass(frozen=True, kw_only=True)
class Rest:
    """How this face measures when it looks ahead: medians over the front step, one mesh."""

    eye_openness: float
    blink: float
    jaw_open: float
    yaw: float
    pitch: float
    lips: float
    landmarks: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Last:
    """What the next frame is compared with: the frame before it."""

    t: int
    yaw: float
    box: tuple[float, float, float, float] | None
    fingerprint: str
    landmarks: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far the present step is. `rested`: the face looked ahead after the step was shown."""

    rested: bool = False
    moved: bool = False
    done: int = 0
    shut_since: int | None = None
    flat: int = 0
    residual: float = 0.0
    front: tuple[tuple[float, ...], ...] = ()  # the numbers of `Rest`, in its order


@dataclass(frozen=True, kw_only=True)
class FlashSample:
    """The colours of one frame of the flash step."""

    t: int
    shown: int
    skin: Rgb
    background: Rgb


@dataclass(frozen=True, kw_only=True)
class Kept:
    """An image to keep for the comparison: `role` says for what, smaller `rank` is better."""

    role: str
    sha256: str
    rank: float


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Counts over the whole session, evidence kept with the decision."""

    analysed: int = 0
    usable: int = 0
    crowded: int = 0
    wrong: int = 0
    cuts: int = 0
    frozen: int = 0


@dataclass(frozen=True, kw_only=True)
class State:
    """A session between two batches. Times are server Unix milliseconds; `t` is the phone's.

    `lag` is the smallest seen difference of a batch's arrival and its newest frame's `t`: it maps
    the phone's clock to ours, never later than the truth by more than the upload.
    """

    plan: Plan
    steps: tuple[Step, ...]
    started_at: int
    revealed_at: int
    phase: Phase = Phase.COLLECTING
    index: int = 0
    lag: int | None = None
    first_t: int | None = None
    first_received: int = 0
    rest: Rest | None = None
    last: Last | None = None
    step: Progress = field(default_factory=Progress)
    tally: Tally = field(default_factory=Tally)
    episode: str = ""
    hashes: tuple[str, ...] = ()
    samples: tuple[FlashSample, ...] = ()
    flash: FlashVerdict = FlashVerdict.UNSEEN
    flash_score: float = 0.0
    flash_strength: float = 0.0
    kept: tuple[Kept, ...] = ()
    strict: bool = False
    planarity: float = 0.0
    hint: str = ""
    failure: str = ""

    @property
    def current(self) -> Step:
        """The step that is asked now (the last one once all are done)."""
        return self.steps[min(self.index, len(self.steps) - 1)]

    def failed(self, code: str) -> State:
        """Return the state ended by a result code."""
        return replace(self, phase=Phase.FAILED, failure=code, hint="")

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values; `from_json` is the way back."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> State:
        """Read what `to_json` wrote."""
        inner = {
            "plan": Plan.from_json(value["plan"]),
            "steps": tuple(Step.from_json(step) for step in value["steps"]),
            "phase": Phase(value["phase"]),
            "flash": FlashVerdict(value["flash"]),
            "rest": value["rest"] and Rest(**value["rest"]),
            "last": value["last"] and Last(**_tuples(value["last"], "box")),
            "step": _progress(value["step"]),
            "tally": Tally(**value["tally"]),
            "hashes": tuple(value["hashes"]),
            "samples": tuple(
                FlashSample(**_tuples(sample, "skin", "background")) for sample in value["samples"]
            ),
            "kept": tuple(Kept(**kept) for kept in value["kept"]),
        }
        return cls(**{**value, **inner})


def _progress(value: Mapping[str, Any]) -> Progress:
    return Progress(**{**value, "front": tuple(tuple(row) for row in value["front"])})


def _tuples(value: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Turn the JSON lists of the named fields back into tuples."""
    return {**value, **{n: None if value[n] is None else tuple(value[n]) for n in names}}
