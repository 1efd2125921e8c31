"""Why a lawyer identity code (律证码) was refused: one root, one leaf per permanent code.

The codes are part of the protocol: the Python library, the kiosk's JavaScript and the HTTP API
answer with the same strings, and a code is never renamed or reused.
"""

from typing import ClassVar


class CredentialError(Exception):
    """Root of everything this library raises on bad input; `code` is permanent."""

    code: ClassVar[str] = "credential.error"

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{self.code}: {detail}" if detail else self.code)
        self.detail = detail


class Malformed(CredentialError):
    """The bytes are not the canonical encoding of a message of this protocol."""

    code = "credential.malformed"


class InvalidClaims(CredentialError):
    """The values cannot be put into a credential (raised when building, not when verifying)."""

    code = "credential.invalid_claims"


class UnsupportedForm(CredentialError):
    """The text is not LVZ1/LVZ2/LVZ3, or this form cannot be verified here."""

    code = "credential.unsupported_form"


class UnknownIssuer(CredentialError):
    """No key with this `kid` is trusted at this time."""

    code = "credential.unknown_issuer"


class WrongAlgorithm(CredentialError):
    """The header names another algorithm than the one registered for the key."""

    code = "credential.wrong_algorithm"


class BadSignature(CredentialError):
    """A signature does not verify; the leaves say whose."""

    code = "credential.bad_signature"


class BadIssuerSignature(BadSignature):
    """The issuer's signature over the credential, status list or key set does not verify."""

    code = "credential.bad_issuer_signature"


class BadDeviceSignature(BadSignature):
    """The phone's signature over the presentation (亮证) does not verify."""

    code = "credential.bad_device_signature"


class Expired(CredentialError):
    """The credential (or key set) has ended."""

    code = "credential.expired"


class NotYetValid(CredentialError):
    """The credential (or status list, or key set) was issued after the time of verification."""

    code = "credential.not_yet_valid"


class Stale(CredentialError):
    """The presentation is older than the policy allows: a screenshot, or a slow clock."""

    code = "credential.stale"


class FromFuture(CredentialError):
    """The presentation claims a time further ahead than the policy's tolerance."""

    code = "credential.from_future"


class WrongAudience(CredentialError):
    """The presentation was made for somebody else."""

    code = "credential.wrong_audience"


class WrongNonce(CredentialError):
    """The presentation does not answer the challenge this kiosk (鉴证终端) showed."""

    code = "credential.wrong_nonce"


class Revoked(CredentialError):
    """The licence is revoked or cancelled (吊销、注销)."""

    code = "credential.revoked"


class Suspended(CredentialError):
    """The lawyer is suspended from practice (停止执业)."""

    code = "credential.suspended"


class AssessmentPending(CredentialError):
    """The annual assessment was not passed or is postponed (年度考核)."""

    code = "credential.assessment_pending"


class StatusUnavailable(CredentialError):
    """The policy asks for a status and none can be read for this licence."""

    code = "credential.status_unavailable"


class StatusTooOld(CredentialError):
    """The status list is past its age limit, or older than one already seen (rollback)."""

    code = "credential.status_too_old"


class Replayed(CredentialError):
    """This presentation or short code was accepted before."""

    code = "credential.replayed"


class UnknownReference(CredentialError):
    """No credential is stored under the reference (LVZ2) or handle (LVZ3)."""

    code = "credential.unknown_reference"


class DeviceEnded(CredentialError):
    """The device was unbound or replaced."""

    code = "credential.device_ended"


class ShortCodeWrong(CredentialError):
    """The eight digits are not those of the present time step."""

    code = "credential.short_code_wrong"


class TooManyTries(CredentialError):
    """Too many wrong short codes for one handle in a minute."""

    code = "credential.too_many_tries"


class LogProofInvalid(CredentialError):
    """A proof of the ledger (存证账本) does not lead to the root, or the log is not that long."""

    code = "ledger.proof_invalid"


class CheckpointUntrusted(CredentialError):
    """A checkpoint (检查点) is not signed by the log, or by too few witnesses (见证人)."""

    code = "ledger.checkpoint_untrusted"


class CommitmentBroken(CredentialError):
    """The details shown are not those that the ledger's leaf commits to."""

    code = "ledger.commitment_broken"
