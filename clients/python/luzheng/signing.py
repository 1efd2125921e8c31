"""HTTP message signatures (RFC 9421) in the one shape that the platform uses."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass

from luzheng.errors import SignatureInvalid
from luzheng.keys import Keys, SigningKey, algorithm_of, check

MAX_AGE = 300  # seconds either way: the clocks of two organisations
_MEMBER = re.compile(
    r"sig1=(\(([^()]*)\)((?:;[a-z]+=(?:\"[\x20-\x21\x23-\x5b\x5d-\x7e]*\"|\d+))+))"
)
_PARAMETER = re.compile(r";([a-z]+)=(?:\"([^\"]*)\"|(\d{1,12}))")
_SIGNATURE = re.compile(r"sig1=(:([A-Za-z0-9+/]+={0,2}):)")


@dataclass(frozen=True, kw_only=True)
class Checked:
    """The parameters of a signature that holds."""

    created: int
    nonce: str


def content_digest(body: bytes) -> str:
    """Return the Content-Digest of a body (RFC 9530 §2)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def sign(covered: Mapping[str, str], parameters: str, *, key: SigningKey) -> dict[str, str]:
    """Sign components (identifier as written → value); return the two headers."""
    member = f'({" ".join(covered)});{parameters};alg="{key.algorithm}"'
    signature = base64.b64encode(key.sign(_base(covered, member))).decode()
    return {"Signature-Input": f"sig1={member}", "Signature": f"sig1=:{signature}:"}


def verify(
    headers: Mapping[str, str], covered: Mapping[str, str], *, tag: str, keys: Keys
) -> Checked:
    """Check that exactly these components were signed just now, with this tag.

    `headers`: names in lower case. Raises `SignatureInvalid`.
    """
    member = _MEMBER.fullmatch(headers.get("signature-input", ""))
    signature = _SIGNATURE.fullmatch(headers.get("signature", ""))
    if member is None or signature is None:
        raise SignatureInvalid("not signed")
    if member[2] != " ".join(covered):
        raise SignatureInvalid("components")
    found = {name: text or number for name, text, number in _PARAMETER.findall(member[3])}
    created = found.get("created", "")
    if found.get("tag") != tag or not created.isdecimal():
        raise SignatureInvalid("parameters")
    if abs(time.time() - int(created)) > MAX_AGE:
        raise SignatureInvalid("age")
    key = keys.find(found.get("keyid", ""))
    if found.get("alg") != algorithm_of(key):
        raise SignatureInvalid("alg")
    check(key, signature=_decode(signature[2]), message=_base(covered, member[1]))
    return Checked(created=int(created), nonce=found.get("nonce", ""))


def check_digest(headers: Mapping[str, str], body: bytes) -> str:
    """Return the Content-Digest header if it is the body's; raises `SignatureInvalid`."""
    given = headers.get("content-digest", "")
    if not hmac.compare_digest(given.encode(), content_digest(body).encode()):
        raise SignatureInvalid("content-digest")
    return given


def signature_value(header: str) -> str:
    """Return the member `sig1` of a Signature header, as a component's value."""
    found = _SIGNATURE.fullmatch(header)
    if found is None:
        raise SignatureInvalid("not signed")
    return found[1]


def _base(covered: Mapping[str, str], member: str) -> bytes:
    lines = [f"{name}: {value}" for name, value in covered.items()]
    return "\n".join([*lines, f'"@signature-params": {member}']).encode()


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise SignatureInvalid("signature") from None
