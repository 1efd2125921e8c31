"""COSE_Sign1: shape, strictness, and the structure that is signed."""

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credential.cose import parse_sign1, sign1, to_be_signed
from credential.errors import Malformed
from tests.credential.vectors.generate import PHONE


@given(st.binary(min_size=1, max_size=300), st.binary(max_size=300))
def test_round_trip(protected: bytes, payload: bytes) -> None:
    message = parse_sign1(sign1(protected=protected, payload=payload, signer=PHONE))
    assert (message.protected, message.payload) == (protected, payload)
    if protected != b"\xa0":
        assert message.signed == to_be_signed(protected=protected, payload=payload)
    assert message.signed == cbor2.dumps(["Signature1", protected, b"", payload])
    PHONE.public.verify(message.signature, message.signed)


def test_empty_header_map_counts_as_no_bytes() -> None:
    """RFC 9052 section 4.4: `a0` is signed as the zero-length string."""
    assert to_be_signed(protected=b"\xa0", payload=b"p") == to_be_signed(
        protected=b"", payload=b"p"
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xd2",
        b"\xd2\x84",
        cbor2.dumps([b"", {}, b"", bytes(64)]),
        cbor2.dumps(cbor2.CBORTag(17, [b"", {}, b"", bytes(64)])),
        cbor2.dumps(cbor2.CBORTag(61, cbor2.CBORTag(18, [b"", {}, b"", bytes(64)]))),
        cbor2.dumps(cbor2.CBORTag(18, [b"", {4: b"1"}, b"", bytes(64)])),
        cbor2.dumps(cbor2.CBORTag(18, [b"", {}, None, bytes(64)])),
        cbor2.dumps(cbor2.CBORTag(18, ["", {}, b"", bytes(64)])),
        cbor2.dumps(cbor2.CBORTag(18, [b"", {}, b"", bytes(63)])),
        cbor2.dumps(cbor2.CBORTag(18, [b"", {}, b"", bytes(65)])),
        cbor2.dumps(cbor2.CBORTag(18, [b"", {}, b"", bytes(64), 0])),
        cbor2.dumps(cbor2.CBORTag(18, [b"", {}, b"", bytes(64)])) + b"\0",
        b"\xd2\x84\x5b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\xd2\x9f\x40\xa0\x40\x58\x40" + bytes(64) + b"\xff",
        b"\xd8\x12\x84\x40\xa0\x40\x58\x40" + bytes(64),
    ],
)
def test_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        parse_sign1(data)
