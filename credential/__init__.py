"""The lawyer identity code (律证码): issue, present, verify. Pure: no I/O, no clock, no settings.

    Issuer(signer).issue(...)  →  present(...)  →  to_text(...)  →  Verifier(trust).verify(...)

The protocol is `docs/protocol.md`; every name a kiosk or service may rely on is in `__all__`.
"""

from credential.claims import Credential, LawyerClaims, PracticeType
from credential.encoding import base45_decode, base45_encode
from credential.errors import CredentialError
from credential.issuer import Issuer
from credential.keys import Algorithm, PublicKey, Signer, SoftwareSigner
from credential.policy import Policy
from credential.presentation import (
    Form,
    ParsedText,
    parse_text,
    present,
    present_reference,
    to_text,
)
from credential.short_code import ShortCode, make_text, match_step, totp_at
from credential.status import Status, StatusList
from credential.trust import KeyRecord, KeyState, TrustList
from credential.verifier import CredentialCache, Verified, Verifier

__all__ = [
    "Algorithm",
    "Credential",
    "CredentialCache",
    "CredentialError",
    "Form",
    "Issuer",
    "KeyRecord",
    "KeyState",
    "LawyerClaims",
    "ParsedText",
    "Policy",
    "PracticeType",
    "PublicKey",
    "ShortCode",
    "Signer",
    "SoftwareSigner",
    "Status",
    "StatusList",
    "TrustList",
    "Verified",
    "Verifier",
    "base45_decode",
    "base45_encode",
    "make_text",
    "match_step",
    "parse_text",
    "present",
    "present_reference",
    "to_text",
    "totp_at",
]
