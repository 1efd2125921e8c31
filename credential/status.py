"""Status list (执业状态清单): two bits per licence, in a signed CWT that kiosks keep offline.

IETF Token Status List (draft-ietf-oauth-status-list): claim 65533 carries `bits` and the zlib
compressed `lst`; 2 is the list's URI, 4 its end, 6 its issue time, 65534 its ttl. The last part
of the URI is the number of the list, so the number is under the signature.
"""

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Self

from credential.cose import ALG_OF_BYTE, Sign1, parse_sign1, sign1
from credential.encoding import CborValue, decode, encode, integer
from credential.errors import (
    Malformed,
    NotYetValid,
    StatusTooOld,
    StatusUnavailable,
)
from credential.keys import KID_SIZE, Signer
from credential.trust import MAX_SKEW, TrustList

#: Largest list read: compressed and inflated bytes (2 MiB hold 8 million licences).
MAX_COMPRESSED: Final = 1 << 20
MAX_INFLATED: Final = 1 << 21

_TYPE: Final = "application/statuslist+cwt"
_SUBJECT, _EXPIRES, _ISSUED, _LIST, _TTL = 2, 4, 6, 65533, 65534
_NUMBER: Final = re.compile(r".*/([1-9][0-9]{0,4})", re.ASCII)


class Status(IntEnum):
    """What the two bits say about a licence (执业状态)."""

    VALID = 0
    INVALID = 1  # 吊销、注销
    SUSPENDED = 2  # 停止执业
    ASSESSMENT = 3  # 年度考核未参加、暂缓


_STATUSES: Final = tuple(Status)


@dataclass(frozen=True, slots=True)
class StatusList:
    """A status list: `table` packs `bits` per licence, lowest bits first.

    `issued_at`, `expires_at` and `ttl` (seconds between fetches) are those of the token it was
    read from, else 0; `number` is the list's number and `uri` where it is published.
    """

    table: bytes
    bits: int = 2
    uri: str = ""
    number: int = 1
    issued_at: int = 0
    expires_at: int = 0
    ttl: int = 0

    @classmethod
    def build(cls, statuses: Mapping[int, int] | bytes, size: int) -> Self:
        """Pack the statuses of `size` licences, four to a byte.

        `statuses` maps index → status (all others are valid), or has one byte per licence.
        Raises `ValueError` for an index or status out of range.
        """
        table = bytearray(-(-size // 4))
        pairs = statuses.items() if isinstance(statuses, Mapping) else enumerate(statuses)
        for index, status in pairs:
            if not 0 <= index < size or not 0 <= status <= 3:
                raise ValueError(f"status {status} at {index}")
            table[index >> 2] |= status << ((index & 3) << 1)
        return cls(bytes(table))

    def value(self, index: int) -> int:
        """The raw bits of one entry. Raises `StatusUnavailable` beyond the end."""
        per_byte = 8 // self.bits
        if not 0 <= index < len(self.table) * per_byte:
            raise StatusUnavailable(f"index {index} is not in the list")
        shift = index % per_byte * self.bits
        return self.table[index // per_byte] >> shift & (1 << self.bits) - 1

    def lookup(self, index: int) -> Status:
        """The status of one licence.

        Raises `StatusUnavailable` for an index beyond the end or a value this protocol does not
        know: what cannot be read is never taken as valid.
        """
        value = self.value(index)
        if value >= len(_STATUSES):
            raise StatusUnavailable(f"status {value} is not known")
        return _STATUSES[value]

    def encode(
        self, signer: Signer, *, uri: str, at: int, ttl: int = 900, lifetime: int = 86_400
    ) -> bytes:
        """Sign the list as a Status List Token in CWT form; `uri` ends in `/<number>`."""
        if not _NUMBER.fullmatch(uri):
            raise ValueError("uri does not end in the number of the list")
        header = {1: int(signer.alg), 4: signer.kid, 16: _TYPE}
        claims = {
            _SUBJECT: uri,
            _EXPIRES: at + lifetime,
            _ISSUED: at,
            _LIST: {"bits": self.bits, "lst": zlib.compress(self.table, 9)},
            _TTL: ttl,
        }
        return sign1(protected=encode(header), payload=encode(claims), signer=signer)

    @classmethod
    def decode(cls, data: bytes, *, trust: TrustList, at: int, seen: int = 0) -> Self:
        """Verify and read a status list; `seen` is the newest `issued_at` accepted before.

        Raises `Malformed`, `UnknownIssuer`, `WrongAlgorithm`, `BadIssuerSignature`,
        `NotYetValid`, or `StatusTooOld` (past its end, or a rollback).
        """
        if len(data) > MAX_COMPRESSED:
            raise Malformed("status list: too large")
        message = parse_sign1(data)
        alg, kid = _read_header(message)
        trust.verify(kid=kid, alg=alg, signature=message.signature, message=message.signed, at=at)
        status_list = cls.from_claims(decode(message.payload))
        if status_list.issued_at > at + MAX_SKEW:
            raise NotYetValid("status list")
        if at >= status_list.expires_at or status_list.issued_at < seen:
            raise StatusTooOld("status list: ended, or older than one already seen")
        return status_list

    @classmethod
    def from_claims(cls, claims: CborValue) -> Self:
        """Read the claims of a verified token. Raises `Malformed`."""
        match claims:
            case {
                2: str(uri),
                4: expires_at,
                6: issued_at,
                65533: {"bits": bits, "lst": bytes(packed)},
                65534: ttl,
            } if number := _NUMBER.fullmatch(uri):
                times = integer(issued_at), integer(expires_at), integer(ttl)
            case _:
                raise Malformed("status list: claims")
        if integer(bits) not in (1, 2, 4, 8):
            raise Malformed("status list: bits")
        return cls(inflate(packed), integer(bits), uri, int(number[1]), *times)


def inflate(packed: bytes) -> bytes:
    """Inflate a zlib stream that ends with its data, to at most `MAX_INFLATED` bytes.

    Raises `Malformed`; a bomb is refused without being inflated.
    """
    stream = zlib.decompressobj()
    try:
        table = stream.decompress(packed, MAX_INFLATED)
    except zlib.error:
        raise Malformed("status list: not zlib") from None
    if not stream.eof or stream.unused_data or stream.unconsumed_tail:
        raise Malformed("status list: truncated, too large or trailing bytes")
    return table


def _read_header(message: Sign1) -> tuple[int, bytes]:
    protected = message.protected
    start = b"\xa3\x01"
    rest = b"\x04\x44"
    alg = ALG_OF_BYTE.get(protected[2]) if len(protected) > 9 else None
    if alg is None or protected[:2] != start or protected[3:5] != rest:
        raise Malformed("status list: header")
    if protected[5 + KID_SIZE :] != b"\x10" + encode(_TYPE):
        raise Malformed("status list: type")
    return alg, protected[5 : 5 + KID_SIZE]
