"""The sealed box: only the private key opens it, and nothing of it can be moved or measured."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from app.court.feedback.rules import sealed_box

KEY = ec.generate_private_key(ec.SECP256R1())
OTHER = ec.generate_private_key(ec.SECP256R1())


def close(text: bytes, *, secret: bytes = b"\x07" * 40, context: bytes = b"id") -> bytes:
    return sealed_box.close(
        text, to=KEY.public_key(), context=context, secret=secret, nonce=b"\x01" * 12
    )


def opened(box: bytes, *, key: ec.EllipticCurvePrivateKey = KEY, context: bytes = b"id") -> bytes:
    """What the desk's browser does."""
    version, point, nonce, sealed = box[:1], box[1:66], box[66:78], box[78:]
    assert version == b"\x01"
    ephemeral = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    shared = key.exchange(ec.ECDH(), ephemeral)
    derived = HKDF(
        algorithm=SHA256(), length=32, salt=point, info=b"lvz misconduct report v1"
    ).derive(shared)
    return AESGCM(derived).decrypt(nonce, sealed, context).rstrip(b" ")


@settings(max_examples=20)
@given(st.binary(max_size=3000).map(lambda b: b + b"!"), st.binary(min_size=40, max_size=40))
def test_the_private_key_opens_it(text: bytes, secret: bytes) -> None:
    assert opened(close(text, secret=secret)) == text


def test_nobody_else_and_no_other_row() -> None:
    box = close(b"{}")
    for key, context in ((OTHER, b"id"), (KEY, b"another id")):
        with pytest.raises(InvalidTag):
            opened(box, key=key, context=context)
    with pytest.raises(InvalidTag):
        opened(box[:-1] + bytes([box[-1] ^ 1]))


def test_lengths_tell_little() -> None:
    assert len({len(close(b"x" * n)) for n in (1, 500, 1024)}) == 1
    assert len(close(b"x" * 1025)) == len(close(b"x")) + sealed_box.BLOCK


def test_only_a_key_on_p_256_is_a_desks_key() -> None:
    def pem(key: object) -> bytes:
        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[attr-defined, no-any-return]

    sealed_box.recipient(pem(KEY.public_key()))
    for wrong in (
        ed25519.Ed25519PrivateKey.generate().public_key(),
        ec.generate_private_key(ec.SECP384R1()).public_key(),
    ):
        with pytest.raises(TypeError):
            sealed_box.recipient(pem(wrong))
    with pytest.raises(ValueError, match="PEM"):
        sealed_box.recipient(b"nonsense")
