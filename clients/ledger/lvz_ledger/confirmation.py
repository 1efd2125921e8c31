"""执业行为确认 offline: the platform's signature, the lawyer's signature, and the receipt."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from credential.checkpoint import VerifierKey
from credential.errors import Malformed
from credential.keys import PublicKey
from credential.receipt import Evidence, Receipt
from lvz_ledger.failure import CheckFailed

TYP = "lvz-confirmation+jwt"
MAX_JWS = 65_536


@dataclass(frozen=True, kw_only=True)
class Trusted:
    """Whom to believe: the platform's keys (JWKS), the log's key, its witnesses."""

    log: VerifierKey
    jwks: Mapping[str, Any]
    witnesses: tuple[VerifierKey, ...] = ()
    quorum: int = 0


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """What a checked confirmation says."""

    claims: Mapping[str, Any]
    evidence: Evidence


def check(compact: str, *, trusted: Trusted) -> Confirmed:
    """Check a confirmation; raises `CheckFailed` or an error of `credential`."""
    claims = _platform_signed(compact, trusted.jwks)
    try:
        consent, text = dict(claims["consent"]), str(claims["text"])
        signed, digest = str(consent["text"]), str(consent["sha256"])
        signature, device_key = _b64u(consent["signature"]), _public_key(consent["device_key"])
        receipt, act = Receipt.from_json(claims["ledger"]), str(claims["act"]["code"])
    except (KeyError, TypeError, ValueError):
        raise Malformed("confirmation: not the fields of one") from None
    device_key.verify(signature, signed.encode())
    if digest != _sha256(signed):
        raise CheckFailed("同意文字的摘要与文字不符。")
    if f"act:{act} {text}" not in signed.split("\n"):
        raise CheckFailed("律师手机签名的文字与确认书所载行为不一致。")
    evidence = receipt.verify(log=trusted.log, witnesses=trusted.witnesses, quorum=trusted.quorum)
    if evidence.leaf.kind != "confirmation":
        raise CheckFailed("账本回执不是执业行为确认的回执。")
    if not {_sha256(signed), _sha256(text)} <= _strings(evidence.details):
        raise CheckFailed("账本记录的不是这份确认书。")
    return Confirmed(claims=claims, evidence=evidence)


def _platform_signed(compact: str, jwks: Mapping[str, Any]) -> dict[str, Any]:
    """Verify the platform's JWS; the algorithm is the key's, whatever the header says."""
    parts = compact.split(".")
    if len(parts) != 3 or len(compact) > MAX_JWS or not compact.isascii():
        raise Malformed("not a compact JWS")
    header, claims = _object(parts[0]), _object(parts[1])
    if (header.get("typ"), header.get("alg")) != (TYP, "ES256") or not header.keys() <= {
        "typ", "alg", "kid"
    }:  # fmt: skip
        raise CheckFailed("不是律证平台的执业行为确认。")
    known = [key for key in jwks.get("keys", ()) if key.get("kid") == header.get("kid")]
    if len(known) != 1:
        raise CheckFailed("没有对应的平台公钥。")
    _public_key(known[0]).verify(_b64u(parts[2]), f"{parts[0]}.{parts[1]}".encode())
    return claims


def _public_key(jwk: Mapping[str, Any]) -> PublicKey:
    if (jwk.get("kty"), jwk.get("crv")) != ("EC", "P-256"):
        raise Malformed("JWK: not P-256")
    return PublicKey.from_cose_key({1: 2, -1: 1, -2: _b64u(jwk["x"]), -3: _b64u(jwk["y"])})


def _object(part: str) -> dict[str, Any]:
    try:
        value = json.loads(_b64u(part), object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        raise Malformed("JWS: not JSON") from None
    if not isinstance(value, dict):
        raise Malformed("JWS: not an object")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a member twice")
    return dict(pairs)


def _strings(details: Mapping[str, Any]) -> set[str]:
    return {value for value in details.values() if isinstance(value, str)}


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _b64u(text: str) -> bytes:
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise Malformed("not base64url") from None
    if urlsafe_b64encode(data).rstrip(b"=").decode() != text:
        raise Malformed("base64url is not canonical")
    return data
