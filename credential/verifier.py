"""Verification (核验) of a lawyer code: trust, evidence, policy and time in, one value out.

The order is fixed and fails closed; the first check that fails names the code:

1. length, prefix, base45;  2. envelope and signed claims of the presentation, then the
credential's envelope;  3. issuer key by `kid`, algorithm;  4. issuer signature, then the
credential's claims;  5. validity of the credential;  6. device signature;  7. freshness,
audience, nonce;  8. status.  Replay (9) is the caller's: it stores `Verified.replay_key`.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final

from credential.claims import Credential, decode_claims
from credential.cose import ALG_OF_BYTE, Sign1, parse_sign1
from credential.errors import (
    AssessmentPending,
    BadDeviceSignature,
    BadSignature,
    CredentialError,
    Expired,
    Malformed,
    NotYetValid,
    Revoked,
    StatusUnavailable,
    Suspended,
    UnknownReference,
    UnsupportedForm,
    WrongAlgorithm,
)
from credential.keys import KID_SIZE, PublicKey
from credential.policy import Policy
from credential.presentation import (
    Form,
    ParsedText,
    Presentation,
    parse_presentation,
    parse_text,
)
from credential.status import Status, StatusList
from credential.trust import TrustList

_REFUSED: Final[dict[Status, type[CredentialError]]] = {
    Status.INVALID: Revoked,
    Status.SUSPENDED: Suspended,
    Status.ASSESSMENT: AssessmentPending,
}


@dataclass(frozen=True, slots=True)
class Verified:
    """A verified presentation. Times in Unix seconds.

    status: what the status list said, None if none was given. confirmed: whether that list was
    young enough to count as green; False asks for an online re-check.
    """

    credential: Credential
    presented_at: int
    audience: str
    nonce: bytes | None
    form: Form
    status: Status | None
    confirmed: bool

    @property
    def replay_key(self) -> tuple[bytes, int]:
        """(`cti`, `iat`): what must be unique. Text and signature have other valid spellings."""
        return self.credential.cti, self.presented_at


class CredentialCache:
    """Credentials whose issuer signature was checked, by SHA-256; bounded, oldest out first.

    Owned by the caller and safe to share between threads and verifiers: an entry counts only
    while the same issuer key is still usable.
    """

    def __init__(self, capacity: int = 4096) -> None:
        self._capacity = capacity
        self._entries: dict[bytes, tuple[Credential, PublicKey]] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, digest: bytes) -> tuple[Credential, PublicKey] | None:
        """The credential under this digest and the key that signed it."""
        return self._entries.get(digest)

    def put(self, digest: bytes, credential: Credential, key: PublicKey) -> None:
        """Remember a credential whose issuer signature was verified with `key`."""
        with self._lock:
            while len(self._entries) >= self._capacity:
                del self._entries[next(iter(self._entries))]
            self._entries[digest] = (credential, key)


class Verifier:
    """Verifies lawyer codes (律证码) against one trust list. Holds no other state."""

    def __init__(self, trust: TrustList, *, cache: CredentialCache | None = None) -> None:
        self._trust = trust
        self._cache = cache

    def verify(
        self,
        evidence: str | ParsedText,
        *,
        policy: Policy,
        at: int,
        status: StatusList | None = None,
        credential_for: Callable[[bytes], bytes | None] | None = None,
    ) -> Verified:
        """Verify a text (or `parse_text` of it) at `at` (Unix seconds).

        `credential_for` finds the stored credential of an LVZ2 by `cti`; without it LVZ2 is
        `UnsupportedForm`, as LVZ3 always is (see `short_code.match_step`). Raises a
        `CredentialError` leaf; never answers with a bool.
        """
        parsed = parse_text(evidence) if isinstance(evidence, str) else evidence
        if not isinstance(parsed.data, bytes):
            raise UnsupportedForm("a short code is checked by the server")
        token = parse_presentation(parsed.form, parsed.data)
        credential = self.open_credential(_credential_bytes(token, credential_for), at=at)
        _check_device(token, credential)
        policy.check_binding(
            audience=token.audience, presented_at=token.presented_at, nonce=token.nonce, at=at
        )
        found, confirmed = _check_status(credential, policy=policy, status=status, at=at)
        return Verified(
            credential,
            token.presented_at,
            token.audience,
            token.nonce,
            token.form,
            found,
            confirmed,
        )

    def open_credential(self, raw: bytes, *, at: int) -> Credential:
        """Verify the issuer's signature over a credential and read it; check it lives at `at`.

        Raises `Malformed`, `UnknownIssuer`, `WrongAlgorithm`, `BadIssuerSignature`,
        `NotYetValid` or `Expired`.
        """
        cache = self._cache
        credential = self._open(raw, at)[0] if cache is None else self._recall(raw, cache, at)
        if at < credential.issued_at:
            raise NotYetValid
        if at >= credential.expires_at:
            raise Expired
        return credential

    def _recall(self, raw: bytes, cache: CredentialCache, at: int) -> Credential:
        digest = hashlib.sha256(raw).digest()
        known = cache.get(digest)
        if known is not None:
            credential, key = known
            usable = self._trust.candidates(credential.kid, at)
            if any(record.key is key or record.key == key for record in usable):
                return credential
        credential, key = self._open(raw, at)
        cache.put(digest, credential, key)
        return credential

    def _open(self, raw: bytes, at: int) -> tuple[Credential, PublicKey]:
        message = parse_sign1(raw)
        alg, kid = _read_header(message)
        record = self._trust.verify(
            kid=kid, alg=alg, signature=message.signature, message=message.signed, at=at
        )
        return decode_claims(message.payload, kid=kid, raw=raw), record.key


def _credential_bytes(
    token: Presentation, credential_for: Callable[[bytes], bytes | None] | None
) -> bytes:
    if token.credential is not None:
        return token.credential
    if credential_for is None:
        raise UnsupportedForm("a reference is verified online")
    raw = credential_for(token.cti) if token.cti else None
    if not raw:
        raise UnknownReference
    return raw


def _read_header(message: Sign1) -> tuple[int, bytes]:
    protected = message.protected
    if len(protected) != 5 + KID_SIZE or protected[:2] != b"\xa2\x01":
        raise Malformed("credential: header")
    alg = ALG_OF_BYTE.get(protected[2])
    if alg is None or protected[3:5] != b"\x04\x44":
        raise Malformed("credential: header")
    return alg, protected[5:]


def _check_device(token: Presentation, credential: Credential) -> None:
    if token.cti is not None and token.cti != credential.cti:
        raise UnknownReference("the stored credential has another cti")
    key = credential.holder_key
    if token.alg != key.alg:
        raise WrongAlgorithm("presentation: not the algorithm of the phone's key")
    try:
        key.verify(token.envelope.signature, token.envelope.signed)
    except BadSignature:
        raise BadDeviceSignature from None


def _check_status(
    credential: Credential, *, policy: Policy, status: StatusList | None, at: int
) -> tuple[Status | None, bool]:
    if status is None:
        return None, policy.check_status_age(age=None)
    lawyer = credential.lawyer
    if status.number != lawyer.status_list:
        raise StatusUnavailable("another status list")
    confirmed = policy.check_status_age(age=at - status.issued_at)
    found = status.lookup(lawyer.status_index)
    if found is not Status.VALID:
        raise _REFUSED[found]
    return found, confirmed
