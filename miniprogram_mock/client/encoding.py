"""base64url, keys and the messages that phones and kiosks sign."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.asymmetric import ec

from credential.keys import SoftwareSigner


def b64u(data: bytes) -> str:
    """Encode base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def un_b64u(text: str) -> bytes:
    """Decode base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def new_key() -> SoftwareSigner:
    """Make a P-256 key."""
    return SoftwareSigner(ec.generate_private_key(ec.SECP256R1()))


def proof(signer: SoftwareSigner, purpose: str, subject: str, iat: int) -> str:
    """Return the signed proof of possession that the product asks for."""
    return b64u(signer.sign(f"lvz-pop:v1:{purpose}:{subject}:{iat}".encode()))
