"""Trust: windows, states, shared kids, and the signed key set."""

from dataclasses import replace
from typing import Any

import cbor2
import pytest

from credential import CredentialError, KeyRecord, KeyState, TrustList
from credential.cose import sign1
from credential.encoding import encode
from credential.errors import UnknownIssuer, WrongAlgorithm
from credential.keys import SoftwareSigner
from credential.trust import MAX_KEYS
from tests.credential.vectors.generate import (
    AT,
    ISSUER_ED,
    ISSUER_ES,
    ISSUER_REVOKED,
    PHONE,
    ROOT,
    STRANGER,
    TRUST,
    record,
)

MESSAGE = b"message"


class TestFinding:
    def test_windows_are_half_open(self) -> None:
        key = KeyRecord(ISSUER_ES.kid, ISSUER_ES.public, AT, AT + 10)
        trust = TrustList([key])
        assert trust.find(ISSUER_ES.kid, AT) is key
        assert trust.find(ISSUER_ES.kid, AT + 9) is key
        for at in (AT - 1, AT + 10):
            with pytest.raises(UnknownIssuer):
                trust.find(ISSUER_ES.kid, at)

    @pytest.mark.parametrize("state", [KeyState.ACTIVE, KeyState.VERIFY_ONLY])
    def test_rotation_overlaps(self, state: KeyState) -> None:
        assert TrustList([record(ISSUER_ES, state)]).find(ISSUER_ES.kid, AT).state is state

    def test_revoked_and_unknown(self) -> None:
        for kid in (ISSUER_REVOKED.kid, STRANGER.kid, b"", b"\0" * 4):
            with pytest.raises(UnknownIssuer):
                TRUST.find(kid, AT)
        with pytest.raises(UnknownIssuer):
            TrustList([]).find(ISSUER_ES.kid, AT)

    def test_kid_is_a_hint_and_may_be_shared(self) -> None:
        """Two keys under one kid: the signature decides which one signed."""
        first, second = record(STRANGER), replace(record(ISSUER_ES), kid=STRANGER.kid)
        trust = TrustList([first, second])
        signature = ISSUER_ES.sign(MESSAGE)
        found = trust.verify(kid=STRANGER.kid, alg=-9, signature=signature, message=MESSAGE, at=AT)
        assert found is second
        with pytest.raises(CredentialError) as refused:
            trust.verify(
                kid=STRANGER.kid, alg=-9, signature=PHONE.sign(MESSAGE), message=MESSAGE, at=AT
            )
        assert refused.value.code == "credential.bad_issuer_signature"


class TestAlgorithm:
    @pytest.mark.parametrize(("signer", "old"), [(ISSUER_ES, -7), (ISSUER_ED, -8)])
    def test_polymorphic_numbers_need_the_record(self, signer: SoftwareSigner, old: int) -> None:
        known = record(signer)
        arguments: dict[str, Any] = {
            "kid": signer.kid,
            "signature": signer.sign(MESSAGE),
            "message": MESSAGE,
        }
        with pytest.raises(WrongAlgorithm):
            TrustList([known]).verify(alg=old, at=AT, **arguments)
        allowed = replace(known, polymorphic=True)
        assert TrustList([allowed]).verify(alg=old, at=AT, **arguments) is allowed
        assert TrustList([allowed]).verify(alg=int(signer.alg), at=AT, **arguments) is allowed

    @pytest.mark.parametrize("alg", [-19, -8, -37, 0, 5])
    def test_the_record_decides_not_the_header(self, alg: int) -> None:
        with pytest.raises(WrongAlgorithm):
            TRUST.verify(
                kid=ISSUER_ES.kid,
                alg=alg,
                signature=ISSUER_ES.sign(MESSAGE),
                message=MESSAGE,
                at=AT,
            )


class TestKeySet:
    def test_round_trip(self) -> None:
        records = (*TRUST.records, replace(record(STRANGER), polymorphic=True))
        data = TrustList(records).encode(ROOT, at=AT)
        found = TrustList.decode(data, root=ROOT.public, at=AT)
        assert found.records == records
        assert (found.issued_at, found.expires_at) == (AT, AT + 7 * 86_400)

    def test_is_a_cose_key_set(self) -> None:
        protected, _, payload, _ = cbor2.loads(TRUST.encode(ROOT, at=AT)).value
        assert cbor2.loads(protected)[3] == 102
        keys = cbor2.loads(payload)
        assert [key[2] for key in keys] == [r.kid for r in TRUST.records]
        assert {key[1] for key in keys} == {1, 2}

    @pytest.mark.parametrize(
        ("at", "seen", "code"),
        [
            (AT + 7 * 86_400, 0, "credential.expired"),
            (AT - 301, 0, "credential.not_yet_valid"),
            (AT, AT + 1, "credential.expired"),
        ],
    )
    def test_time_and_rollback(self, at: int, seen: int, code: str) -> None:
        with pytest.raises(CredentialError) as refused:
            TrustList.decode(TRUST.encode(ROOT, at=AT), root=ROOT.public, at=at, seen=seen)
        assert refused.value.code == code

    def test_another_root(self) -> None:
        with pytest.raises(CredentialError) as refused:
            TrustList.decode(TRUST.encode(STRANGER, at=AT), root=ROOT.public, at=AT)
        assert refused.value.code == "credential.bad_issuer_signature"

    def test_root_of_another_algorithm(self) -> None:
        with pytest.raises(WrongAlgorithm):
            TrustList.decode(TRUST.encode(ISSUER_ED, at=AT), root=ROOT.public, at=AT)
        TrustList.decode(TRUST.encode(ISSUER_ED, at=AT), root=ISSUER_ED.public, at=AT)

    def test_every_changed_byte_is_refused(self) -> None:
        data = TRUST.encode(ROOT, at=AT)
        for position in range(len(data)):
            changed = bytearray(data)
            changed[position] ^= 0x04
            with pytest.raises(CredentialError):
                TrustList.decode(bytes(changed), root=ROOT.public, at=AT)

    def test_every_truncation_is_refused(self) -> None:
        data = TRUST.encode(ROOT, at=AT)
        for size in range(len(data)):
            with pytest.raises(CredentialError):
                TrustList.decode(data[:size], root=ROOT.public, at=AT)

    @pytest.mark.parametrize(
        "change",
        [
            {2: b"123"},
            {2: "kid!"},
            {3: -19},
            {3: -7},
            {-2: b"\xff" * 32},
            {5: b""},
            {-65537: {1: 0, 2: 1}},
            {-65537: {1: 0, 2: 1, 3: 3}},
            {-65537: {1: 0, 2: 1, 3: -1}},
            {-65537: {1: 0, 2: 1, 3: True}},
            {-65537: {1: True, 2: 1, 3: 0}},
            {-65537: {1: 0, 2: 1, 3: 0, 4: False}},
            {-65537: {1: 0, 2: 1, 3: 0, 4: 1}},
            {-65537: {1: 0, 2: 1, 3: 0, 5: 1}},
            {-65537: None},
        ],
    )
    def test_wrong_records_signed_by_the_root(self, change: dict[int, object]) -> None:
        key: dict[int | str, object] = {
            **ISSUER_ES.public.to_cose_key(),
            2: ISSUER_ES.kid,
            3: -9,
            -65537: {1: 0, 2: AT * 2, 3: 0},
        }
        assert self.read([key]).records[0].key == ISSUER_ES.public
        for label, value in change.items():
            key[label] = value
            if value is None:
                del key[label]
        with pytest.raises(CredentialError) as refused:
            self.read([key])
        assert refused.value.code == "credential.malformed"

    @pytest.mark.parametrize("keys", [[], {}, 5, [5], [[]], "keys"])
    def test_wrong_sets_signed_by_the_root(self, keys: object) -> None:
        with pytest.raises(CredentialError) as refused:
            self.read(keys)
        assert refused.value.code == "credential.malformed"

    def test_number_of_keys_is_bounded(self) -> None:
        key = {
            **ISSUER_ES.public.to_cose_key(), 2: ISSUER_ES.kid, 3: -9, -65537: {1: 0, 2: 1, 3: 0},
        }  # fmt: skip
        with pytest.raises(CredentialError):
            self.read([key] * (MAX_KEYS + 1))
        with pytest.raises(CredentialError):
            TrustList.decode(bytes(70_000), root=ROOT.public, at=AT)

    @pytest.mark.parametrize(
        "header",
        [
            {1: -9},
            {1: -9, 3: 101, 4: ROOT.kid, 15: {1: "lvz", 4: AT + 1, 6: AT}},
            {1: -9, 3: 102, 4: b"\0\0\0\0", 15: {1: "lvz", 4: AT + 1, 6: AT}},
            {1: -9, 3: 102, 4: ROOT.kid, 15: {1: "lvz", 4: AT + 1}},
            {1: -9, 3: 102, 4: ROOT.kid, 15: {1: "lvz", 4: AT + 1, 6: True}},
            {1: -9, 3: 102, 4: ROOT.kid, 15: {1: "lvz", 4: AT + 1, 6: AT, 7: 1}},
            {1: -9, 3: 102, 4: ROOT.kid, 5: 1, 15: {1: "lvz", 4: AT + 1, 6: AT}},
        ],
    )
    def test_wrong_headers_signed_by_the_root(self, header: dict[int, object]) -> None:
        with pytest.raises(CredentialError) as refused:
            self.read([], header=header)
        assert refused.value.code == "credential.malformed"

    @staticmethod
    def read(keys: object, header: dict[int, object] | None = None) -> TrustList:
        usual = {1: -9, 3: 102, 4: ROOT.kid, 15: {1: "lvz", 4: AT + 1, 6: AT}}
        data = sign1(protected=encode(header or usual), payload=encode(keys), signer=ROOT)
        return TrustList.decode(data, root=ROOT.public, at=AT)


def test_jwks_holds_the_usable_keys() -> None:
    jwks = TRUST.to_jwks(at=AT)
    assert [key["alg"] for key in jwks["keys"]] == ["ES256", "Ed25519"]
    assert {key["use"] for key in jwks["keys"]} == {"sig"}
