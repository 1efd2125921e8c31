"""A phone and a service in one loop: an actor answers the steps, engine and rules judge them.

Network and worker are a delay. Times are simulated; nothing sleeps.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from app.identity.rules import liveness as rules
from app.identity.rules.liveness_plan import Plan
from app.identity.rules.liveness_state import Frame, Phase, State
from app.ports.face import FaceEngine, ImageRefused

FRAME_MS = 100
BATCH = 5
DELAY_MS = 180  # upload, queue, analysis and poll
CLOCK = 1_700_000_000_000
ACTIONS = ("turn_left", "turn_right", "blink", "open_mouth")

# (liveness as the phone gets it, ms since the step was shown, ms since the start) → JPEG
Actor = Callable[[Mapping[str, Any], int, int], bytes]


@dataclass
class Session:
    state: State
    verdict: rules.Verdict | None = None
    images: dict[str, bytes] = field(default_factory=dict)
    hints: list[str] = field(default_factory=list)


def plan(seed: int, *, actions: tuple[str, ...] = ACTIONS) -> Plan:
    integers = np.random.default_rng(seed).integers(0, 2**32, rules.INTEGERS_NEEDED)
    return rules.draw(integers=[int(value) for value in integers], actions=actions)


def liveness(state: State) -> dict[str, Any]:
    """The part of the Liveness JSON that a phone acts on."""
    step = rules.view(state).step
    return {"step": None if step is None else json.loads(json.dumps(vars(step)))}


def run(
    *, actor: Actor, engine: FaceEngine, registry: bytes, seed: int, steps: Any = None
) -> Session:
    """Play one session to its end."""
    session = Session(state=rules.start(plan=steps or plan(seed), at=CLOCK))
    now, shown_at, seen_no = 0, 0, 0
    seen = liveness(session.state)
    while session.state.phase is Phase.COLLECTING and now < rules.SESSION_MS + 5_000:
        frames = []
        for _ in range(BATCH):
            step = seen["step"]
            if step and step["no"] != seen_no:
                seen_no, shown_at = step["no"], now
            jpeg = actor(seen, now - shown_at, now)
            frames.append((now, shown_index(seen, now - shown_at), jpeg))
            now += FRAME_MS
        _deliver(session, frames=frames, engine=engine, now=now)
        seen = liveness(session.state)
    session.verdict = _decide(session, engine=engine, registry=registry)
    return session


def shown_index(seen: Mapping[str, Any], elapsed: int) -> int:
    step = seen["step"] or {}
    colours = step.get("colours") or ()
    index = elapsed // max(step.get("colour_ms") or 1, 1)
    return index if colours and index < len(colours) else -1


def _deliver(session: Session, *, frames: Any, engine: FaceEngine, now: int) -> None:
    """One batch through observe and advance, with the state through JSON as in the database."""
    taken = []
    for t, shown, jpeg in frames:
        try:
            taken.append(Frame(t=t, shown=shown, seen=engine.observe(jpeg=jpeg)))
        except ImageRefused:
            session.state = rules.refuse(session.state, code="liveness.bad_chain")
            return
        session.images[taken[-1].seen.sha256] = jpeg
    state = State.from_json(json.loads(json.dumps(session.state.to_json())))
    received = CLOCK + now + DELAY_MS // 2
    session.state = rules.advance(
        state, frames=taken, received_at=received, at=CLOCK + now + DELAY_MS
    )
    keep = rules.wanted(session.state)
    session.images = {name: jpeg for name, jpeg in session.images.items() if name in keep}
    hint = rules.view(session.state).hint
    if hint and (not session.hints or session.hints[-1] != hint[0]):
        session.hints.append(hint[0])


def _decide(session: Session, *, engine: FaceEngine, registry: bytes) -> rules.Verdict:
    if session.state.phase is Phase.COLLECTING:
        session.state = rules.expire(session.state, at=CLOCK + 10 * rules.SESSION_MS)
    if session.state.phase is Phase.FAILED:
        return rules.failed(session.state, attempts_left=2)
    wish = rules.comparison(session.state)
    return rules.decide(
        session.state,
        same_person=engine.compare(
            reference=session.images[wish.reference],
            probes=[session.images[name] for name in wish.same_person],
        ),
        registry=engine.compare(
            reference=registry, probes=[session.images[name] for name in wish.registry]
        ),
        attempts_left=2,
    )
