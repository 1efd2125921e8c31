"""一键核验: whether the code before a kiosk or relying party is a practising lawyer's, now."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from app.identity.service.devices import Devices
from app.issuance.service.credentials import Holder, Issuance, live_holder
from app.kernel.principal import Kiosk, Partner, Phone
from app.kernel.unit_of_work import Tx, autocommit, unit_of_work
from app.ledger.service.entries import Ledger
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.ephemeral import Ephemeral
from app.ports.errors import Unavailable
from app.ports.registry import PracticeStatus, StatusRecord
from app.verification.errors import VerificationNotFound
from app.verification.models import EnrolledKiosk, Verification
from app.verification.queries import verifications as queries
from app.verification.queries.verifications import Event
from app.verification.rules import acceptance as rules
from app.verification.service.noting import ledger_event
from credential.errors import CredentialError, Replayed, TooManyTries, UnknownReference
from credential.presentation import Form, ParsedText, parse_text
from credential.short_code import INTERVAL, ShortCode
from credential.verifier import Verifier

BY_INTERFACE = "接口核验"  # where a kiosk's name stands when a relying party's system asked


@dataclass(frozen=True, kw_only=True)
class Question:
    """What was scanned or typed, the nonce that was shown, and the idempotency key."""

    text: str = field(repr=False)
    nonce: bytes | None
    request_key: str | None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A code that was accepted 核验通过."""

    verification_id: uuid.UUID
    form: str
    at: datetime
    holder: Holder
    status: PracticeStatus
    status_as_of: datetime


class Verifications:
    """Use cases of verifying a code online. Fails closed: no answer is never a yes."""

    def __init__(
        self,
        *,
        verifier: Verifier,
        issuance: Issuance,
        devices: Devices,
        clock: Clock,
        entropy: Entropy,
        ephemeral: Ephemeral,
        ledger: Ledger,
    ) -> None:
        self._verifier = verifier
        self._issuance = issuance
        self._devices = devices
        self._clock = clock
        self._entropy = entropy
        self._ephemeral = ephemeral
        self._ledger = ledger

    def verify(self, *, verifier: Kiosk | Partner, question: Question) -> Answer:
        """Verify a code; every outcome leaves an event that the lawyer can see.

        Raises a `CredentialError` leaf, `RegistryUnavailable` or `DatabaseUnavailable`.
        """
        at = self._clock.now()
        event_id = self._entropy.uuid()
        trail = _Trail(event_id=event_id, by=verifier, at=at, request_key=question.request_key)
        try:
            parsed = parse_text(question.text)
            trail.form = parsed.form
            if isinstance(parsed.data, ShortCode):
                return self._verify_short(parsed.data, trail=trail)
            return self._verify_presentation(parsed, nonce=question.nonce, trail=trail)
        except CredentialError as refusal:
            self._refuse(refusal, question=question, trail=trail)
            raise

    def photo(self, *, kiosk: Kiosk, verification_id: uuid.UUID) -> bytes:
        """Return the registry photo behind an acceptance by this kiosk in the last minutes."""
        at = self._clock.now()
        with unit_of_work() as tx:
            row = queries.verification(tx, verification_id)
            if (
                row is None
                or row.kiosk_id != kiosk.kiosk_id
                or not row.accepted
                or row.lawyer_id is None
                or at - row.at > rules.PHOTO_FOR
            ):
                raise VerificationNotFound
            photo = self._devices.photo(tx, lawyer_id=row.lawyer_id)
        if photo is None:
            raise VerificationNotFound
        return photo

    def _verify_presentation(
        self, parsed: ParsedText, *, nonce: bytes | None, trail: _Trail
    ) -> Answer:
        verified = self._verifier.verify(
            parsed,
            policy=rules.policy(trail.by, nonce=nonce),
            at=int(trail.at.timestamp()),
            credential_for=lambda cti: self._issuance.find(cti=cti).raw,
        )
        trail.cti, trail.presented_at = verified.replay_key
        status = self._live_status(str(verified.credential.lawyer.licence_no), trail=trail)
        event = trail.event(accepted=True, code=None)
        entry = self._ledger.values(ledger_event(event))
        with autocommit() as database:
            found = queries.accept(database, event, entry=entry)
        if found is None:
            raise UnknownReference("cti")
        holder = live_holder(found.held)
        trail.lawyer_id = holder.lawyer_id
        if not found.written:
            trail.event_id = self._earlier_answer(trail)
        return _answer(trail, holder=holder, status=status)

    def _verify_short(self, code: ShortCode, *, trail: _Trail) -> Answer:
        trail.handle = code.handle
        self._limit_tries(code.handle)
        with unit_of_work() as tx:
            holder = self._issuance.use_short_code(
                tx, handle=code.handle, totp=code.totp, at=trail.at
            )
        trail.lawyer_id = holder.lawyer_id
        trail.cti = holder.cti
        trail.presented_at = int(trail.at.timestamp()) // INTERVAL * INTERVAL
        status = self._live_status(holder.licence_no, trail=trail)
        event = trail.event(accepted=True, code=None)
        with unit_of_work() as tx:
            if queries.record(tx, event):
                self._ledger.append(tx, ledger_event(event))
        return _answer(trail, holder=holder, status=status)

    def _limit_tries(self, handle: str) -> None:
        """Five tries a minute: eight digits cannot be guessed at that pace.

        Without the cache nobody counts, and a short code is refused rather than left open.
        """
        try:
            tries = self._ephemeral.incr(key=f"short-code:{handle}", ttl=60)
        except Unavailable as error:
            raise TooManyTries from error
        if tries > rules.SHORT_CODE_TRIES:
            raise TooManyTries

    def _live_status(self, licence_no: str, *, trail: _Trail) -> StatusRecord:
        """Ask the register now; a status that forbids practice is refused and remembered."""
        status = self._devices.live_status(licence_no=licence_no)
        try:
            rules.check_status(status.status)
        except CredentialError:
            with unit_of_work() as tx:
                self._devices.note_status(tx, status=status, at=trail.at)
            raise
        return status

    @staticmethod
    def _earlier_answer(trail: _Trail) -> uuid.UUID:
        """The same caller repeating the same request gets its answer again; others a refusal."""
        earlier = None
        if trail.request_key is not None:
            with autocommit() as database:
                earlier = queries.earlier_answer(database, trail.event(accepted=True, code=None))
        if earlier is None:
            raise Replayed
        return earlier

    def _refuse(self, refusal: CredentialError, *, question: Question, trail: _Trail) -> None:
        if trail.lawyer_id is None:
            with unit_of_work() as tx:
                self._find_lawyer(tx, refusal, question=question, trail=trail)
        event = trail.event(accepted=False, code=refusal.code)
        entry = self._ledger.values(ledger_event(event))
        with autocommit() as database:
            queries.record_refusal(database, event, entry=entry)

    def _find_lawyer(
        self, tx: Tx, refusal: CredentialError, *, question: Question, trail: _Trail
    ) -> None:
        """Learn whose code was refused, if it proves that: nobody else's history is written."""
        if trail.cti is None and isinstance(refusal, rules.REFUSED_AFTER_SIGNATURES):
            with suppress(CredentialError):
                verified = self._verifier.verify(
                    question.text,
                    policy=rules.any_moment(question.text),
                    at=int(trail.at.timestamp()),
                    credential_for=lambda cti: self._issuance.raw_credential(tx, cti),
                )
                trail.cti, trail.presented_at = verified.replay_key
        trail.lawyer_id = self._issuance.lawyer_of(tx, cti=trail.cti, handle=trail.handle)


@dataclass(kw_only=True)
class _Trail:
    """What is known so far, so that a refusal at any step is recorded with all of it."""

    event_id: uuid.UUID
    by: Kiosk | Partner
    at: datetime
    request_key: str | None
    form: Form | None = None
    cti: bytes | None = None
    presented_at: int | None = None
    lawyer_id: uuid.UUID | None = None
    handle: str | None = None

    def event(self, *, accepted: bool, code: str | None) -> Event:
        by = self.by
        partner = None if isinstance(by, Kiosk) else by
        return Event(
            id=self.event_id,
            at=self.at,
            kiosk_id=by.kiosk_id if isinstance(by, Kiosk) else None,
            client_id=partner.client_id if partner else None,
            client_name=partner.name if partner else None,
            client_place=partner.place if partner else None,
            form=self.form,
            accepted=accepted,
            code=code,
            cti=self.cti,
            presented_at=self.presented_at,
            lawyer_id=self.lawyer_id,
            request_key=self.request_key,
        )


def _answer(trail: _Trail, *, holder: Holder, status: StatusRecord) -> Answer:
    return Answer(
        verification_id=trail.event_id,
        form=str(trail.form),
        at=trail.at,
        holder=holder,
        status=status.status,
        status_as_of=status.as_of,
    )


@dataclass(frozen=True, kw_only=True)
class PastVerification:
    """One line of 谁在何时核验了我."""

    id: uuid.UUID
    at: datetime
    kiosk_name: str
    court_name: str
    place: str
    form: str | None
    offline: bool
    accepted: bool
    code: str | None


class VerificationHistory:
    """What the lawyer sees of the verifications of their own code."""

    PAGE = 20

    def __init__(self, *, devices: Devices) -> None:
        self._devices = devices

    def page(
        self, *, phone: Phone, before: uuid.UUID | None
    ) -> tuple[list[PastVerification], uuid.UUID | None]:
        """Return a page, newest first, and where the next one starts."""
        profile = self._devices.profile(phone=phone)
        card = profile.lawyer
        if card is None or profile.device is None:
            return [], None
        with unit_of_work() as tx:
            rows = queries.of_lawyer(
                tx, lawyer_id=card.lawyer_id, before=before, limit=self.PAGE + 1
            )
            items = [_past(row, kiosk) for row, kiosk in rows]
        more = len(items) > self.PAGE
        return items[: self.PAGE], items[self.PAGE - 1].id if more else None


def _past(row: Verification, kiosk: EnrolledKiosk | None) -> PastVerification:
    """A relying party stands where the court does; its name is the one it had then."""
    return PastVerification(
        id=row.id,
        at=row.at,
        kiosk_name=BY_INTERFACE if kiosk is None else kiosk.name,
        court_name=str(row.client_name) if kiosk is None else kiosk.court_name,
        place=str(row.client_place) if kiosk is None else kiosk.place,
        form=row.form,
        offline=row.offline,
        accepted=row.accepted,
        code=row.code,
    )
