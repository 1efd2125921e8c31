"""Signed words of clients: assertions (RFC 7523) and proofs of possession (RFC 9449). Pure.

Compact form only, with the algorithms pinned to the key's own: the header's `alg`, `kid`, `jwk`
and `jku` decide nothing that we do not check.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.authorization.errors import InvalidClient, InvalidProof
from app.authorization.rules.party_key import algorithms_of, loaded
from credential.errors import CredentialError

SKEW: Final = 10  # seconds; FAPI 2.0 §5.3.2.1: iat and nbf up to 10 s ahead are accepted
OLDEST_PROOF: Final = 60
LONGEST_ASSERTION: Final = 600
LONGEST_PLAIN_ASSERTION: Final = 3660  # an hour is what common libraries write
ALGORITHMS: Final = ("ES256", "EdDSA", "Ed25519")
LONGEST: Final = 4096
_SIGNATURE = re.compile(r"[A-Za-z0-9_-]{85}[AQgw]")  # 64 bytes in base64url


@dataclass(frozen=True, kw_only=True)
class Jwt:
    """A compact JWS that was taken apart and not yet verified."""

    compact: str
    header: Mapping[str, Any]
    claims: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A DPoP proof that holds; `jti` is still to be used up."""

    jkt: str
    jti: str


def take_apart(compact: str) -> Jwt | None:
    """Read header and claims; None when it is not a compact JWS of a JSON object."""
    parts = compact.split(".")
    if len(parts) != 3 or len(compact) > LONGEST or not compact.isascii():
        return None
    header, claims = _json(parts[0]), _json(parts[1])
    if header is None or claims is None or "crit" in header or "b64" in header:
        return None
    return Jwt(compact=compact, header=header, claims=claims)


def verify(token: Jwt, *, key: Mapping[str, Any]) -> bool:
    """Tell whether a JWK of ours or of the client's register signed it, with the key's own alg."""
    algorithm = token.header.get("alg")
    if algorithm not in algorithms_of(key) or key.get("alg", "ES256") not in ALGORITHMS:
        return False
    signed, _, signature = token.compact.rpartition(".")
    public = loaded(key)
    if public is None or not _SIGNATURE.fullmatch(signature):
        return False
    try:
        public.verify(base64.urlsafe_b64decode(signature + "=="), signed.encode())
    except CredentialError:
        return False
    return True


def key_of(token: Jwt, *, keys: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Find the client's key that the header names; with one key, a missing `kid` is no matter."""
    known = [key for key in keys.get("keys", []) if isinstance(key, dict)]
    kid = token.header.get("kid")
    if kid is None and len(known) == 1:
        return dict(known[0])
    return next((key for key in known if key.get("kid") == kid and kid is not None), None)


def check_assertion(
    token: Jwt, *, client_id: str, audiences: tuple[str, ...], strict: bool, at: datetime
) -> str:
    """Check the claims of a client assertion; return its `jti`. Raises `InvalidClient`.

    `strict`: FAPI 2.0, where the audience is the issuer as a plain string.
    """
    claims, now = token.claims, at.timestamp()
    longest = LONGEST_ASSERTION if strict else LONGEST_PLAIN_ASSERTION
    if claims.get("iss") != client_id or claims.get("sub") != client_id:
        raise InvalidClient("assertion: iss and sub")
    aud = claims.get("aud")
    named = [aud] if isinstance(aud, str) else [] if strict or not isinstance(aud, list) else aud
    if not set(audiences) & {a for a in named if isinstance(a, str)}:
        raise InvalidClient("assertion: aud")
    if not _is_time(claims.get("exp")) or not now < claims["exp"] <= now + longest:
        raise InvalidClient("assertion: exp")
    for name in ("iat", "nbf"):
        if name in claims and not (_is_time(claims[name]) and claims[name] <= now + SKEW):
            raise InvalidClient(f"assertion: {name}")
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 0 < len(jti) <= 256:
        raise InvalidClient("assertion: jti")
    return jti


def check_proof(
    compact: str, *, method: str, url: str, access_token: str | None, at: datetime
) -> Proof:
    """Verify a DPoP proof (RFC 9449 §4.3); raises `InvalidProof`."""
    token = take_apart(compact)
    if token is None or token.header.get("typ") != "dpop+jwt":
        raise InvalidProof("not a DPoP proof")
    key = token.header.get("jwk")
    if not isinstance(key, dict) or {"d", "k", "p", "q"} & set(key) or not verify(token, key=key):
        raise InvalidProof("signature")
    claims = token.claims
    if claims.get("htm") != method or claims.get("htu") != url:
        raise InvalidProof("htm or htu")
    _check_proof_time(claims, now=at.timestamp())
    if access_token is not None and claims.get("ath") != b64u_sha256(access_token):
        raise InvalidProof("ath")
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 0 < len(jti) <= 256:
        raise InvalidProof("jti")
    return Proof(jkt=thumbprint(key), jti=jti)


def _check_proof_time(claims: Mapping[str, Any], *, now: float) -> None:
    iat = claims.get("iat")
    if not _is_time(iat) or not now - OLDEST_PROOF <= claims["iat"] <= now + SKEW:
        raise InvalidProof("iat")
    exp, nbf = claims.get("exp", now + 1), claims.get("nbf", now)
    if not (_is_time(exp) and exp > now and _is_time(nbf) and nbf <= now + SKEW):
        raise InvalidProof("exp or nbf")


def thumbprint(key: Mapping[str, Any]) -> str:
    """Return the JWK thumbprint (RFC 7638) in base64url."""
    members = ("crv", "kty", "x", "y") if key["kty"] == "EC" else ("crv", "kty", "x")
    canonical = json.dumps({name: key[name] for name in members}, separators=(",", ":"))
    return b64u_sha256(canonical)


def b64u_sha256(text: str) -> str:
    """Return BASE64URL(SHA-256(text)): `ath`, S256 challenges and thumbprints."""
    return b64u(hashlib.sha256(text.encode()).digest())


def b64u(data: bytes) -> str:
    """Encode base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def un_b64u(text: str) -> bytes:
    """Decode base64url without padding; raises `ValueError`."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _json(part: str) -> dict[str, Any] | None:
    try:
        value = json.loads(un_b64u(part))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
