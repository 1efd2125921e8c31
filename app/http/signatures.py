"""接口动态鉴权: HTTP Message Signatures (RFC 9421) with Content-Digest (RFC 9530).

One shape is parsed: label `sig1`, tag `lvzheng-api`, components @method, @target-uri and, with a
body, content-digest; a signature lives 60 seconds and is used once. Kiosks sign with ECDSA P-256;
relying parties with that or Ed25519, as the key they name was registered, and may say `expires`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol
from urllib.parse import quote

from flask import Request, g

from app.errors import AppError
from app.kernel.principal import Kiosk, Partner
from app.kernel.signed_message import NAMES
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
class Profile:
    """What the parameters of a caller's signatures must and may be."""

    algorithms: frozenset[str]
    parameters: tuple[frozenset[str], ...]


_ALWAYS = frozenset({"created", "nonce", "keyid", "alg", "tag"})
KIOSKS = Profile(algorithms=frozenset({NAMES[Algorithm.ES256]}), parameters=(_ALWAYS,))
PARTNERS = Profile(
    algorithms=frozenset(NAMES.values()), parameters=(_ALWAYS, _ALWAYS | {"expires"})
)


@dataclass(frozen=True, kw_only=True)
class SignedRequest:
    """A parsed, not yet verified signature: who claims to have signed what."""

    key_id: str
    algorithm: str
    nonce: str
    target: str
    base: bytes
    signature: bytes

    def verify(self, *, key: PublicKey) -> None:
        """Check the signature with a key and its own algorithm; raises `SignatureInvalid`."""
        if self.algorithm != NAMES[key.alg]:
            raise SignatureInvalid("alg of another key")
        try:
            key.verify(self.signature, self.base)
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


def parse(
    request: Request, *, origin: str, at: datetime, profile: Profile = KIOSKS
) -> SignedRequest:
    """Read the signature headers, check age and body digest; raises `SignatureInvalid`."""
    member = MEMBER.fullmatch(request.headers.get("Signature-Input", ""))
    signature = SIGNATURE.fullmatch(request.headers.get("Signature", ""))
    if member is None or signature is None:
        raise SignatureInvalid("headers")
    parameters = {name: text or number for name, text, number in PARAMETER.findall(member[3])}
    _check_parameters(parameters, profile=profile, at=at)
    components = [name.strip('"') for name in member[2].split()]
    values = _component_values(request, origin=origin)
    if components != list(values):
        raise SignatureInvalid("components")
    lines = [f'"{name}": {value}' for name, value in values.items()]
    base = "\n".join([*lines, f'"@signature-params": {member[1]}'])
    return SignedRequest(
        key_id=parameters["keyid"],
        algorithm=parameters["alg"],
        nonce=parameters["nonce"],
        target=values["@target-uri"],
        base=base.encode(),
        signature=_decode(signature[1]),
    )


def _check_parameters(parameters: dict[str, str], *, profile: Profile, at: datetime) -> None:
    if parameters.keys() not in profile.parameters:
        raise SignatureInvalid("parameters")
    if parameters["alg"] not in profile.algorithms or parameters["tag"] != TAG:
        raise SignatureInvalid("alg or tag")
    if len(parameters["nonce"]) < 22:
        raise SignatureInvalid("nonce shorter than 128 bits")
    if not parameters["created"].isdecimal():
        raise SignatureInvalid("created")
    age = int(at.timestamp()) - int(parameters["created"])
    if not -MAX_SKEW <= age <= MAX_AGE:
        raise SignatureInvalid("created")
    expires = parameters.get("expires")
    if expires is not None and not (expires.isdecimal() and int(expires) >= int(at.timestamp())):
        raise SignatureInvalid("expires")


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
        signed.verify(key=_public_key(kiosk.public_key))
        signed.use_once(self._ephemeral)
        return kiosk


class PartnerRequests(Protocol):
    """What is known of relying parties, as far as a signed request asks."""

    def identify(self, *, client_id: str, kid: str) -> tuple[Partner, PublicKey | None]:
        """Return who that is and the key of that name; raises what stops the party altogether."""
        ...

    def use_nonce(self, *, client_id: str, nonce: str, expires_at: datetime) -> bool:
        """Use a nonce up, durably; False when it was used before."""
        ...

    def count(self, partner: Partner) -> None:
        """Count a request; raises when the party has no more this minute."""
        ...


class ByPartnerSignature:
    """Recognises a relying party by its signature over the request.

    A replay is refused before it is counted: a copied request must not use up the quota.
    """

    def __init__(
        self, *, parties: PartnerRequests, clock: Clock, ephemeral: Ephemeral, origin: str
    ) -> None:
        self._parties = parties
        self._clock = clock
        self._ephemeral = ephemeral
        self._origin = origin

    def __call__(self, request: Request) -> Partner:
        """Return the party; raises `SignatureInvalid`, `SignatureReplayed`, or of the party."""
        at = self._clock.now()
        signed = parse(request, origin=self._origin, at=at, profile=PARTNERS)
        client_id, _, kid = signed.key_id.partition("#")
        partner, key = self._parties.identify(client_id=client_id, kid=kid)
        if key is None:
            raise SignatureInvalid("kid")
        signed.verify(key=key)
        g.signed_request = signed  # the answer is bound to it, refusals below included
        signed.use_once(self._ephemeral)
        first = self._parties.use_nonce(
            client_id=client_id, nonce=signed.nonce, expires_at=_forgettable(at)
        )
        if not first:
            raise SignatureReplayed
        self._parties.count(partner)
        return partner


def _forgettable(at: datetime) -> datetime:
    """When a signature accepted now is refused for its age anyway."""
    return datetime.fromtimestamp(at.timestamp() + 2 * MAX_AGE + MAX_SKEW, tz=UTC)
