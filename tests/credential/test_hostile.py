"""Hostile input: every changed byte, every truncation, random bytes; always a typed refusal."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credential import (
    CredentialCache,
    CredentialError,
    Policy,
    Verifier,
    present,
    present_reference,
)
from credential.encoding import BASE45_ALPHABET, base45_decode, base45_encode
from tests.credential.vectors.generate import (
    AT,
    AUDIENCES,
    ISSUER_ED,
    NONCE,
    PHONE,
    PHONE_ED,
    TRUST,
    credential,
)

POLICY = Policy(frozenset(AUDIENCES))
RAW = credential()
ED_RAW = credential(12, issuer=ISSUER_ED, phone=PHONE_ED)
TOKENS = {
    "LVZ1": present(RAW, PHONE, audience="cn.court", at=AT),
    "LVZ1 with nonce": present(RAW, PHONE, audience="cn.court", at=AT, nonce=NONCE),
    "LVZ1 Ed25519": present(ED_RAW, PHONE_ED, audience="cn.court", at=AT),
    "LVZ2": present_reference(RAW[35:43], PHONE, audience="cn.court", at=AT),
}


def verify(text: str, cache: CredentialCache | None = None) -> None:
    Verifier(TRUST, cache=cache).verify(text, policy=POLICY, at=AT, credential_for=lambda _: RAW)


def refused(text: str, cache: CredentialCache | None = None) -> None:
    with pytest.raises(CredentialError) as error:
        verify(text, cache)
    assert error.value.code.startswith("credential.")


@pytest.mark.parametrize("name", TOKENS)
class TestMutation:
    def test_unchanged_is_accepted(self, name: str) -> None:
        verify(f"{name[:4]}:{base45_encode(TOKENS[name])}")

    def test_every_changed_byte_is_refused(self, name: str) -> None:
        token, warm = TOKENS[name], CredentialCache()
        verify(f"{name[:4]}:{base45_encode(token)}", warm)
        for position in range(len(token)):
            for change in (0x01, 0x20, 0x80, 0xFF):
                changed = bytearray(token)
                changed[position] ^= change
                text = f"{name[:4]}:{base45_encode(bytes(changed))}"
                refused(text)
                refused(text, warm)

    def test_every_truncation_and_extension_is_refused(self, name: str) -> None:
        token = TOKENS[name]
        for size in range(len(token)):
            refused(f"{name[:4]}:{base45_encode(token[:size])}")
            refused(f"{name[:4]}:{base45_encode(token[size + 1 :])}")
        for extra in (b"\0", b"\xa0", token):
            refused(f"{name[:4]}:{base45_encode(token + extra)}")

    def test_every_changed_character_is_refused(self, name: str) -> None:
        text = f"{name[:4]}:{base45_encode(TOKENS[name])}"
        for position in range(len(text)):
            for char in "0Z:a\n法":
                if text[position] != char:
                    refused(text[:position] + char + text[position + 1 :])

    def test_every_removed_byte_is_refused(self, name: str) -> None:
        token = TOKENS[name]
        for position in range(len(token)):
            refused(f"{name[:4]}:{base45_encode(token[:position] + token[position + 1 :])}")


@settings(max_examples=300)
@given(st.text(max_size=1300))
def test_any_text(text: str) -> None:
    refused(text)


@settings(max_examples=300)
@given(
    st.sampled_from(["LVZ1:", "LVZ2:", "LVZ3:"]),
    st.text(alphabet=BASE45_ALPHABET.decode(), max_size=700),
)
def test_any_body(prefix: str, body: str) -> None:
    refused(prefix + body)


@settings(max_examples=300)
@given(st.data())
def test_spliced_tokens(data: st.DataObject) -> None:
    """Pieces of valid tokens put together anew."""
    pieces = [
        token[start : start + size]
        for token in TOKENS.values()
        for start, size in [data.draw(st.tuples(st.integers(0, 300), st.integers(0, 300)))]
    ]
    spliced = b"".join(data.draw(st.permutations(pieces)))
    if spliced not in TOKENS.values():
        refused("LVZ1:" + base45_encode(spliced))


def test_text_has_one_spelling() -> None:
    """No two texts of the same length class decode to the same token."""
    text = base45_encode(TOKENS["LVZ1"])
    assert base45_encode(base45_decode(text)) == text
