"""Checks of one frame against the frames before it and against the clock. Pure."""

from __future__ import annotations

from dataclasses import replace

from app.identity.rules.liveness_plan import TURNS, StepKind
from app.identity.rules.liveness_pose import movement
from app.identity.rules.liveness_state import Frame, Last, State, Tally
from app.ports.face import FaceMeasures, FrameObservation

HASH_CHARS = 24  # 96 bits of the SHA-256 are enough to see a repeated frame
CLOCK_SLACK_MS = 2_000
FROZEN_BITS = 2  # of 128; two real frames differ in dozens
FROZEN_MOVEMENT = 1e-4  # eye distances
FROZEN_ALLOWED = 3
CROWDED_ALLOWED = 12
CUT_GAP_MS = 400
CUT_DISTANCE = 0.6  # face widths between neighbouring frames
CUTS_ALLOWED = 2

MIN_FACE, MAX_FACE = 100.0, 0.75  # pixels; share of the frame's width
MIN_PRESENCE, MIN_PRESENCE_TURNED = 0.90, 0.50
DARK, BRIGHT, BLURRED = 45.0, 225.0, 4.0
FRONT_YAW = 15.0  # degrees; absolute, before the resting pose is known


def integrity_failure(state: State, *, frame: Frame, received_at: int) -> str:
    """Return the result code of a frame that cannot come from a camera now, or ""."""
    if frame.seen.sha256[:HASH_CHARS] in state.hashes:
        return "liveness.replayed_frames"
    if state.last is not None and frame.t <= state.last.t:
        return "liveness.replayed_frames"
    if state.first_t is not None:
        captured, elapsed = frame.t - state.first_t, received_at - state.first_received
        if captured > elapsed + CLOCK_SLACK_MS:
            return "liveness.bad_timing"
    return ""


def record(state: State, *, frame: Frame, received_at: int) -> State:
    """Return the state that has seen this frame, with the tally of suspicious ones."""
    seen, last, tally = frame.seen, state.last, state.tally
    face = seen.face
    tally = replace(
        tally,
        analysed=tally.analysed + 1,
        crowded=tally.crowded + (seen.faces > 1),
        frozen=tally.frozen + _frozen(last, seen=seen),
        cuts=tally.cuts + _cut(last, frame=frame, started=state.rest is not None),
    )
    return replace(
        state,
        tally=tally,
        hashes=(*state.hashes, seen.sha256[:HASH_CHARS]),
        first_t=frame.t if state.first_t is None else state.first_t,
        first_received=received_at if state.first_t is None else state.first_received,
        last=Last(
            t=frame.t,
            yaw=face.yaw if face else 0.0,
            box=face.box if face else None,
            fingerprint=seen.fingerprint,
            landmarks=face.landmarks if face else "",
        ),
    )


def tally_failure(tally: Tally) -> str:
    """Return the result code that the counts demand, or ""."""
    if tally.frozen > FROZEN_ALLOWED:
        return "liveness.replayed_frames"
    if tally.crowded > CROWDED_ALLOWED:
        return "liveness.several_people"
    if tally.cuts > CUTS_ALLOWED:
        return "liveness.person_changed"
    return ""


def quality_hint(seen: FrameObservation, *, kind: StepKind) -> str:
    """Return why this frame cannot be used, as a hint, or "" when it can."""
    face = seen.face
    if face is None:
        return "hint.no_face"
    if seen.faces > 1:
        return "hint.several_faces"
    return _size_hint(face, width=seen.width) or _light_hint(face) or _clear_hint(face, kind=kind)


def _size_hint(face: FaceMeasures, *, width: int) -> str:
    if face.box[2] < MIN_FACE:
        return "hint.closer"
    return "hint.farther" if face.box[2] > MAX_FACE * width else ""


def _light_hint(face: FaceMeasures) -> str:
    if face.brightness < DARK:
        return "hint.too_dark"
    return "hint.too_bright" if face.brightness > BRIGHT else ""


def _clear_hint(face: FaceMeasures, *, kind: StepKind) -> str:
    if kind in TURNS:
        if face.presence < MIN_PRESENCE_TURNED:
            return "hint.turn_back"
    elif face.presence < MIN_PRESENCE:
        return "hint.uncover"
    return "hint.steady_phone" if face.sharpness < BLURRED else ""


def _frozen(last: Last | None, *, seen: FrameObservation) -> bool:
    """A mesh that repeats exactly, or a picture without sensor noise."""
    if last is None or seen.face is None or not last.landmarks:
        return False
    bits = (int(last.fingerprint, 16) ^ int(seen.fingerprint, 16)).bit_count()
    if bits <= FROZEN_BITS:
        return True
    return movement(last.landmarks, seen.face.landmarks) < FROZEN_MOVEMENT


def _cut(last: Last | None, *, frame: Frame, started: bool) -> bool:
    """The face jumped between neighbouring frames, as when one picture replaces another."""
    face = frame.seen.face
    if not started or last is None or last.box is None or face is None:
        return False
    if frame.t - last.t > CUT_GAP_MS:
        return False
    (x, y, w, h), (u, v, s, r) = last.box, face.box
    jump = max(abs(x + w / 2 - u - s / 2), abs(y + h / 2 - v - r / 2)) / max(w, 1.0)
    return jump > CUT_DISTANCE or not 0.5 < s / max(w, 1.0) < 2.0
