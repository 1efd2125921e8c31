"""What can go wrong in identity, each with its public code."""

from __future__ import annotations

from app.errors import AppError


class SessionExpired(AppError):
    """The session token is unknown or past its time."""

    code = "auth.session_expired"


class RateLimited(AppError):
    """Too many requests from one caller."""

    code = "auth.rate_limited"


class IdentityNoInvalid(AppError):
    """The identity number 公民身份号码 fails its check digit (GB 11643)."""

    code = "identity.identity_no_invalid"


class LicenceNoInvalid(AppError):
    """The licence number 执业证号 does not have the register's shape."""

    code = "identity.licence_no_invalid"


class NoMatch(AppError):
    """The register does not confirm the three facts; which one is never said."""

    code = "identity.no_match"


class TooManyAttempts(AppError):
    """The account's attempts to bind are used up for now."""

    code = "identity.too_many_attempts"


class NotPractising(AppError):
    """The register's status 执业状态 does not allow binding."""

    code = "identity.not_practising"


class CounselNotPractising(AppError):
    """The register's status 执业状态 does not allow acting before courts (律师法 art. 48)."""

    code = "identity.counsel_not_practising"


class ConsentRequired(AppError):
    """The face may be used only after a separate consent to the current text."""

    code = "identity.consent_required"


class DeviceProofInvalid(AppError):
    """The proof of possession does not verify or its time is off."""

    code = "identity.device_proof_invalid"


class DeviceProofReplayed(AppError):
    """A proof with this time or a later one was used before."""

    code = "identity.device_proof_replayed"


class DeviceEnded(AppError):
    """The device is no longer bound."""

    code = "identity.device_ended"


class NotBound(AppError):
    """The account is not bound to a lawyer."""

    code = "identity.not_bound"


class BindingNotFound(AppError):
    """No such binding of this account."""

    code = "identity.binding_not_found"


class BindingClosed(AppError):
    """The binding has ended or expired."""

    code = "identity.binding_closed"


class HallCodeUnknown(AppError):
    """No open binding has this hall code."""

    code = "identity.hall_code_unknown"


class PhotoMissing(AppError):
    """The register holds no photo to compare with."""

    code = "identity.photo_missing"


class LivenessNotFound(AppError):
    """No such liveness session of this account."""

    code = "liveness.not_found"


class LivenessClosed(AppError):
    """The liveness session has ended."""

    code = "liveness.closed"


class LivenessTooManyAttempts(AppError):
    """The face checks of this binding are used up; the hall officer is the way on."""

    code = "liveness.too_many_attempts"


class LivenessBadChain(AppError):
    """The frames are not the ones the phone signed."""

    code = "liveness.bad_chain"


class LivenessOutOfOrder(AppError):
    """A batch arrived whose number is not the next one."""

    code = "liveness.out_of_order"


class AssistantshipNotFound(AppError):
    """No such assistantship of this account."""

    code = "assistant.not_found"


class InvitationUnknown(AppError):
    """No invitation has this code, or it is not this account's."""

    code = "assistant.invitation_unknown"


class InvitationClosed(AppError):
    """The invitation was used, withdrawn, or is older than a day; `reason_label` says which."""

    code = "assistant.invitation_closed"


class TooManyInvitations(AppError):
    """The lawyer has as many open invitations as anybody needs."""

    code = "assistant.too_many_invitations"


class OwnInvitation(AppError):
    """A lawyer is not their own assistant."""

    code = "assistant.own_invitation"


class OtherFirm(AppError):
    """The assistant belongs to another firm 执业机构 (法发〔2021〕3号 art. 1)."""

    code = "assistant.other_firm"


class AlreadyAssistant(AppError):
    """This person assists this lawyer already."""

    code = "assistant.already"


class TooManyAssistants(AppError):
    """The lawyer has three assistants; the invitation stays usable."""

    code = "assistant.too_many"


class AssistantNotPractising(AppError):
    """The assistant's own licence does not allow helping now."""

    code = "assistant.not_practising"


class TraineeNotTraining(AppError):
    """The trainee 实习人员 is not in training any more, or not now."""

    code = "assistant.trainee_ended"


class TraineeNoInvalid(AppError):
    """The trainee's number 实习证号 is not 14 digits."""

    code = "assistant.trainee_no_invalid"


class ActsRefused(AppError):
    """No act was chosen, or one that is not an auxiliary act."""

    code = "assistant.acts_refused"


class UntilRefused(AppError):
    """The end lies in the past or more than a year ahead."""

    code = "assistant.until_refused"


class CaseNotYours(AppError):
    """A chosen case is not one that the lawyer represents."""

    code = "assistant.case_not_yours"


class NoCandidate(AppError):
    """Nobody waits to be confirmed."""

    code = "assistant.no_candidate"


class CandidateWaiting(AppError):
    """Another trainee has accepted and waits to be confirmed."""

    code = "assistant.candidate_waiting"


class DigitsWrong(AppError):
    """The digits are not those on the trainee's phone; `tries_left` says how often more."""

    code = "assistant.digits_wrong"


class DigitsUsedUp(AppError):
    """Wrong digits too often; the trainee has to accept again."""

    code = "assistant.digits_used_up"


class AssistantshipEnded(AppError):
    """The assistantship has ended; `reason_label` says how."""

    code = "assistant.ended"


class AssistantshipExpired(AppError):
    """The assistantship is past its last day."""

    code = "assistant.expired"


class FirmChanged(AppError):
    """Lawyer and assistant are not of one firm any more."""

    code = "assistant.firm_changed"


class AssistedNotPractising(AppError):
    """The assisted lawyer's licence does not allow acting now."""

    code = "assistant.lawyer_not_practising"


class AssistedNotBound(AppError):
    """The assisted lawyer has no phone bound, so nobody can look after what is done."""

    code = "assistant.lawyer_not_bound"


class ActNotGiven(AppError):
    """The lawyer did not give this act to the assistant."""

    code = "assistant.act_not_given"


class CaseNotGiven(AppError):
    """The lawyer did not give this case to the assistant."""

    code = "assistant.case_not_given"
