"""Invitation codes 邀请码 and the six digits: drawn, sealed, and guessed at a limited rate only."""

from __future__ import annotations

import hashlib
import uuid

from app.identity.errors import RateLimited
from app.identity.rules import assistants as rules
from app.kernel.field_crypto import FieldCrypto
from app.kernel.identifiers import normalise_identifier
from app.kernel.principal import Phone
from app.ports.entropy import Entropy
from app.ports.ephemeral import Ephemeral
from app.ports.errors import Unavailable

CODES_PER_TEN_MINUTES = 20


class CodeBox:
    """Codes and digits: drawn, kept sealed, found by digest, guessed at a limited rate."""

    def __init__(self, *, entropy: Entropy, ephemeral: Ephemeral, crypto: FieldCrypto) -> None:
        self._entropy = entropy
        self._ephemeral = ephemeral
        self._crypto = crypto

    def code(self) -> str:
        """Draw an invitation code: 31^8, too many to guess within a day."""
        alphabet = rules.CODE_ALPHABET
        return "".join(
            alphabet[self._entropy.below(len(alphabet))] for _ in range(rules.CODE_LENGTH)
        )

    def digits(self) -> str:
        """Draw what the lawyer types."""
        return "".join(str(self._entropy.below(10)) for _ in range(rules.DIGITS))

    def seal(self, text: str, *, name: str, row_id: uuid.UUID) -> bytes:
        """Seal a text for a row."""
        return self._crypto.seal_alone(text.encode(), aad=f"assistant_invitation.{name}:{row_id}")

    def open(self, sealed: bytes, *, name: str, row_id: uuid.UUID) -> str:
        """Read what was sealed."""
        return self._crypto.open_alone(sealed, aad=f"assistant_invitation.{name}:{row_id}").decode()

    def limit(self, phone: Phone) -> None:
        """Slow down who tries codes; a lost cache only loses the count. Raises `RateLimited`."""
        try:
            tried = self._ephemeral.incr(key=f"assistant-code:{phone.account_id}", ttl=600)
        except Unavailable:
            return
        if tried > CODES_PER_TEN_MINUTES:
            raise RateLimited


def digest(code: str) -> bytes:
    """What a code is found by, as people type it: dashes and small letters included."""
    return hashlib.sha256(normalise_identifier(code).replace("-", "").encode()).digest()
