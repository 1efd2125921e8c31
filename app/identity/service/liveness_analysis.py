"""活体检测 in the worker: look at the frames of a session, in order, and decide at the end.

Safe to run twice: what a batch brought is stored only by whoever is first (`analysed_seq`).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from app.identity import queries
from app.identity.errors import BindingClosed, NotPractising
from app.identity.models import Binding, Device, LivenessSession
from app.identity.rules import binding as binding_rules
from app.identity.rules import liveness as rules
from app.identity.service import liveness_outcome as outcome
from app.identity.service.binding_completion import BindingCompletion
from app.identity.service.liveness import FRAMES_KEPT, frames_key, unix_ms, unpack
from app.identity.service.liveness_outcome import SessionState
from app.kernel.outbox import Message
from app.kernel.unit_of_work import Tx, unit_of_work
from app.notification.service.telling import Notice, tell
from app.ports.clock import Clock
from app.ports.ephemeral import Ephemeral
from app.ports.face import FaceEngine, ImageRefused, MatchResult, ReferenceUnusable
from app.ports.registry import LawyerRecord, LicenceNotFound, Registry

TRANSPORT = "liveness.bad_chain"


@dataclass(frozen=True, kw_only=True)
class _Next:
    """The next batch of a session and where the session stands."""

    session_id: uuid.UUID
    seq: int
    key: str
    state: rules.State


class LivenessAnalysis:
    """Handles the outbox topic `liveness`. Owns its engine: one instance a worker."""

    def __init__(
        self,
        *,
        engine: FaceEngine,
        registry: Registry,
        ephemeral: Ephemeral,
        clock: Clock,
        completion: BindingCompletion,
    ) -> None:
        self._engine = engine
        self._registry = registry
        self._ephemeral = ephemeral
        self._clock = clock
        self._completion = completion

    def handle(self, message: Message) -> None:
        """Do every batch that has arrived, then the decision if all steps were seen."""
        session_id = uuid.UUID(message.payload["session_id"])
        while (batch := self._next(session_id)) is not None:
            state = self._analyse(batch)
            if state.phase is not rules.Phase.COLLECTING:
                break
        self._finish(session_id)

    def _next(self, session_id: uuid.UUID) -> _Next | None:
        with unit_of_work() as tx:
            session = tx.get(LivenessSession, session_id)
            if session is None or session.state != SessionState.COLLECTING:
                return None
            state = rules.State.from_json(session.progress)
            chain = queries.batch_chain(tx, session_id=session_id, seq=session.analysed_seq)
            if chain is None or state.phase is not rules.Phase.COLLECTING:
                return None
            seq = session.analysed_seq
            key = frames_key(session_id, seq, chain)
            return _Next(session_id=session_id, seq=seq, key=key, state=state)

    def _analyse(self, batch: _Next) -> rules.State:
        packed = self._ephemeral.get(batch.key)
        images: dict[str, bytes] = {}
        if packed is None:
            state = rules.refuse(batch.state, code=TRANSPORT)
        else:
            state, images = self._look(batch.state, packed=packed)
        kept = rules.wanted(state)
        for name, jpeg in images.items():
            if name in kept:
                self._keep(batch.session_id, name=name, jpeg=jpeg)
        with unit_of_work() as tx:
            queries.advance_session(
                tx,
                session_id=batch.session_id,
                analysed_seq=batch.seq,
                progress=state.to_json(),
            )
        for name in rules.wanted(batch.state) - kept:
            self._ephemeral.delete(_kept_key(batch.session_id, name))
        self._ephemeral.delete(batch.key)
        return state

    def _look(self, state: rules.State, *, packed: str) -> tuple[rules.State, dict[str, bytes]]:
        received_at, raw = unpack(packed)
        frames, images = [], {}
        for t, shown, jpeg in raw:
            try:
                seen = self._engine.observe(jpeg=jpeg)
            except ImageRefused:
                return rules.refuse(state, code=TRANSPORT), {}
            frames.append(rules.Frame(t=t, shown=shown, seen=seen))
            images[seen.sha256] = jpeg
        now = unix_ms(self._clock.now())
        state = rules.advance(state, frames=frames, received_at=received_at, at=now)
        return state, images

    def _finish(self, session_id: uuid.UUID) -> None:
        with unit_of_work() as tx:
            session = tx.get(LivenessSession, session_id)
            if session is None or session.state in (SessionState.PASSED, SessionState.FAILED):
                return
            state = rules.State.from_json(session.progress)
            licence_no = session.licence_no
            if state.phase is rules.Phase.DECIDING:
                session.state = SessionState.DECIDING
        if state.phase is rules.Phase.FAILED:
            self._fail(session_id, state)
        elif state.phase is rules.Phase.DECIDING:
            self._decide(session_id, state=state, licence_no=licence_no)

    def _fail(self, session_id: uuid.UUID, state: rules.State) -> None:
        with unit_of_work() as tx:
            session = _lock(tx, session_id)
            if session is not None:
                at = self._clock.now()
                outcome.fail(tx, session=session, state=state, models=self._engine.models, at=at)
        self._forget(session_id, state)

    def _decide(self, session_id: uuid.UUID, *, state: rules.State, licence_no: str) -> None:
        wish = rules.comparison(state)
        reference = self._kept(session_id, [wish.reference])
        same = self._kept(session_id, wish.same_person)
        probes = self._kept(session_id, wish.registry)
        record = self._record(licence_no)
        if not reference or not probes or record is None or not record.photo:
            code = (
                TRANSPORT if record is not None and record.photo else "liveness.reference_unusable"
            )
            self._fail(session_id, state.failed(code))
            return
        try:
            same_person = self._engine.compare(reference=reference[0], probes=same)
            registry = self._engine.compare(reference=record.photo, probes=probes)
        except (ReferenceUnusable, ImageRefused):
            self._fail(session_id, state.failed("liveness.reference_unusable"))
            return
        self._close(session_id, state=state, matches=(same_person, registry), record=record)
        self._forget(session_id, state)

    def _close(
        self,
        session_id: uuid.UUID,
        *,
        state: rules.State,
        matches: tuple[MatchResult, MatchResult],
        record: LawyerRecord,
    ) -> None:
        at = self._clock.now()
        with unit_of_work() as tx:
            session = _lock(tx, session_id)
            if session is None:
                return
            verdict = rules.decide(
                state,
                same_person=matches[0],
                registry=matches[1],
                attempts_left=outcome.tries_after_this(tx, session=session),
            )
            outcome.close(tx, session=session, verdict=verdict, models=self._engine.models, at=at)
            if not verdict.passed:
                return
            if session.binding_id is not None:
                self._bind(tx, binding_id=session.binding_id, record=record)
            elif session.device_id is not None:
                tx.get_one(Device, session.device_id).person_verified_at = at

    def _bind(self, tx: Tx, *, binding_id: uuid.UUID, record: LawyerRecord) -> None:
        """Bind, unless the application was withdrawn or the status changed meanwhile."""
        at = self._clock.now()
        binding = tx.get_one(Binding, binding_id, with_for_update=True)
        try:
            binding_rules.check_open(binding.state, expires_at=binding.expires_at, at=at)
            binding_rules.check_may_practise(record.status)
        except (BindingClosed, NotPractising):
            return
        self._completion.complete(tx, binding=binding, record=record, way="face", at=at)
        tell(tx, Notice(account_ids=[binding.account_id], kind="bound", at=at))

    def _record(self, licence_no: str) -> LawyerRecord | None:
        try:
            return self._registry.find(licence_no=licence_no)
        except LicenceNotFound:
            return None

    def _keep(self, session_id: uuid.UUID, *, name: str, jpeg: bytes) -> None:
        self._ephemeral.put(key=_kept_key(session_id, name), value=jpeg.hex(), ttl=FRAMES_KEPT)

    def _kept(self, session_id: uuid.UUID, names: Sequence[str]) -> list[bytes]:
        found = (self._ephemeral.get(_kept_key(session_id, name)) for name in names)
        return [bytes.fromhex(text) for text in found if text is not None]

    def _forget(self, session_id: uuid.UUID, state: rules.State) -> None:
        for kept in state.kept:
            self._ephemeral.delete(_kept_key(session_id, kept.sha256))


def _lock(tx: Tx, session_id: uuid.UUID) -> LivenessSession | None:
    """Lock a session that has no verdict yet."""
    session = tx.get(LivenessSession, session_id, with_for_update=True)
    if session is None or session.state in (SessionState.PASSED, SessionState.FAILED):
        return None
    return session


def _kept_key(session_id: uuid.UUID, name: str) -> str:
    return f"liveness-kept:{session_id}:{name}"
