"""活体检测: is this a living person, here and now, and the one in the register? Pure rules.

How a service uses this module (all times Unix milliseconds, given by the caller):

1. `plan = draw(integers=[entropy.below(2**32) for _ in range(INTEGERS_NEEDED)], actions=…)`
   `state = start(plan=plan, at=now)` — store `state.to_json()`.
2. For every batch, in order of `seq`: check the chain (`liveness_chain.links_to`), and in the
   worker `seen = engine.observe(jpeg=…)` for each frame; `ImageRefused` →
   `state = refuse(state, code="liveness.bad_chain")` or answer the batch with the problem.
   `state = advance(state, frames=[Frame(t=…, shown=…, seen=seen), …], received_at=…, at=now)`,
   with `received_at` the batch's arrival and `at` the time its result is stored: the next step is
   revealed by storing it. Then keep the images in `wanted(state)` and drop all others.
3. For GET: `state = expire(state, at=now)`; `view(state)` is the phone's step, hint, progress.
4. When `state.phase` is DECIDING: `wish = comparison(state)`;
   `same = engine.compare(reference=wish.reference, probes=wish.same_person)` and
   `registry = engine.compare(reference=registry photo, probes=wish.registry)` (SHA-256 names → the
   kept images); `verdict = decide(state, same_person=same, registry=registry, attempts_left=n)`
   with n the attempts that remain after this one.
   When it is FAILED: `verdict = failed(state, attempts_left=n)`. Then drop every image.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.identity.rules.liveness_checks import (
    integrity_failure,
    quality_hint,
    record,
    tally_failure,
)
from app.identity.rules.liveness_kept import Comparison, comparison, keep
from app.identity.rules.liveness_plan import (
    COLOUR_MS,
    COLOURS,
    INTEGERS_NEEDED,
    TURNS,
    Plan,
    StepKind,
    draw,
)
from app.identity.rules.liveness_state import Frame, Phase, State
from app.identity.rules.liveness_steps import (
    FLAT_FRAMES,
    FRONT_FRAMES,
    take_front,
    take_movement,
)
from app.identity.rules.liveness_texts import HINTS, OFFICER, RESULTS
from app.ports.face import Decision, MatchResult

__all__ = [
    "INTEGERS_NEEDED",
    "SESSION_MS",
    "Comparison",
    "Frame",
    "Phase",
    "State",
    "StepView",
    "Verdict",
    "View",
    "advance",
    "comparison",
    "decide",
    "draw",
    "expire",
    "failed",
    "refuse",
    "start",
    "view",
    "wanted",
]

SESSION_MS = 120_000
STEP_MS: Mapping[StepKind, int] = {
    StepKind.FRONT: 40_000,
    StepKind.FLASH: 40_000,
}
ACTION_MS = 12_000  # older people are slow
STRICT_ACTION_MS = 8_000
QUEUE_MS = 15_000  # frames may lie unanalysed this long on a busy machine
PERSON_FLOOR = 0.25  # fused s of any step's frame against the front frame


@dataclass(frozen=True, kw_only=True)
class StepView:
    """One step as the phone sees it; `colours` (#rrggbb) and `colour_ms` for the flash only."""

    no: int
    total: int
    kind: str
    count: int
    prompt: str
    colours: tuple[str, ...] = ()
    colour_ms: int = 0


@dataclass(frozen=True, kw_only=True)
class View:
    """What the phone may know of a session now; `hint` is (code, text)."""

    step: StepView | None
    hint: tuple[str, str] | None
    progress: float
    analysed: int


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The end of a session: `next` is done, retry or officer; `scores` is kept as evidence."""

    passed: bool
    code: str
    reason: str
    next: str
    scores: dict[str, Any] = field(default_factory=dict)


def start(*, plan: Plan, at: int) -> State:
    """Open a session; its first step is revealed at once."""
    return State(plan=plan, steps=plan.steps, started_at=at, revealed_at=at)


def advance(state: State, *, frames: Sequence[Frame], received_at: int, at: int) -> State:
    """Take a batch of analysed frames, oldest first.

    Steps that this batch completes reveal the next one at `at`; whatever follows in the batch was
    filmed before and cannot answer it.
    """
    if state.phase is not Phase.COLLECTING or not frames:
        return expire(state, at=at)
    lag = received_at - max(frame.t for frame in frames)
    state = replace(state, lag=lag if state.lag is None else min(lag, state.lag))
    for frame in frames:
        state = _take(state, frame=frame, received_at=received_at, at=at)
        if state.phase is not Phase.COLLECTING:
            return state
    return _on_time(state, at=frames[-1].t + (state.lag or 0), grace=0)


def _take(state: State, *, frame: Frame, received_at: int, at: int) -> State:
    failure = integrity_failure(state, frame=frame, received_at=received_at)
    if failure:
        return state.failed(failure)
    state = record(state, frame=frame, received_at=received_at)
    failure = tally_failure(state.tally)
    if failure:
        return state.failed(failure)
    hint = quality_hint(frame.seen, kind=state.current.kind)
    face = frame.seen.face
    if hint or face is None:
        return replace(state, hint=hint)
    state = replace(state, tally=replace(state.tally, usable=state.tally.usable + 1))
    state = keep(state, frame=frame, face=face)
    index = state.index
    if state.current.kind is StepKind.FRONT:
        state = take_front(state, face=face)
    else:
        state = take_movement(state, frame=frame, face=face, at=frame.t + (state.lag or 0))
    return state if state.index == index else replace(state, revealed_at=at)


def expire(state: State, *, at: int) -> State:
    """End a session whose time, or whose step's time, is over; otherwise return it unchanged.

    Frames may still wait for a worker, so a step has `QUEUE_MS` more here than in `advance`, where
    the time that counts is the frames' own.
    """
    return _on_time(state, at=at, grace=QUEUE_MS)


def _on_time(state: State, *, at: int, grace: int) -> State:
    if state.phase is not Phase.COLLECTING:
        return state
    if at - state.started_at > SESSION_MS:
        return state.failed("liveness.timed_out")
    if at - state.revealed_at > _allowed_ms(state) + grace:
        return state.failed(_missed(state))
    return state


def _allowed_ms(state: State) -> int:
    action = STRICT_ACTION_MS if state.strict else ACTION_MS
    return STEP_MS.get(state.current.kind, action)


def _missed(state: State) -> str:
    kind = state.current.kind
    if kind in TURNS and state.step.flat >= FLAT_FRAMES:
        return "liveness.flat_face"
    if kind in (StepKind.FRONT, StepKind.FLASH):
        return "liveness.timed_out"
    return "liveness.action_missing"


def refuse(state: State, *, code: str) -> State:
    """End a session for a reason found outside these rules; `code` is one of `RESULTS`."""
    if code not in RESULTS:
        raise KeyError(code)
    return state if state.phase is Phase.FAILED else state.failed(code)


def wanted(state: State) -> frozenset[str]:
    """Return the SHA-256 names (hex) of the images to keep; none once the session has failed."""
    if state.phase is Phase.FAILED:
        return frozenset()
    return frozenset(kept.sha256 for kept in state.kept)


def view(state: State) -> View:
    """Return what the phone may see: only the present step, never one to come."""
    hint = (state.hint, HINTS[state.hint]) if state.hint else None
    return View(
        step=_step_view(state) if state.phase is Phase.COLLECTING else None,
        hint=hint if state.phase is Phase.COLLECTING else None,
        progress=_progress(state),
        analysed=state.tally.analysed,
    )


def _step_view(state: State) -> StepView:
    step = state.current
    return StepView(
        no=state.index + 1,
        total=len(state.steps),
        kind=step.kind.value,
        count=step.count,
        prompt=step.prompt,
        colours=tuple(COLOURS[letter] for letter in step.colours),
        colour_ms=COLOUR_MS if step.colours else 0,
    )


def _progress(state: State) -> float:
    if state.phase is not Phase.COLLECTING:
        return 1.0
    step, goal = state.step, {StepKind.FRONT: FRONT_FRAMES, StepKind.FLASH: 8}
    part = step.done / goal.get(state.current.kind, max(state.current.count, 1))
    part = max(part, 0.5 if step.moved else 0.0)
    return round((state.index + min(part, 0.9)) / len(state.steps), 3)


def decide(
    state: State, *, same_person: MatchResult, registry: MatchResult, attempts_left: int
) -> Verdict:
    """Judge the comparisons of a session whose steps were all seen.

    Raises `ValueError` for a session that is not DECIDING.
    """
    if state.phase is not Phase.DECIDING:
        raise ValueError("the session has not seen all steps")
    scores = evidence(state) | {
        "same_person": same_person.to_json(),
        "registry": registry.to_json(),
    }
    code = _code(same_person, registry)
    return replace(_verdict(code, attempts_left=attempts_left), scores=scores)


def _code(same_person: MatchResult, registry: MatchResult) -> str:
    """Nobody took another's place, and the register shows this person."""
    if same_person.unusable > 1 or min(same_person.scores, default=-9.0) < PERSON_FLOOR:
        return "liveness.person_changed"
    return {
        Decision.ACCEPT: "liveness.passed",
        Decision.REVIEW: "liveness.face_unsure",
        Decision.REJECT: "liveness.face_mismatch",
    }[registry.decision]


def failed(state: State, *, attempts_left: int) -> Verdict:
    """Return the verdict of a FAILED session; raises `ValueError` for another one."""
    if state.phase is not Phase.FAILED:
        raise ValueError("the session has not failed")
    return replace(_verdict(state.failure, attempts_left=attempts_left), scores=evidence(state))


def _verdict(code: str, *, attempts_left: int) -> Verdict:
    if code == "liveness.passed":
        return Verdict(passed=True, code=code, reason=RESULTS[code], next="done")
    ways_left = attempts_left > 0 and code != "liveness.reference_unusable"
    return Verdict(
        passed=False,
        code=code,
        reason=RESULTS[code] if ways_left else RESULTS[code] + OFFICER,
        next="retry" if ways_left else "officer",
    )


def evidence(state: State) -> dict[str, Any]:
    """Return the measurements behind a decision; numbers only, nothing a face can be made of."""
    return {
        "steps": [step.kind.value for step in state.steps[: state.index]],
        "flash": state.flash.value,
        "flash_score": round(state.flash_score, 4),
        "flash_strength": round(state.flash_strength, 5),
        "planarity": round(state.planarity, 4),
        "frames": state.tally.analysed,
        "usable": state.tally.usable,
        "wrong": state.tally.wrong,
        "cuts": state.tally.cuts,
        "frozen": state.tally.frozen,
        "crowded": state.tally.crowded,
    }
