"""绑定: licence number + name + identity number → register match → face check or hall officer."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import datetime

from app.identity import queries
from app.identity.errors import (
    BindingNotFound,
    ConsentRequired,
    HallCodeUnknown,
    IdentityNoInvalid,
    LicenceNoInvalid,
    NoMatch,
    PhotoMissing,
)
from app.identity.models import Binding, Consent
from app.identity.rules import binding as rules
from app.identity.rules import consent as consent_text
from app.identity.rules import device_proof
from app.identity.rules.binding import BindingState
from app.identity.service.attempts import Attempts
from app.identity.service.binding_completion import BindingCompletion
from app.identity.service.values import HallApplicant, PendingBinding
from app.kernel.field_crypto import FieldCrypto
from app.kernel.identifiers import is_identity_no, is_licence_no
from app.kernel.principal import Phone
from app.kernel.unit_of_work import Tx, unit_of_work
from app.notification.service.telling import Notice, tell
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.errors import PortError
from app.ports.registry import LawyerRecord, LicenceNotFound, Registry

HALL_CODE_DIGITS = 12


@dataclass(frozen=True, kw_only=True)
class BindingRequest:
    """What a lawyer typed, the way chosen, and the phone's key with its proof."""

    licence_no: str
    name: str = field(repr=False)
    identity_no: str = field(repr=False)
    way: str
    consent_sha256: str | None
    public_key: bytes
    assurance: int
    iat: int
    signature: bytes


class Bindings:
    """Use cases of binding a phone to a licence."""

    def __init__(
        self,
        *,
        registry: Registry,
        clock: Clock,
        entropy: Entropy,
        crypto: FieldCrypto,
        completion: BindingCompletion,
    ) -> None:
        self._registry = registry
        self._clock = clock
        self._entropy = entropy
        self._crypto = crypto
        self._completion = completion
        self._attempts = Attempts(entropy=entropy)

    def apply(self, *, phone: Phone, request: BindingRequest) -> PendingBinding:
        """Check what was typed against the register and open an application.

        Raises the refusals of `rules.binding`, `TooManyAttempts`, `ConsentRequired`,
        `DeviceProofInvalid`, and the registry port's errors.
        """
        at = self._clock.now()
        _check_form(request)
        device_proof.check(
            key=request.public_key,
            message=device_proof.bind_message(request.public_key, request.iat),
            signature=request.signature,
            iat=request.iat,
            at=at,
        )
        attempt = self._attempts.count(phone, at=at)
        record = self._match(request, attempt=attempt)
        rules.check_may_practise(record.status)
        if request.way == "face" and not record.photo:
            raise PhotoMissing
        with unit_of_work() as tx:
            self._close_others(tx, phone=phone, at=at)
            binding = self._open(tx, phone=phone, request=request, at=at)
            return self.pending(binding)

    def use_officer(self, *, phone: Phone, binding_id: uuid.UUID) -> PendingBinding:
        """Go on without the face 换一种方式: the hall officer verifies the documents."""
        at = self._clock.now()
        with unit_of_work() as tx:
            binding = self._own(tx, phone=phone, binding_id=binding_id, at=at)
            if binding.state != BindingState.OFFICER_PENDING:
                self._await_officer(binding, at=at)
            return self.pending(binding)

    def cancel(self, *, phone: Phone, binding_id: uuid.UUID) -> None:
        """Withdraw an application."""
        at = self._clock.now()
        with unit_of_work() as tx:
            binding = self._own(tx, phone=phone, binding_id=binding_id, at=at)
            binding.state = BindingState.CANCELLED
            binding.closed_at = at

    def hall_applicant(self, *, hall_code: str) -> HallApplicant:
        """Show the officer who applied; raises `HallCodeUnknown`."""
        at = self._clock.now()
        with unit_of_work() as tx:
            binding = self._by_hall_code(tx, hall_code=hall_code, at=at)
            binding_id, licence_no = binding.id, binding.licence_no
        record = self._registry.find(licence_no=licence_no)
        return HallApplicant(
            binding_id=binding_id,
            name=record.name,
            licence_no=record.licence_no,
            firm_name=record.firm_name,
            category=record.category,
            status=record.status,
            identity_no_masked=record.identity_no[:6] + "********" + record.identity_no[-4:],
            photo=record.photo,
        )

    def decide_in_hall(self, *, hall_code: str, confirmed: bool) -> None:
        """Bind or refuse after the officer checked the person and the documents."""
        at = self._clock.now()
        with unit_of_work() as tx:
            licence_no = self._by_hall_code(tx, hall_code=hall_code, at=at).licence_no
        record = self._registry.find(licence_no=licence_no)
        if confirmed:
            rules.check_may_practise(record.status)
        with unit_of_work() as tx:
            binding = self._by_hall_code(tx, hall_code=hall_code, at=at)
            if confirmed:
                self._completion.complete(tx, binding=binding, record=record, way="officer", at=at)
            else:
                binding.state = BindingState.REFUSED
                binding.closed_at = at
            kind = "bound" if confirmed else "hall_refused"
            tell(tx, Notice(account_ids=[binding.account_id], kind=kind, at=at))

    def pending(self, binding: Binding) -> PendingBinding:
        """Read an open application off its row."""
        awaiting = binding.state == BindingState.OFFICER_PENDING
        code = None
        if awaiting and binding.hall_code_sealed is not None:
            code = self._crypto.open_alone(
                binding.hall_code_sealed, aad=f"binding.hall_code:{binding.id}"
            ).decode()
        return PendingBinding(
            binding_id=binding.id,
            way="officer" if awaiting else "face",
            state=binding.state,
            hall_code=code,
            attempts_left=rules.face_tries_left(binding.face_failures),
            expires_at=binding.expires_at,
        )

    def _match(self, request: BindingRequest, *, attempt: uuid.UUID) -> LawyerRecord:
        """Ask the register; a licence that does not exist is refused like a wrong name.

        Only what the register contradicted stays counted.
        """
        try:
            record = self._registry.find(licence_no=request.licence_no)
            rules.check_match(record, name=request.name, identity_no=request.identity_no)
        except LicenceNotFound as error:
            raise NoMatch from error
        except PortError:
            self._attempts.uncount(attempt)
            raise
        self._attempts.uncount(attempt)
        return record

    def _open(self, tx: Tx, *, phone: Phone, request: BindingRequest, at: datetime) -> Binding:
        consent = self._consent(tx, phone=phone, at=at) if request.way == "face" else None
        binding = Binding(
            id=self._entropy.uuid(),
            account_id=phone.account_id,
            licence_no=request.licence_no,
            state=BindingState.FACE_REQUIRED,
            device_key=request.public_key,
            device_assurance=request.assurance,
            consent_id=None if consent is None else consent.id,
            face_failures=queries.face_failures_since(
                tx, account_id=phone.account_id, since=at - rules.REFUSAL_WINDOW
            ),
            created_at=at,
            expires_at=at + rules.BINDING_LIFE,
        )
        if request.way == "officer":
            self._await_officer(binding, at=at)
        tx.add(binding)
        tx.flush()
        return binding

    def _consent(self, tx: Tx, *, phone: Phone, at: datetime) -> Consent:
        consent = Consent(
            id=self._entropy.uuid(),
            account_id=phone.account_id,
            kind="face",
            version=consent_text.VERSION,
            text_sha256=consent_text.SHA256,
            given_at=at,
        )
        tx.add(consent)
        tx.flush()
        return consent

    def _await_officer(self, binding: Binding, *, at: datetime) -> None:
        code = "".join(str(self._entropy.below(10)) for _ in range(HALL_CODE_DIGITS))
        binding.state = BindingState.OFFICER_PENDING
        binding.hall_code_sha256 = _digest(code)
        binding.hall_code_sealed = self._crypto.seal_alone(
            code.encode(), aad=f"binding.hall_code:{binding.id}"
        )
        binding.expires_at = at + rules.HALL_CODE_LIFE

    @staticmethod
    def _close_others(tx: Tx, *, phone: Phone, at: datetime) -> None:
        """An account has one open application: the newest."""
        while (old := queries.open_binding(tx, account_id=phone.account_id, at=at)) is not None:
            old.state = BindingState.CANCELLED
            old.closed_at = at
            tx.flush()

    @staticmethod
    def _own(tx: Tx, *, phone: Phone, binding_id: uuid.UUID, at: datetime) -> Binding:
        binding = queries.binding_of_account(tx, binding_id=binding_id, account_id=phone.account_id)
        if binding is None:
            raise BindingNotFound
        rules.check_open(binding.state, expires_at=binding.expires_at, at=at)
        return binding

    @staticmethod
    def _by_hall_code(tx: Tx, *, hall_code: str, at: datetime) -> Binding:
        digits = "".join(hall_code.split())
        binding = queries.binding_by_hall_code(tx, hall_code_sha256=_digest(digits), at=at)
        if binding is None:
            raise HallCodeUnknown
        return binding


def _check_form(request: BindingRequest) -> None:
    if not is_licence_no(request.licence_no):
        raise LicenceNoInvalid
    if not is_identity_no(request.identity_no):
        raise IdentityNoInvalid
    if request.way == "face" and request.consent_sha256 != consent_text.SHA256:
        raise ConsentRequired


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
