"""Verifying: the order of the checks, both caches of nothing, LVZ2, status, and replays."""

import hashlib
from typing import Any

import pytest

from credential import (
    CredentialCache,
    CredentialError,
    Form,
    KeyState,
    ParsedText,
    Policy,
    Status,
    StatusList,
    TrustList,
    Verified,
    Verifier,
    base45_decode,
    parse_text,
    present,
    to_text,
)
from credential.errors import UnknownReference
from tests.credential.vectors.generate import (
    AT,
    AUDIENCES,
    ISSUED,
    ISSUER_ED,
    ISSUER_ES,
    NONCE,
    PHONE,
    PHONE_OTHER,
    STRANGER,
    TRUST,
    code,
    credential,
    high_s,
    lawyer,
    record,
    reference,
)

POLICY = Policy(frozenset(AUDIENCES))
RAW = credential()
TEXT = code(RAW)


def verify(text: str, **over: object) -> Verified:
    arguments: dict[str, object] = {"policy": POLICY, "at": AT, **over}
    return Verifier(TRUST).verify(text, **arguments)  # type: ignore[arg-type]


def refusal(text: str, **over: object) -> str:
    with pytest.raises(CredentialError) as refused:
        verify(text, **over)
    return refused.value.code


class TestOrder:
    """What is wrong in several ways is refused for the first reason of the fixed order."""

    def test_issuer_before_signature_before_everything(self) -> None:
        everything: dict[str, Any] = {"audience": "elsewhere", "at": AT - 999}
        unknown = credential(issuer=STRANGER, at=ISSUED - 100_000)
        assert (
            refusal(code(unknown, phone=PHONE_OTHER, **everything)) == "credential.unknown_issuer"
        )
        old = credential(at=ISSUED - 100_000)
        assert refusal(code(old, phone=PHONE_OTHER, **everything)) == "credential.expired"
        assert refusal(code(RAW, phone=PHONE_OTHER, **everything)) == (
            "credential.bad_device_signature"
        )
        assert refusal(code(RAW, **everything)) == "credential.stale"
        assert refusal(code(RAW, audience="elsewhere")) == "credential.wrong_audience"

    def test_status_comes_last(self) -> None:
        status = StatusList.build({512_346: 1}, 600_000)
        suspended = credential(1)
        old = StatusList(status.table, issued_at=AT)
        assert refusal(code(suspended, at=AT - 21), status=old) == "credential.stale"
        assert refusal(code(suspended), status=old) == "credential.revoked"

    def test_bytes_are_accepted_only_in_their_form(self) -> None:
        data = base45_decode(TEXT[5:])
        found = Verifier(TRUST).verify(ParsedText(Form.FULL, data), policy=POLICY, at=AT)
        assert found.credential.raw == RAW
        with pytest.raises(CredentialError):
            Verifier(TRUST).verify(ParsedText(Form.REFERENCE, data), policy=POLICY, at=AT)


class TestReplayKey:
    def test_is_the_same_for_every_spelling(self) -> None:
        """(r, n - s) is another signature and another text of the same presentation."""
        twin = high_s(present(RAW, PHONE, audience="cn.court", at=AT - 2))
        assert twin != TEXT
        assert verify(twin).replay_key == verify(TEXT).replay_key == (RAW[35:43], AT - 2)

    def test_differs_between_ticks_and_credentials(self) -> None:
        keys = {verify(code(credential(n), at=AT - t)).replay_key for n in (0, 4) for t in (0, 5)}
        assert len(keys) == 4

    def test_reference_and_full_share_it(self) -> None:
        """A second scan in the other form is the same presentation of the same second."""
        found = verify(reference(), credential_for=lambda _: RAW)
        assert found.replay_key == verify(TEXT).replay_key


class TestReference:
    def test_asks_for_the_cti(self) -> None:
        asked: list[bytes] = []

        def store(cti: bytes) -> bytes:
            asked.append(cti)
            return RAW

        assert verify(reference(), credential_for=store).form is Form.REFERENCE
        assert asked == [RAW[35:43]]

    @pytest.mark.parametrize("stored", [None, b""])
    def test_unknown(self, stored: bytes | None) -> None:
        assert refusal(reference(), credential_for=lambda _: stored) == (
            "credential.unknown_reference"
        )

    def test_the_store_may_raise_its_own_refusal(self) -> None:
        def store(_: bytes) -> bytes:
            raise UnknownReference

        assert refusal(reference(), credential_for=store) == "credential.unknown_reference"

    def test_the_store_is_not_believed(self) -> None:
        """What is stored is verified like what is scanned."""
        forged = bytearray(RAW)
        forged[110] ^= 1
        assert refusal(reference(), credential_for=lambda _: bytes(forged)) == (
            "credential.bad_issuer_signature"
        )
        assert refusal(reference(), credential_for=lambda _: b"junk") == "credential.malformed"
        assert refusal(reference(5), credential_for=lambda _: RAW) == "credential.unknown_reference"


class TestStatus:
    def status(self, age: int, **statuses: int) -> StatusList:
        index = lawyer(0).status_index
        table = StatusList.build({index: statuses.get("of", 0)}, 600_000).table
        return StatusList(table, issued_at=AT - age)

    @pytest.mark.parametrize(("age", "confirmed"), [(0, True), (14_400, True), (14_401, False)])
    def test_green_and_amber(self, age: int, confirmed: bool) -> None:
        found = verify(TEXT, status=self.status(age))
        assert (found.status, found.confirmed) == (Status.VALID, confirmed)

    def test_too_old(self) -> None:
        assert refusal(TEXT, status=self.status(86_401)) == "credential.status_too_old"

    def test_amber_still_refuses(self) -> None:
        assert refusal(TEXT, status=self.status(80_000, of=2)) == "credential.suspended"

    def test_none(self) -> None:
        found = verify(TEXT)
        assert (found.status, found.confirmed) == (None, False)
        strict = Policy(frozenset(AUDIENCES), require_status=True)
        assert refusal(TEXT, policy=strict) == "credential.status_unavailable"

    def test_another_list(self) -> None:
        other = StatusList(bytes(150_000), number=2, issued_at=AT)
        assert refusal(TEXT, status=other) == "credential.status_unavailable"


class TestCache:
    def test_hit_gives_the_same_answer(self) -> None:
        cache = CredentialCache()
        verifier = Verifier(TRUST, cache=cache)
        first = verifier.verify(TEXT, policy=POLICY, at=AT)
        assert len(cache) == 1
        again = verifier.verify(TEXT, policy=POLICY, at=AT)
        assert again == first == verify(TEXT)
        assert again.credential is first.credential

    def test_every_later_check_still_runs_on_a_hit(self) -> None:
        verifier = Verifier(TRUST, cache=CredentialCache())
        verifier.verify(TEXT, policy=POLICY, at=AT)
        for text, at, expected in [
            (code(RAW, phone=PHONE_OTHER), AT, "credential.bad_device_signature"),
            (code(RAW, at=AT - 21), AT, "credential.stale"),
            (code(RAW, at=ISSUED + 86_400), ISSUED + 86_400, "credential.expired"),
            (code(RAW, at=ISSUED - 1), ISSUED - 1, "credential.not_yet_valid"),
        ]:
            with pytest.raises(CredentialError) as refused:
                verifier.verify(text, policy=POLICY, at=at)
            assert refused.value.code == expected

    def test_refused_credentials_are_not_remembered(self) -> None:
        cache = CredentialCache()
        for raw in (credential(issuer=STRANGER), RAW[:-1] + bytes((RAW[-1] ^ 1,))):
            with pytest.raises(CredentialError):
                Verifier(TRUST, cache=cache).verify(code(raw), policy=POLICY, at=AT)
        assert len(cache) == 0

    @pytest.mark.parametrize(
        "later",
        [
            TrustList([]),
            TrustList([record(ISSUER_ES, KeyState.REVOKED)]),
            TrustList([record(ISSUER_ED)]),
        ],
    )
    def test_a_shared_cache_does_not_outlive_the_key(self, later: TrustList) -> None:
        cache = CredentialCache()
        Verifier(TRUST, cache=cache).verify(TEXT, policy=POLICY, at=AT)
        with pytest.raises(CredentialError) as refused:
            Verifier(later, cache=cache).verify(TEXT, policy=POLICY, at=AT)
        assert refused.value.code == "credential.unknown_issuer"

    def test_another_key_under_the_same_kid_is_no_hit(self) -> None:
        cache = CredentialCache()
        Verifier(TRUST, cache=cache).verify(TEXT, policy=POLICY, at=AT)
        swapped = record(STRANGER)
        swapped = type(swapped)(ISSUER_ES.kid, swapped.key, 0, 2 * AT)
        with pytest.raises(CredentialError) as refused:
            Verifier(TrustList([swapped]), cache=cache).verify(TEXT, policy=POLICY, at=AT)
        assert refused.value.code == "credential.bad_issuer_signature"

    def test_is_bounded_and_drops_the_oldest(self) -> None:
        cache = CredentialCache(capacity=3)
        verifier = Verifier(TRUST, cache=cache)
        raws = [credential(number) for number in range(5)]
        for raw in raws:
            verifier.open_credential(raw, at=AT)
        assert len(cache) == 3
        kept = [cache.get(hashlib.sha256(raw).digest()) is not None for raw in raws]
        assert kept == [False, False, True, True, True]


def test_a_nonce_is_reported() -> None:
    policy = Policy(frozenset(AUDIENCES), nonce=NONCE)
    assert verify(code(RAW, nonce=NONCE), policy=policy).nonce == NONCE


def test_text_or_parsed_text() -> None:
    assert Verifier(TRUST).verify(parse_text(TEXT), policy=POLICY, at=AT) == verify(TEXT)


def test_a_credential_is_no_presentation() -> None:
    """Nobody can present a credential they only saw: the phone's key must sign."""
    assert refusal(to_text("LVZ1", RAW)) == "credential.malformed"


def test_verified_is_frozen() -> None:
    found = verify(TEXT)
    with pytest.raises(AttributeError):
        found.audience = "x"  # type: ignore[misc]
