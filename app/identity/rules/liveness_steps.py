"""Which movement was made, and how far it brings the present step. Pure.

A movement counts for a step only when the face was still at rest `REACTION_MS` after the step was
revealed: what was under way before is no answer.
"""

from __future__ import annotations

from dataclasses import replace
from statistics import median

from app.identity.rules.liveness_checks import FRONT_YAW
from app.identity.rules.liveness_flash import MIN_PER_COLOUR, judge
from app.identity.rules.liveness_plan import EXTRA_ACTIONS, TURNS, StepKind
from app.identity.rules.liveness_pose import flat_residual, lip_gap
from app.identity.rules.liveness_state import (
    FlashSample,
    FlashVerdict,
    Frame,
    Phase,
    Progress,
    Rest,
    State,
)
from app.ports.face import FaceMeasures

REACTION_MS = 300
ECHO_MS = 2_500  # repeating the last movement is no mistake while the phone still shows it
WRONG_ALLOWED = 1

TURN, REST = 20.0, 10.0  # degrees of yaw from the resting pose
FRONT_FRAMES = 5
OPEN_EYES = 0.16  # eye-aspect ratio; below it the eyes are shut or cast down
SHUT, REOPENED = 0.65, 0.80  # of the resting eye-aspect ratio
SHUT_BLEND = 0.35  # rise of the blink blendshape that counts as shut, with a smaller dip
BLINK_MS = 2_500
JAW_OPEN = 0.35  # rise of the jawOpen blendshape; a smile hides it, so the lips count as well
LIPS_OPEN = 0.18  # rise of the lips' gap, eye distances
MOUTH_CLOSED = 0.45  # of either
NOD = 15.0  # degrees of pitch; a nod casts the eyes down and is no blink
MIN_RESIDUAL = 0.05  # eye distances; a flat picture stays below 0.024
FLAT_RESIDUAL, FLAT_STRETCH = 0.03, 1.12
FLAT_FRAMES = 3
STILL_YAW = 15.0

_SIDES = {StepKind.TURN_LEFT: 1.0, StepKind.TURN_RIGHT: -1.0}


def take_front(state: State, *, face: FaceMeasures) -> State:
    """Collect resting measures from frames that look ahead with open eyes and a shut mouth."""
    if abs(face.yaw) > FRONT_YAW:
        return replace(state, hint="hint.face_front")
    if face.eye_openness < OPEN_EYES:
        return replace(state, hint="hint.open_eyes")
    lips = lip_gap(face.landmarks)
    row = (face.eye_openness, face.blink, face.jaw_open, face.yaw, face.pitch, lips)
    front = (*state.step.front, row)
    state = replace(state, hint="", step=replace(state.step, front=front, done=len(front)))
    if len(front) < FRONT_FRAMES:
        return state
    middle = [median(column) for column in zip(*front, strict=True)]
    rest = Rest(
        eye_openness=middle[0],
        blink=middle[1],
        jaw_open=middle[2],
        yaw=middle[3],
        pitch=middle[4],
        lips=middle[5],
        landmarks=face.landmarks,
    )
    return finish(replace(state, rest=rest))


def finish(state: State) -> State:
    """Go to the next step; the caller stamps the time it is revealed."""
    index = state.index + 1
    done = index >= len(state.steps)
    phase = Phase.DECIDING if done else Phase.COLLECTING
    return replace(state, index=index, phase=phase, step=Progress(), samples=(), hint="")


def take_movement(state: State, *, frame: Frame, face: FaceMeasures, at: int) -> State:
    """Follow the face through movements; `at` is the frame's time on the server's clock."""
    if state.rest is None:
        return state
    episode = _episode(state.episode, face=face, rest=state.rest)
    began = episode not in ("", state.episode)
    state = replace(state, episode=episode)
    if began and not _expected(state, episode=episode, at=at):
        state = _mistake(state)
        if state.phase is Phase.FAILED:
            return state
    if state.current.kind is StepKind.FLASH:
        return take_flash(state, frame=frame, face=face) if at >= state.revealed_at else state
    if at < state.revealed_at + REACTION_MS:
        return state
    if not episode and not state.step.rested:
        state = replace(state, step=replace(state.step, rested=True))
    return _take_action(state, frame=frame, face=face) if state.step.rested else state


def _take_action(state: State, *, frame: Frame, face: FaceMeasures) -> State:
    if state.current.kind in TURNS:
        return take_turn(state, face=face)
    if state.current.kind is StepKind.BLINK:
        return take_blink(state, frame=frame, face=face)
    return take_mouth(state, face=face)


def take_turn(state: State, *, face: FaceMeasures) -> State:
    """A turn 转头: out beyond `TURN` with a mesh no plane explains, and back within `REST`."""
    if state.rest is None:
        return state
    way = (face.yaw - state.rest.yaw) * _SIDES[state.current.kind]
    residual, stretch = flat_residual(state.rest.landmarks, face.landmarks)
    step = replace(state.step, residual=max(state.step.residual, residual))
    if way >= TURN:
        if residual >= MIN_RESIDUAL:
            step = replace(step, moved=True)
        else:
            step = replace(step, flat=step.flat + 1)
    elif residual < FLAT_RESIDUAL and stretch > FLAT_STRETCH:
        step = replace(step, flat=step.flat + 1)
    state = replace(state, step=step)
    if step.moved and abs(way) < REST:
        return finish(replace(state, planarity=max(state.planarity, step.residual)))
    return replace(state, hint=_turn_hint(moved=step.moved, way=way))


def _turn_hint(*, moved: bool, way: float) -> str:
    if moved:
        return "hint.turn_back"
    if way < -REST:
        return "hint.other_side"
    return "hint.turn_more" if way > REST / 2 else ""


def take_blink(state: State, *, frame: Frame, face: FaceMeasures) -> State:
    """A blink 眨眼: both eyes shut and open again within `BLINK_MS`, head still."""
    rest, step = state.rest, state.step
    if rest is None or abs(face.yaw - rest.yaw) > STILL_YAW or abs(face.pitch - rest.pitch) > NOD:
        return replace(state, step=replace(step, shut_since=None), hint="hint.face_front")
    openness = face.eye_openness / max(rest.eye_openness, 1e-6)
    if step.shut_since is None:
        rise = face.blink - rest.blink
        shut = openness < SHUT or (openness < REOPENED and rise > SHUT_BLEND)
        return replace(state, step=replace(step, shut_since=frame.t if shut else None))
    if openness < REOPENED:
        return replace(state, hint="hint.open_eyes" if _long(step, frame) else "")
    done = step.done + (not _long(step, frame))
    state = replace(state, step=replace(step, done=done, shut_since=None))
    if done >= state.current.count:
        return finish(state)
    return replace(state, hint="hint.blink_again" if done else "")


def _long(step: Progress, frame: Frame) -> bool:
    return step.shut_since is not None and frame.t - step.shut_since > BLINK_MS


def take_mouth(state: State, *, face: FaceMeasures) -> State:
    """An open mouth 张嘴, shut again."""
    if state.rest is None:
        return state
    opened = _opened(face, rest=state.rest)
    if state.step.moved:
        if opened < MOUTH_CLOSED:
            return finish(state)
        return replace(state, hint="hint.close_mouth")
    if opened >= 1:
        return replace(state, step=replace(state.step, moved=True), hint="hint.close_mouth")
    return replace(state, hint="hint.mouth_wider" if opened > MOUTH_CLOSED else "")


def _opened(face: FaceMeasures, *, rest: Rest) -> float:
    """How far the mouth is open: 1 counts as open."""
    jaw = (face.jaw_open - rest.jaw_open) / JAW_OPEN
    return max(jaw, (lip_gap(face.landmarks) - rest.lips) / LIPS_OPEN)


def take_flash(state: State, *, frame: Frame, face: FaceMeasures) -> State:
    """Collect the colours' frames; judge once the last colour has been seen and gone."""
    if state.rest is None:
        return state
    if abs(face.yaw - state.rest.yaw) > STILL_YAW:
        state = replace(state, hint="hint.hold_still")
    samples, colours = state.samples, state.current.colours
    if 0 <= frame.shown < len(colours):
        again = bool(samples) and frame.shown < samples[-1].shown
        fresh = FlashSample(
            t=frame.t, shown=frame.shown, skin=face.skin, background=face.background
        )
        samples = (fresh,) if again else (*samples, fresh)
        state = replace(state, samples=samples, step=replace(state.step, done=frame.shown))
    last = [sample for sample in samples if sample.shown == len(colours) - 1]
    over = len(last) > MIN_PER_COLOUR or (len(last) == MIN_PER_COLOUR and frame.shown < 0)
    if not over:
        return state
    verdict, score, strength = judge(samples, colours=colours)
    return _flashed(replace(state, flash=verdict, flash_score=score, flash_strength=strength))


def _flashed(state: State) -> State:
    """Pass, fail, or light too strong: a second code, and then two more actions, strictly."""
    if state.flash is FlashVerdict.FAIL:
        return state.failed("liveness.flash_mismatch")
    if state.flash is FlashVerdict.PASS:
        return finish(state)
    flashes = sum(step.kind is StepKind.FLASH for step in state.steps)
    if flashes == 1:
        again = replace(state, steps=(*state.steps, state.plan.second_flash))
        return replace(finish(again), hint="hint.dimmer_place")
    if state.tally.wrong or len(state.plan.extra) < EXTRA_ACTIONS:
        return state.failed("liveness.flash_unclear")
    more = replace(state, steps=(*state.steps, *state.plan.extra), strict=True)
    return replace(finish(more), hint="hint.two_more")


def _episode(before: str, *, face: FaceMeasures, rest: Rest) -> str:
    """Name the movement under way; leaving one needs more than the threshold of entering it."""
    yaw, opened = face.yaw - rest.yaw, _opened(face, rest=rest)
    if abs(yaw) >= TURN:
        return StepKind.TURN_LEFT if yaw > 0 else StepKind.TURN_RIGHT
    if opened >= 1 and abs(yaw) < STILL_YAW:
        return StepKind.OPEN_MOUTH
    resting = abs(yaw) < REST and opened < MOUTH_CLOSED
    return "" if resting else before


def _expected(state: State, *, episode: str, at: int) -> bool:
    """The movement asked for now; or the one before it, while the phone still shows that."""
    if at < state.revealed_at + ECHO_MS:
        before = state.steps[state.index - 1].kind if state.index else StepKind.FRONT
        if episode == before:
            return True
    return episode == state.current.kind


def _mistake(state: State) -> State:
    """Count a movement nobody asked for; the second one ends the session (strictly: the first)."""
    if state.step.flat >= FLAT_FRAMES:
        return state.failed("liveness.flat_face")
    wrong = state.tally.wrong + 1
    state = replace(state, tally=replace(state.tally, wrong=wrong), hint="hint.follow_prompt")
    if wrong > (0 if state.strict else WRONG_ALLOWED):
        return state.failed("liveness.wrong_action")
    return state
