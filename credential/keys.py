"""Keys of issuers (签发方), phones and kiosks (鉴证终端), and the algorithms they may use.

Two algorithms, both fully specified (RFC 9864): ES256 on P-256 (COSE -9, the default) and
Ed25519 (COSE -19). Signatures are always 64 raw bytes, `r || s` for ES256.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any, Final, Protocol, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from credential.encoding import encode
from credential.errors import BadSignature, Malformed

SIGNATURE_SIZE: Final = 64
KID_SIZE: Final = 4

_ECDSA: Final = ec.ECDSA(hashes.SHA256())
# RFC 6979: the nonce comes from key and message, so signing draws no randomness of its own.
_ECDSA_SIGN: Final = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
_P256: Final = ec.SECP256R1()


class Algorithm(IntEnum):
    """COSE algorithm numbers this protocol signs with."""

    ES256 = -9
    ED25519 = -19


#: The older polymorphic numbers (RFC 9864 deprecates them): read when a key record allows it.
POLYMORPHIC: Final = {Algorithm.ES256: -7, Algorithm.ED25519: -8}

# COSE_Key labels and values (RFC 9052 section 7, RFC 9053 section 7).
_KTY, _CRV, _X, _Y = 1, -1, -2, -3
_OKP, _EC2 = 1, 2
_CRV_P256, _CRV_ED25519 = 1, 6

_RawPublic = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey
_RawPrivate = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


# Checks a raw signature over a message; raises InvalidSignature.
_Check = Callable[[bytes, bytes], None]


class PublicKey:
    """A public key that was checked to be a point of its curve. Immutable and hashable."""

    __slots__ = ("_check", "_compressed", "_raw", "alg")

    alg: Algorithm

    def __init__(self, raw: _RawPublic, alg: Algorithm, compressed: bytes, check: _Check) -> None:
        self.alg = alg
        self._raw = raw
        self._compressed = compressed
        self._check = check

    @classmethod
    def from_compressed(cls, alg: Algorithm, data: bytes) -> Self:
        """Load a compressed point: 33 bytes (SEC 1) for ES256, 32 bytes for Ed25519.

        Raises `Malformed` if the bytes are no point of the curve.
        """
        try:
            if alg is Algorithm.ED25519:
                edwards = ed25519.Ed25519PublicKey.from_public_bytes(data)
                return cls(edwards, alg, data, edwards.verify)
            if len(data) != 33:
                raise Malformed("ES256 key: not a compressed point")
            point = ec.EllipticCurvePublicKey.from_encoded_point(_P256, data)
        except ValueError:
            raise Malformed("key: not a point of the curve") from None
        return cls(point, alg, data, _check_p256(point))

    @classmethod
    def from_cryptography(cls, raw: _RawPublic) -> Self:
        """Wrap a key of the `cryptography` package. Raises `Malformed` for other curves."""
        if isinstance(raw, ed25519.Ed25519PublicKey):
            return cls(raw, Algorithm.ED25519, raw.public_bytes_raw(), raw.verify)
        if raw.curve.name != _P256.name:
            raise Malformed("key: neither P-256 nor Ed25519")
        point = raw.public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint
        )
        return cls(raw, Algorithm.ES256, point, _check_p256(raw))

    @classmethod
    def from_cose_key(cls, key: Mapping[Any, object]) -> Self:
        """Read a COSE_Key map; labels other than kty, crv, x and y are left to the caller.

        `y` may be the sign bit (compressed) or 32 bytes. Raises `Malformed`.
        """
        kind, curve, x, y = (key.get(label) for label in (_KTY, _CRV, _X, _Y))
        if not isinstance(x, bytes) or len(x) != 32 or isinstance(kind, bool):
            raise Malformed("COSE_Key: x is 32 bytes")
        if (kind, curve) == (_OKP, _CRV_ED25519) and y is None:
            return cls.from_compressed(Algorithm.ED25519, x)
        if (kind, curve) != (_EC2, _CRV_P256):
            raise Malformed("COSE_Key: neither P-256 nor Ed25519")
        if isinstance(y, bool):
            return cls.from_compressed(Algorithm.ES256, (b"\x03" if y else b"\x02") + x)
        if not isinstance(y, bytes) or len(y) != 32:
            raise Malformed("COSE_Key: y is a bool or 32 bytes")
        try:
            raw = ec.EllipticCurvePublicKey.from_encoded_point(_P256, b"\x04" + x + y)
        except ValueError:
            raise Malformed("key: not a point of the curve") from None
        return cls.from_cryptography(raw)

    def compressed(self) -> bytes:
        """The key as 33 bytes (ES256) or 32 bytes (Ed25519)."""
        return self._compressed

    def to_cose_key(self) -> dict[int | str, int | bytes | bool]:
        """The COSE_Key map, with a compressed `y` for P-256 (RFC 9053 section 7.1.1)."""
        if self.alg is Algorithm.ED25519:
            return {_KTY: _OKP, _CRV: _CRV_ED25519, _X: self._compressed}
        odd = self._compressed[0] == 3
        return {_KTY: _EC2, _CRV: _CRV_P256, _X: self._compressed[1:], _Y: odd}

    def to_jwk(self) -> dict[str, str]:
        """The key as a JWK (RFC 7517, RFC 8037) with `kid` and `alg` (RFC 9864)."""
        kid = _b64u(self.kid)
        if self.alg is Algorithm.ED25519:
            x = _b64u(self._compressed)
            return {"kty": "OKP", "crv": "Ed25519", "x": x, "alg": "Ed25519", "kid": kid}
        x, y = _b64u(self._compressed[1:]), _b64u(self._y())
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y, "alg": "ES256", "kid": kid}

    @property
    def thumbprint(self) -> bytes:
        """COSE_Key thumbprint, 32 bytes: SHA-256 with `y` uncompressed (RFC 9679)."""
        key: dict[int | str, object] = dict(self.to_cose_key())
        if self.alg is Algorithm.ES256:
            key[_Y] = self._y()
        return hashlib.sha256(encode(key)).digest()

    @property
    def kid(self) -> bytes:
        """Key identifier, 4 bytes: the start of the thumbprint. A hint, not an identity."""
        return self.thumbprint[:KID_SIZE]

    def verify(self, signature: bytes, message: bytes) -> None:
        """Check a raw 64-byte signature over `message`; raises `BadSignature`.

        ECDSA signatures are malleable, `(r, n - s)` verifies too, so nothing may be keyed by
        the signature: the replay key is (`cti`, `iat`).
        """
        if len(signature) != SIGNATURE_SIZE:
            raise BadSignature("signature is not 64 bytes")
        try:
            self._check(signature, message)
        except InvalidSignature:
            raise BadSignature from None

    def _y(self) -> bytes:
        point = self._raw.public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return point[33:]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PublicKey):
            return NotImplemented
        return self.alg is other.alg and self._compressed == other._compressed

    def __hash__(self) -> int:
        return hash((self.alg, self._compressed))

    def __repr__(self) -> str:
        return f"PublicKey({self.alg.name}, {self._compressed.hex()})"


class Signer(Protocol):
    """Whatever can sign: a file in development, an HSM in production, a phone."""

    @property
    def alg(self) -> Algorithm:
        """The algorithm of the key."""
        ...

    @property
    def kid(self) -> bytes:
        """Key identifier, 4 bytes."""
        ...

    @property
    def public(self) -> PublicKey:
        """The public half."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Sign `message`; the result is 64 raw bytes."""
        ...


class SoftwareSigner:
    """A `Signer` over a private key in memory: issuer files, kiosks and demo phones."""

    def __init__(self, private: _RawPrivate) -> None:
        self._private = private
        self.public = PublicKey.from_cryptography(private.public_key())
        self.alg = self.public.alg
        self.kid = self.public.kid

    @classmethod
    def from_private_bytes(cls, alg: Algorithm, secret: bytes) -> Self:
        """Load 32 secret bytes: the P-256 scalar (big endian) or the Ed25519 seed.

        Raises `Malformed` if they are no private key of the algorithm.
        """
        try:
            if len(secret) != 32:
                raise Malformed("private key: not 32 bytes")
            if alg is Algorithm.ED25519:
                return cls(ed25519.Ed25519PrivateKey.from_private_bytes(secret))
            return cls(ec.derive_private_key(int.from_bytes(secret, "big"), _P256))
        except ValueError:
            raise Malformed("private key: out of range") from None

    @classmethod
    def from_pem(cls, data: bytes, password: bytes | None = None) -> Self:
        """Load a PEM private key (PKCS#8 or SEC 1). Raises `Malformed`."""
        try:
            private = serialization.load_pem_private_key(data, password)
        except (ValueError, TypeError):
            raise Malformed("private key: not a readable PEM") from None
        if not isinstance(private, ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey):
            raise Malformed("private key: neither P-256 nor Ed25519")
        return cls(private)

    def to_pem(self) -> bytes:
        """The private key as unencrypted PKCS#8 PEM, for a development key file."""
        return self._private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    def sign(self, message: bytes) -> bytes:
        """Sign `message`; 64 raw bytes, the same every time for the same message."""
        private = self._private
        if isinstance(private, ed25519.Ed25519PrivateKey):
            return private.sign(message)
        return _from_der(private.sign(message, _ECDSA_SIGN))


def _b64u(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _check_p256(raw: ec.EllipticCurvePublicKey) -> _Check:
    def check(signature: bytes, message: bytes) -> None:
        raw.verify(_to_der(signature), message, _ECDSA)

    return check


def _to_der(signature: bytes) -> bytes:
    """Raw `r || s` as the DER SEQUENCE that OpenSSL reads."""
    r = signature[:32].lstrip(b"\0")
    s = signature[32:].lstrip(b"\0")
    if not r or not s:
        raise BadSignature("zero in signature")
    if r[0] >= 0x80:
        r = b"\0" + r
    if s[0] >= 0x80:
        s = b"\0" + s
    return b"\x30%c\x02%c%b\x02%c%b" % (len(r) + len(s) + 4, len(r), r, len(s), s)


def _from_der(der: bytes) -> bytes:
    """The DER SEQUENCE that OpenSSL writes as raw `r || s`."""
    size = der[3]
    r = der[4 : 4 + size]
    s = der[6 + size :]
    return r[-32:].rjust(32, b"\0") + s[-32:].rjust(32, b"\0")
