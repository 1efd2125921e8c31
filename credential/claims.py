"""What a credential (律证码凭证) says: a CWT (RFC 8392) about one lawyer and one phone.

The layout is fixed: these claims, in this order, and nothing else. `encode_claims` writes it and
`decode_claims` reads exactly what `encode_claims` writes.
"""

import re
import struct
import unicodedata
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from credential.encoding import head, read_bytes, read_head, read_text, tstr, uint
from credential.errors import InvalidClaims, Malformed
from credential.keys import Algorithm, PublicKey

#: Name of the issuer in the `iss` claim.
ISSUER: Final = "lvz"
CTI_SIZE: Final = 8
#: Longest life of a credential, in seconds.
MAX_LIFETIME: Final = 86_400
#: Longest name and issuer, in UTF-8 bytes; the longest text still fits one QR symbol.
MAX_NAME: Final = 120
_MAX_ISSUER: Final = 64

# Characters that do not show, or that turn the text around them: a name with one of them could
# look like another person's on a kiosk. Rare characters (生僻字) of any plane are welcome.
_INVISIBLE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)


class PracticeType(IntEnum):
    """Kind of practice (执业类别)."""

    FULL_TIME = 1  # 专职
    PART_TIME = 2  # 兼职
    PUBLIC = 3  # 公职
    COMPANY = 4  # 公司
    LEGAL_AID = 5  # 法律援助
    MILITARY = 6  # 军队
    HONG_KONG = 7  # 香港居民
    MACAO = 8  # 澳门居民
    TAIWAN = 9  # 台湾居民


@dataclass(frozen=True, slots=True)
class LawyerClaims:
    """The lawyer (律师) as the issuer vouches for them. Raises `InvalidClaims` when built.

    licence_no: licence number (执业证号), 17 digits as an integer; it has no check digit.
    status_index: random and permanent place in the status list, not derived from the number.
    device_assurance: 0 key held by script, 1 non-extractable key, 2 attested hardware.
    portrait_hash: 16 bytes, for kiosks that hold a pack of portraits.
    """

    licence_no: int
    name: str
    practice_type: PracticeType
    status_index: int
    status_list: int = 1
    device_assurance: int | None = None
    portrait_hash: bytes | None = None

    def __post_init__(self) -> None:
        if not 10**16 <= self.licence_no < 10**17:
            raise InvalidClaims("licence number: 17 digits")
        if not 0 <= self.status_index < 2**32 or not 1 <= self.status_list < 2**16:
            raise InvalidClaims("status index or list: out of range")
        if self.device_assurance not in (None, 0, 1, 2):
            raise InvalidClaims("device assurance: 0, 1 or 2")
        if self.portrait_hash is not None and len(self.portrait_hash) != 16:
            raise InvalidClaims("portrait hash: 16 bytes")
        _check_name(self.name)


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential (律证码凭证): times in Unix seconds, `cti` 8 bytes, `raw` the COSE_Sign1."""

    issuer: str
    expires_at: int
    issued_at: int
    cti: bytes
    holder_key: PublicKey
    lawyer: LawyerClaims
    kid: bytes
    raw: bytes


def _check_name(name: str) -> None:
    try:
        size = len(name.encode())
    except UnicodeEncodeError:
        raise InvalidClaims("name: lone surrogate") from None
    if not 1 <= size <= MAX_NAME:
        raise InvalidClaims(f"name: 1 to {MAX_NAME} bytes of UTF-8")
    if name != name.strip() or _INVISIBLE.search(name):
        raise InvalidClaims("name: invisible characters or outer spaces")
    if not unicodedata.is_normalized("NFC", name):
        raise InvalidClaims("name: not in Unicode normal form C")


#: Times are 32 bits of Unix seconds, which last until 2106; others have other CBOR heads.
FIRST_SECOND: Final = 2**16
LAST_SECOND: Final = 2**32 - 1


# --- encoding ------------------------------------------------------------------------------

# Pieces of the layout. Labels: 1 iss, 4 exp, 6 iat, 7 cti, 8 cnf {1: COSE_Key}, -65537 lawyer.
_SIX_CLAIMS: Final = b"\xa6\x01"
_CTI: Final = b"\x07\x48"
_CNF: Final = b"\x08\xa1\x01"
_LAWYER: Final = b"\x3a\x00\x01\x00\x00"
_EC2_X: Final = b"\xa4\x01\x02\x20\x01\x21\x58\x20"
_OKP_X: Final = b"\xa3\x01\x01\x20\x06\x21\x58\x20"


def encode_claims(
    *,
    issuer: str,
    expires_at: int,
    issued_at: int,
    cti: bytes,
    holder_key: PublicKey,
    lawyer: LawyerClaims,
) -> bytes:
    """The claims as deterministic CBOR, 111 bytes for a name of 12 bytes."""
    return b"".join(
        (
            _SIX_CLAIMS,
            tstr(issuer),
            b"\x04",
            uint(expires_at),
            b"\x06",
            uint(issued_at),
            _CTI,
            cti,
            _CNF,
            _encode_key(holder_key),
            _LAWYER,
            _encode_lawyer(lawyer),
        )
    )


def _encode_key(key: PublicKey) -> bytes:
    point = key.compressed()
    if key.alg is Algorithm.ED25519:
        return _OKP_X + point
    return _EC2_X + point[1:] + (b"\x22\xf5" if point[0] == 3 else b"\x22\xf4")


def _encode_lawyer(lawyer: LawyerClaims) -> bytes:
    parts = [
        b"\x01" + uint(lawyer.licence_no),
        b"\x02" + tstr(lawyer.name),
        b"\x03" + uint(lawyer.practice_type),
        b"\x04" + uint(lawyer.status_index),
    ]
    if lawyer.status_list != 1:
        parts.append(b"\x05" + uint(lawyer.status_list))
    if lawyer.device_assurance is not None:
        parts.append(b"\x06" + uint(lawyer.device_assurance))
    if lawyer.portrait_hash is not None:
        parts.append(b"\x07\x50" + lawyer.portrait_hash)
    return head(5, len(parts)) + b"".join(parts)


# --- decoding ------------------------------------------------------------------------------


# From issuer to key everything has its place: three labels with heads, and the start of cnf.
_MIDDLE: Final = struct.Struct(">2sI2sI2s8s3s")
_MIDDLE_LABELS: Final = (b"\x04\x1a", b"\x06\x1a", _CTI, _CNF)


def decode_claims(payload: bytes, *, kid: bytes, raw: bytes) -> Credential:
    """Read the claims of a credential whose issuer signature was verified.

    Raises `Malformed` for anything `encode_claims` would not have written, a holder key that is
    no point of its curve, or a life longer than `MAX_LIFETIME`.
    """
    try:
        issuer, position = read_text(payload, _expect(payload, 0, _SIX_CLAIMS))
        a, expires_at, b, issued_at, c, cti, d = _MIDDLE.unpack_from(payload, position)
        if (a, b, c, d) != _MIDDLE_LABELS:
            raise Malformed("claims: not the layout of a credential")
        holder_key, position = _read_key(payload, position + _MIDDLE.size)
        lawyer, position = _read_lawyer(payload, _expect(payload, position, _LAWYER))
    except (IndexError, struct.error):
        raise Malformed("claims: truncated") from None
    except InvalidClaims as error:
        raise Malformed(error.detail) from None
    if position != len(payload) or len(issuer) > _MAX_ISSUER:
        raise Malformed("claims: trailing bytes or issuer too long")
    if expires_at - issued_at > MAX_LIFETIME or min(expires_at, issued_at) < FIRST_SECOND:
        raise Malformed("claims: life longer than a day")
    return Credential(issuer, expires_at, issued_at, cti, holder_key, lawyer, kid, raw)


def _expect(data: bytes, position: int, piece: bytes) -> int:
    if not data.startswith(piece, position):
        raise Malformed("claims: not the layout of a credential")
    return position + len(piece)


def _read_key(data: bytes, position: int) -> tuple[PublicKey, int]:
    start, end = position + 8, position + 40
    if data.startswith(_OKP_X, position):
        return PublicKey.from_compressed(Algorithm.ED25519, data[start:end]), end
    _expect(data, position, _EC2_X)
    match data[end : end + 2]:
        case b"\x22\xf4":
            point = b"\x02" + data[start:end]
        case b"\x22\xf5":
            point = b"\x03" + data[start:end]
        case _:
            raise Malformed("claims: key without the sign of y")
    return PublicKey.from_compressed(Algorithm.ES256, point), end + 2


def _read_lawyer(data: bytes, position: int) -> tuple[LawyerClaims, int]:
    count = data[position] - 0xA0
    # A licence number has 17 digits, which always take eight bytes.
    _expect(data, position + 1, b"\x01\x1b")
    licence_no = int.from_bytes(data[position + 3 : position + 11], "big")
    name, position = read_text(data, _expect(data, position + 11, b"\x02"))
    practice = _PRACTICE.get(data[position : position + 3])
    index, position = read_head(data, position + 3, 0)
    status_list, assurance, portrait = 1, None, None
    if count > 4 and data[position] == 5:
        status_list, position = read_head(data, position + 1, 0)
        count -= 1
        if status_list == 1:
            raise Malformed("claims: the default list is not written")
    if count > 4 and data[position] == 6:
        assurance, position = read_head(data, position + 1, 0)
        count -= 1
    if count > 4 and data[position] == 7:
        portrait, position = read_bytes(data, position + 1)
        count -= 1
    if count != 4 or practice is None:
        raise Malformed("claims: lawyer map")
    claims = LawyerClaims(licence_no, name, practice, index, status_list, assurance, portrait)
    return claims, position


# The practice type between its label and the next one.
_PRACTICE: Final = {bytes((3, kind, 4)): kind for kind in PracticeType}
