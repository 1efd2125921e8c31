"""Status lists: packing, size, the signed token, and lists that must not be believed."""

import hashlib
import zlib
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credential import CredentialError, Status, StatusList, TrustList
from credential.cose import sign1
from credential.encoding import encode
from credential.errors import Malformed, StatusTooOld, StatusUnavailable
from credential.keys import SoftwareSigner
from credential.status import MAX_INFLATED, inflate
from tests.credential.vectors.generate import (
    AT,
    ISSUER_ED,
    ISSUER_ES,
    ISSUER_REVOKED,
    LIST_URI,
    STRANGER,
    TRUST,
    record,
)

TYPE = "application/statuslist+cwt"


def token(**change: Any) -> bytes:
    """A signed token with parts replaced; `header` and `claims` update the usual ones."""
    header: dict[object, object] = {1: -9, 4: ISSUER_ES.kid, 16: TYPE}
    claims: dict[object, object] = {
        2: LIST_URI,
        4: AT + 86_400,
        6: AT,
        65533: {"bits": 2, "lst": zlib.compress(bytes(4))},
        65534: 900,
    }
    header |= change.get("header", {})
    claims |= change.get("claims", {})
    for gone in change.get("without", ()):
        del claims[gone]
    return sign1(protected=encode(header), payload=encode(claims), signer=ISSUER_ES)


@given(st.binary(min_size=1, max_size=200).map(lambda data: bytes(b & 3 for b in data)))
def test_every_entry_is_read_back(statuses: bytes) -> None:
    made = StatusList.build(statuses, len(statuses))
    assert [made.lookup(n) for n in range(len(statuses))] == list(statuses)
    by_index = {n: s for n, s in enumerate(statuses) if s}
    assert StatusList.build(by_index, len(statuses)) == made


def test_token_round_trip() -> None:
    made = StatusList.build({5: 1, 7: 2, 9: 3}, 1000)
    data = made.encode(ISSUER_ES, uri=LIST_URI, at=AT)
    found = StatusList.decode(data, trust=TRUST, at=AT + 60)
    assert found.table == made.table
    assert (found.uri, found.number, found.bits) == (LIST_URI, 1, 2)
    assert (found.issued_at, found.expires_at, found.ttl) == (AT, AT + 86_400, 900)
    assert found.lookup(5) is Status.INVALID
    assert found.lookup(7) is Status.SUSPENDED
    assert found.lookup(9) is Status.ASSESSMENT
    assert found.lookup(8) is Status.VALID
    claims = cbor2.loads(cbor2.loads(data).value[2])
    assert set(claims) == {2, 4, 6, 65533, 65534}
    assert set(claims[65533]) == {"bits", "lst"}


def test_ed25519_issuer() -> None:
    data = StatusList.build({}, 8).encode(ISSUER_ED, uri=LIST_URI, at=AT)
    assert StatusList.decode(data, trust=TRUST, at=AT).lookup(7) is Status.VALID


@pytest.mark.parametrize("index", [-1, 1000, 2**32])
def test_index_beyond_the_list_is_not_valid(index: int) -> None:
    with pytest.raises(StatusUnavailable):
        StatusList.build({}, 1000).lookup(index)


@pytest.mark.parametrize("statuses", [{-1: 1}, {8: 1}, {0: 4}, {0: -1}, b"\4"])
def test_building_refuses_what_does_not_fit(statuses: dict[int, int] | bytes) -> None:
    with pytest.raises(ValueError, match="status"):
        StatusList.build(statuses, 8)


def test_size_for_the_whole_profession() -> None:
    """830,000 licences, one in a hundred not valid: at most 16,000 bytes as a signed CWT."""
    scattered = (hashlib.sha256(n.to_bytes(4)).digest() for n in range(8_350))
    statuses = {int.from_bytes(d[:8]) % 830_000: 1 + d[8] % 3 for d in scattered}
    assert len(statuses) >= 8_300
    data = StatusList.build(statuses, 830_000).encode(ISSUER_ES, uri=LIST_URI, at=AT)
    assert len(data) <= 16_000


@pytest.mark.parametrize(
    ("at", "seen", "code"),
    [
        (AT + 86_399, 0, None),
        (AT + 86_400, 0, "credential.status_too_old"),
        (AT - 300, 0, None),
        (AT - 301, 0, "credential.not_yet_valid"),
        (AT, AT, None),
        (AT, AT + 1, "credential.status_too_old"),
    ],
)
def test_time_and_rollback(at: int, seen: int, code: str | None) -> None:
    if code is None:
        assert StatusList.decode(token(), trust=TRUST, at=at, seen=seen).issued_at == AT
        return
    with pytest.raises(CredentialError) as refused:
        StatusList.decode(token(), trust=TRUST, at=at, seen=seen)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"header": {1: -19}}, "credential.wrong_algorithm"),
        ({"header": {1: -7}}, "credential.wrong_algorithm"),
        ({"header": {1: -37}}, "credential.malformed"),
        ({"header": {4: b"\0\0\0\0"}}, "credential.unknown_issuer"),
        ({"header": {4: b"123"}}, "credential.malformed"),
        ({"header": {16: "application/statuslist+jwt"}}, "credential.malformed"),
        ({"header": {17: 0}}, "credential.malformed"),
        ({"claims": {2: "https://lvz.example/status"}}, "credential.malformed"),
        ({"claims": {2: "https://lvz.example/0"}}, "credential.malformed"),
        ({"claims": {4: True}}, "credential.malformed"),
        ({"claims": {65533: {"bits": 3, "lst": b""}}}, "credential.malformed"),
        ({"claims": {65533: {"bits": True, "lst": b""}}}, "credential.malformed"),
        ({"claims": {65533: {"bits": 2, "lst": b""}}}, "credential.malformed"),
        ({"claims": {65533: {"bits": 2, "lst": b"no zlib"}}}, "credential.malformed"),
        ({"claims": {65533: {"bits": 2}}}, "credential.malformed"),
        ({"claims": {65533: []}}, "credential.malformed"),
        ({"without": [4]}, "credential.malformed"),
        ({"without": [6]}, "credential.malformed"),
        ({"without": [65534]}, "credential.malformed"),
    ],
)
def test_tokens_that_are_refused(change: dict[str, object], code: str) -> None:
    with pytest.raises(CredentialError) as refused:
        StatusList.decode(token(**change), trust=TRUST, at=AT)
    assert refused.value.code == code


@pytest.mark.parametrize("signer", [STRANGER, ISSUER_REVOKED])
def test_other_issuers(signer: SoftwareSigner) -> None:
    data = StatusList.build({}, 8).encode(signer, uri=LIST_URI, at=AT)
    with pytest.raises(CredentialError) as refused:
        StatusList.decode(data, trust=TRUST, at=AT)
    assert refused.value.code == "credential.unknown_issuer"


def test_a_forged_kid_does_not_verify() -> None:
    data = StatusList.build({}, 8).encode(STRANGER, uri=LIST_URI, at=AT)
    forged = data.replace(STRANGER.kid, ISSUER_ES.kid)
    with pytest.raises(CredentialError) as refused:
        StatusList.decode(forged, trust=TRUST, at=AT)
    assert refused.value.code == "credential.bad_issuer_signature"


def test_every_changed_byte_is_refused() -> None:
    data = token()
    for position in range(len(data)):
        changed = bytearray(data)
        changed[position] ^= 0x10
        with pytest.raises(CredentialError):
            StatusList.decode(bytes(changed), trust=TRUST, at=AT)


@given(st.binary(max_size=200))
def test_garbage(data: bytes) -> None:
    with pytest.raises(CredentialError):
        StatusList.decode(data, trust=TRUST, at=AT)


class TestInflate:
    def test_a_bomb_is_refused(self) -> None:
        bomb = zlib.compress(bytes(64 * MAX_INFLATED), 9)
        with pytest.raises(Malformed):
            inflate(bomb)

    def test_the_largest_list_is_read(self) -> None:
        assert len(inflate(zlib.compress(bytes(MAX_INFLATED)))) == MAX_INFLATED

    def test_trailing_bytes_and_truncation(self) -> None:
        packed = zlib.compress(b"abc")
        for wrong in (packed + b"\0", packed[:-1], b""):
            with pytest.raises(Malformed):
                inflate(wrong)

    def test_a_huge_token_is_refused_unread(self) -> None:
        with pytest.raises(Malformed):
            StatusList.decode(bytes(1 << 21), trust=TRUST, at=AT)


def test_unknown_values_of_wider_lists_are_not_valid() -> None:
    wide = StatusList(b"\x40", bits=4)
    assert wide.value(1) == 4
    with pytest.raises(StatusUnavailable):
        wide.lookup(1)


def test_uri_names_the_list() -> None:
    with pytest.raises(ValueError, match="number"):
        StatusList.build({}, 8).encode(ISSUER_ES, uri="https://lvz.example/status", at=AT)


def test_rollback_is_by_issue_time_not_by_content() -> None:
    newer = StatusList.build({}, 8).encode(ISSUER_ES, uri=LIST_URI, at=AT + 60)
    seen = StatusList.decode(newer, trust=TRUST, at=AT + 60).issued_at
    with pytest.raises(StatusTooOld):
        StatusList.decode(token(), trust=TRUST, at=AT + 60, seen=seen)


def test_list_key_must_be_usable() -> None:
    trust = TrustList([record(ISSUER_ES)])
    with pytest.raises(CredentialError):
        StatusList.decode(token(), trust=trust, at=AT + 31 * 86_400)
