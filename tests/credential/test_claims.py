"""Claims: the byte layout, what may be in them, and that nothing else is read."""

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credential.claims import LawyerClaims, PracticeType, decode_claims, encode_claims
from credential.errors import InvalidClaims, Malformed
from credential.keys import Algorithm, SoftwareSigner
from tests.credential.vectors.generate import ISSUED, PHONE, PHONE_ED, lawyer

KID = b"\1\2\3\4"
CTI = bytes(range(8))


def claims(who: LawyerClaims | None = None, *, phone: SoftwareSigner = PHONE) -> bytes:
    return encode_claims(
        issuer="lvz",
        expires_at=ISSUED + 86_400,
        issued_at=ISSUED,
        cti=CTI,
        holder_key=phone.public,
        lawyer=who or lawyer(0),
    )


names = st.text(
    st.characters(codec="utf-8", categories=("L", "M", "N", "P", "S")), min_size=1, max_size=24
)


@st.composite
def lawyers(draw: st.DrawFn) -> LawyerClaims:
    try:
        return LawyerClaims(
            licence_no=draw(st.integers(10**16, 10**17 - 1)),
            name=draw(names),
            practice_type=draw(st.sampled_from(PracticeType)),
            status_index=draw(st.integers(0, 2**32 - 1)),
            status_list=draw(st.just(1) | st.integers(1, 65_535)),
            device_assurance=draw(st.none() | st.integers(0, 2)),
            portrait_hash=draw(st.none() | st.binary(min_size=16, max_size=16)),
        )
    except InvalidClaims:  # the name is not in normal form C, or too long: draw another lawyer
        return draw(lawyers())


def test_layout_of_the_protocol() -> None:
    data = claims()
    assert len(data) == 111
    assert data.startswith(bytes.fromhex("a601636c767a"))
    key = PHONE.public.to_cose_key()
    assert data == cbor2.dumps(
        {
            1: "lvz",
            4: ISSUED + 86_400,
            6: ISSUED,
            7: CTI,
            8: {1: key},
            -65537: {1: 11101201810123456, 2: "欧阳建国", 3: 1, 4: 512_345},
        },
        canonical=True,
    )


@given(lawyers())
def test_round_trip(who: LawyerClaims) -> None:
    data = claims(who)
    found = decode_claims(data, kid=KID, raw=b"raw")
    assert found.lawyer == who
    assert (found.issuer, found.issued_at, found.expires_at) == ("lvz", ISSUED, ISSUED + 86_400)
    assert (found.cti, found.holder_key, found.kid, found.raw) == (CTI, PHONE.public, KID, b"raw")
    assert cbor2.dumps(cbor2.loads(data), canonical=True) == data


def test_ed25519_phone() -> None:
    found = decode_claims(claims(phone=PHONE_ED), kid=KID, raw=b"")
    assert found.holder_key.alg is Algorithm.ED25519
    assert found.holder_key == PHONE_ED.public


@pytest.mark.parametrize("size", range(111))
def test_every_truncation_is_refused(size: int) -> None:
    with pytest.raises(Malformed):
        decode_claims(claims()[:size], kid=KID, raw=b"")


def test_every_changed_byte_changes_the_value_or_is_refused() -> None:
    data = claims()
    original = decode_claims(data, kid=KID, raw=b"")
    for position in range(len(data)):
        for bit in range(8):
            changed = bytearray(data)
            changed[position] ^= 1 << bit
            try:
                found = decode_claims(bytes(changed), kid=KID, raw=b"")
            except Malformed:
                continue
            assert found != original


@given(st.binary(max_size=130), st.integers(0, 111))
def test_garbage_is_refused_with_a_typed_error(garbage: bytes, at: int) -> None:
    data = claims()[:at] + garbage
    try:
        found = decode_claims(data, kid=KID, raw=b"")
    except Malformed:
        return
    again = encode_claims(
        issuer=found.issuer,
        expires_at=found.expires_at,
        issued_at=found.issued_at,
        cti=found.cti,
        holder_key=found.holder_key,
        lawyer=found.lawyer,
    )
    assert again == data


def test_a_written_default_list_is_refused() -> None:
    data = claims()
    at = data.index(b"\x3a\x00\x01\x00\x00") + 5
    explicit = data[:at] + b"\xa5" + data[at + 1 :] + b"\x05\x01"
    with pytest.raises(Malformed):
        decode_claims(explicit, kid=KID, raw=b"")


def test_unknown_optional_claims_are_refused() -> None:
    data = claims()
    at = data.index(b"\x3a\x00\x01\x00\x00") + 5
    for extra in (b"\x08\x01", b"\x09\x01", b"\x04\x01"):
        with pytest.raises(Malformed):
            decode_claims(data[:at] + b"\xa5" + data[at + 1 :] + extra, kid=KID, raw=b"")


def test_a_day_is_the_longest_life() -> None:
    long = claims().replace(
        b"\x04\x1a" + (ISSUED + 86_400).to_bytes(4, "big"),
        b"\x04\x1a" + (ISSUED + 86_401).to_bytes(4, "big"),
    )
    with pytest.raises(Malformed):
        decode_claims(long, kid=KID, raw=b"")


@pytest.mark.parametrize(
    "change",
    [
        {"licence_no": 10**16 - 1},
        {"licence_no": 10**17},
        {"licence_no": -1},
        {"name": ""},
        {"name": " 李"},
        {"name": "李\n"},
        {"name": "李\u202e四"},
        {"name": "李\u200b四"},
        {"name": "e\u0301"},
        {"name": "\ud800"},
        {"name": "国" * 41},
        {"status_index": -1},
        {"status_index": 2**32},
        {"status_list": 0},
        {"status_list": 65_536},
        {"device_assurance": 3},
        {"device_assurance": -1},
        {"portrait_hash": b"short"},
    ],
)
def test_values_that_cannot_be_claimed(change: dict[str, object]) -> None:
    values: dict[str, object] = {
        "licence_no": 11101201810123456,
        "name": "欧阳建国",
        "practice_type": PracticeType.FULL_TIME,
        "status_index": 1,
    }
    with pytest.raises(InvalidClaims):
        LawyerClaims(**{**values, **change})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name", ["李四", "买买提·吐尔逊", "𠮷野家", "𬎆", "Nur Bekri", "\U00031350", "国" * 40]
)
def test_names_that_people_have(name: str) -> None:
    assert lawyer(0, name).name == name
