"""The lawyer identity code (律证码): issue, present, verify. Pure: no I/O, no clock, no settings.

    Issuer(signer).issue(...)  →  present(...)  →  to_text(...)  →  Verifier(trust).verify(...)

The protocol is `docs/protocol.md`; every name a kiosk or service may rely on is in `__all__`.
"""

from credential.checkpoint import Checkpoint, Note, NoteSignature, VerifierKey, cosign
from credential.claims import Credential, LawyerClaims, PracticeType
from credential.encoding import base45_decode, base45_encode
from credential.errors import CredentialError
from credential.issuer import Issuer
from credential.keys import Algorithm, PublicKey, Signer, SoftwareSigner
from credential.merkle import check_consistency, check_inclusion, leaf_hash
from credential.policy import Policy
from credential.presentation import (
    Form,
    ParsedText,
    parse_text,
    present,
    present_reference,
    to_text,
)
from credential.receipt import Evidence, Leaf, Receipt
from credential.short_code import ShortCode, make_text, match_step, totp_at
from credential.status import Status, StatusList
from credential.tiles import TileId, TileTree
from credential.trust import KeyRecord, KeyState, TrustList
from credential.verifier import CredentialCache, Verified, Verifier

__all__ = [
    "Algorithm",
    "Checkpoint",
    "Credential",
    "CredentialCache",
    "CredentialError",
    "Evidence",
    "Form",
    "Issuer",
    "KeyRecord",
    "KeyState",
    "LawyerClaims",
    "Leaf",
    "Note",
    "NoteSignature",
    "ParsedText",
    "Policy",
    "PracticeType",
    "PublicKey",
    "Receipt",
    "ShortCode",
    "Signer",
    "SoftwareSigner",
    "Status",
    "StatusList",
    "TileId",
    "TileTree",
    "TrustList",
    "Verified",
    "Verifier",
    "VerifierKey",
    "base45_decode",
    "base45_encode",
    "check_consistency",
    "check_inclusion",
    "cosign",
    "leaf_hash",
    "make_text",
    "match_step",
    "parse_text",
    "present",
    "present_reference",
    "to_text",
    "totp_at",
]
