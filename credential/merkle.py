"""Merkle trees of an append-only log 存证账本: hashes, roots, proofs (RFC 9162 section 2.1).

Leaves are numbered from 0. A tree of n leaves is seen through its *complete* nodes: node
(level, index) covers the leaves from `index << level` to `(index + 1) << level`. Such a node never
changes once its last leaf is there, so roots and proofs of every size, past and present, are made
from the same nodes by a `Nodes` function; where they are kept is the caller's business
(`credential.tiles` reads them from tiles).

Checking needs no tree: `check_inclusion` and `check_consistency` raise `LogProofInvalid`.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Final

from credential.errors import LogProofInvalid

HASH_SIZE: Final = 32
#: Trees are bounded: no proof has more than twice as many hashes, and sizes fit a signed 64 bit.
MAX_SIZE: Final = 1 << 62
#: The root of a tree without leaves (RFC 9162 section 2.1.1).
EMPTY_ROOT: Final = sha256(b"").digest()

#: Gives the hash of the complete node (level, index).
Nodes = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a leaf: SHA-256 over 0x00 and the entry."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256 over 0x01 and both children."""
    return sha256(b"\x01" + left + right).digest()


def root(nodes: Nodes, size: int) -> bytes:
    """The root of the tree of the first `size` leaves."""
    return _range_hash(nodes, 0, size) if size else EMPTY_ROOT


def inclusion_proof(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """The audit path of leaf `index` in the tree of `size` leaves (RFC 9162 section 2.1.3.1).

    Raises `LogProofInvalid` when there is no such leaf.
    """
    if not 0 <= index < size <= MAX_SIZE:
        raise LogProofInvalid("no such leaf in a tree of this size")
    path: list[bytes] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            path.append(_range_hash(nodes, middle, stop))
            stop = middle
        else:
            path.append(_range_hash(nodes, start, middle))
            start = middle
    return path[::-1]


def consistency_proof(nodes: Nodes, old: int, new: int) -> list[bytes]:
    """The proof that the tree of `new` leaves begins with that of `old` (section 2.1.4.1).

    Empty when both are the same. Raises `LogProofInvalid` for an empty old tree, which begins
    every other and proves nothing, and for one that is larger than the new one.
    """
    if not 0 < old <= new <= MAX_SIZE:
        raise LogProofInvalid("no proof between trees of these sizes")
    path: list[bytes] = []
    start, stop = 0, new
    while old != stop:
        middle = start + _split(stop - start)
        if old <= middle:
            path.append(_range_hash(nodes, middle, stop))
            stop = middle
        else:
            path.append(_range_hash(nodes, start, middle))
            start = middle
    if start:  # else the verifier has this hash already: it is the old root
        path.append(_range_hash(nodes, start, stop))
    return path[::-1]


def check_inclusion(
    leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Check that the leaf with this hash is number `index` of the tree with this root.

    Raises `LogProofInvalid`.
    """
    _check_shape(leaf, root, *proof)
    if not 0 <= index < size <= MAX_SIZE:
        raise LogProofInvalid("index outside the tree")
    inner = (index ^ (size - 1)).bit_length()
    border = (index >> inner).bit_count()
    if len(proof) != inner + border:
        raise LogProofInvalid("wrong number of hashes")
    climbed = _climb(leaf, proof[:inner], turns=index)
    if _climb_border(climbed, proof[inner:]) != root:
        raise LogProofInvalid("root differs")


def check_consistency(
    *, old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """Check that the tree with `new_root` begins with the tree with `old_root`.

    Raises `LogProofInvalid`; also when `old` is 0, because an empty tree begins every other.
    """
    _check_shape(old_root, new_root, *proof)
    if not 0 < old <= new <= MAX_SIZE:
        raise LogProofInvalid("sizes out of order")
    if old == new:
        if proof or old_root != new_root:
            raise LogProofInvalid("same size, other root")
        return
    complete = (old & -old).bit_length() - 1  # level of the old tree's last complete node
    turns = (old - 1) >> complete
    inner = (turns ^ ((new - 1) >> complete)).bit_length()
    border = (turns >> inner).bit_count()
    path = list(proof) if old != 1 << complete else [old_root, *proof]
    if len(path) != 1 + inner + border:
        raise LogProofInvalid("wrong number of hashes")
    seed, inside, beyond = path[0], path[1 : 1 + inner], path[1 + inner :]
    lefts = [sibling for level, sibling in enumerate(inside) if turns >> level & 1]
    if _climb_border(_climb_border(seed, lefts), beyond) != old_root:
        raise LogProofInvalid("old root differs")
    if _climb_border(_climb(seed, inside, turns=turns), beyond) != new_root:
        raise LogProofInvalid("new root differs")


def _climb(seed: bytes, siblings: Sequence[bytes], *, turns: int) -> bytes:
    """Hash upwards; bit i of `turns` says that the i-th sibling stands on the left."""
    for level, sibling in enumerate(siblings):
        seed = node_hash(sibling, seed) if turns >> level & 1 else node_hash(seed, sibling)
    return seed


def _climb_border(seed: bytes, siblings: Sequence[bytes]) -> bytes:
    """Hash upwards along the right border, where every sibling stands on the left."""
    for sibling in siblings:
        seed = node_hash(sibling, seed)
    return seed


def _check_shape(*hashes: bytes) -> None:
    if any(len(one) != HASH_SIZE for one in hashes):
        raise LogProofInvalid("a hash has 32 bytes")


def _split(width: int) -> int:
    """The largest power of two below `width`."""
    return 1 << ((width - 1).bit_length() - 1)


def _range_hash(nodes: Nodes, start: int, stop: int) -> bytes:
    """The hash over leaves `start` to `stop`; `start` is where a subtree of the tree begins."""
    peaks = []
    while start < stop:
        level = (stop - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        peaks.append(nodes(level, start >> level))
        start += 1 << level
    return _climb_border(peaks[-1], peaks[-2::-1])
