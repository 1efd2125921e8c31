"""Signed notes, checkpoints, cosignatures and receipts: what is accepted, and nothing else."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credential import checkpoint as notes
from credential.checkpoint import Checkpoint, Note, VerifierKey, cosign, with_signatures
from credential.errors import (
    CheckpointUntrusted,
    CommitmentBroken,
    CredentialError,
    LogProofInvalid,
    Malformed,
)
from credential.keys import Algorithm, SoftwareSigner
from credential.merkle import leaf_hash
from credential.receipt import Leaf, Receipt, canonical, commitment, read_canonical
from credential.tiles import TileTree

ORIGIN = "log.example/luzheng"
SIGNER = SoftwareSigner.from_private_bytes(Algorithm.ED25519, bytes(range(32)))
WITNESS = SoftwareSigner.from_private_bytes(Algorithm.ED25519, bytes(range(1, 33)))
OTHER = SoftwareSigner.from_private_bytes(Algorithm.ED25519, bytes(range(2, 34)))
LOG_KEY = VerifierKey.of(ORIGIN, SIGNER.public)
WITNESS_KEY = VerifierKey.of("witness.example", WITNESS.public, kind=notes.COSIGNATURE_V1)
STATE = Checkpoint(ORIGIN, 7, bytes(32))

# A note and its key from golang.org/x/mod/sumdb/note's own example (BSD-3-Clause).
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngot"
    "pRZb6KE6RyyBwJnAM=\n"
)


def receipt(count: int = 5, index: int = 3) -> Receipt:
    details = canonical({"source_id": "a", "text": "会见在押当事人"})
    salt = bytes(16)
    leaf = Leaf(
        id="00000000-0000-4000-8000-000000000000",
        kind="confirmation",
        at=1_767_225_600_000,
        place="k1",
        subject=bytes(32),
        committed=commitment(salt=salt, details=details),
    )
    entries = [str(n).encode() for n in range(count)]
    entries[index] = leaf.encode()
    tree = TileTree(size=0, read=lambda _: b"")
    tree.append([leaf_hash(entry) for entry in entries])
    return Receipt(
        entry=leaf.encode(),
        salt=salt,
        details=details,
        index=index,
        tree_size=count,
        checkpoint=Checkpoint(ORIGIN, count, tree.root()).sign(SIGNER),
        proof=tuple(tree.inclusion_proof(index, count)),
    )


def test_a_note_of_another_implementation() -> None:
    key = VerifierKey.parse(GO_VKEY)
    note = Note.parse(GO_NOTE)
    assert key.signed(note)
    assert note.encode() == GO_NOTE
    assert key.encode() == GO_VKEY
    assert not key.signed(Note.parse(GO_NOTE.replace("know", "knew")))


def test_a_checkpoint_is_what_was_signed() -> None:
    note = STATE.sign(SIGNER)
    assert Checkpoint.opened(note, key=LOG_KEY) == STATE
    assert VerifierKey.parse(LOG_KEY.encode()) == LOG_KEY
    assert note.startswith(f"{ORIGIN}\n7\nAAAA")


@given(at=st.integers(0, 400), bit=st.integers(0, 7))
def test_one_changed_bit_is_refused(at: int, bit: int) -> None:
    data = bytearray(STATE.sign(SIGNER).encode())
    data[at % len(data)] ^= 1 << bit
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return
    with pytest.raises((Malformed, CheckpointUntrusted)):
        Checkpoint.opened(text, key=LOG_KEY)


def test_another_key_or_another_log() -> None:
    note = STATE.sign(SIGNER)
    for key in (VerifierKey.of(ORIGIN, OTHER.public), VerifierKey.of("else", SIGNER.public)):
        with pytest.raises(CheckpointUntrusted):
            Checkpoint.opened(note, key=key)
    foreign = dataclasses.replace(STATE, origin="else").text()
    line = notes.NoteSignature(ORIGIN, LOG_KEY.key_id, SIGNER.sign(foreign.encode()))
    with pytest.raises(CheckpointUntrusted):
        Checkpoint.opened(Note(foreign, (line,)).encode(), key=LOG_KEY)


def test_cosignatures() -> None:
    note = with_signatures(
        STATE.sign(SIGNER),
        [cosign(STATE.sign(SIGNER), name="witness.example", signer=WITNESS, at=9)],
    )
    assert WITNESS_KEY.check(Note.parse(note)) == 9
    assert notes.witnesses_of(note, keys=[WITNESS_KEY, LOG_KEY]) == ["witness.example"]
    assert Checkpoint.opened(note, key=LOG_KEY) == STATE
    assert with_signatures(note, Note.parse(note).signatures) == note
    plain = VerifierKey.of("witness.example", WITNESS.public)
    assert not plain.signed(Note.parse(note)), "a cosignature is no plain signature"
    later = note.replace("\n7\n", "\n8\n")
    assert notes.witnesses_of(later, keys=[WITNESS_KEY]) == []


@pytest.mark.parametrize(
    "text",
    ["", "\n", "x\n", "\n\n", "x\n\n", "x\n\n— a\n", "x\n\n— a b\n", "x\n\n- a AAAAAAA=\n",
     "x\n\n— a AAAAAA==\n", "x\n\n— a AAAAAAA=", "x\n\n— a+b AAAAAAA=\n", "x\0\n\n— a AAAAAAA=\n",
     "x\n\n— a AAAAAAB=\n", "x\n\n—  AAAAAAA=\n", "x" * 20_000 + "\n\n— a AAAAAAA=\n",
     "x\n\n" + "— a AAAAAAA=\n" * 65],
)  # fmt: skip
def test_notes_that_are_none(text: str) -> None:
    with pytest.raises(Malformed):
        Note.parse(text)


@pytest.mark.parametrize(
    "text",
    ["", "o\n1\n", "o\n01\nAAAA\n", "o\n-1\n", "\n1\n" + "A" * 43 + "=\n", "o\n1\nAAAA\n",
     "o\n1\n" + "A" * 43 + "=\nmore\n", "o\n" + "9" * 20 + "\n" + "A" * 43 + "=\n",
     "o\n1\n" + "A" * 43 + "="],
)  # fmt: skip
def test_checkpoints_that_are_none(text: str) -> None:
    with pytest.raises(Malformed):
        Checkpoint.parse(text)


@pytest.mark.parametrize(
    "vkey",
    ["", "a", "a+b", "a+00000000+AAAA", LOG_KEY.encode()[:-1], LOG_KEY.encode() + "=",
     LOG_KEY.encode().replace("log", "lug"), LOG_KEY.encode().replace("+", "+f", 1),
     LOG_KEY.encode().upper()],
)  # fmt: skip
def test_vkeys_that_are_none(vkey: str) -> None:
    with pytest.raises(Malformed):
        VerifierKey.parse(vkey)


# --- receipts --------------------------------------------------------------------------------


def test_a_receipt_says_what_was_committed() -> None:
    made = receipt()
    for again in (made, Receipt.from_json(json.loads(json.dumps(made.to_json()))),
                  Receipt.parse(made.text)):  # fmt: skip
        assert again == made
        evidence = again.verify(log=LOG_KEY)
        assert evidence.details["text"] == "会见在押当事人"
        assert (evidence.index, evidence.checkpoint.size) == (3, 5)
        assert evidence.leaf.kind == "confirmation"


def test_a_quorum_of_witnesses() -> None:
    made = receipt()
    line = cosign(made.checkpoint, name="witness.example", signer=WITNESS, at=1)
    seen = dataclasses.replace(made, checkpoint=with_signatures(made.checkpoint, [line]))
    assert seen.verify(log=LOG_KEY, witnesses=[WITNESS_KEY], quorum=1).witnesses == (
        "witness.example",
    )
    with pytest.raises(CheckpointUntrusted):
        made.verify(log=LOG_KEY, witnesses=[WITNESS_KEY], quorum=1)


def test_every_changed_byte_of_the_text_is_found() -> None:
    text = receipt().text.encode()
    for at in range(len(text)):
        changed = bytearray(text)
        changed[at] ^= 1
        with pytest.raises((CredentialError, UnicodeDecodeError)):
            Receipt.parse(changed.decode()).verify(log=LOG_KEY)


CHANGES: list[tuple[Callable[[Receipt], Receipt], type[CredentialError]]] = [
    (lambda r: dataclasses.replace(r, salt=b"\1" * 16), CommitmentBroken),
    (lambda r: dataclasses.replace(r, details=canonical({"a": 1})), CommitmentBroken),
    (lambda r: dataclasses.replace(r, details=r.details + b" "), Malformed),
    (lambda r: dataclasses.replace(r, entry=r.entry.replace(b"k1", b"k2")), LogProofInvalid),
    (lambda r: dataclasses.replace(r, entry=r.entry + b"\n"), Malformed),
    (lambda r: dataclasses.replace(r, index=2), LogProofInvalid),
    (lambda r: dataclasses.replace(r, tree_size=6), LogProofInvalid),
    (lambda r: dataclasses.replace(r, proof=r.proof[:-1]), LogProofInvalid),
    (lambda r: dataclasses.replace(r, checkpoint=receipt(6).checkpoint), LogProofInvalid),
    (lambda r: dataclasses.replace(r, checkpoint=STATE.sign(OTHER)), CheckpointUntrusted),
]


@pytest.mark.parametrize(("change", "error"), CHANGES)
def test_a_changed_receipt(
    change: Callable[[Receipt], Receipt], error: type[CredentialError]
) -> None:
    with pytest.raises(error):
        change(receipt()).verify(log=LOG_KEY)


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{", b'{"a": 1}', b'{"a":1.0}', b'{"a":1e3}', b'{"b":1,"a":2}', b'{"a":NaN}',
     b'{"a":1,"a":1}', b'{"a":"\\u4e00"}', b"\xff", b"[" * 100_000, b'{"a":' + b"9" * 9999 + b"}"],
)  # fmt: skip
def test_json_that_is_not_canonical(data: bytes) -> None:
    with pytest.raises(Malformed):
        read_canonical(data)


@pytest.mark.parametrize(
    "text", ["", "c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v1\nextra e30=\nindex 0\n\nx\n"]
)
def test_texts_that_are_no_receipt(text: str) -> None:
    with pytest.raises(Malformed):
        Receipt.parse(text)
