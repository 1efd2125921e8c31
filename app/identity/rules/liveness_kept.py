"""Which few images are kept until the decision, and what is compared with what. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.identity.rules.liveness_plan import TURNS, StepKind
from app.identity.rules.liveness_state import Frame, Kept, State
from app.ports.face import FaceMeasures

FRONT_KEPT = 3
TURNED_FROM, TURNED_BEST, TURNED_TO = 8.0, 13.0, 19.0  # degrees of yaw still recognisable


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What the engine compares, each image named by its SHA-256 (hex).

    `same_person` are compared with `reference` (a front frame of this session): one or two of
    every step, so that nobody can take another's place on the way. `registry` are compared with
    the register's photo 登记照片.
    """

    reference: str
    same_person: tuple[str, ...]
    registry: tuple[str, ...]


def keep(state: State, *, frame: Frame, face: FaceMeasures) -> State:
    """Keep this frame if it is among the best for the present step."""
    role = f"{state.index}:{state.current.kind}"
    if state.rest is None:
        return _offer(state, role=role, frame=frame, rank=abs(face.yaw), limit=FRONT_KEPT)
    yaw = abs(face.yaw - state.rest.yaw)
    if state.current.kind in TURNS and TURNED_FROM <= yaw <= TURNED_TO:
        rank = abs(yaw - TURNED_BEST)
        return _offer(state, role=f"{role}:turned", frame=frame, rank=rank, limit=1)
    if yaw > TURNED_FROM or face.eye_openness < 0.85 * state.rest.eye_openness:
        return state
    if state.current.kind is StepKind.FLASH and frame.shown >= 0:
        role += ":lit"
    rank = yaw + 20 * abs(face.jaw_open - state.rest.jaw_open)
    return _offer(state, role=role, frame=frame, rank=rank, limit=1)


def _offer(state: State, *, role: str, frame: Frame, rank: float, limit: int) -> State:
    fresh = Kept(role=role, sha256=frame.seen.sha256, rank=round(rank, 3))
    same = sorted([*(k for k in state.kept if k.role == role), fresh], key=lambda kept: kept.rank)
    others = tuple(k for k in state.kept if k.role != role)
    return replace(state, kept=(*others, *same[:limit]))


def comparison(state: State) -> Comparison:
    """Choose the images to compare, once all steps were seen. The first front frame is best."""
    front = [kept.sha256 for kept in state.kept if kept.role.endswith(StepKind.FRONT)]
    rest = [kept for kept in state.kept if not kept.role.endswith(StepKind.FRONT)]
    plain = [kept.sha256 for kept in rest if not kept.role.endswith((":turned", ":lit"))]
    return Comparison(
        reference=front[0],
        same_person=tuple(kept.sha256 for kept in rest),
        registry=(*front, *plain[:2]),
    )
