"""The sealed box 密封箱: closed with a public key, opened only by who holds the private one.

ECDH on P-256 with a fresh key for each report, HKDF-SHA-256, AES-256-GCM: what WebCrypto has, so
that the discipline desk's browser opens it and the private key never comes near the server.

    box = version(1) | ephemeral public key(65, uncompressed) | nonce(12) | ciphertext and tag

The shared secret's HKDF takes the ephemeral key as salt and `INFO` as info; the report's id is
the additional data, so that a box moved to another row does not open. Lengths are hidden in steps
of `BLOCK` bytes.
"""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

VERSION: Final = b"\x01"
INFO: Final = b"lvz misconduct report v1"
BLOCK: Final = 1024
SECRET_SIZE: Final = 40  # bytes of randomness: a scalar below the order, without bias
NONCE_SIZE: Final = 12
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def recipient(pem: bytes) -> ec.EllipticCurvePublicKey:
    """Read the desk's public key; raises `ValueError`, `TypeError` for anything else."""
    key = load_pem_public_key(pem)
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise TypeError("the discipline desk's key must be on P-256")
    return key


def close(
    text: bytes, *, to: ec.EllipticCurvePublicKey, context: bytes, secret: bytes, nonce: bytes
) -> bytes:
    """Seal a text; `secret` is SECRET_SIZE fresh random bytes, `nonce` NONCE_SIZE."""
    scalar = int.from_bytes(secret, "big") % (_ORDER - 1) + 1
    ephemeral = ec.derive_private_key(scalar, ec.SECP256R1())
    point = ephemeral.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = ephemeral.exchange(ec.ECDH(), to)
    key = HKDF(algorithm=SHA256(), length=32, salt=point, info=INFO).derive(shared)
    return VERSION + point + nonce + AESGCM(key).encrypt(nonce, _padded(text), context)


def _padded(text: bytes) -> bytes:
    """Fill up with spaces, which JSON ignores, to a whole number of blocks."""
    return text + b" " * (-len(text) % BLOCK)
