"""活体检测 on the web side: open a session, take frames in, show how far it is.

The work on the frames is done by `liveness_analysis` in a worker. Frames wait in the ephemeral
store, in memory and for minutes; if that store is emptied, the check starts again.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.identity import queries
from app.identity.errors import (
    BindingNotFound,
    ConsentRequired,
    LivenessBadChain,
    LivenessClosed,
    LivenessNotFound,
    LivenessOutOfOrder,
    LivenessTooManyAttempts,
    NotBound,
)
from app.identity.models import Binding, Lawyer, LivenessBatch, LivenessSession
from app.identity.rules import binding as binding_rules
from app.identity.rules import consent as consent_text
from app.identity.rules import device_proof, liveness_chain, liveness_plan
from app.identity.rules import liveness as rules
from app.identity.service import liveness_outcome as outcome
from app.identity.service.liveness_outcome import SessionState
from app.kernel.outbox import enqueue
from app.kernel.principal import Phone
from app.kernel.unit_of_work import Tx, unit_of_work
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.ephemeral import Ephemeral

SESSION_LIFE = timedelta(seconds=120)
FRAME_BYTES = 80_000
FRAMES_PER_SESSION = 1_400
FRAMES_KEPT = 300.0  # seconds; long enough for a late worker, gone soon after in any case
SESSIONS_PER_BINDING = 10


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One picture: `t` in ms on the phone's clock, `shown` the flash colour's index or −1."""

    t: int
    shown: int
    jpeg_base64: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Pictures in order, with the chain after the last one and the phone's signature of it."""

    seq: int
    frames: Sequence[Frame]
    chain: bytes
    signature: bytes


@dataclass(frozen=True, kw_only=True)
class LivenessView:
    """What the phone sees of a session."""

    id: uuid.UUID
    nonce: bytes
    state: str
    shown: rules.View
    result: dict[str, Any] | None
    attempts_left: int
    received: int
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class _Subject:
    """Whose face is checked and for what."""

    binding_id: uuid.UUID | None
    device_id: uuid.UUID | None
    consent_id: uuid.UUID
    device_key: bytes
    licence_no: str


class LivenessChecks:
    """Use cases of a liveness session, from the phone's side."""

    def __init__(
        self, *, clock: Clock, entropy: Entropy, ephemeral: Ephemeral, actions: Sequence[str]
    ) -> None:
        self._clock = clock
        self._entropy = entropy
        self._ephemeral = ephemeral
        self._actions = actions

    def open(self, *, phone: Phone, binding_id: uuid.UUID | None) -> LivenessView:
        """Open a session for a binding, or for the bound phone's 30-day check.

        Raises `BindingNotFound`, `BindingClosed`, `NotBound`, `ConsentRequired`,
        `LivenessTooManyAttempts`.
        """
        at = self._clock.now()
        integers = [self._entropy.below(2**32) for _ in range(liveness_plan.INTEGERS_NEEDED)]
        plan = liveness_plan.draw(integers=integers, actions=self._actions)
        session_id, nonce = self._entropy.uuid(), self._entropy.token_bytes(16)
        with unit_of_work() as tx:
            subject = (
                self._of_device(tx, phone=phone)
                if binding_id is None
                else self._of_binding(tx, phone=phone, binding_id=binding_id, at=at)
            )
            session = LivenessSession(
                **vars(subject),
                id=session_id,
                account_id=phone.account_id,
                nonce=nonce,
                state=SessionState.COLLECTING,
                progress=rules.start(plan=plan, at=unix_ms(at)).to_json(),
                chain=liveness_chain.first_link(session_id=str(session_id), nonce=b64u(nonce)),
                next_seq=0,
                analysed_seq=0,
                frames_received=0,
                created_at=at,
                expires_at=at + SESSION_LIFE,
            )
            tx.add(session)
            tx.flush()
            return self._view(tx, session, at=at)

    def take(self, *, phone: Phone, session_id: uuid.UUID, batch: Batch) -> LivenessView:
        """Take a batch in: check order, chain and signature, keep the frames, call a worker.

        A batch that arrives after the last step was seen is dropped; the answer says so.
        Raises `LivenessNotFound`, `LivenessClosed`, `LivenessOutOfOrder`, `LivenessBadChain`,
        `DeviceProofInvalid`, or the ephemeral port's `Unavailable`.
        """
        at = self._clock.now()
        jpegs = [_decode(frame.jpeg_base64) for frame in batch.frames]
        with unit_of_work() as tx:
            session = self._own(tx, phone=phone, session_id=session_id)
            if not _open(session, at=at):
                return self._view(tx, session, at=at)
            _check_order(session, batch=batch)
            _check_chain(session, batch=batch, jpegs=jpegs)
        self._ephemeral.put(
            key=frames_key(session_id, batch.seq, batch.chain),
            value=pack(batch.frames, received_at=at),
            ttl=FRAMES_KEPT,
        )
        with unit_of_work() as tx:
            session = self._own(tx, phone=phone, session_id=session_id)
            if not _open(session, at=at):
                return self._view(tx, session, at=at)
            _check_order(session, batch=batch)
            tx.add(LivenessBatch(session_id=session.id, seq=batch.seq, chain=batch.chain))
            session.chain = batch.chain
            session.next_seq += 1
            session.frames_received += len(jpegs)
            enqueue(tx, topic="liveness", payload={"session_id": str(session.id)}, at=at)
            return self._view(tx, session, at=at)

    def view(self, *, phone: Phone, session_id: uuid.UUID) -> LivenessView:
        """Return how far the session is; raises `LivenessNotFound`."""
        at = self._clock.now()
        with unit_of_work() as tx:
            session = self._own(tx, phone=phone, session_id=session_id)
            return self._view(tx, session, at=at)

    def _of_binding(self, tx: Tx, *, phone: Phone, binding_id: uuid.UUID, at: datetime) -> _Subject:
        binding = queries.binding_of_account(tx, binding_id=binding_id, account_id=phone.account_id)
        if binding is None:
            raise BindingNotFound
        binding_rules.check_open(binding.state, expires_at=binding.expires_at, at=at)
        binding_rules.check_face_tries(binding.face_failures)
        if queries.sessions_of_binding(tx, binding_id=binding.id) >= SESSIONS_PER_BINDING:
            raise LivenessTooManyAttempts
        if binding.consent_id is None:
            raise ConsentRequired
        return _Subject(
            binding_id=binding.id,
            device_id=None,
            consent_id=binding.consent_id,
            device_key=binding.device_key,
            licence_no=binding.licence_no,
        )

    def _of_device(self, tx: Tx, *, phone: Phone) -> _Subject:
        device = queries.latest_device_of_account(tx, account_id=phone.account_id)
        if device is None or device.ended_at is not None:
            raise NotBound
        consent = queries.face_consent(
            tx, account_id=phone.account_id, version=consent_text.VERSION
        )
        if consent is None:
            raise ConsentRequired
        return _Subject(
            binding_id=None,
            device_id=device.id,
            consent_id=consent.id,
            device_key=device.public_key,
            licence_no=tx.get_one(Lawyer, device.lawyer_id).licence_no,
        )

    @staticmethod
    def _own(tx: Tx, *, phone: Phone, session_id: uuid.UUID) -> LivenessSession:
        session = queries.liveness_of_account(
            tx, liveness_id=session_id, account_id=phone.account_id
        )
        if session is None:
            raise LivenessNotFound
        return session

    @staticmethod
    def _view(tx: Tx, session: LivenessSession, *, at: datetime) -> LivenessView:
        state = rules.State.from_json(session.progress)
        if session.state == SessionState.COLLECTING:
            state = rules.expire(state, at=unix_ms(at))
            if state.phase is rules.Phase.FAILED:
                outcome.fail(tx, session=session, state=state, models={}, at=at)
        failures = 0
        if session.binding_id is not None:
            failures = tx.get_one(Binding, session.binding_id).face_failures
        return LivenessView(
            id=session.id,
            nonce=session.nonce,
            state=session.state,
            shown=rules.view(state),
            result=session.result,
            attempts_left=binding_rules.face_tries_left(failures),
            received=session.frames_received,
            expires_at=session.expires_at,
        )


def frames_key(session_id: uuid.UUID, seq: int, chain: bytes) -> str:
    """Return where a batch waits in the ephemeral store; the chain keeps two tries apart."""
    return f"liveness:{session_id}:{seq}:{chain.hex()}"


def pack(frames: Sequence[Frame], *, received_at: datetime) -> str:
    """Write a batch as lines: when it arrived, then `t shown jpeg` for each frame."""
    lines = [str(unix_ms(received_at))]
    lines += [f"{frame.t} {frame.shown} {frame.jpeg_base64}" for frame in frames]
    return "\n".join(lines)


def unix_ms(at: datetime) -> int:
    """Return Unix time in milliseconds, the unit of the liveness rules."""
    return int(at.timestamp() * 1000)


def unpack(text: str) -> tuple[int, list[tuple[int, int, bytes]]]:
    """Read what `pack` wrote: (arrival in Unix ms, frames as (t, shown, jpeg))."""
    first, *lines = text.split("\n")
    frames = []
    for line in lines:
        t, shown, jpeg = line.split(" ")
        frames.append((int(t), int(shown), base64.b64decode(jpeg)))
    return int(first), frames


def b64u(value: bytes) -> str:
    """Encode as the phone sees it: base64url without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    try:
        jpeg = base64.b64decode(text, validate=True)
    except ValueError as error:  # also for text that is not ASCII
        raise LivenessBadChain("base64") from error
    if len(jpeg) > FRAME_BYTES:
        raise LivenessBadChain("frame too large")
    return jpeg


def _open(session: LivenessSession, *, at: datetime) -> bool:
    return session.state == SessionState.COLLECTING and at < session.expires_at


def _check_order(session: LivenessSession, *, batch: Batch) -> None:
    if batch.seq != session.next_seq:
        raise LivenessOutOfOrder(expected=session.next_seq)
    if session.frames_received + len(batch.frames) > FRAMES_PER_SESSION:
        raise LivenessClosed


def _check_chain(session: LivenessSession, *, batch: Batch, jpegs: Sequence[bytes]) -> None:
    frames = zip(jpegs, batch.frames, strict=True)
    linked = liveness_chain.links_to(
        batch.chain,
        previous=session.chain,
        frames=((jpeg, frame.t, frame.shown) for jpeg, frame in frames),
    )
    if not linked:
        raise LivenessBadChain
    message = liveness_chain.signed_message(
        session_id=str(session.id), seq=batch.seq, chain=batch.chain
    )
    device_proof.check_signature(key=session.device_key, message=message, signature=batch.signature)
