"""Field encryption 字段加密: identity numbers and photos are never stored in clear.

Envelope: each person has a data key, wrapped by the key-encryption key. A field is
`version(1) | kek id(4) | nonce(12) | AES-256-GCM(data key, plaintext, aad)`; `aad` names the
column and the row, so that a ciphertext moved elsewhere does not open. Deleting the wrapped data
key erases the person's fields for good (PIPL art. 47).
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.errors import AppError
from app.ports.entropy import Entropy

VERSION = b"\x01"
INDEX_BYTES = 16


class FieldUnreadable(AppError):
    """A stored ciphertext does not open: wrong key, moved row, or damage."""

    code = "internal.field_unreadable"


@dataclass(frozen=True)
class DataKey:
    """A person's data key, as it is stored (`wrapped`) and as it is used (`plain`)."""

    wrapped: bytes
    plain: bytes


class FieldCrypto:
    """Seals and opens fields under one key-encryption key of 32 bytes."""

    def __init__(self, *, key: bytes, entropy: Entropy) -> None:
        self._kek = AESGCM(hashlib.sha256(b"kek" + key).digest())
        self._index_key = hashlib.sha256(b"index" + key).digest()
        self._kek_id = hashlib.sha256(b"id" + key).digest()[:4]
        self._entropy = entropy

    def new_data_key(self) -> DataKey:
        """Make a data key for a new person."""
        plain = self._entropy.token_bytes(32)
        return DataKey(wrapped=self._seal(self._kek, plain, b"data-key"), plain=plain)

    def open_data_key(self, wrapped: bytes) -> DataKey:
        """Unwrap a stored data key; raises `FieldUnreadable`."""
        return DataKey(wrapped=wrapped, plain=self._open(self._kek, wrapped, b"data-key"))

    def seal(self, value: bytes, *, key: DataKey, aad: str) -> bytes:
        """Encrypt one field."""
        return self._seal(AESGCM(key.plain), value, aad.encode())

    def open(self, value: bytes, *, key: DataKey, aad: str) -> bytes:
        """Decrypt one field; raises `FieldUnreadable`."""
        return self._open(AESGCM(key.plain), value, aad.encode())

    def seal_alone(self, value: bytes, *, aad: str) -> bytes:
        """Encrypt a value that belongs to no person (for example a stored answer)."""
        return self._seal(self._kek, value, aad.encode())

    def open_alone(self, value: bytes, *, aad: str) -> bytes:
        """Decrypt what `seal_alone` made; raises `FieldUnreadable`."""
        return self._open(self._kek, value, aad.encode())

    def blind_index(self, *, column: str, value: str) -> bytes:
        """Return 16 bytes by which an encrypted column can be looked up for equality."""
        message = f"{column}:{value}".encode()
        return hmac.digest(self._index_key, message, hashlib.sha256)[:INDEX_BYTES]

    def _seal(self, cipher: AESGCM, value: bytes, aad: bytes) -> bytes:
        nonce = self._entropy.token_bytes(12)
        return VERSION + self._kek_id + nonce + cipher.encrypt(nonce, value, aad)

    def _open(self, cipher: AESGCM, value: bytes, aad: bytes) -> bytes:
        if value[:5] != VERSION + self._kek_id:
            raise FieldUnreadable("unknown version or key")
        try:
            return cipher.decrypt(value[5:17], value[17:], aad)
        except InvalidTag as error:
            raise FieldUnreadable("authentication failed") from error
