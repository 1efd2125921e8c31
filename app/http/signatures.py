"""接口动态鉴权: HTTP Message Signatures (RFC 9421) with Content-Digest (RFC 9530).

One profile only, so one shape is parsed: label `sig1`, tag `lvzheng-api`, ECDSA P-256 with
SHA-256, components @method, @target-uri and, with a body, content-digest; a signature lives 60
seconds and is used once.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote

from flask import Request

from app.errors import AppError
from app.kernel.principal import Kiosk
from app.ports.clock import Clock
from app.ports.ephemeral import Ephemeral
from app.ports.errors import Unavailable
from credential.errors import CredentialError
from credential.keys import Algorithm, PublicKey

MAX_AGE = 60
MAX_SKEW = 5
TAG = "lvzheng-api"
PARAMETER = re.compile(r';([a-z]+)=(?:"([\x20-\x21\x23-\x5b\x5d-\x7e]{1,128})"|(\d{1,12}))')
MEMBER = re.compile(r'sig1=(\(("[a-z@-]+"(?: "[a-z@-]+")*)\)((?:;[a-z]+=[^;,]+)+))')
SIGNATURE = re.compile(r"sig1=:([A-Za-z0-9+/=]{88}):")
DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):")


class SignatureInvalid(AppError):
    """The request is unsigned, wrongly signed, too old, or its body was changed."""

    code = "auth.signature_invalid"


class SignatureReplayed(AppError):
    """The same nonce was used before with this key."""

    code = "auth.signature_replayed"


@dataclass(frozen=True, kw_only=True)
class SignedRequest:
    """A parsed, not yet verified signature: who claims to have signed what."""

    key_id: str
    nonce: str
    base: bytes
    signature: bytes

    def verify(self, *, key: bytes) -> None:
        """Check the signature with a compressed P-256 key; raises `SignatureInvalid`."""
        try:
            _public_key(key).verify(self.signature, self.base)
        except CredentialError as error:
            raise SignatureInvalid("signature") from error

    def use_once(self, ephemeral: Ephemeral) -> None:
        """Refuse a nonce seen before; call only after `verify`.

        A cache that is down does not stop the caller: what may happen once is decided by the
        database, this only turns copies away early.
        """
        try:
            first = ephemeral.claim(
                key=f"signature:{self.key_id}:{self.nonce}", value="", ttl=2 * MAX_AGE + 10
            )
        except Unavailable:
            return
        if not first:
            raise SignatureReplayed


@lru_cache(maxsize=1024)
def _public_key(compressed: bytes) -> PublicKey:
    """Decompress a kiosk's key, once; which key a kiosk has now is looked up elsewhere."""
    return PublicKey.from_compressed(Algorithm.ES256, compressed)


def parse(request: Request, *, origin: str, at: datetime) -> SignedRequest:
    """Read the signature headers, check age and body digest; raises `SignatureInvalid`."""
    member = MEMBER.fullmatch(request.headers.get("Signature-Input", ""))
    signature = SIGNATURE.fullmatch(request.headers.get("Signature", ""))
    if member is None or signature is None:
        raise SignatureInvalid("headers")
    parameters = {name: text or number for name, text, number in PARAMETER.findall(member[3])}
    _check_parameters(parameters, at=at)
    components = [name.strip('"') for name in member[2].split()]
    values = _component_values(request, origin=origin)
    if components != list(values):
        raise SignatureInvalid("components")
    lines = [f'"{name}": {value}' for name, value in values.items()]
    base = "\n".join([*lines, f'"@signature-params": {member[1]}'])
    return SignedRequest(
        key_id=parameters["keyid"],
        nonce=parameters["nonce"],
        base=base.encode(),
        signature=_decode(signature[1]),
    )


def _check_parameters(parameters: dict[str, str], *, at: datetime) -> None:
    wanted = {"created", "nonce", "keyid", "alg", "tag"}
    if set(parameters) != wanted:
        raise SignatureInvalid("parameters")
    if parameters["alg"] != "ecdsa-p256-sha256" or parameters["tag"] != TAG:
        raise SignatureInvalid("alg or tag")
    if len(parameters["nonce"]) < 22:
        raise SignatureInvalid("nonce shorter than 128 bits")
    if not parameters["created"].isdecimal():
        raise SignatureInvalid("created")
    age = int(at.timestamp()) - int(parameters["created"])
    if not -MAX_SKEW <= age <= MAX_AGE:
        raise SignatureInvalid("created")


def _component_values(request: Request, *, origin: str) -> dict[str, str]:
    """Return what must be covered, in the profile's order; the body digest is checked here."""
    try:
        query = request.query_string.decode("ascii")
    except UnicodeDecodeError as error:
        raise SignatureInvalid("query") from error
    target = (origin or f"{request.scheme}://{request.host}") + quote(
        request.path, safe="/:@-._~!$&'()*+,;="
    )
    values = {"@method": request.method, "@target-uri": target + (f"?{query}" if query else "")}
    body = request.get_data()
    if body:
        header = request.headers.get("Content-Digest", "")
        given = DIGEST.fullmatch(header)
        if given is None or _decode(given[1]) != hashlib.sha256(body).digest():
            raise SignatureInvalid("content-digest")
        values["content-digest"] = header
    return values


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise SignatureInvalid("base64") from error


class BySignature:
    """Recognises a kiosk by its signature over the request."""

    def __init__(
        self, *, find: Callable[[str], Kiosk], clock: Clock, ephemeral: Ephemeral, origin: str
    ) -> None:
        self._find = find
        self._clock = clock
        self._ephemeral = ephemeral
        self._origin = origin

    def __call__(self, request: Request) -> Kiosk:
        """Return the kiosk; raises `SignatureInvalid`, `SignatureReplayed` or what `find` does."""
        signed = parse(request, origin=self._origin, at=self._clock.now())
        kiosk = self._find(signed.key_id)
        signed.verify(key=kiosk.public_key)
        signed.use_once(self._ephemeral)
        return kiosk
