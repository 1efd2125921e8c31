"""Signed checkpoints 检查点 of a log: C2SP signed-note, tlog-checkpoint and tlog-cosignature.

A *note* is text with signature lines under it; a *checkpoint* is a note whose text says which log
(`origin`), how many leaves it has, and the root over them. The log signs with a plain Ed25519
note signature (type 0x01). A *witness* 见证人, run by somebody else, adds a cosignature (type
0x04) that also says when it saw this to be the log's newest state.

Keys are passed around as *vkeys*, `<name>+<key id>+<base64 of type and key>`, so any other tool
that reads C2SP notes can be given the same line.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Self

from credential.errors import BadSignature, CheckpointUntrusted, Malformed
from credential.keys import SIGNATURE_SIZE, Algorithm, PublicKey, Signer
from credential.merkle import HASH_SIZE, MAX_SIZE

#: Signature types of C2SP notes.
NOTE_ED25519: Final = 0x01
COSIGNATURE_V1: Final = 0x04

MAX_NOTE: Final = 16_384
MAX_SIGNATURES: Final = 64

_DASH: Final = "\N{EM DASH} "
_KEY_ID: Final = 4
_KEY: Final = 32
_STAMP: Final = 8
_NAME: Final = re.compile(r"[^\s+]{1,255}")
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,19}", re.ASCII)
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """A signature line of a note: who, with which key, and the bytes."""

    name: str
    key_id: bytes
    signature: bytes

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read a line, without its newline. Raises `Malformed`."""
        name, gap, encoded = line.removeprefix(_DASH).partition(" ")
        if not line.startswith(_DASH) or not gap or not _NAME.fullmatch(name):
            raise Malformed("note: not a signature line")
        data = _unb64(encoded)
        if len(data) <= _KEY_ID:
            raise Malformed("note: signature too short")
        return cls(name, data[:_KEY_ID], data[_KEY_ID:])

    def line(self) -> str:
        """The line as it stands in the note, without its newline."""
        return f"{_DASH}{self.name} {_b64(self.key_id + self.signature)}"


@dataclass(frozen=True, slots=True)
class Note:
    """A signed note: `text` ends in a newline; nothing is believed until a key has checked it."""

    text: str
    signatures: tuple[NoteSignature, ...]

    @classmethod
    def parse(cls, encoded: str) -> Self:
        """Read a note. Raises `Malformed`."""
        if len(encoded) > MAX_NOTE or _CONTROL.search(encoded):
            raise Malformed("note: too long, or control characters")
        text, gap, lines = encoded.rpartition("\n\n")
        if not gap or not text or not lines.endswith("\n"):
            raise Malformed("note: no signatures")
        signatures = tuple(NoteSignature.parse(line) for line in lines[:-1].split("\n"))
        if len(signatures) > MAX_SIGNATURES:
            raise Malformed("note: too many signatures")
        return cls(text + "\n", signatures)

    def encode(self) -> str:
        """The note as text."""
        return self.text + "\n" + "".join(f"{one.line()}\n" for one in self.signatures)


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public Ed25519 key with the name and the signature type it is trusted for."""

    name: str
    kind: int
    key: PublicKey

    @classmethod
    def of(cls, name: str, key: PublicKey, *, kind: int = NOTE_ED25519) -> Self:
        """A key for notes or cosignatures. Raises `Malformed` for a name or key that cannot be."""
        if not _NAME.fullmatch(name) or key.alg is not Algorithm.ED25519:
            raise Malformed("vkey: name or algorithm")
        if kind not in (NOTE_ED25519, COSIGNATURE_V1):
            raise Malformed("vkey: unknown signature type")
        return cls(name, kind, key)

    @classmethod
    def parse(cls, vkey: str) -> Self:
        """Read `<name>+<key id in hex>+<base64 of type and key>`. Raises `Malformed`."""
        name, _, rest = vkey.partition("+")
        key_id, _, encoded = rest.partition("+")
        data = _unb64(encoded)
        if len(data) != 1 + _KEY:
            raise Malformed("vkey: not an Ed25519 key")
        key = PublicKey.from_compressed(Algorithm.ED25519, data[1:])
        found = cls.of(name, key, kind=data[0])
        if found.key_id.hex() != key_id:
            raise Malformed("vkey: key id of another key")
        return found

    def encode(self) -> str:
        """The key as a vkey."""
        return f"{self.name}+{self.key_id.hex()}+{_b64(self._material)}"

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256 over name, newline, type and key."""
        return sha256(self.name.encode() + b"\n" + self._material).digest()[:_KEY_ID]

    @property
    def _material(self) -> bytes:
        return bytes([self.kind]) + self.key.compressed()

    def check(self, note: Note) -> int | None:
        """Check this key's signature; the time of a cosignature, None for a plain signature.

        Raises `CheckpointUntrusted` when it is missing or wrong. A second line of the same key
        must be right too: a note that carries a broken signature of ours is not ours.
        """
        key_id = self.key_id
        found = [s for s in note.signatures if (s.name, s.key_id) == (self.name, key_id)]
        if not found:
            raise CheckpointUntrusted(f"not signed by {self.name}")
        times = [self._check_one(note.text, one.signature) for one in found]
        return times[0]

    def signed(self, note: Note) -> bool:
        """Whether the note carries a right signature of this key."""
        try:
            self.check(note)
        except CheckpointUntrusted:
            return False
        return True

    def _check_one(self, text: str, signature: bytes) -> int | None:
        stamped = self.kind == COSIGNATURE_V1
        if len(signature) != SIGNATURE_SIZE + (_STAMP if stamped else 0):
            raise CheckpointUntrusted("signature of another length")
        time = int.from_bytes(signature[:_STAMP], "big") if stamped else None
        message = text.encode() if time is None else _cosigned(text, time)
        try:
            self.key.verify(signature[-SIGNATURE_SIZE:], message)
        except BadSignature:
            raise CheckpointUntrusted(f"signature of {self.name} is wrong") from None
        return time


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says about itself: its name, its size, the root over all leaves."""

    origin: str
    size: int
    root: bytes

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text of a checkpoint's note; extension lines are refused. Raises `Malformed`."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not lines[0]:
            raise Malformed("checkpoint: not three lines")
        size, root = decimal(lines[1]), _unb64(lines[2])
        if size > MAX_SIZE or len(root) != HASH_SIZE:
            raise Malformed("checkpoint: size or root")
        return cls(lines[0], size, root)

    @classmethod
    def opened(cls, encoded: str, *, key: VerifierKey) -> Self:
        """Read a signed checkpoint of the log that `key` belongs to.

        Raises `Malformed`, or `CheckpointUntrusted` when the key did not sign it or it speaks of
        another log.
        """
        note = Note.parse(encoded)
        key.check(note)
        found = cls.parse(note.text)
        if found.origin != key.name:
            raise CheckpointUntrusted("a checkpoint of another log")
        return found

    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{_b64(self.root)}\n"

    def sign(self, signer: Signer) -> str:
        """The signed note; `signer` holds the log's Ed25519 key, its name is the origin."""
        key = VerifierKey.of(self.origin, signer.public)
        text = self.text()
        line = NoteSignature(key.name, key.key_id, signer.sign(text.encode()))
        return Note(text, (line,)).encode()


def cosign(encoded: str, *, name: str, signer: Signer, at: int) -> NoteSignature:
    """A witness's cosignature of a checkpoint it found consistent, at Unix time `at`.

    Whether the log itself signed the note, and whether it is consistent, is for the witness to
    check before. Raises `Malformed`.
    """
    text = Note.parse(encoded).text
    key = VerifierKey.of(name, signer.public, kind=COSIGNATURE_V1)
    signature = at.to_bytes(_STAMP, "big") + signer.sign(_cosigned(text, at))
    return NoteSignature(key.name, key.key_id, signature)


def with_signatures(encoded: str, added: Iterable[NoteSignature]) -> str:
    """A note with more signature lines; one that it carries already is not written twice."""
    note = Note.parse(encoded)
    new = dict.fromkeys((*note.signatures, *added))
    return Note(note.text, tuple(new)).encode()


def witnesses_of(encoded: str, *, keys: Sequence[VerifierKey]) -> list[str]:
    """The names of the trusted witnesses whose cosignature is on this note. Raises `Malformed`."""
    note = Note.parse(encoded)
    return [key.name for key in keys if key.kind == COSIGNATURE_V1 and key.signed(note)]


def decimal(text: str) -> int:
    """A number as C2SP writes it: ASCII digits, no leading zero. Raises `Malformed`."""
    if not _NUMBER.fullmatch(text):
        raise Malformed("not a decimal number")
    return int(text)


def _cosigned(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _b64(data: bytes) -> str:
    return b64encode(data).decode()


def _unb64(text: str) -> bytes:
    """Decode base64; only the one canonical spelling is accepted."""
    try:
        data = b64decode(text, validate=True)
    except (Base64Error, ValueError):
        raise Malformed("not base64") from None
    if _b64(data) != text:
        raise Malformed("base64 is not canonical")
    return data
