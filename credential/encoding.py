"""Bytes and text: strict base45 (RFC 9285) and deterministic CBOR (RFC 8949 section 4.2.1).

Decoding never repairs. Whatever `encode` would not have written is refused, so every value has
exactly one encoding and a message cannot be re-dressed while its signature stays valid.

The `read_*` functions work on `(data, position)` and do not check the end of the data at every
step: a read past the end either raises `IndexError` or leaves a position beyond `len(data)`.
Callers therefore catch `IndexError` and compare the last position with the length, once.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from credential.errors import Malformed

#: Longest text of any form, in characters (QR v40-L alphanumeric would hold 4,296).
MAX_TEXT: Final = 1200
#: Nesting the generic decoder follows; the deepest message of the protocol has four levels.
MAX_DEPTH: Final = 8

CborValue = int | bytes | str | bool | list["CborValue"] | dict["int | str", "CborValue"]

# --- base45 -------------------------------------------------------------------------------

BASE45_ALPHABET: Final = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_BAD: Final = 0xFF
_VALUE_OF: Final = bytes(
    BASE45_ALPHABET.index(char) if char in BASE45_ALPHABET else _BAD for char in range(256)
)


@lru_cache(maxsize=64)
def _lane_mask(lanes: int, width: int, value: int) -> int:
    """`value` repeated in `lanes` lanes of `width` bytes, as one integer."""
    return int.from_bytes(value.to_bytes(width, "little") * lanes, "little")


def base45_decode(text: str) -> bytes:
    """Decode base45 text; all triplets at once, as lanes of one big integer.

    Three characters `c d e` stand for `c + 45 d + 2025 e`, at most 91,124, which fits a lane of
    24 bits, so one multiplication handles the whole text without a carry between lanes: about
    ten times faster than a loop, and much faster than two signature checks are slow.

    Raises `Malformed` for characters outside the alphabet, a length of 1 modulo 3, or a group
    above 65,535 (or 255 in the last pair).
    """
    try:
        values = text.encode("ascii").translate(_VALUE_OF)
    except UnicodeEncodeError:
        raise Malformed("base45: character outside the alphabet") from None
    if _BAD in values:
        raise Malformed("base45: character outside the alphabet")
    lanes, rest = divmod(len(values), 3)
    if rest == 1:
        raise Malformed("base45: length")
    packed = int.from_bytes(values[: 3 * lanes], "big")
    low = _lane_mask(lanes, 3, 0x0000FF)
    groups = (packed >> 16 & low) + 45 * (packed >> 8 & low) + 2025 * (packed & low)
    if groups & low << 16:
        raise Malformed("base45: group above 65535")
    out = bytearray(groups.to_bytes(3 * lanes, "big"))
    del out[0::3]  # the upper byte of every lane, which is zero
    if rest:
        last = values[-2] + 45 * values[-1]
        if last > 255:
            raise Malformed("base45: last pair above 255")
        out.append(last)
    return bytes(out)


def base45_encode(data: bytes) -> str:
    """Encode bytes as base45 text; the inverse of `base45_decode`, by the same lanes.

    Division by 2025 and 45 becomes multiplication by a rounded-up reciprocal, exact for every
    16-bit value (tests check all 65,536).
    """
    lanes = len(data) // 2
    wide = bytearray(8 * lanes)
    wide[0::8] = data[1 : 2 * lanes : 2]
    wide[1::8] = data[0 : 2 * lanes : 2]
    number = int.from_bytes(wide, "little")
    low = _lane_mask(lanes, 8, 0xFFFF)
    third = number * 1_060_486 >> 31 & low  # ceil(2**31 / 2025)
    number -= third * 2025
    second = number * 1_457 >> 16 & low  # ceil(2**16 / 45)
    first = number - second * 45
    out = bytearray(3 * lanes)
    out[0::3] = first.to_bytes(8 * lanes, "little")[0::8]
    out[1::3] = second.to_bytes(8 * lanes, "little")[0::8]
    out[2::3] = third.to_bytes(8 * lanes, "little")[0::8]
    if len(data) % 2:
        out += bytes((data[-1] % 45, data[-1] // 45))
    return out.translate(BASE45_ALPHABET.ljust(256, b"?")).decode("ascii")


# --- CBOR, writing -------------------------------------------------------------------------


def head(major: int, value: int) -> bytes:
    """The shortest CBOR head of a major type (0-7) with its argument (0 to 2**64-1)."""
    lead = major << 5
    if value < 24:
        return bytes((lead | value,))
    if value < 0x100:
        return bytes((lead | 24, value))
    if value < 0x1_0000:
        return bytes((lead | 25,)) + value.to_bytes(2, "big")
    if value < 0x1_0000_0000:
        return bytes((lead | 26,)) + value.to_bytes(4, "big")
    return bytes((lead | 27,)) + value.to_bytes(8, "big")


def uint(value: int) -> bytes:
    """An unsigned integer."""
    return head(0, value)


def bstr(value: bytes) -> bytes:
    """A byte string."""
    return head(2, len(value)) + value


def tstr(value: str) -> bytes:
    """A text string."""
    raw = value.encode()
    return head(3, len(raw)) + raw


def encode(value: object) -> bytes:
    """Deterministic CBOR of int, bool, bytes, str, sequences and mappings.

    Map keys are sorted bytewise by their encoding (RFC 8949 section 4.2.1). Raises `TypeError`
    for any other type: that is a programming error, not bad input.
    """
    match value:
        case bool():
            return b"\xf5" if value else b"\xf4"
        case int():
            return head(0, value) if value >= 0 else head(1, -1 - value)
        case bytes():
            return bstr(value)
        case str():
            return tstr(value)
        case Mapping():
            pairs = sorted((encode(key), encode(item)) for key, item in value.items())
            return head(5, len(pairs)) + b"".join(key + item for key, item in pairs)
        case Sequence():
            return head(4, len(value)) + b"".join(map(encode, value))
        case _:
            raise TypeError(f"{type(value).__name__} has no place in this protocol")


# --- CBOR, reading -------------------------------------------------------------------------


def read_head(data: bytes, position: int, major: int) -> tuple[int, int]:
    """Read a head of the given major type; return its argument and the next position.

    Raises `Malformed` for another major type, an indefinite length or a head that is not the
    shortest, `IndexError` at the end of the data.
    """
    info = data[position] - (major << 5)
    position += 1
    if 0 <= info < 24:
        return info, position
    if info == 24:
        value = data[position]
        if value >= 24:
            return value, position + 1
    elif info in _WIDE:
        width, least = _WIDE[info]
        end = position + width
        value = int.from_bytes(data[position:end], "big")
        if value >= least:
            return value, end
    raise Malformed("CBOR head: type, length or width")


_WIDE: Final = {25: (2, 0x100), 26: (4, 0x1_0000), 27: (8, 0x1_0000_0000)}


def read_bytes(data: bytes, position: int) -> tuple[bytes, int]:
    """Read a byte string; return it and the next position."""
    size, start = read_head(data, position, 2)
    return data[start : start + size], start + size


def read_text(data: bytes, position: int) -> tuple[str, int]:
    """Read a text string of valid UTF-8; return it and the next position."""
    size, start = read_head(data, position, 3)
    try:
        return data[start : start + size].decode(), start + size
    except UnicodeDecodeError:
        raise Malformed("CBOR text: not UTF-8") from None


def integer(value: object) -> int:
    """The value, if it is an integer and not a bool. Raises `Malformed`."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise Malformed("CBOR: not an integer")


def decode(data: bytes) -> CborValue:
    """Decode one deterministic CBOR value that fills `data` exactly.

    Accepts only what `encode` writes: no tags, floats, null, indefinite lengths, duplicate or
    unsorted map keys, or more than `MAX_DEPTH` levels. Raises `Malformed`.
    """
    try:
        value, end = _decode_at(data, 0, MAX_DEPTH)
    except IndexError:
        raise Malformed("CBOR: truncated") from None
    if end != len(data):
        raise Malformed("CBOR: truncated or trailing bytes")
    return value


def _decode_at(data: bytes, position: int, depth: int) -> tuple[CborValue, int]:
    lead = data[position]
    if lead in (0xF4, 0xF5):
        return lead == 0xF5, position + 1
    major = lead >> 5
    if major < 2:
        value, end = read_head(data, position, major)
        return (-1 - value if major else value), end
    if major in (4, 5) and depth == 0:
        raise Malformed("CBOR: nested too deep")
    if major == 4:
        return _decode_array(data, position, depth - 1)
    if major == 5:
        return _decode_map(data, position, depth - 1)
    return _decode_string(data, position)


def _decode_string(data: bytes, position: int) -> tuple[bytes | str, int]:
    match data[position] >> 5:
        case 2:
            return read_bytes(data, position)
        case 3:
            return read_text(data, position)
        case _:
            raise Malformed("CBOR: type outside this protocol")


def _decode_array(data: bytes, position: int, depth: int) -> tuple[list[CborValue], int]:
    count, position = read_head(data, position, 4)
    items: list[CborValue] = []
    for _ in range(count):
        item, position = _decode_at(data, position, depth)
        items.append(item)
    return items, position


def _decode_map(data: bytes, position: int, depth: int) -> tuple[dict[int | str, CborValue], int]:
    count, position = read_head(data, position, 5)
    items: dict[int | str, CborValue] = {}
    previous = b""
    for _ in range(count):
        start = position
        key, position = _decode_at(data, position, 0)
        # Strictly ascending encodings exclude duplicates and a second order at once.
        if data[start:position] <= previous or isinstance(key, bool | bytes | list | dict):
            raise Malformed("CBOR map: key order or type")
        previous = data[start:position]
        items[key], position = _decode_at(data, position, depth)
    return items, position
