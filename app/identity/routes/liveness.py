"""活体检测 over HTTP."""

from __future__ import annotations

import uuid

from apiflask import APIBlueprint

from app.http.auth import principal
from app.http.idempotency import idempotent
from app.identity.routes.sessions import services
from app.identity.schemas.liveness import FramesIn, LivenessIn, LivenessOut
from app.identity.service.liveness import Batch, Frame
from app.kernel.principal import Phone

liveness = APIBlueprint("identity_liveness", __name__, tag="人脸核验")


@liveness.post("/liveness")
@idempotent
@liveness.input(LivenessIn)
@liveness.output(LivenessOut, status_code=201)
def start(json_data: LivenessIn) -> LivenessOut:
    """Open a session; the first step is in the answer."""
    view = services().liveness.open(phone=principal(Phone), binding_id=json_data.binding_id)
    return LivenessOut.of(view)


@liveness.post("/liveness/<uuid:session_id>/frames")
@liveness.input(FramesIn)
@liveness.output(LivenessOut, status_code=202)
def frames(session_id: uuid.UUID, json_data: FramesIn) -> LivenessOut:
    """Take in a batch of frames; a worker looks at them."""
    batch = Batch(
        seq=json_data.seq,
        frames=[
            Frame(t=frame.t, shown=frame.shown, jpeg_base64=frame.jpeg)
            for frame in json_data.frames
        ],
        chain=json_data.chain,
        signature=json_data.signature,
    )
    view = services().liveness.take(phone=principal(Phone), session_id=session_id, batch=batch)
    return LivenessOut.of(view)


@liveness.get("/liveness/<uuid:session_id>")
@liveness.output(LivenessOut)
def progress(session_id: uuid.UUID) -> LivenessOut:
    """Return how far the session is."""
    return LivenessOut.of(services().liveness.view(phone=principal(Phone), session_id=session_id))
