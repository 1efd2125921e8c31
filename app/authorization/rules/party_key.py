"""Which key of a relying party a `kid` names, and which algorithm is pinned to it. Pure."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from credential.errors import CredentialError
from credential.keys import PublicKey

_ALGORITHMS = {"P-256": ("ES256",), "Ed25519": ("EdDSA", "Ed25519")}


def public_key(jwks: Mapping[str, Any], *, kid: str) -> PublicKey | None:
    """Return the key of that name, unless it is for another use or algorithm than its own."""
    key = named(jwks, kid=kid)
    if key is None or key.get("use", "sig") != "sig":
        return None
    algorithms = _ALGORITHMS.get(str(key.get("crv")), ())
    if not algorithms or key.get("alg", algorithms[0]) not in algorithms:
        return None
    return _loaded(str(key["kty"]), str(key["x"]), str(key.get("y", "")))


def named(jwks: Mapping[str, Any], *, kid: str) -> Mapping[str, Any] | None:
    """Return the JWK of that name."""
    return next((key for key in jwks["keys"] if key.get("kid") == kid), None)


@lru_cache(maxsize=1024)
def _loaded(kty: str, x: str, y: str) -> PublicKey | None:
    """Load a key once: the curve's arithmetic costs more than finding it here."""
    cose: dict[int, object] = {1: 1, -1: 6, -2: _decode(x)}
    if kty == "EC":
        cose = {1: 2, -1: 1, -2: _decode(x), -3: _decode(y)}
    try:
        return PublicKey.from_cose_key(cose)
    except CredentialError:
        return None


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
