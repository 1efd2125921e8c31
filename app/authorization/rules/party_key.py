"""Which key of a relying party a `kid` names, and which algorithm is pinned to it. Pure."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from credential.errors import CredentialError
from credential.keys import PublicKey

_COORDINATE = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")  # the last two bits are zero
_ALGORITHMS = {"P-256": ("ES256",), "Ed25519": ("EdDSA", "Ed25519")}


def public_key(jwks: Mapping[str, Any], *, kid: str) -> PublicKey | None:
    """Return the key of that name, unless it is for another use or algorithm than its own."""
    key = named(jwks, kid=kid)
    if key is None or key.get("use", "sig") != "sig":
        return None
    algorithms = algorithms_of(key)
    if not algorithms or key.get("alg", algorithms[0]) not in algorithms:
        return None
    return loaded(key)


def algorithms_of(key: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the algorithms (JWS names) that a JWK's curve is good for; none that we do not use."""
    return _ALGORITHMS.get(str(key.get("crv")), ())


def loaded(key: Mapping[str, Any]) -> PublicKey | None:
    """Load a JWK; None when it is no public key of a curve that we use."""
    return _loaded(*(str(key.get(name, "")) for name in ("kty", "crv", "x", "y")))


def named(jwks: Mapping[str, Any], *, kid: str) -> Mapping[str, Any] | None:
    """Return the JWK of that name."""
    return next((key for key in jwks["keys"] if key.get("kid") == kid), None)


@lru_cache(maxsize=1024)
def _loaded(kty: str, crv: str, x: str, y: str) -> PublicKey | None:
    """Load a key once: the curve's arithmetic costs more than finding it here."""
    try:
        if (kty, crv) == ("EC", "P-256"):
            return PublicKey.from_cose_key({1: 2, -1: 1, -2: _decode(x), -3: _decode(y)})
        if (kty, crv) == ("OKP", "Ed25519"):
            return PublicKey.from_cose_key({1: 1, -1: 6, -2: _decode(x)})
    except (CredentialError, ValueError):
        pass
    return None


def _decode(coordinate: str) -> bytes:
    """Read 32 bytes; raises ValueError for every other way to write them."""
    if not _COORDINATE.fullmatch(coordinate):
        raise ValueError("not the base64url of 32 bytes")
    return base64.urlsafe_b64decode(coordinate + "=")
