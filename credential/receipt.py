"""Receipts 存证回执: proof, checkable offline, that something stands in the ledger.

A leaf of the ledger is canonical JSON and tells nothing about a person: what happened in general
(`kind`, `at`, `place`), a keyed pseudonym, and a commitment, SHA-256 over a random salt and the
details. A receipt adds the salt and the details, the audit path, and a signed checkpoint. Whoever
holds the log's public key can check it without asking anybody:

    details and salt → commitment in the leaf → leaf hash → audit path → root → log's signature

Receipts travel as JSON (`Receipt.to_json`) or as a C2SP tlog-proof (`Receipt.text`), whose
`extra` line carries leaf, salt and details.
"""

import hashlib
import json
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from credential import merkle
from credential.checkpoint import Checkpoint, VerifierKey, decimal, witnesses_of
from credential.errors import CheckpointUntrusted, CommitmentBroken, LogProofInvalid, Malformed

LEAF_VERSION: Final = 1
SALT_SIZE: Final = 16
MAX_RECEIPT: Final = 65_536

_TLOG_PROOF: Final = "c2sp.org/tlog-proof@v1"
_ENCODER: Final = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]


def canonical(value: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys and no spaces, in UTF-8 (RFC 8785 for values without fractions)."""
    return _ENCODER.encode(value).encode()


def read_canonical(data: bytes) -> dict[str, Any]:
    """Read an object that `canonical` wrote. Raises `Malformed` for every other spelling."""
    try:
        value = json.loads(data, parse_float=_refuse, parse_constant=_refuse)
        same = isinstance(value, dict) and canonical(value) == data
    except (ValueError, RecursionError):
        raise Malformed("not canonical JSON") from None
    if not same:
        raise Malformed("not a canonical JSON object")
    return value  # type: ignore[no-any-return]


def commitment(*, salt: bytes, details: bytes) -> bytes:
    """What the leaf says about the details: SHA-256 over salt and details."""
    return hashlib.sha256(salt + details).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A leaf 叶: what the log's root stands for. `at` is Unix time in milliseconds."""

    id: str
    kind: str
    at: int
    place: str
    subject: bytes | None
    committed: bytes

    def encode(self) -> bytes:
        """The bytes whose leaf hash is in the tree."""
        return canonical(
            {
                "v": LEAF_VERSION,
                "id": self.id,
                "kind": self.kind,
                "at": self.at,
                "place": self.place,
                "subject": None if self.subject is None else _b64u(self.subject),
                "details": _b64u(self.committed),
            }
        )

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Read a leaf. Raises `Malformed`."""
        value = read_canonical(data)
        try:
            subject = value.pop("subject")
            if value.pop("v") != LEAF_VERSION:
                raise Malformed("leaf: another version")
            leaf = cls(
                subject=None if subject is None else _unb64u(subject),
                committed=_unb64u(value.pop("details")),
                **value,
            )
        except (KeyError, TypeError):
            raise Malformed("leaf: not the fields of a leaf") from None
        if leaf.encode() != data or len(leaf.committed) != merkle.HASH_SIZE:
            raise Malformed("leaf: not canonical")
        return leaf


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a checked receipt proves."""

    leaf: Leaf
    details: dict[str, Any]
    index: int
    checkpoint: Checkpoint
    witnesses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A receipt 存证回执: leaf, what it commits to, and its place in a signed tree."""

    entry: bytes
    salt: bytes
    details: bytes
    index: int
    tree_size: int
    checkpoint: str
    proof: tuple[bytes, ...]

    def verify(
        self, *, log: VerifierKey, witnesses: Sequence[VerifierKey] = (), quorum: int = 0
    ) -> Evidence:
        """Check everything; return what is proven.

        `quorum` of the trusted `witnesses` must have cosigned. Raises `Malformed`,
        `CommitmentBroken`, `LogProofInvalid` or `CheckpointUntrusted`.
        """
        leaf, details = Leaf.decode(self.entry), read_canonical(self.details)
        if commitment(salt=self.salt, details=self.details) != leaf.committed:
            raise CommitmentBroken("details")
        checkpoint = Checkpoint.opened(self.checkpoint, key=log)
        if checkpoint.size != self.tree_size:
            raise LogProofInvalid("the checkpoint has another size")
        merkle.check_inclusion(
            merkle.leaf_hash(self.entry),
            index=self.index,
            size=self.tree_size,
            proof=self.proof,
            root=checkpoint.root,
        )
        seen = witnesses_of(self.checkpoint, keys=witnesses)
        if len(seen) < quorum:
            raise CheckpointUntrusted(f"cosigned by {len(seen)} of {quorum} witnesses")
        return Evidence(
            leaf=leaf,
            details=details,
            index=self.index,
            checkpoint=checkpoint,
            witnesses=tuple(seen),
        )

    def to_json(self) -> dict[str, Any]:
        """The receipt as a JSON object."""
        return {
            "leaf": self.entry.decode(),
            "salt": _b64u(self.salt),
            "details": self.details.decode(),
            "index": self.index,
            "tree_size": self.tree_size,
            "proof": [b64encode(one).decode() for one in self.proof],
            "checkpoint": self.checkpoint,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read what `to_json` made. Raises `Malformed`."""
        try:
            receipt = cls(
                entry=value["leaf"].encode(),
                salt=_unb64u(value["salt"]),
                details=value["details"].encode(),
                index=_whole(value["index"]),
                tree_size=_whole(value["tree_size"]),
                checkpoint=value["checkpoint"],
                proof=tuple(_unb64(one) for one in value["proof"]),
            )
        except (KeyError, TypeError, AttributeError, ValueError):
            raise Malformed("receipt: not the fields of a receipt") from None
        if receipt.to_json() != dict(value):
            raise Malformed("receipt: not canonical")
        return receipt

    @property
    def text(self) -> str:
        """The receipt as a c2sp.org/tlog-proof@v1, with leaf, salt and details as `extra`."""
        extra = canonical(
            {
                "leaf": self.entry.decode(),
                "salt": _b64u(self.salt),
                "details": self.details.decode(),
            }
        )
        lines = [
            _TLOG_PROOF,
            f"extra {b64encode(extra).decode()}",
            f"index {self.index}",
            *(b64encode(one).decode() for one in self.proof),
        ]
        return "\n".join(lines) + "\n\n" + self.checkpoint

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `text` gives. Raises `Malformed`."""
        head, gap, checkpoint = text.partition("\n\n")
        lines, stated = head.split("\n"), checkpoint.split("\n")
        if len(text) > MAX_RECEIPT or not gap or len(lines) < 3 or lines[0] != _TLOG_PROOF:
            raise Malformed("receipt: not a tlog-proof")
        extra = read_canonical(_unb64(_after("extra ", lines[1])))
        return cls.from_json(
            {
                **extra,
                "index": decimal(_after("index ", lines[2])),
                "tree_size": decimal(stated[1] if len(stated) > 1 else ""),
                "proof": lines[3:],
                "checkpoint": checkpoint,
            }
        )


def _after(word: str, line: str) -> str:
    if not line.startswith(word):
        raise Malformed(f"receipt: no {word.strip()} line")
    return line.removeprefix(word)


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Malformed("receipt: not a whole number")
    return value


def _refuse(_: str) -> Any:  # noqa: ANN401 - it never returns
    raise Malformed("a number with a fraction")


def _unb64(text: str) -> bytes:
    try:
        data = b64decode(text, validate=True)
    except (Base64Error, ValueError):
        raise Malformed("not base64") from None
    if b64encode(data).decode() != text:
        raise Malformed("base64 is not canonical")
    return data


def _b64u(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _unb64u(text: str) -> bytes:
    """Decode base64url without padding; only the canonical spelling is accepted."""
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (Base64Error, ValueError):
        raise Malformed("not base64url") from None
    if _b64u(data) != text:
        raise Malformed("base64url is not canonical")
    return data
