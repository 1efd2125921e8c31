"""Proof that a phone holds the private key of a device: what is signed, and how old it may be."""

from __future__ import annotations

import base64
from datetime import datetime

from app.identity.errors import DeviceProofInvalid, DeviceProofReplayed
from app.identity.rules.binding import PROOF_TOLERANCE
from credential.errors import CredentialError
from credential.keys import Algorithm, PublicKey


def bind_message(public_key: bytes, iat: int) -> bytes:
    """Return what a phone signs to bind this key."""
    return f"lvz-pop:v1:bind:{_b64u(public_key)}:{iat}".encode()


def issue_message(device_id: str, iat: int) -> bytes:
    """Return what a phone signs to be issued a credential."""
    return f"lvz-pop:v1:issue:{device_id}:{iat}".encode()


def kiosk_message(public_key: bytes, iat: int) -> bytes:
    """Return what a kiosk signs to be enrolled."""
    return f"lvz-pop:v1:kiosk:{_b64u(public_key)}:{iat}".encode()


def check(*, key: bytes, message: bytes, signature: bytes, iat: int, at: datetime) -> None:
    """Verify a proof by a compressed P-256 key; raises `DeviceProofInvalid`."""
    if abs(int(at.timestamp()) - iat) > PROOF_TOLERANCE:
        raise DeviceProofInvalid("time")
    check_signature(key=key, message=message, signature=signature)


def check_signature(*, key: bytes, message: bytes, signature: bytes) -> None:
    """Verify a device's signature over any message; raises `DeviceProofInvalid`."""
    try:
        PublicKey.from_compressed(Algorithm.ES256, key).verify(signature, message)
    except CredentialError as error:
        raise DeviceProofInvalid("signature") from error


def check_fresh(*, iat: int, last_iat: int) -> None:
    """Each proof is later than the one before; raises `DeviceProofReplayed`."""
    if iat <= last_iat:
        raise DeviceProofReplayed


def _b64u(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
