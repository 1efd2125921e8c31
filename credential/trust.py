"""Whom to believe: issuer keys with their windows and states, and how they are published.

Kiosks (鉴证终端) receive the keys as a COSE_KeySet (RFC 9052 section 7) signed by a root key
they were enrolled with; web verifiers read the same keys as a JWKS (RFC 7517).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Self

from credential.claims import ISSUER
from credential.cose import ALG_OF_BYTE, parse_sign1, sign1
from credential.encoding import CborValue, decode, encode, integer
from credential.errors import (
    BadIssuerSignature,
    BadSignature,
    CredentialError,
    Expired,
    Malformed,
    NotYetValid,
    UnknownIssuer,
    WrongAlgorithm,
)
from credential.keys import KID_SIZE, POLYMORPHIC, PublicKey, Signer

#: Largest key set read, in bytes and keys.
MAX_KEY_SET: Final = 65_536
MAX_KEYS: Final = 256
#: Tolerated clock difference for signed lists, in seconds.
MAX_SKEW: Final = 300

# Protected header of the signed set: 1 alg, 3 content type (102 = application/cose-key-set),
# 4 kid, 15 CWT claims (RFC 9597) {1: iss, 4: exp, 6: iat}.
_COSE_KEY_SET: Final = 102
# COSE_Key labels used besides the key itself, and our own one in the private-use range.
_KID, _ALG, _RECORD = 2, 3, -65537


class KeyState(StrEnum):
    """Life of an issuer key: it signs, it only verifies (rotation), it is revoked."""

    ACTIVE = "active"
    VERIFY_ONLY = "verify-only"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """An issuer key; verifiers accept it from `not_before` to before `not_after` (Unix s).

    `polymorphic` also accepts the deprecated algorithm numbers -7 and -8 on input.
    """

    kid: bytes
    key: PublicKey
    not_before: int
    not_after: int
    state: KeyState = KeyState.ACTIVE
    polymorphic: bool = False

    def usable(self, at: int) -> bool:
        """Whether a signature of this key counts at `at`."""
        return self.not_before <= at < self.not_after and self.state is not KeyState.REVOKED

    def accepts(self, alg: int) -> bool:
        """Whether a header may name algorithm `alg` for this key."""
        own = self.key.alg
        return alg == own or (self.polymorphic and alg == POLYMORPHIC[own])


class TrustList:
    """The issuer keys a verifier believes. Immutable.

    `issued_at` and `expires_at` are those of the signed set it came from, else None; callers
    keep the former and pass it as `seen` when they read the next set, so it never rolls back.
    """

    def __init__(
        self,
        records: Iterable[KeyRecord],
        *,
        issued_at: int | None = None,
        expires_at: int | None = None,
    ) -> None:
        self.records = tuple(records)
        self.issued_at = issued_at
        self.expires_at = expires_at
        by_kid: dict[bytes, tuple[KeyRecord, ...]] = {}
        for record in self.records:
            by_kid[record.kid] = (*by_kid.get(record.kid, ()), record)
        self._by_kid: Mapping[bytes, tuple[KeyRecord, ...]] = MappingProxyType(by_kid)

    def candidates(self, kid: bytes, at: int) -> list[KeyRecord]:
        """Every usable key with this `kid`: four bytes are a hint, several keys may share it.

        Raises `UnknownIssuer` if there is none.
        """
        usable = [record for record in self._by_kid.get(kid, ()) if record.usable(at)]
        if not usable:
            raise UnknownIssuer(f"kid {kid.hex()}")
        return usable

    def find(self, kid: bytes, at: int) -> KeyRecord:
        """The first usable key with this `kid`. Raises `UnknownIssuer`."""
        return self.candidates(kid, at)[0]

    def verify(
        self, *, kid: bytes, alg: int, signature: bytes, message: bytes, at: int
    ) -> KeyRecord:
        """Check a signature against the usable keys with this `kid`; return the one that fits.

        Raises `UnknownIssuer`, `WrongAlgorithm` (no key allows `alg`) or `BadIssuerSignature`.
        """
        refusal: type[CredentialError] = WrongAlgorithm
        for record in self.candidates(kid, at):
            if not record.accepts(alg):
                continue
            refusal = BadIssuerSignature
            try:
                record.key.verify(signature, message)
            except BadSignature:
                continue
            return record
        raise refusal(f"kid {kid.hex()}, alg {alg}")

    def to_jwks(self, *, at: int) -> dict[str, list[dict[str, str]]]:
        """The usable keys at `at` as a JSON Web Key Set."""
        usable = (record for record in self.records if record.usable(at))
        return {"keys": [{**record.key.to_jwk(), "use": "sig"} for record in usable]}

    def encode(self, root: Signer, *, at: int, lifetime: int = 7 * 86_400) -> bytes:
        """The keys as a COSE_KeySet in a COSE_Sign1 under the root key."""
        claims = {1: ISSUER, 4: at + lifetime, 6: at}
        header = {1: int(root.alg), 3: _COSE_KEY_SET, 4: root.kid, 15: claims}
        keys = [_record_to_cose(record) for record in self.records]
        return sign1(protected=encode(header), payload=encode(keys), signer=root)

    @classmethod
    def decode(cls, data: bytes, *, root: PublicKey, at: int, seen: int = 0) -> Self:
        """Read a signed key set; `seen` is the newest `issued_at` accepted before.

        Raises `Malformed`, `WrongAlgorithm`, `BadIssuerSignature`, `Expired` (also for a set
        older than `seen`) or `NotYetValid`.
        """
        if len(data) > MAX_KEY_SET:
            raise Malformed("key set: too large")
        message = parse_sign1(data)
        if ALG_OF_BYTE.get(message.protected[2] if len(message.protected) > 2 else -1) != root.alg:
            raise WrongAlgorithm("key set: not the algorithm of the root key")
        try:
            root.verify(message.signature, message.signed)
        except BadSignature:
            raise BadIssuerSignature("key set") from None
        issued_at, expires_at = _key_set_times(decode(message.protected), root)
        if issued_at > at + MAX_SKEW:
            raise NotYetValid("key set")
        if at >= expires_at or issued_at < seen:
            raise Expired("key set: too old")
        keys = decode(message.payload)
        if not isinstance(keys, list) or not 1 <= len(keys) <= MAX_KEYS:
            raise Malformed("key set: 1 to 256 keys")
        records = [_record_from_cose(key) for key in keys]
        return cls(records, issued_at=issued_at, expires_at=expires_at)


def _key_set_times(header: CborValue, root: PublicKey) -> tuple[int, int]:
    expected = {1: int(root.alg), 3: _COSE_KEY_SET, 4: root.kid}
    match header:
        case {15: {1: str(), 4: expires_at, 6: issued_at, **rest}, **others} if (
            others == expected and not rest
        ):
            return integer(issued_at), integer(expires_at)
        case _:
            raise Malformed("key set: header")


_POLYMORPHIC_OR_NOT: Final = (encode({}), encode({4: True}))
_STATES: Final = (KeyState.ACTIVE, KeyState.VERIFY_ONLY, KeyState.REVOKED)


def _record_to_cose(record: KeyRecord) -> dict[int | str, object]:
    life: dict[int, int | bool] = {
        1: record.not_before,
        2: record.not_after,
        3: _STATES.index(record.state),
    }
    if record.polymorphic:
        life[4] = True
    key = record.key
    return {**key.to_cose_key(), _KID: record.kid, _ALG: int(key.alg), _RECORD: life}


def _record_from_cose(value: CborValue) -> KeyRecord:
    match value:
        case {2: bytes(kid), 3: alg, -65537: {1: start, 2: end, 3: number, **rest}, **cose_key}:
            key = PublicKey.from_cose_key(cose_key)
        case _:
            raise Malformed("key set: key record")
    state = integer(number)
    if len(kid) != KID_SIZE or alg != key.alg or not 0 <= state < len(_STATES):
        raise Malformed("key set: kid, algorithm or state")
    if encode(cose_key) != encode(key.to_cose_key()) or encode(rest) not in _POLYMORPHIC_OR_NOT:
        raise Malformed("key set: unknown fields")
    return KeyRecord(kid, key, integer(start), integer(end), _STATES[state], polymorphic=bool(rest))
