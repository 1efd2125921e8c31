"""Presenting (亮证): the token that the phone signs every few seconds, and its three texts.

LVZ1 carries the credential and verifies offline; LVZ2 names it by `cti`; LVZ3 is a short code.
The token is the key-binding token of SD-CWT (`typ` 294) with the whole credential in `kcwt`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from credential import short_code
from credential.claims import CTI_SIZE, FIRST_SECOND, LAST_SECOND
from credential.cose import ALG_OF_BYTE, Sign1, parse_sign1, sign1
from credential.encoding import (
    MAX_TEXT,
    base45_decode,
    base45_encode,
    bstr,
    encode,
    read_text,
    tstr,
    uint,
)
from credential.errors import InvalidClaims, Malformed, UnsupportedForm
from credential.keys import Signer

NONCE_SIZE: Final = 8
#: Longest audience, in ASCII characters.
MAX_AUDIENCE: Final = 64

# Header labels: 1 alg, 13 kcwt, 16 typ (294 = application/kb+cwt).
_TYP: Final = b"\x10\x19\x01\x26"
# Claim labels: 3 aud, 6 iat, 7 cti, 39 cnonce.
_CTI: Final = b"\x07\x48"
_CNONCE: Final = b"\x18\x27\x48"


class Form(StrEnum):
    """The three forms of a lawyer code (律证码), by their text prefix."""

    FULL = "LVZ1"
    REFERENCE = "LVZ2"
    SHORT = "LVZ3"


@dataclass(frozen=True, slots=True)
class ParsedText:
    """A text taken apart: `data` is the COSE_Sign1, or the `ShortCode` of an LVZ3."""

    form: Form
    data: bytes | short_code.ShortCode


class Presentation(NamedTuple):
    """A presentation read, not verified: exactly one of `credential` and `cti` is set."""

    form: Form
    alg: int
    credential: bytes | None
    cti: bytes | None
    audience: str
    presented_at: int
    nonce: bytes | None
    envelope: Sign1


# --- making --------------------------------------------------------------------------------


def present(
    credential: bytes, signer: Signer, *, audience: str, at: int, nonce: bytes | None = None
) -> bytes:
    """Sign a presentation (亮证) that carries the credential: LVZ1, 289 bytes.

    audience: "cn.court" or the audience a kiosk asked for; at: server-corrected Unix seconds;
    nonce: 8 bytes the kiosk showed. Raises `InvalidClaims`.
    """
    protected = b"\xa3\x01%b\x0d%b%b" % (encode(int(signer.alg)), credential, _TYP)
    payload = _payload(audience=audience, at=at, cti=None, nonce=nonce)
    return sign1(protected=protected, payload=payload, signer=signer)


def present_reference(
    cti: bytes, signer: Signer, *, audience: str, at: int, nonce: bytes | None = None
) -> bytes:
    """Sign a presentation that only names the credential: LVZ2, 106 bytes.

    Arguments as for `present`, with the credential's `cti` (8 bytes). Raises `InvalidClaims`.
    """
    if len(cti) != CTI_SIZE:
        raise InvalidClaims("cti: 8 bytes")
    protected = b"\xa2\x01%b%b" % (encode(int(signer.alg)), _TYP)
    payload = _payload(audience=audience, at=at, cti=cti, nonce=nonce)
    return sign1(protected=protected, payload=payload, signer=signer)


def to_text(form: str, data: bytes) -> str:
    """The QR text of an LVZ1 or LVZ2 token: prefix and base45."""
    if form not in (Form.FULL, Form.REFERENCE):
        raise UnsupportedForm("only LVZ1 and LVZ2 are made from bytes")
    return f"{form}:{base45_encode(data)}"


def _payload(*, audience: str, at: int, cti: bytes | None, nonce: bytes | None) -> bytes:
    if not _is_audience(audience) or not FIRST_SECOND <= at <= LAST_SECOND:
        raise InvalidClaims("audience or time: out of range")
    if nonce is not None and len(nonce) != NONCE_SIZE:
        raise InvalidClaims("nonce: 8 bytes")
    parts = [b"\x03", tstr(audience), b"\x06", uint(at)]
    if cti is not None:
        parts.append(b"\x07" + bstr(cti))
    if nonce is not None:
        parts.append(_CNONCE + nonce)
    count = 2 + (cti is not None) + (nonce is not None)
    return bytes((0xA0 | count,)) + b"".join(parts)


def _is_audience(text: str) -> bool:
    return 0 < len(text) <= MAX_AUDIENCE and text.isascii()


# --- reading -------------------------------------------------------------------------------


def parse_text(text: str) -> ParsedText:
    """Take a scanned or typed text apart, strictly.

    Raises `UnsupportedForm` for an unknown prefix, `Malformed` for a text that is too long or
    not base45.
    """
    if len(text) > MAX_TEXT:
        raise Malformed("text: longer than 1200 characters")
    prefix = text[:5]
    if prefix == "LVZ1:":
        return ParsedText(Form.FULL, base45_decode(text[5:]))
    if prefix == "LVZ2:":
        return ParsedText(Form.REFERENCE, base45_decode(text[5:]))
    if prefix == "LVZ3:":
        return ParsedText(Form.SHORT, short_code.parse(text))
    raise UnsupportedForm("text: not a lawyer code")


def parse_presentation(form: Form, data: bytes) -> Presentation:
    """Read the envelope and the few signed claims of an LVZ1 or LVZ2 token.

    Nothing is verified yet, and the credential inside is not opened. Raises `Malformed`.
    """
    envelope = parse_sign1(data)
    protected = envelope.protected
    alg = ALG_OF_BYTE.get(protected[2]) if len(protected) > 6 else None
    if alg is None or protected[-4:] != _TYP:
        raise Malformed("presentation: algorithm or type")
    credential: bytes | None = None
    if form is Form.FULL and protected[:2] == b"\xa3\x01" and protected[3] == 13:
        credential = protected[4:-4]
    elif form is not Form.REFERENCE or protected[:2] != b"\xa2\x01" or len(protected) != 7:
        raise Malformed("presentation: header")
    audience, at, cti, nonce = _read_payload(envelope.payload)
    if (cti is None) is (credential is None):
        raise Malformed("presentation: cti belongs to the reference form")
    return Presentation(form, alg, credential, cti, audience, at, nonce, envelope)


def _read_payload(payload: bytes) -> tuple[str, int, bytes | None, bytes | None]:
    try:
        if payload[1] != 3:
            raise Malformed("presentation: claims")
        audience, position = read_text(payload, 2)
    except IndexError:
        raise Malformed("presentation: truncated") from None
    at = int.from_bytes(payload[position + 2 : position + 6], "big")
    if payload[position : position + 2] != b"\x06\x1a":
        raise Malformed("presentation: claims")
    position += 6
    cti = nonce = None
    count = 0xA2
    if payload.startswith(_CTI, position):
        cti, position, count = payload[position + 2 : position + 10], position + 10, 0xA3
    if payload.startswith(_CNONCE, position):
        nonce, position, count = payload[position + 3 : position + 11], position + 11, count + 1
    if position != len(payload) or payload[0] != count:
        raise Malformed("presentation: claims")
    if not _is_audience(audience) or at < FIRST_SECOND:
        raise Malformed("presentation: audience or time out of range")
    return audience, at, cti, nonce
