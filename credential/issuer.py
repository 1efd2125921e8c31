"""Issuing a credential (签发律证码凭证): bind a lawyer to a phone's key for at most a day."""

from credential.claims import (
    CTI_SIZE,
    FIRST_SECOND,
    ISSUER,
    LAST_SECOND,
    MAX_LIFETIME,
    Credential,
    LawyerClaims,
    encode_claims,
)
from credential.cose import sign1
from credential.encoding import encode
from credential.errors import InvalidClaims
from credential.keys import PublicKey, Signer


class Issuer:
    """Signs credentials with one key. Stateless: time and `cti` are arguments."""

    def __init__(self, signer: Signer, *, name: str = ISSUER) -> None:
        self._signer = signer
        self._name = name
        self._protected = encode({1: int(signer.alg), 4: signer.kid})

    def issue(
        self,
        *,
        lawyer: LawyerClaims,
        holder_key: PublicKey,
        cti: bytes,
        at: int,
        lifetime: int = MAX_LIFETIME,
    ) -> Credential:
        """Issue a credential valid from `at` (Unix seconds) for `lifetime` seconds.

        `cti` is 8 random bytes from the caller. Raises `InvalidClaims` for a wrong size, time
        or lifetime.
        """
        if len(cti) != CTI_SIZE:
            raise InvalidClaims("cti: 8 bytes")
        if not 1 <= lifetime <= MAX_LIFETIME or not FIRST_SECOND <= at <= LAST_SECOND - lifetime:
            raise InvalidClaims("time or lifetime: out of range")
        payload = encode_claims(
            issuer=self._name,
            expires_at=at + lifetime,
            issued_at=at,
            cti=cti,
            holder_key=holder_key,
            lawyer=lawyer,
        )
        raw = sign1(protected=self._protected, payload=payload, signer=self._signer)
        kid = self._signer.kid
        return Credential(self._name, at + lifetime, at, cti, holder_key, lawyer, kid, raw)
