"""COSE_Sign1 (RFC 9052 section 4.2), the tagged form with an empty unprotected header.

Every message of the protocol is one `18([protected, {}, payload, signature])`: credential,
presentation, status list and key set. Headers live in the protected bucket only, so nothing
that a verifier acts upon is outside the signature.
"""

from typing import Final, NamedTuple

from credential.encoding import bstr, read_head
from credential.errors import Malformed
from credential.keys import SIGNATURE_SIZE, Signer

_TAG_AND_ARRAY: Final = b"\xd2\x84"
_EMPTY_MAP: Final = 0xA0
_SIGNATURE_HEAD: Final = b"\x58\x40"
_CONTEXT: Final = b"\x84\x6aSignature1"

#: CBOR of the algorithm header value; every number of the registry fits one byte.
ALG_OF_BYTE: Final = {0x26: -7, 0x27: -8, 0x28: -9, 0x32: -19}


class Sign1(NamedTuple):
    """The parts of one COSE_Sign1. A named tuple, because one is made per layer and scan."""

    protected: bytes
    payload: bytes
    signature: bytes
    #: The Sig_structure: what was signed.
    signed: bytes


def to_be_signed(*, protected: bytes, payload: bytes, external: bytes = b"") -> bytes:
    """The Sig_structure of RFC 9052 section 4.4; an empty header map counts as no bytes."""
    header = b"" if protected == b"\xa0" else protected
    return _CONTEXT + bstr(header) + bstr(external) + bstr(payload)


def sign1(*, protected: bytes, payload: bytes, signer: Signer) -> bytes:
    """Sign and assemble a COSE_Sign1."""
    header, content = bstr(protected), bstr(payload)
    signature = signer.sign(b"%b%b\x40%b" % (_CONTEXT, header, content))
    return b"%b%b\xa0%b\x58\x40%b" % (_TAG_AND_ARRAY, header, content, signature)


def parse_sign1(data: bytes) -> Sign1:
    """Take a COSE_Sign1 that fills `data` exactly apart; nothing is verified yet.

    The Sig_structure is cut out of the message itself: it differs only by its beginning and by
    `40` (no external data) in the place of `a0` (no unprotected header). Raises `Malformed`.
    """
    try:
        if data[:2] != _TAG_AND_ARRAY:
            raise Malformed("COSE_Sign1: tag 18 and four parts")
        size, start = read_head(data, 2, 2)
        middle = start + size
        if data[middle] != _EMPTY_MAP:
            raise Malformed("COSE_Sign1: unprotected header not empty")
        size, content = read_head(data, middle + 1, 2)
    except IndexError:
        raise Malformed("COSE_Sign1: truncated") from None
    end = content + size
    if data[end : end + 2] != _SIGNATURE_HEAD or len(data) != end + 2 + SIGNATURE_SIZE:
        raise Malformed("COSE_Sign1: signature size or trailing bytes")
    signed = b"".join((_CONTEXT, data[2:middle], b"\x40", data[middle + 1 : end]))
    return Sign1(data[start:middle], data[content:end], data[end + 2 :], signed)
