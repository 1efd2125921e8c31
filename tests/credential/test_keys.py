"""Keys: loading, thumbprints, signing, and what must not load."""

import hashlib

import cbor2
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519
from hypothesis import given, settings
from hypothesis import strategies as st

from credential.errors import BadSignature, Malformed
from credential.keys import Algorithm, PublicKey, SoftwareSigner

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
BOTH = list(Algorithm)


def signer(alg: Algorithm, byte: int = 7) -> SoftwareSigner:
    return SoftwareSigner.from_private_bytes(alg, bytes((byte,)) * 32)


def uncompressed() -> bytes:
    """The point of `signer(Algorithm.ES256)`, by the cryptography package alone."""
    private = ec.derive_private_key(int.from_bytes(bytes((7,)) * 32, "big"), ec.SECP256R1())
    return private.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


@pytest.mark.parametrize("alg", BOTH)
class TestBothAlgorithms:
    def test_sign_and_verify(self, alg: Algorithm) -> None:
        key = signer(alg)
        signature = key.sign(b"message")
        assert len(signature) == 64
        key.public.verify(signature, b"message")
        for wrong in (b"messagE", b""):
            with pytest.raises(BadSignature):
                key.public.verify(signature, wrong)

    def test_signing_is_deterministic(self, alg: Algorithm) -> None:
        assert signer(alg).sign(b"m") == signer(alg).sign(b"m")

    def test_another_key_does_not_verify(self, alg: Algorithm) -> None:
        with pytest.raises(BadSignature):
            signer(alg, 8).public.verify(signer(alg).sign(b"m"), b"m")

    @pytest.mark.parametrize("size", [0, 1, 63, 65, 70, 72])
    def test_other_sizes_are_refused(self, alg: Algorithm, size: int) -> None:
        with pytest.raises(BadSignature):
            signer(alg).public.verify(bytes(size), b"m")

    @pytest.mark.parametrize("signature", [bytes(64), b"\xff" * 64, b"\1" + bytes(63)])
    def test_degenerate_signatures_are_refused(self, alg: Algorithm, signature: bytes) -> None:
        with pytest.raises(BadSignature):
            signer(alg).public.verify(signature, b"m")

    def test_round_trips(self, alg: Algorithm) -> None:
        public = signer(alg).public
        assert PublicKey.from_compressed(alg, public.compressed()) == public
        assert PublicKey.from_cose_key(public.to_cose_key()) == public
        assert hash(PublicKey.from_cose_key(public.to_cose_key())) == hash(public)
        assert SoftwareSigner.from_pem(signer(alg).to_pem()).public == public

    def test_kid_is_the_start_of_the_rfc_9679_thumbprint(self, alg: Algorithm) -> None:
        public = signer(alg).public
        jwk = public.to_jwk()
        if alg is Algorithm.ES256:
            raw = uncompressed()
            key: dict[int, int | bytes] = {1: 2, -1: 1, -2: raw[1:33], -3: raw[33:]}
        else:
            key = {1: 1, -1: 6, -2: public.compressed()}
        digest = hashlib.sha256(cbor2.dumps(key, canonical=True)).digest()
        assert public.thumbprint == digest
        assert public.kid == digest[:4] == signer(alg).kid
        assert len(jwk["kid"]) == 6

    @pytest.mark.parametrize("size", [0, 31, 34, 65])
    def test_points_of_another_size_are_refused(self, alg: Algorithm, size: int) -> None:
        with pytest.raises(Malformed):
            PublicKey.from_compressed(alg, b"\2" * size)

    @pytest.mark.parametrize("secret", [b"", b"\1" * 31, b"\1" * 33])
    def test_secrets_of_another_size_are_refused(self, alg: Algorithm, secret: bytes) -> None:
        with pytest.raises(Malformed):
            SoftwareSigner.from_private_bytes(alg, secret)


def test_rfc_9679_example() -> None:
    """The example of RFC 9679 section 6."""
    x = bytes.fromhex("65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d")
    y = bytes.fromhex("1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c")
    key = PublicKey.from_cose_key({1: 2, -1: 1, -2: x, -3: y})
    assert key.thumbprint.hex() == (
        "496bd8afadf307e5b08c64b0421bf9dc01528a344a43bda88fadd1669da253ec"
    )


def test_y_may_be_a_sign_or_the_coordinate() -> None:
    public = signer(Algorithm.ES256).public
    short = public.to_cose_key()
    point = uncompressed()
    assert PublicKey.from_cose_key({**short, -3: point[33:]}) == public


@pytest.mark.parametrize(
    "change",
    [
        {1: 3},
        {1: True},
        {-1: 2},
        {-1: 6},
        {-2: b""},
        {-2: "x"},
        {-2: b"\xff" * 32},
        {-3: 1},
        {-3: b""},
        {-3: bytes(32)},
        {-3: None},
    ],
)
def test_wrong_cose_keys_are_refused(change: dict[int, object]) -> None:
    with pytest.raises(Malformed):
        PublicKey.from_cose_key({**signer(Algorithm.ES256).public.to_cose_key(), **change})


def test_half_of_all_x_are_on_no_point() -> None:
    refused = 0
    for x in range(1, 65):
        try:
            PublicKey.from_compressed(Algorithm.ES256, b"\2" + x.to_bytes(32, "big"))
        except Malformed:
            refused += 1
    assert 16 < refused < 48


@pytest.mark.parametrize("scalar", [0, ORDER, 2**256 - 1])
def test_scalars_out_of_range_are_refused(scalar: int) -> None:
    with pytest.raises(Malformed):
        SoftwareSigner.from_private_bytes(Algorithm.ES256, scalar.to_bytes(32, "big"))


def test_other_curves_and_files_are_refused() -> None:
    with pytest.raises(Malformed):
        PublicKey.from_cryptography(ec.generate_private_key(ec.SECP384R1()).public_key())
    other = ed448.Ed448PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    for pem in (b"no key", other):
        with pytest.raises(Malformed):
            SoftwareSigner.from_pem(pem)


def test_equality_needs_the_same_algorithm() -> None:
    seed = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32))
    assert PublicKey.from_cryptography(seed.public_key()) != signer(Algorithm.ES256).public
    assert signer(Algorithm.ES256).public != "key"


@settings(max_examples=60)
@given(st.integers(1, ORDER - 1), st.binary(max_size=64))
def test_any_key_and_message(scalar: int, message: bytes) -> None:
    key = SoftwareSigner.from_private_bytes(Algorithm.ES256, scalar.to_bytes(32, "big"))
    again = PublicKey.from_compressed(Algorithm.ES256, key.public.compressed())
    signature = key.sign(message)
    again.verify(signature, message)
    # The known malleability: (r, n - s) verifies too, hence the replay key is not the signature.
    twin = signature[:32] + (ORDER - int.from_bytes(signature[32:], "big")).to_bytes(32, "big")
    again.verify(twin, message)


def test_jwk() -> None:
    jwk = signer(Algorithm.ES256).public.to_jwk()
    assert (jwk["kty"], jwk["crv"], jwk["alg"], len(jwk["x"]), len(jwk["y"])) == (
        "EC", "P-256", "ES256", 43, 43,
    )  # fmt: skip
    jwk = signer(Algorithm.ED25519).public.to_jwk()
    assert (jwk["kty"], jwk["crv"], jwk["alg"], len(jwk["x"])) == ("OKP", "Ed25519", "Ed25519", 43)


def test_repr_shows_no_secret() -> None:
    assert "Algorithm" not in repr(signer(Algorithm.ES256).public)
    assert repr(signer(Algorithm.ES256).public).startswith("PublicKey(ES256, 0")
