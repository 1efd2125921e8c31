"""Base45 and CBOR: exact, strict, and in agreement with independent implementations."""

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credential.encoding import (
    BASE45_ALPHABET,
    base45_decode,
    base45_encode,
    decode,
    encode,
    head,
    integer,
    read_head,
)
from credential.errors import Malformed

base45 = pytest.importorskip("base45")

RFC_9285 = [
    (b"", ""),
    (b"AB", "BB8"),
    (b"Hello!!", "%69 VD92EX0"),
    (b"base-45", "UJCLQE7W581"),
    (b"ietf!", "QED8WEX0"),
]

values = st.recursive(
    st.integers(-(2**64), 2**64 - 1)
    | st.binary(max_size=300)
    | st.text(max_size=80)
    | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.integers(-(2**64), 2**64 - 1) | st.text(max_size=9), inner, max_size=5)
    ),
    max_leaves=12,
)


def depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


class TestBase45:
    @pytest.mark.parametrize(("data", "text"), RFC_9285)
    def test_rfc_9285_examples(self, data: bytes, text: str) -> None:
        assert base45_encode(data) == text
        assert base45_decode(text) == data

    def test_every_pair_and_every_byte(self) -> None:
        everything = b"".join(n.to_bytes(2, "big") for n in range(65_536))
        text = base45_encode(everything)
        assert text.encode() == base45.b45encode(everything)
        assert base45_decode(text) == everything
        for byte in range(256):
            assert base45_decode(base45_encode(bytes((byte,)))) == bytes((byte,))

    def test_every_group_beyond_the_range_is_refused(self) -> None:
        for number in range(65_536, 45**3):
            rest, third = divmod(number, 45)[1], number // 2025
            group = bytes(
                BASE45_ALPHABET[v] for v in (number % 45, number // 45 % 45, third)
            ).decode()
            assert rest == number % 45
            with pytest.raises(Malformed):
                base45_decode(group)

    def test_every_last_pair_beyond_a_byte_is_refused(self) -> None:
        for number in range(256, 45**2):
            pair = bytes((BASE45_ALPHABET[number % 45], BASE45_ALPHABET[number // 45])).decode()
            with pytest.raises(Malformed):
                base45_decode("BB8" + pair)

    @pytest.mark.parametrize(
        "text",
        ["A", "BB8A", "bb8", "BB8\n", "BB_", "GGW", ":::", "BB8GGW", "Ａ00", "é00", "\0\0\0"],
    )
    def test_refused(self, text: str) -> None:
        with pytest.raises(Malformed):
            base45_decode(text)

    @given(st.binary(max_size=800))
    def test_agrees_with_the_base45_package(self, data: bytes) -> None:
        text = base45_encode(data)
        assert text.encode() == base45.b45encode(data)
        assert base45_decode(text) == data

    @given(st.text(alphabet=BASE45_ALPHABET.decode(), max_size=60))
    def test_accepts_exactly_what_the_base45_package_accepts(self, text: str) -> None:
        try:
            expected = base45.b45decode(text)
        except ValueError:
            with pytest.raises(Malformed):
                base45_decode(text)
        else:
            assert base45_decode(text) == expected
            assert base45_encode(expected) == text


class TestCbor:
    @given(values)
    def test_round_trip_and_agreement_with_cbor2(self, value: object) -> None:
        data = encode(value)
        assert cbor2.loads(data) == value
        if depth(value) <= 8:
            assert decode(data) == value

    @pytest.mark.parametrize(
        "number",
        [
            0,
            23,
            24,
            255,
            256,
            65_535,
            65_536,
            2**32 - 1,
            2**32,
            2**53,
            2**64 - 1,
            -1,
            -25,
            -(2**64),
        ],
    )
    def test_integers_take_the_shortest_head(self, number: int) -> None:
        assert encode(number) == cbor2.dumps(number)
        assert decode(encode(number)) == number

    @pytest.mark.parametrize(
        "data",
        [
            pytest.param("", id="empty "),
            pytest.param("1800", id="head longer than needed 1800"),
            pytest.param("1817", id="head longer than needed 1817"),
            pytest.param("190017", id="head longer than needed 190017"),
            pytest.param("1a0000ffff", id="head longer than needed 1a0000ffff"),
            pytest.param("1b00000000ffffffff", id="head longer than needed 1b00000000ffffffff"),
            pytest.param("5f42010243030405ff", id="indefinite bytes 5f42010243030405ff"),
            pytest.param("9f01ff", id="indefinite array 9f01ff"),
            pytest.param("bf0101ff", id="indefinite map bf0101ff"),
            pytest.param("0001", id="trailing byte 0001"),
            pytest.param("a201010102", id="duplicate key a201010102"),
            pytest.param("a202010101", id="keys out of order a202010101"),
            pytest.param("a1410101", id="key of another type a1410101"),
            pytest.param("a1f501", id="key of another type a1f501"),
            pytest.param("a1810101", id="key of another type a1810101"),
            pytest.param("c100", id="tag c100"),
            pytest.param("f6", id="null f6"),
            pytest.param("f7", id="undefined f7"),
            pytest.param("f93c00", id="float f93c00"),
            pytest.param("fb3ff0000000000000", id="float fb3ff0000000000000"),
            pytest.param("61ff", id="not UTF-8 61ff"),
            pytest.param("4201", id="truncated 4201"),
            pytest.param("8201", id="truncated 8201"),
            pytest.param("a101", id="truncated a101"),
            pytest.param("19", id="truncated 19"),
            pytest.param("1b00", id="truncated 1b00"),
            pytest.param("1c", id="reserved 1c"),
            pytest.param("9bffffffffffffffff", id="huge count 9bffffffffffffffff"),
            pytest.param("5bffffffffffffffff00", id="huge string 5bffffffffffffffff00"),
            pytest.param("81" * 9 + "00", id="nine levels"),
        ],
    )
    def test_refused(self, data: str) -> None:
        with pytest.raises(Malformed):
            decode(bytes.fromhex(data))

    def test_eight_levels_are_read(self) -> None:
        assert decode(bytes.fromhex("81" * 8 + "00")) == [[[[[[[[0]]]]]]]]

    def test_thousands_of_levels_do_not_overflow_the_stack(self) -> None:
        with pytest.raises(Malformed):
            decode(b"\x81" * 60_000)

    @given(st.binary(max_size=60))
    def test_what_is_read_is_what_would_be_written(self, data: bytes) -> None:
        try:
            value = decode(data)
        except Malformed:
            return
        assert encode(value) == data

    def test_other_types_are_a_programming_error(self) -> None:
        with pytest.raises(TypeError):
            encode(1.5)

    @pytest.mark.parametrize("value", [True, False, "1", b"", None])
    def test_a_bool_is_no_integer(self, value: object) -> None:
        with pytest.raises(Malformed):
            integer(value)

    def test_head_of_another_type(self) -> None:
        with pytest.raises(Malformed):
            read_head(head(3, 5), 0, 2)
        with pytest.raises(Malformed):
            read_head(head(2, 5), 0, 3)
