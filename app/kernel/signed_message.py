"""Signing HTTP messages (RFC 9421) with Content-Digest (RFC 9530). Pure.

What the platform says to others is signed with the issuer's key, published in
`/.well-known/lvz/jwks.json`. A signature base begins with the name of a component and what a
credential's signature covers with a CBOR array, so neither can pass for the other.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Final

from credential.keys import Algorithm, Signer

# RFC 9421 §6.2.2 names of the algorithms that keys of ours have.
NAMES: Final = {Algorithm.ES256: "ecdsa-p256-sha256", Algorithm.ED25519: "ed25519"}


def signature_headers(
    covered: Mapping[str, str], parameters: str, *, signer: Signer
) -> dict[str, str]:
    """Sign components; return `Signature-Input` and `Signature` (RFC 9421 §2.5, §3.1).

    `covered`: component identifier, as it is written, → value. `parameters`: those before `keyid`
    and `alg`, which are the signer's.
    """
    names = " ".join(covered)
    member = f'({names});{parameters};keyid="{key_name(signer)}";alg="{NAMES[signer.alg]}"'
    lines = [f"{name}: {value}" for name, value in covered.items()]
    base = "\n".join([*lines, f'"@signature-params": {member}'])
    signature = signer.sign(base.encode())
    return {"Signature-Input": f"sig1={member}", "Signature": f"sig1={byte_sequence(signature)}"}


def content_digest(body: bytes) -> str:
    """Return the Content-Digest of a body (RFC 9530 §2)."""
    return f"sha-256={byte_sequence(hashlib.sha256(body).digest())}"


def byte_sequence(data: bytes) -> str:
    """Write bytes as a structured field does (RFC 9651 §4.1.8)."""
    return f":{base64.b64encode(data).decode()}:"


def key_name(signer: Signer) -> str:
    """Return the `kid` under which the key is published (RFC 7517 §4.5)."""
    return signer.public.to_jwk()["kid"]
