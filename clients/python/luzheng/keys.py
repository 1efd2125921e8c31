"""Keys: the caller's own, and the platform's as it publishes them."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Mapping
from typing import Any, Protocol

import requests
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from luzheng.errors import SignatureInvalid

JWKS_PATH = "/.well-known/lvz/jwks.json"
KEPT_FOR = 300.0  # seconds
ASK_AGAIN_AFTER = 60.0  # for a key that is not there
_ECDSA = ec.ECDSA(hashes.SHA256())

PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
PublicKey = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey


class SigningKey:
    """The caller's private key: P-256 or Ed25519."""

    def __init__(self, private: PrivateKey) -> None:
        if isinstance(private, ec.EllipticCurvePrivateKey) and private.curve.name != "secp256r1":
            raise ValueError("the key must be P-256 or Ed25519")
        self._private = private
        self.algorithm = algorithm_of(private.public_key())

    @classmethod
    def read(cls, pem: bytes, *, password: bytes | None = None) -> SigningKey:
        """Read a PEM file's content (PKCS#8 or SEC 1)."""
        private = serialization.load_pem_private_key(pem, password)
        if not isinstance(private, ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey):
            raise ValueError("the key must be P-256 or Ed25519")  # noqa: TRY004 - the file's value
        return cls(private)

    def sign(self, message: bytes) -> bytes:
        """Sign; 64 raw bytes."""
        if isinstance(self._private, ed25519.Ed25519PrivateKey):
            return self._private.sign(message)
        r, s = decode_dss_signature(self._private.sign(message, _ECDSA))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def jwk(self, kid: str) -> dict[str, str]:
        """Return the public half as it is registered with the platform."""
        public = self._private.public_key()
        if isinstance(public, ed25519.Ed25519PublicKey):
            x = _b64u(public.public_bytes_raw())
            return {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": kid}
        point = public.public_numbers()
        x, y = (_b64u(value.to_bytes(32, "big")) for value in (point.x, point.y))
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": kid}


class Keys(Protocol):
    """Whatever knows the platform's public keys."""

    def find(self, kid: str) -> PublicKey:
        """Return the key of that name; raises `SignatureInvalid`."""
        ...


class PlatformKeys:
    """The platform's keys, read over TLS from where it publishes them and kept five minutes.

    A caller that got the key set another way passes it as `jwks`; then nothing is fetched.
    """

    def __init__(
        self,
        base_url: str,
        *,
        session: requests.Session | None = None,
        jwks: Mapping[str, Any] | None = None,
    ) -> None:
        self._url = base_url.rstrip("/") + JWKS_PATH
        self._session = session or requests.Session()
        self._pinned = jwks is not None
        self._keys: dict[str, PublicKey] = {} if jwks is None else _keys(jwks)
        self._asked_at = -KEPT_FOR
        self._lock = threading.Lock()

    def find(self, kid: str) -> PublicKey:
        """Return the key of that name; raises `SignatureInvalid`."""
        with self._lock:
            age = time.monotonic() - self._asked_at
            if not self._pinned and age > (ASK_AGAIN_AFTER if kid not in self._keys else KEPT_FOR):
                self._keys = _keys(self._fetch())
                self._asked_at = time.monotonic()
            key = self._keys.get(kid)
        if key is None:
            raise SignatureInvalid("keyid")
        return key

    def _fetch(self) -> Mapping[str, Any]:
        answer = self._session.get(self._url, timeout=10, allow_redirects=False)
        answer.raise_for_status()
        document: Mapping[str, Any] = answer.json()
        return document


def algorithm_of(key: PublicKey) -> str:
    """Return the name that RFC 9421 §6.2.2 gives to a key's algorithm."""
    return "ed25519" if isinstance(key, ed25519.Ed25519PublicKey) else "ecdsa-p256-sha256"


def check(key: PublicKey, *, signature: bytes, message: bytes) -> None:
    """Check a raw signature; raises `SignatureInvalid`."""
    if len(signature) != 64:
        raise SignatureInvalid("signature")
    try:
        if isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, message)
        else:
            r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
            key.verify(encode_dss_signature(r, s), message, _ECDSA)
    except InvalidSignature:
        raise SignatureInvalid("signature") from None


def _keys(jwks: Mapping[str, Any]) -> dict[str, PublicKey]:
    known = [key for key in jwks["keys"] if key.get("crv") in ("P-256", "Ed25519")]
    return {str(key["kid"]): _public(key) for key in known}


def _public(key: Mapping[str, Any]) -> PublicKey:
    x = _decode(key["x"])
    if key["crv"] == "Ed25519":
        return ed25519.Ed25519PublicKey.from_public_bytes(x)
    point = b"\x04" + x + _decode(key["y"])
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)


def _b64u(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
