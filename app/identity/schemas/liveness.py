"""Wire shapes of the liveness check."""

from __future__ import annotations

import uuid
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from app.http.body import Digest, Moment, Signature, Strict, to_b64u
from app.identity.rules.liveness import StepView
from app.identity.service.liveness import LivenessView
from app.identity.service.liveness_outcome import SessionState


class LivenessIn(Strict):
    """Which binding the check is for; null: the bound phone's 30-day check."""

    binding_id: Annotated[uuid.UUID, Field(strict=False)] | None


class FrameIn(Strict):
    """One camera picture: when (ms, monotonic), which flash colour showed (−1: none), JPEG."""

    t: Annotated[int, Field(ge=0, le=2**32 - 1)]
    shown: Annotated[int, Field(ge=-1, le=31)]
    jpeg: Annotated[str, StringConstraints(min_length=4, max_length=110_000)]


class FramesIn(Strict):
    """A batch of pictures, chained and signed by the phone."""

    seq: Annotated[int, Field(ge=0, le=1000)]
    frames: Annotated[list[FrameIn], Field(min_length=1, max_length=8)]
    chain: Digest
    signature: Signature


class StepOut(BaseModel):
    """The step that is asked now."""

    no: int
    total: int
    kind: str
    count: int
    prompt: str
    colours: list[str]
    colour_ms: int

    @classmethod
    def of(cls, step: StepView) -> StepOut:
        """Build from the rules' value."""
        return cls.model_validate({**vars(step), "colours": list(step.colours)})


class HintOut(BaseModel):
    """What would help just now."""

    code: str
    text: str


class ResultOut(BaseModel):
    """How the check ended and what comes next."""

    passed: bool
    code: str
    reason: str
    next: Literal["retry", "officer", "done"]


class LivenessOut(BaseModel):
    """A session as the phone sees it."""

    id: uuid.UUID
    nonce: str
    state: SessionState
    step: StepOut | None
    hint: HintOut | None
    progress: float
    analysed: int
    received: int
    attempts_left: int
    result: ResultOut | None
    expires_at: Moment

    @classmethod
    def of(cls, view: LivenessView) -> LivenessOut:
        """Build from the domain's value."""
        shown, hint = view.shown, view.shown.hint
        return cls(
            id=view.id,
            nonce=to_b64u(view.nonce),
            state=SessionState(view.state),
            step=None if shown.step is None else StepOut.of(shown.step),
            hint=None if hint is None else HintOut(code=hint[0], text=hint[1]),
            progress=shown.progress,
            analysed=shown.analysed,
            received=view.received,
            attempts_left=view.attempts_left,
            result=None if view.result is None else ResultOut.model_validate(view.result),
            expires_at=view.expires_at,
        )
